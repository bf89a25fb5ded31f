"""Text search as speakers of Russian, Belarusian and English expect it.

Words in any order, beginnings of words, typing errors, ё for е, і for и, ў for у, and codes: the
normalisation and the measure of likeness are the database's (search_normal, search_relevance).
"""

from typing import Any

from sqlalchemy import ARRAY, Double, Text, case, func, literal, or_, select
from sqlalchemy.sql.elements import ColumnElement

from models.errors import InputError

MAXIMUM_LENGTH = 200


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


def relevance(search: ColumnElement[str], text: Any) -> ColumnElement[float]:
    """How well all words are found, 0 to 1; 0 where one is not."""
    return func.search_relevance(search, words(text), type_=Double())


def matches(search: ColumnElement[str], text: Any) -> ColumnElement[bool]:
    """True where every word is found.

    The index finds where the two longest words can be; only there all of them are looked for, as
    that takes a hundred times as long for each text as the index does.
    """
    return _may_have(search, _word(text, 0)) & _may_have(search, _word(text, 1)) & (relevance(search, text) > 0)


def _word(text: Any, place: int) -> ColumnElement[str]:
    """The longest word, or the next; the last one where there are not so many."""
    word, last = func.unnest(words(text)).column_valued("word"), func.cardinality(words(text)) - 1
    ordered = select(word).order_by(func.length(word).desc(), word)
    return ordered.offset(func.greatest(func.least(place, last), 0)).limit(1).scalar_subquery()


def _may_have(search: ColumnElement[str], word: ColumnElement[str]) -> ColumnElement[bool]:
    # Short words and numbers have no near misses: null finds none, without looking.
    forgiving = case(((func.length(word) >= 4) & word.op("!~", is_comparison=True)("[0-9]"), word))
    begins = search.like(literal("% ").concat(word).concat("%"))
    # As a value of its own the index can look for it.
    return or_(begins, search.bool_op("%>")(select(forgiving).scalar_subquery()))
