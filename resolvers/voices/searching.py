"""Text search in reviews, by the same rules as in organizations' names: all words, beginnings, typing errors.

A review keeps its words, normalised, and an index of them. Which known words a word of the search may stand for is
looked up first, so that what is asked of the index are whole words and beginnings.
"""

from typing import Any

from sqlalchemy import FromClause, Text, case, cast, func, literal, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.elements import ColumnElement

from models.reviews import ReviewWord
from resolvers.sets import search


def has_words(r: FromClause, text: Any) -> ColumnElement[bool]:
    """Whether what is published of a review, or would be, has every word of a text; no word fits nothing."""
    found: ColumnElement[bool] = r.c.words.bool_op("@@")(_query(text))
    return found


def _query(text: Any) -> ColumnElement[Any]:
    """The text as a query of the index: for each of its words, that, what begins so, or what is like it."""
    word = func.unnest(search.words(text)).table_valued("word").render_derived()
    either = literal("('").concat(word.c.word).concat("':*").concat(func.coalesce(_alike(word), "")).concat(")")
    return select(cast(func.string_agg(either, literal(" & ")), TSQUERY())).select_from(word).scalar_subquery()


def _alike(word: FromClause) -> ColumnElement[str]:
    """The known words that are like one, as alternatives; short words and numbers have none."""
    near = ReviewWord.__table__.alias()
    forgiving = case((search.is_forgiving(word.c.word), word.c.word))
    alternatives = func.string_agg(literal(" | '").concat(near.c.text).concat("'"), literal(""))
    return (
        select(cast(alternatives, Text())).where(near.c.text.bool_op("%>")(forgiving)).correlate(word).scalar_subquery()
    )
