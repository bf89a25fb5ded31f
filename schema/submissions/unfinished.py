"""Drafts of submissions, as those who fill them in read them."""

import strawberry

from resolvers.submissions import keeping
from schema.catalogue.questionnaires import Questionnaire
from schema.enums.submissions import Channel, EmployeeMentionKind
from schema.fields import Column, Object, Objects, field
from schema.scalars import Date, DateTime


@strawberry.type(description="A score in a draft.")
class DraftScore:
    criterion: str = field(Column(keeping.criterion), "The criterion's code.")
    score: int = field(Column(keeping.score), "As it was told.")


@strawberry.type(description="An answer in a draft.")
class DraftAnswer:
    question: str = field(Column(keeping.asked), "The question's code.")
    values: list[str] = field(Column(keeping.values), "As they were told.")


@strawberry.type(
    description="What somebody has filled in for an organization and not submitted yet: seen by nobody else, and kept for a"
    " day. It is gone when they submit. The name of an employee is not kept in it."
)
class SubmissionDraft:
    questionnaire: Questionnaire = field(Object(keeping.questionnaire), "The form that was shown.")
    service: str | None = field(Column(keeping.service), "The code of the service, if told.")
    visited_on: Date | None = field(Column(keeping.visited_on), "The date of the visit, if told.")
    channel: Channel | None = field(Column(keeping.channel), "How the service was rendered, if told.")
    scores: list[DraftScore] = field(Objects(keeping.scores), "The scores so far.")
    answers: list[DraftAnswer] = field(Objects(keeping.answers), "The answers so far.")
    comment: str | None = field(Column(keeping.comment), "The review so far.")
    publish_comment: bool = field(Column(keeping.publish_comment), "Whether the review is to be public.")
    placement: str | None = field(Column(keeping.placement), "The tag of the QR code that led here, if told.")
    employee_mention: EmployeeMentionKind | None = field(
        Column(keeping.employee_mention), "Whether an employee is to be praised or complained about, if told."
    )
    saved_at: DateTime = field(Column(keeping.saved_at), "When it was saved last.")
    expires_at: DateTime = field(Column(keeping.expires_at), "Until when it is kept.")
