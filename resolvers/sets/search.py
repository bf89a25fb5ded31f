"""Text search as speakers of Russian, Belarusian and English expect it.

Words in any order, beginnings of words, typing errors, ё for е, і for и, ў for у, and codes. What is
one text to another is the database's to say (search_normal, search_relevance); organizations are found
by their words instead, which are few (`models.words`), and mean the same.
"""

from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    Double,
    FromClause,
    Integer,
    Text,
    any_,
    case,
    cast,
    func,
    literal,
    not_,
    select,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from models.errors import InputError
from models.organizations import Organization
from models.words import OrganizationWord, Word

MAXIMUM_LENGTH = 200

# How well a word is found, in millionths; a near miss counts this much of its likeness. Whole numbers
# add up to the same in any order, so what matches as well is as good.
WHOLE, BEGINNING, NEAR = 1_000_000, 900_000, 800_000
# A match of a whole code is above all matches of words, which end at 1.
BY_CODE = 2.0
# Behind every character that a word can have.
LAST_CHARACTER = "\U0010ffff"


def words(text: Any) -> ColumnElement[Any]:
    """The normalised words of a search text."""
    checked = text.map(_checker(text.name))
    split = func.string_to_array(func.search_normal(checked), " ", type_=ARRAY(Text()))
    return select(func.array_remove(split, literal(""), type_=ARRAY(Text()))).scalar_subquery()


def _checker(field: str) -> Any:
    def check(value: str) -> str:
        if not value.strip():
            raise InputError(field, "must not be blank")
        if len(value) > MAXIMUM_LENGTH:
            raise InputError(field, f"must have at most {MAXIMUM_LENGTH} characters")
        return value

    return check


def matches(search: ColumnElement[str], text: Any) -> ColumnElement[bool]:
    """True where every word is found in a normalised text: for tables of some hundred rows."""
    return func.search_relevance(search, words(text), type_=Double()) > 0


def organizations(text: Any) -> CTE:
    """The organizations that have every word: `id`, `relevance`, and `brevity` among equals; the most is the best."""
    asked = _asked(text)
    each = _best(asked)
    number = select(func.count()).select_from(asked).scalar_subquery()
    relevance = cast(func.sum(each.c.likeness), Double()) / (WHOLE * number)
    return (
        select(
            each.c.organization_id.label("id"),
            case((_has_code(each.c.organization_id, text), BY_CODE), else_=relevance).label("relevance"),
            (-each.c.length).label("brevity"),
        )
        .group_by(each.c.organization_id, each.c.length)
        .having(func.count() == number)
        .cte()
    )


def _asked(text: Any) -> CTE:
    """The words of the text, each with its place, as one may come twice."""
    found = func.unnest(words(text)).table_valued("word", with_ordinality="place").render_derived()
    return select(found.c.word, found.c.place).cte()


def _best(asked: FromClause) -> FromClause:
    """For each organization and word of the text, how well it is found there at best."""
    alike, has = _alike(asked), OrganizationWord.__table__.alias()
    return (
        select(has.c.organization_id, has.c.length, func.max(alike.c.likeness).label("likeness"))
        .select_from(asked.join(alike, literal(True)).join(has, has.c.word_id == alike.c.id))
        .group_by(has.c.organization_id, has.c.length, asked.c.place)
        .subquery()
    )


def _alike(asked: FromClause) -> FromClause:
    """The known words that a word of the text may stand for, and how well."""
    wanted, begun, near = asked.c.word, Word.__table__.alias(), Word.__table__.alias()
    begins = select(begun.c.id, case((begun.c.text == wanted, WHOLE), else_=BEGINNING).label("likeness")).where(
        begun.c.text >= wanted, begun.c.text < wanted.concat(LAST_CHARACTER)
    )
    # Null finds none, without looking.
    forgiving = case((is_forgiving(wanted), wanted))
    misses = select(near.c.id, cast(NEAR * func.word_similarity(wanted, near.c.text), Integer)).where(
        near.c.text.bool_op("%>")(forgiving), not_(func.starts_with(near.c.text, wanted))
    )
    return union_all(begins.correlate(asked), misses.correlate(asked)).lateral()


def is_forgiving(word: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a word has near misses; short ones and numbers have none: school 5 is not school 15."""
    return (func.length(word) >= 4) & word.op("!~", is_comparison=True)("[0-9]")


def _has_code(organization_id: ColumnElement[int], text: Any) -> ColumnElement[bool]:
    """Whether the text is the whole code of an organization: who types that means it alone."""
    o = Organization.__table__.alias()
    named = select(o.c.id).where(func.lower(o.c.code) == func.lower(func.btrim(text)))
    return organization_id == any_(func.array(named.scalar_subquery(), type_=ARRAY(o.c.id.type)))
