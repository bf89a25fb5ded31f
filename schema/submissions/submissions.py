"""Submissions, as the viewer sees them."""

import strawberry

from resolvers.submissions import lives, submissions
from resolvers.voices import reviews
from schema.catalogue.questionnaires import Questionnaire
from schema.catalogue.services import Service
from schema.connections import Connection, Node
from schema.enums.submissions import Channel, RejectionGround, SubmissionEventKind, SubmissionStatus
from schema.fields import Column, Decimals, Object, Objects, field
from schema.organizations.organizations import Organization
from schema.scalars import Date, DateTime, Decimal
from schema.submissions.scores import Score
from schema.voices.reviews import Review


@strawberry.type(description="Something that happened to a submission.")
class SubmissionEvent:
    kind: SubmissionEventKind = field(Column(lives.kind), "What happened.")
    on: Date = field(Column(lives.on), "The date.")
    at: DateTime | None = field(
        Column(lives.at), "The moment. What the rater did has one for the rater alone; everybody else sees the date."
    )
    ground: RejectionGround | None = field(
        Column(lives.ground), "Why it was rejected; null for a rejection that came with an import."
    )
    note: str | None = field(Column(lives.note), "The moderator's note. Seen by moderators only.")
    moderator: str | None = field(
        Column(lives.moderator), "The code of the account of the moderator who ruled. Seen by moderators only."
    )


@strawberry.federation.type(
    keys=["id"],
    description="One questionnaire filled in for one organization. Seen by its own rater, and by the moderators of the"
    " organization and of those above it, who never learn who the rater is.",
)
class Submission(Node):
    organization: Organization = field(Object(submissions.organization), "Who was rated.")
    given_to: Organization | None = field(
        Object(submissions.given_to), "Who was rated, where that is part of another organization since."
    )
    questionnaire: Questionnaire = field(Object(submissions.questionnaire), "The form.")
    service: Service | None = field(Object(submissions.service), "The service, if told.")
    channel: Channel | None = field(Column(submissions.channel), "How it was rendered, if told.")
    visited_on: Date | None = field(Column(submissions.visited_on), "When, if told.")
    verified: bool = field(
        Column(submissions.verified), "Whether it was given by a link that another system made for the visit."
    )
    submitted_on: Date = field(Column(submissions.submitted_on), "The date on which it was submitted.")
    submitted_at: DateTime = field(
        Column(submissions.submitted_at),
        "When it was submitted: the moment for its own rater; for moderators the beginning of the date.",
    )
    status: SubmissionStatus = field(Column(submissions.status), "Whether it counts.")
    events: list[SubmissionEvent] = field(
        Objects(lives.of_submission), "Its life, the first thing first: counted, perhaps withdrawn, rejected, restored."
    )
    mark: Decimal = field(Decimals(submissions.mark, 6), "The mean of its scores, six decimals.")
    scores: list[Score] = field(Objects(submissions.scores), "Its scores, in the form's order.")
    comment: str | None = field(Column(submissions.comment), "The text of its review, as it was typed.")
    review: Review | None = field(
        Object(reviews.of_submission), "Its review, if it has a text and the viewer may see it."
    )


SubmissionConnection = Connection[Submission]
