"""What a draft of a questionnaire says, held against the catalogue and against its owner's bounds."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, Text, any_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.base import CODE_PATTERN
from models.criteria import Criterion
from models.questionnaires import QuestionType
from models.services import Category, Service, Sphere
from resolvers.problems import InvalidInput, Unknown
from resolvers.sets import references
from resolvers.sets.references import OrganizationReference
from resolvers.texts import check_text

MAXIMUM_CRITERIA, MAXIMUM_QUESTIONS, MAXIMUM_OPTIONS = 16, 50, 50
MAXIMUM_CODE, MAXIMUM_TITLE, MAXIMUM_TEXT = 64, 500, 1_000
LANGUAGES = ("be", "ru", "en")
CHOICES = {QuestionType.CHOICE, QuestionType.MULTIPLE_CHOICE}
TARGETS = {"sphere": Sphere, "category": Category, "service": Service}

# A text by the suffix of its language.
Texts = Mapping[str, str | None]
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Offer:
    """An option of a choice."""

    code: str
    texts: Texts


@dataclass(frozen=True)
class Ask:
    """A question."""

    code: str
    texts: Texts
    type: QuestionType
    required: bool
    options: Sequence[Offer]


@dataclass(frozen=True)
class Target:
    """Whom a form is for: at most one of them, a code or an organization."""

    kind: str | None = None
    code: str | None = None
    organization: OrganizationReference | None = None


@dataclass(frozen=True)
class Content:
    """All that a draft says but its code and its owner. With a window it is a survey; days are inclusive."""

    titles: Texts
    target: Target
    window: tuple[date, date] | None
    criteria: Sequence[str]
    questions: Sequence[Ask]

    def check(self) -> None:
        """Refuse what no draft can be, whatever there is in the catalogue."""
        check_texts(self.titles, MAXIMUM_TITLE, "titles")
        if self.window is not None and self.window[0] > self.window[1]:
            raise _invalid("PERIOD_BACKWARDS", "The survey ends before it begins.", "survey", "from")
        _check_number(self.criteria, MAXIMUM_CRITERIA, "criteria")
        _check_repeated(self.criteria, "CRITERION", ("criteria",))
        if self.window is not None and self.criteria:
            message = "A survey counts in no rating, and scores nothing: ask questions."
            raise _invalid("SURVEY_HAS_CRITERIA", message, "criteria")
        _check_number(self.questions, MAXIMUM_QUESTIONS, "questions")
        _check_repeated([each.code for each in self.questions], "QUESTION", ("questions",), "code")
        for number, each in enumerate(self.questions):
            _check_question(each, ("questions", number))

    def columns(self) -> dict[str, Any]:
        """The same as columns of a form's row, without whom it is for."""
        opens_on, closes_on = self.window or (None, None)
        return {**text_columns("title", self.titles), "opens_on": opens_on, "closes_on": closes_on}

    def codes(self) -> Iterator[tuple[str, Path]]:
        """The codes that it makes, each with where it stands."""
        for number, each in enumerate(self.questions):
            yield each.code, ("questions", number, "code")
            for place, option in enumerate(each.options):
                yield option.code, ("questions", number, "options", place, "code")


def text_columns(name: str, texts: Texts) -> dict[str, str | None]:
    """Texts as the columns that hold them."""
    return {f"{name}_{language}": texts.get(language) for language in LANGUAGES}


def check_texts(texts: Texts, maximum: int, *path: str | int) -> None:
    """Refuse texts that are blank or too long, and none at all."""
    for language, text in texts.items():
        check_text(text, maximum, "content", *path, language)
        if text is not None and not text.strip():
            raise _invalid("TEXT_BLANK", "The text is blank: leave it out.", *path, language)
    if all(text is None for text in texts.values()):
        raise _invalid("TEXT_MISSING", "A text in one language at least is needed.", *path)


async def check_codes(connection: AsyncConnection, codes: Sequence[tuple[str, Path]]) -> None:
    """Refuse a code that is none; each has its path below the input."""
    for code, path in codes:
        check_text(code, MAXIMUM_CODE, *path)
    wanted = [code for code, _ in codes]
    each = func.unnest(literal(wanted, ARRAY(Text()))).column_valued("code")
    query = select(each).where(~each.regexp_match(CODE_PATTERN))
    bad = set((await connection.execute(query)).scalars())
    for code, path in codes:
        if code in bad:
            message = "A code has 1 to 64 letters, digits or _./:- and begins with a letter or a digit."
            raise InvalidInput("CODE_INVALID", message, "input", *path)


async def target_columns(connection: AsyncConnection, target: Target) -> dict[str, int | None]:
    """The columns that say whom a form is for; refuses what is not there."""
    columns: dict[str, int | None] = dict.fromkeys(("sphere_id", "category_id", "service_id", "organization_id"))
    path = ("content", "appliesTo")
    if target.organization is not None:
        organization = await references.named(connection, target.organization, *path, "organization")
        organization.must_not_be_merged(*path, "organization")
        columns["organization_id"] = organization.id
    elif target.kind is not None and target.code is not None:
        check_text(target.code, MAXIMUM_CODE, *path, target.kind)
        table: Any = TARGETS[target.kind]
        found = (await connection.execute(select(table.id).where(table.code == target.code))).scalar_one_or_none()
        if found is None:
            raise _unknown(target.kind, *path, target.kind)
        columns[f"{target.kind}_id"] = found
    return columns


async def criterion_ids(connection: AsyncConnection, codes: Sequence[str]) -> list[int]:
    """The ids of criteria in their order; refuses an unknown one."""
    for number, code in enumerate(codes):
        check_text(code, MAXIMUM_CODE, "content", "criteria", number)
    query = select(Criterion.code, Criterion.id).where(Criterion.code == any_(literal(list(codes), ARRAY(Text()))))
    known: dict[str, int] = dict((await connection.execute(query)).all())
    for number, code in enumerate(codes):
        if code not in known:
            raise _unknown("criterion", "content", "criteria", number)
    return [known[code] for code in codes]


def _check_question(question: Ask, path: Path) -> None:
    check_texts(question.texts, MAXIMUM_TEXT, *path, "texts")
    _check_number(question.options, MAXIMUM_OPTIONS, *path, "options")
    _check_repeated([each.code for each in question.options], "OPTION", (*path, "options"), "code")
    for place, option in enumerate(question.options):
        check_texts(option.texts, MAXIMUM_TEXT, *path, "options", place, "texts")
    if (question.type in CHOICES) != bool(question.options):
        message = "A choice offers options, and nothing else does."
        raise _invalid("OPTIONS_MISFIT", message, *path, "options")


def _check_number(things: Sequence[Any], most: int, *path: str | int) -> None:
    if len(things) > most:
        raise _invalid("TOO_MANY", f"At most {most} of them.", *path)


def _check_repeated(codes: Sequence[str], what: str, path: Path, *inner: str) -> None:
    times = Counter(codes)
    for number, code in enumerate(codes):
        if times[code] > 1:
            raise _invalid(f"{what}_REPEATED", f"{code!r} comes twice.", *path, number, *inner)


def _invalid(code: str, message: str, *path: str | int) -> InvalidInput:
    return InvalidInput(code, message, "input", "content", *path)


def _unknown(what: str, *path: str | int) -> Unknown:
    return Unknown(f"{what.upper()}_UNKNOWN", f"There is no such {what}.", "input", *path)
