"""Chosen: the organizations of a set, found where that costs least."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import CTE

from models.organizations import Organization
from resolvers.sets import filters, workers


@dataclass(frozen=True)
class Chosen:
    """The organizations of a set by their ids; `repeated` says that one may come more than once among them."""

    ids: Select[Any]
    repeated: bool = False

    def among(self, query: Select[Any], id_: ColumnElement[int]) -> Select[Any]:
        """The rows of a query whose organization belongs to the set."""
        if self.repeated:
            return query.where(id_.in_(self.ids))
        each = self.ids.subquery()
        return query.join(each, each.c.id == id_)

    def each(self) -> CTE:
        """The organizations of the set, each once: their `id`."""
        return (self.ids.distinct() if self.repeated else self.ids).cte()


def by(conditions: Callable[[Any], tuple[ColumnElement[bool], ...]]) -> Chosen:
    """The organizations that fit some conditions of their rows."""
    o = Organization.__table__.alias()
    return Chosen(select(o.c.id).where(*conditions(o)))


def is_one(named: list[str]) -> bool:
    """Whether a list of codes names one: who works in one sphere, and stands in one area, does so once."""
    return len(named) == 1


def open_ones(given: Any) -> Chosen:
    """The open organizations that an OrganizationFilter (or none) asks for, whether it asks for closed ones or not."""
    if filters.asks_only_of_spheres(given):
        works, ids = workers.rows(), filters.coded(given)
        known = (each.is_not(None) for each in ids.values())
        query = workers.ids(works, ids["spheres"], ids.get("areas")).where(filters.is_open(works), *known)
        repeated = not all(getattr(given, name).holds(is_one) for name in ids)
        return Chosen(query.with_only_columns(works.c.organization_id.label("id")), repeated)
    only_open = given is None or given.closed is False
    return by(lambda o: (*filters.conditions(o, given), *(() if only_open else (filters.is_open(o),))))
