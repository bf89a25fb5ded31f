"""The portal's own tables as ORM entities: without relationships, nothing can load lazily."""

from typing import Any

from sqlalchemy import func, or_
from sqlalchemy.orm import defer
from sqlalchemy.orm.strategy_options import _AbstractLoad
from sqlalchemy.sql.elements import ColumnElement


def name_of(entity: Any) -> ColumnElement[str]:
    """A name in Russian, or another language that has one; the indexes by name follow it."""
    return func.coalesce(entity.name_ru, entity.name_be, entity.name_en)


def name(entity: Any) -> str:
    """The same of an entity that is loaded."""
    found: str = entity.name_ru or entity.name_be or entity.name_en
    return found


def is_open(organization: Any) -> ColumnElement[bool]:
    """True for organizations that are not closed today."""
    return or_(organization.closed_on.is_(None), organization.closed_on > func.current_date())


def without(column: Any) -> _AbstractLoad:
    """Leaves out a heavy column that no answer shows, and fails rather than fetch it later."""
    return defer(column, raiseload=True)
