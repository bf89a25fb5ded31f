"""Editions: what has been published, as everybody reads it."""

from sqlalchemy import FromClause, Text, cast, false, func, select
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models.editions import Edition, EditionOrganization
from resolvers.columns import own
from resolvers.languages import in_language
from resolvers.ratings import frozen, slices

code = own("code")
first_day = own("first_day")
last_day = own("last_day")
published_at = own("published_at")
method = own("method")
method_version = own("method_version")
organizations = own("organizations")
submissions = own("submissions")
raters = own("raters")
digest = own("digest")
policy_name = own("name")
policy_value = own("value")


def listed(_: None, a: Arguments) -> Rows:
    """All editions, the latest first."""
    row = Edition.__table__.alias()
    return Rows(row, order=(Order(row.c.published_at, descending=True), Order(row.c.id, descending=True)))


def one(_: None, a: Arguments) -> Rows:
    """The edition with a code."""
    row = Edition.__table__.alias()
    return Rows(row, where=(row.c.code == a.code,))


def title(e: FromClause, a: Arguments) -> ColumnElement[str]:
    return in_language(e, "title", a.language or a.shape.language)


def policies(e: FromClause, a: Arguments) -> Rows:
    """A row for each policy, by name."""
    pairs = func.jsonb_each_text(e.c.policies).table_valued("key", "value").render_derived().alias()
    row = select(cast(pairs.c.key, Text()).label("name"), cast(pairs.c.value, Text()).label("value")).correlate(e)
    found = row.lateral()
    return Rows(found, order=(Order(found.c.name),))


def of_entry(e: FromClause, a: Arguments) -> Rows:
    """What an entry of a ranking was called in the edition that is asked; nothing without one."""
    row, slice_ = EditionOrganization.__table__.alias(), slices.parsed_or_edition(a.outer.slice)
    if slice_.edition is None:
        return Rows(row, where=(false(),))
    return Rows(row, where=(frozen.of(slice_, row.c.edition_id), row.c.organization_id == e.c.id))


def name(e: FromClause, a: Arguments) -> ColumnElement[str]:
    return in_language(e, "name", a.language or a.shape.language)
