"""What becomes of a review: seen, answered, acted on, settled."""

import strawberry

from resolvers.voices import complaints, loops
from schema.enums.officials import Role
from schema.enums.voices import ReviewStage
from schema.fields import Column, Object, Objects, field
from schema.scalars import Date


@strawberry.type(description="A text that stood as the reply to a review, or does.")
class ReplyVersion:
    version: int = field(Column(loops.version), "1 for the first one.")
    text: str = field(Column(loops.text), "The text as it was typed: never HTML to be shown as such.")
    written_on: Date = field(Column(loops.written_on), "The date.")
    hidden: bool = field(Column(loops.hidden), "Whether a moderator found that it breaks a rule.")


@strawberry.type(description="The one public reply to a review, as it stands.")
class Reply:
    text: str | None = field(
        Column(loops.text),
        "The text as it was typed: never HTML to be shown as such. Null where a moderator has hidden it, but for the"
        " officials who read the reviews of the organization.",
    )
    version: int = field(Column(loops.version), "How many texts there have been with this one: what `editReply` names.")
    replied_on: Date = field(Column(loops.replied_on), "The date of the first text: when the review was answered.")
    edited_on: Date | None = field(Column(loops.edited_on), "The date of this text, if it is not the first.")
    hidden: bool = field(
        Column(loops.hidden), "Whether a moderator has hidden this text, upholding a complaint. Another may follow."
    )
    versions: list[ReplyVersion] = field(
        Objects(loops.versions),
        "All texts, the first one first: for the officials who read the reviews of the organization, and its moderators."
        " Everybody else finds none.",
    )


@strawberry.type(description="What an organization has done because of a review.")
class Measure:
    text: str = field(Column(loops.text), "What was done, as it was typed: never HTML to be shown as such.")
    taken_on: Date = field(Column(loops.taken_on), "When it was done.")
    recorded_on: Date = field(Column(loops.recorded_on), "When it was told here.")


@strawberry.type(description="How many complaints there were, and what moderators decided.")
class ComplaintCounts:
    made: int = field(Column(complaints.made), "All of them.")
    open: int = field(Column(complaints.open_), "Not decided.")
    upheld: int = field(Column(complaints.upheld), "Upheld: what they were about is published no more.")
    dismissed: int = field(Column(complaints.dismissed), "Dismissed: what they were about stays.")


@strawberry.type
class Loop:
    stage: ReviewStage = field(Column(loops.stage), "How far it has come.")
    seen_on: Date | None = field(
        Column(loops.seen_on), "When the organization's head marked it as seen; null if that has not been."
    )
    seen_by: Role | None = field(
        Column(loops.seen_by),
        "In which role it was marked as seen. Seen by officials only: those who read the organization's reviews.",
    )
    seen_due_on: Date = field(
        Column(loops.seen_due_on), "By when it is to be seen: `SEEN_DAYS` (a policy) after it came."
    )
    seen_late: bool = field(
        Column(loops.seen_late),
        "Whether it was not seen by then: a head has marked it later, or nobody has though that day has passed, and"
        " somebody still has to (it counts, is not hidden, and its organization is open).",
    )
    reply: Reply | None = field(Object(loops.reply), "The reply; null until there is one.")
    reply_due_on: Date = field(
        Column(loops.reply_due_on), "By when it is to be answered: `REPLY_DAYS` (a policy) after it came."
    )
    overdue: bool = field(
        Column(loops.overdue),
        "Whether nobody has answered in time, and somebody still has to: it counts, is not hidden, and its organization"
        " is open.",
    )
    measures: list[Measure] = field(Objects(loops.measures), "What was done because of it, the first thing first.")
    settled: bool | None = field(
        Column(loops.settled), "The author's word: whether the matter is settled. Null until there is one."
    )
    settled_on: Date | None = field(Column(loops.settled_on), "When the author said so.")
    complaints: ComplaintCounts = field(Object(complaints.of_review), "Complaints about it and about its reply.")
