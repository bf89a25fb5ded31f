"""Reviews: the texts of submissions, as everybody, their authors and officials read them."""

from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from resolvers.voices import mentions, privacy, reviews
from schema.catalogue.services import Service
from schema.connections import After, Before, Connection, First, Last, Node
from schema.enums.organizations import Hierarchy
from schema.enums.submissions import Channel, SubmissionStatus
from schema.enums.voices import HidingGround, PersonalData, ReviewState
from schema.fields import Column, Decimals, FromPlan, Object, Objects, argument, computed, field
from schema.fields import Connection as Paged
from schema.inputs import OrganizationRef
from schema.organizations.organizations import Organization, Tree
from schema.scalars import Date, Decimal
from schema.submissions.scores import Score
from schema.voices.filters import Reviewed
from schema.voices.loops import Loop
from schema.voices.mentions import EmployeeMention

if TYPE_CHECKING:
    from schema.submissions.submissions import Submission

CLOSELY = "Seen by its author and by officials of the organization and of those above it; null to everybody else."


@strawberry.type(
    description="Some characters of a text that may tell of a person, found by their looks: names beside callings, initials or"
    " patronymics, capitalised words in a row, e-mail addresses, numbers of phones, passports and cards. It may be wrong"
    " both ways: a moderator decides."
)
class ProposedMask:
    kind: PersonalData = field(Column(reviews.kind), "What it looks like.")
    start: int = field(Column(reviews.start), "The first character, from 0 on, in Unicode code points.")
    end: int = field(Column(reviews.stop), "Behind the last one.")
    text: str = field(Column(reviews.said), "The characters.")


@strawberry.type(description="Its author made a review private, or took that wish back.")
class PrivacyWish:
    private: bool = field(Column(privacy.is_private), "True: it is for the organization alone from then on.")
    wished_on: Date = field(Column(privacy.wished_on), "The date.")


@strawberry.federation.type(
    keys=["id"],
    description="The text of a submission. A published one is public; its author sees it always; staff, heads, supervisors"
    " and moderators of the organization, and of those above it in the hierarchy of their role, see it unless it was"
    " taken back, whether it is published or not. Nobody learns who the author is, or at what time it was written.",
)
class Review(Loop, Node):
    organization: Organization = field(Object(reviews.organization), "Who was rated.")
    text: str = field(
        Column(reviews.text),
        "What is published, or would be: the text as its author typed it, or as a moderator masked it. Plain text, at"
        " most 10,000 characters: markup in it means nothing, and a page has to show it as characters.",
    )
    is_masked: bool = field(Column(reviews.is_masked), "Whether a moderator has masked something in it.")
    original: str | None = field(Column(reviews.original), f"The text as its author typed it. {CLOSELY}")
    state: ReviewState = field(Column(reviews.state), "Whether it is public, and if not why.")
    status: SubmissionStatus | None = field(Column(reviews.status), f"Whether its submission counts. {CLOSELY}")
    submitted_on: Date = field(Column(reviews.submitted_on), "The date on which it was submitted.")
    mark: Decimal = field(
        Decimals(reviews.mark, 6), "The mark of its submission: the mean of the scores, six decimals."
    )
    verified: bool = field(Column(reviews.verified), "Whether another system has vouched for the visit.")
    service: Service | None = field(Object(reviews.service), f"The service, if told. {CLOSELY}")
    channel: Channel | None = field(Column(reviews.channel), f"How it was rendered, if told. {CLOSELY}")
    visited_on: Date | None = field(Column(reviews.visited_on), f"The date of the visit, if told. {CLOSELY}")
    scores: list[Score] = field(
        Objects(reviews.scores),
        "The scores of its submission, in the form's order. Seen by its author and by officials; none to everybody else.",
    )
    privacy_wishes: list[PrivacyWish] = field(
        Objects(privacy.of_review),
        "What its author has wished since, the first wish first. Seen by its author and by officials; none to everybody"
        " else.",
    )
    ground: HidingGround | None = field(
        Column(reviews.ground),
        "Why a moderator hid it; null unless it is hidden, and where a complaint about it was upheld.",
    )
    employee: EmployeeMention | None = field(
        Object(mentions.of_review),
        "The employee whom its submission names. Seen by heads and moderators; null to others.",
    )
    proposed_masks: list[ProposedMask] = field(
        Objects(reviews.proposed_masks),
        "For its moderators: what in `original` may tell of a person. None to everybody else.",
    )
    submission: Annotated["Submission", strawberry.lazy("schema.submissions.submissions")] | None = field(
        Object(reviews.submission), "Its submission, for who may see that: its author and moderators."
    )


ReviewConnection = Connection[Review]


@strawberry.type
class Reviews:
    @computed(
        Paged(reviews.of_officials),
        "For officials: the reviews of the organizations at and below those where the viewer is staff, head, supervisor"
        " or moderator, in every state, the latest dates first. Everybody else finds none: what is public stands in"
        " `Organization.reviews`.",
    )
    def reviews(
        self,
        organization: Annotated[
            OrganizationRef | None, argument("Only those of this organization and of everything below it.")
        ] = UNSET,
        hierarchy: Tree = Hierarchy.SUBORDINATION,
        filter: Reviewed = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> ReviewConnection:
        raise FromPlan
