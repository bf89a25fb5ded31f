"""Enumerations of reviews: their moderation, their loops, complaints about them."""

from models.complaints import ComplaintAbout, ComplaintGround
from models.review_policies import ReviewModeration
from models.reviews import HidingGround, PersonalData, ReviewState
from resolvers.voices.complaints import ComplaintState
from resolvers.voices.loops import ReviewStage
from schema.fields import described

__all__ = [
    "ComplaintAbout",
    "ComplaintGround",
    "ComplaintState",
    "HidingGround",
    "PersonalData",
    "ReviewModeration",
    "ReviewStage",
    "ReviewState",
]

described(
    ReviewState,
    "Whether a review is public, and if not why.",
    PENDING="It awaits a moderator.",
    PUBLISHED="It is public, as long as its submission counts.",
    HIDDEN="A moderator hid it on a listed ground. Its submission counts all the same.",
    PRIVATE="Its author wished it to be read by the organization only.",
)
described(
    ReviewModeration,
    "When a moderator looks at a review.",
    BEFORE_PUBLICATION="Before everybody reads it.",
    AFTER_PUBLICATION="When everybody reads it already, if ever.",
)
described(
    HidingGround,
    "The grounds on which a review is hidden; that it blames somebody is none.",
    PERSONAL_DATA="It tells of a person so that masking would leave nothing of it.",
    INSULT="It insults or threatens.",
    ADVERTISING="It praises goods or services to sell them.",
    OFF_TOPIC="It has nothing to do with the organization.",
    UNLAWFUL="The law forbids to publish it.",
)
described(
    PersonalData,
    "What a part of a text looks like.",
    EMAIL="An e-mail address.",
    CARD="The number of a bank card.",
    PASSPORT="The number of a passport, or a personal number.",
    PHONE="The number of a phone.",
    NAME="The name of a person.",
)
described(
    ReviewStage,
    "How far a review has come.",
    RECEIVED="It came in.",
    SEEN="The organization's head has marked it as seen.",
    ANSWERED="There is a reply.",
    SETTLED="Its author says that the matter is settled, which closes it.",
    UNSETTLED="Its author says that the matter is not settled.",
)
described(
    ComplaintAbout,
    "What a complaint is about.",
    REVIEW="The review.",
    REPLY="The reply to it, in the version that stood then.",
)
described(
    ComplaintGround,
    "Why a text should not be published. That it is harsh is none of the grounds.",
    PERSONAL_DATA="It tells who somebody is, or something of their life that is nobody's business.",
    INSULT="It insults or threatens somebody.",
    ADVERTISING="It advertises something.",
    OFF_TOPIC="It is not about the organization and what it does; or, as a reply, not about the review.",
    PRESSURE="It puts somebody under pressure because of what they said.",
)
described(
    ComplaintState,
    "What became of a complaint.",
    OPEN="It waits for a moderator.",
    UPHELD="It was upheld: what it is about is published no more.",
    DISMISSED="It was dismissed: what it is about stays.",
    LAPSED="The review was taken back before anybody had decided.",
)
