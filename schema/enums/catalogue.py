"""Enumerations of questionnaires."""

from models.questionnaires import QuestionType
from resolvers.catalogue.questionnaires import QuestionnaireState
from schema.fields import described

__all__ = ["QuestionType", "QuestionnaireState"]

described(
    QuestionType,
    "What an answer to a question looks like.",
    CHOICE="The code of one option.",
    MULTIPLE_CHOICE="The codes of one or more options.",
    YES_NO="`true` or `false`.",
    TEXT="A text of at most 2,000 characters.",
    NUMBER="A decimal number, such as `12.5`.",
)
described(
    QuestionnaireState,
    "How far a version of a questionnaire has come.",
    DRAFT="It is being written, and shown to nobody but its owner.",
    PUBLISHED="It is shown where it applies; a survey on its days alone.",
    RETIRED="It is shown no more: another version has taken its place, or it was retired.",
)
