"""Chosen: the organizations of a set, found where that costs least."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import CTE

from models.organizations import Organization
from resolvers.sets import filters, workers


@dataclass(frozen=True)
class Chosen:
    """The organizations of a set by their ids; `repeated` says that one may come more than once among them.

    What a request asks for may rule that out: `once` tells, where it is worth a plan of its own.
    """

    ids: Select[Any]
    repeated: bool = False
    once: Callable[[], bool] = lambda: False

    def among(self, query: Select[Any], id_: ColumnElement[int]) -> Select[Any]:
        """The rows of a query whose organization belongs to the set."""
        if self.repeated and not self.once():
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


def names_one_of_each(given: Mapping[str, Any]) -> bool:
    """Whether a filter names one sphere, and one area if any: who works in it and stands there does so once."""
    return len(given["spheres"]) == 1 and len(given.get("areas") or [None]) == 1


def open_ones(given: Any) -> Chosen:
    """The open organizations that an OrganizationFilter (or none) asks for, whether it asks for closed ones or not."""
    if filters.asks_only_of_spheres(given):
        works, ids = workers.rows(), filters.coded(given)
        known = (each.is_not(None) for each in ids.values())
        query = workers.ids(works, ids["spheres"], ids.get("areas")).where(filters.is_open(works), *known)
        named = query.with_only_columns(works.c.organization_id.label("id"))
        return Chosen(named, repeated=True, once=lambda: given.holds(names_one_of_each))
    only_open = given is None or given.closed is False
    return by(lambda o: (*filters.conditions(o, given), *(() if only_open else (filters.is_open(o),))))
