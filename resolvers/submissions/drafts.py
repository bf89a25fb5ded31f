"""A submission before it is one: what the client says, held against the form it was shown."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

import orjson

from models.questionnaires import QuestionType
from models.submissions import Channel, EmployeeMentionKind
from resolvers.problems import InvalidInput
from resolvers.submissions.forms import Form, FormQuestion
from resolvers.submissions.tags import PLACEMENT, is_placement
from resolvers.texts import check_text

MAXIMUM_COMMENT = 10_000
MAXIMUM_EMPLOYEE = 200
MAXIMUM_KEY = 200
MAXIMUM_TEXT_ANSWER = 2_000
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")


@dataclass(frozen=True)
class Scored:
    """A score by a criterion's code."""

    criterion: str
    score: int


@dataclass(frozen=True)
class Answered:
    """The answer to a question by its code."""

    question: str
    values: list[str]


@dataclass(frozen=True)
class Draft:
    """What a client wants to submit."""

    organization_id: str | None
    organization_code: str | None
    questionnaire: str
    service: str | None
    visited_on: date | None
    channel: Channel | None
    scores: list[Scored]
    answers: list[Answered]
    comment: str | None
    publish_comment: bool
    employee: str | None
    employee_mention: EmployeeMentionKind | None
    idempotency_key: str
    placement: str | None = None

    def digest(self) -> bytes:
        """The same for the same content, whatever the key; without a placement, as it was before there were any."""
        content = {**asdict(self), "idempotency_key": None}
        if self.placement is None:
            del content["placement"]
        return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()

    def check_texts(self) -> None:
        """Refuse texts that are too long or that a database cannot hold."""
        check_text(self.idempotency_key, MAXIMUM_KEY, "idempotencyKey")
        if not self.idempotency_key.strip():
            raise InvalidInput("TEXT_BLANK", "The idempotency key is blank.", "input", "idempotencyKey")
        check_text(self.comment, MAXIMUM_COMMENT, "comment")
        check_text(self.employee, MAXIMUM_EMPLOYEE, "employee")
        if self.placement is not None and not is_placement(self.placement):
            raise InvalidInput("PLACEMENT_INVALID", f"A placement is {PLACEMENT}.", "input", "placement")
        if self.employee_mention and not (self.employee and self.employee.strip()):
            raise InvalidInput("EMPLOYEE_MISSING", "Nobody is named.", "input", "employeeMention")
        for name in ("service", "organization_code", "questionnaire"):
            check_text(getattr(self, name), MAXIMUM_KEY, name.partition("_")[0])

    def placed_scores(self, form: Form) -> list[int | None]:
        """The scores at their places on the form; refuses what does not fit it."""
        places: list[int | None] = [None] * len(form.criteria)
        _refuse_repeated([each.criterion for each in self.scores], "scores", "criterion", "CRITERION")
        for number, each in enumerate(self.scores):
            path = ("input", "scores", number)
            criterion = form.criteria.get(each.criterion)
            if criterion is None:
                message = f"The questionnaire has no criterion {each.criterion!r}."
                raise InvalidInput("CRITERION_UNKNOWN", message, *path, "criterion")
            if not 1 <= each.score <= 5:
                raise InvalidInput("SCORE_OUT_OF_RANGE", "A score is 1 to 5.", *path, "score")
            places[criterion.position - 1] = each.score
        missing = [each.code for each in form.criteria.values() if each.basic and places[each.position - 1] is None]
        if missing:
            message = f"Basic criteria without a score: {', '.join(sorted(missing))}."
            raise InvalidInput("CRITERION_MISSING", message, "input", "scores")
        return places

    def checked_answers(self, form: Form) -> dict[int, list[str]]:
        """The answers by their question's id; refuses what does not fit the form."""
        return checked_answers(self.answers, form)


def checked_answers(answers: Sequence[Answered], form: Form) -> dict[int, list[str]]:
    """Answers by their question's id; refuses what does not fit the form."""
    _refuse_repeated([each.question for each in answers], "answers", "question", "QUESTION")
    found: dict[int, list[str]] = {}
    for number, each in enumerate(answers):
        question = form.questions.get(each.question)
        path = ("input", "answers", number)
        if question is None:
            message = f"The questionnaire has no question {each.question!r}."
            raise InvalidInput("QUESTION_UNKNOWN", message, *path, "question")
        _refuse_answer(question, each.values, path)
        found[question.id] = each.values
    missing = [each.code for each in form.questions.values() if each.required and each.id not in found]
    if missing:
        message = f"Required questions without an answer: {', '.join(sorted(missing))}."
        raise InvalidInput("ANSWER_MISSING", message, "input", "answers")
    return found


def _refuse_repeated(names: Sequence[str], field: str, inner: str, what: str) -> None:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            message = f"{name!r} comes twice."
            raise InvalidInput(f"{what}_REPEATED", message, "input", field, number, inner)
        seen.add(name)


def _refuse_answer(question: FormQuestion, values: list[str], path: Iterable[str | int]) -> None:
    fits = {
        QuestionType.CHOICE: len(values) == 1 and question.options.issuperset(values),
        QuestionType.MULTIPLE_CHOICE: 1 <= len(values) == len(set(values)) and question.options.issuperset(values),
        QuestionType.YES_NO: values in (["true"], ["false"]),
        QuestionType.NUMBER: len(values) == 1 and NUMBER.fullmatch(values[0]) is not None,
        QuestionType.TEXT: len(values) == 1 and _is_text(values[0]),
    }[question.type]
    if not fits:
        message = f"The answer does not fit a question of type {question.type.name}."
        raise InvalidInput("ANSWER_INVALID", message, *path, "values")


def _is_text(value: str) -> bool:
    return len(value.strip()) > 0 and len(value) <= MAXIMUM_TEXT_ANSWER and "\0" not in value
