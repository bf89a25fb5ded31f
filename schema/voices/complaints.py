"""Complaints about published texts: made by anybody, decided by moderators."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from resolvers.voices import complaining, complaints, deciding
from resolvers.voices.complaining import Objection
from schema.changes import Info, answer, signed_in
from schema.connections import After, Before, Connection, First, Last, Node
from schema.enums.organizations import Hierarchy
from schema.enums.voices import ComplaintAbout, ComplaintGround, ComplaintState
from schema.fields import Column, FromPlan, Object, Reference, argument, computed, field, mutation
from schema.fields import Connection as Paged
from schema.inputs import OrganizationRef, described
from schema.problems import ConflictProblem, InvalidInputProblem, UnknownReferenceProblem
from schema.scalars import Date
from schema.voices.handling import letterhead
from schema.voices.reviews import Review


@strawberry.type(
    description="A complaint about a published review, or about the reply to it. Seen by whoever made it, and by the"
    " moderators who decide it, who never learn who that is. Everybody sees how many there are."
)
class Complaint(Node):
    about: ComplaintAbout = field(Column(complaints.about), "What it is about.")
    reply_version: int | None = field(
        Column(complaints.reply_version), "The version of the reply that it is about; null if it is about the review."
    )
    ground: ComplaintGround = field(Column(complaints.ground), "Why the text should not be published.")
    text: str | None = field(
        Column(complaints.text), "More about that, as it was typed. It goes when whoever made it erases the account."
    )
    state: ComplaintState = field(Column(complaints.state), "What became of it.")
    made_on: Date = field(Column(complaints.made_on), "The date of the complaint.")
    decided_on: Date | None = field(
        Column(complaints.decided_on), "The date of the decision; null while there is none."
    )
    reason: str | None = field(Column(complaints.reason), "The moderator's reason for the decision, as it was typed.")
    review: Review | None = field(Object(complaints.review), "The review; null to whoever may not see it (any more).")


ComplaintConnection = Connection[Complaint]


@strawberry.type
class Complaints:
    @computed(
        Paged(complaints.moderated),
        "For moderators: complaints about the reviews of the organizations that they moderate, and about the replies, the"
        " first made first. Everybody else finds none.",
    )
    def complaints(
        self,
        organization: Annotated[
            OrganizationRef | None, argument("Only those that concern this organization and everything below it.")
        ] = UNSET,
        hierarchy: Annotated[Hierarchy | None, argument("Which tree is meant.")] = Hierarchy.SUBORDINATION,
        state: Annotated[list[ComplaintState] | None, argument("Only those in one of these states.")] = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> ComplaintConnection:
        raise FromPlan


@strawberry.input(description="A complaint.")
class ComplainAboutReviewInput:
    review: strawberry.ID = described("A published review; or an own one, if it is about the reply.")
    about: ComplaintAbout = described("The review itself, or the reply to it as it stands.")
    ground: ComplaintGround = described("Why the text should not be published.")
    text: str | None = described("More about that, for moderators: at most 2,000 characters.", default=None)


@strawberry.input(description="A decision.")
class DecideComplaintInput:
    complaint: strawberry.ID = described("An open complaint that concerns an organization that the viewer moderates.")
    upheld: bool = described("True: what it is about is published no more. False: it stays.")
    reason: str = described("Why, for whoever complained: at most 2,000 characters. It should name nobody.")


@strawberry.type(description="The complaint waits for a moderator.")
class ComplainAboutReviewPayload:
    complaint: Complaint = field(Reference("Complaint"), "The complaint.")
    review: Review = field(Reference("Review"), "The review.")


@strawberry.type(description="The complaint is decided; whoever made it is told so by mail.")
class DecideComplaintPayload:
    complaint: Complaint = field(Reference("Complaint"), "The complaint.")
    review: Review = field(Reference("Review"), "The review.")


ComplainAboutReviewResult = Annotated[
    ComplainAboutReviewPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("ComplainAboutReviewResult", description="The complaint, or why not."),
]
DecideComplaintResult = Annotated[
    DecideComplaintPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("DecideComplaintResult", description="The complaint, or why not."),
]


@strawberry.type
class Complaining:
    @mutation(
        "Ask a moderator to look at a published review, or at the reply to it. Scores are never touched by what comes of"
        " it. Repeated while it waits, it answers the same. Refused with `REVIEW_UNKNOWN`, `OWN_REVIEW`, `NOT_ANSWERED`,"
        " `ALREADY_COMPLAINED`, `TOO_MANY_COMPLAINTS` (20 of one person wait at most), `TEXT_BLANK`, `TEXT_INVALID` or"
        " `TEXT_TOO_LONG`."
    )
    async def complain_about_review(
        self, info: Info, input: Annotated[ComplainAboutReviewInput, argument("What is wrong with what.")]
    ) -> ComplainAboutReviewResult:
        context = signed_in(info)
        objection = Objection(input.review, input.about, input.ground, input.text)
        change = complaining.complain(context.database, context.viewer, objection)
        found: ComplainAboutReviewResult = await answer(ComplainAboutReviewPayload, change)
        return found

    @mutation(
        "For moderators: decide a complaint, for good, with a reason. A review whose complaint is upheld is hidden, a reply"
        " is until it is edited; scores stay. Recorded in the audit trail. Repeated by the same moderator with the same"
        " words, it answers the same. Refused with `COMPLAINT_UNKNOWN`, `ALREADY_DECIDED`, `OWN_COMPLAINT`,"
        " `REVIEW_WITHDRAWN`, `TEXT_BLANK`, `TEXT_INVALID` or `TEXT_TOO_LONG`."
    )
    async def decide_complaint(
        self, info: Info, input: Annotated[DecideComplaintInput, argument("Which one, and how.")]
    ) -> DecideComplaintResult:
        context = signed_in(info)
        change = deciding.decide(
            context.database,
            letterhead(context),
            context.viewer,
            input.complaint,
            upheld=input.upheld,
            reason=input.reason,
        )
        found: DecideComplaintResult = await answer(DecideComplaintPayload, change)
        return found
