"""Dimensions: what a breakdown can be by, and in which cell each of them puts what is counted.

A key is an id, the place of a member in its enumeration, or an interval's first day. It is never
null, so that cells can be joined by their keys: NONE stands for what was not told.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any

from sqlalchemy import Date, DateTime, FromClause, case, cast, func, literal, select
from sqlalchemy.sql.elements import ColumnElement

from models.areas import Area
from models.organizations import Organization, OrganizationSphere
from models.raters import RaterKind
from models.services import Service
from models.submissions import Channel
from models.trees import depth, node_at

Key = ColumnElement[Any]

NONE = 0


class Dimension(enum.Enum):
    """What a breakdown is by."""

    SUBORDINATE = "SUBORDINATE"
    SPHERE = "SPHERE"
    CATEGORY = "CATEGORY"
    SERVICE = "SERVICE"
    AREA = "AREA"
    KIND = "KIND"
    CHANNEL = "CHANNEL"
    RATER_KIND = "RATER_KIND"
    VERIFIED = "VERIFIED"
    CRITERION = "CRITERION"
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"


UNITS = {
    Dimension.DAY: "day",
    Dimension.WEEK: "week",
    Dimension.MONTH: "month",
    Dimension.QUARTER: "quarter",
    Dimension.YEAR: "year",
}

# Few raters behind one of these could be recognised; and no organization's total tells them apart.
FINE = frozenset(
    {
        Dimension.CATEGORY,
        Dimension.SERVICE,
        Dimension.CHANNEL,
        Dimension.RATER_KIND,
        Dimension.VERIFIED,
        Dimension.DAY,
        Dimension.WEEK,
    }
)

# Told by who was rated: an organization's own totals know it, those of a subtree do not.
ORGANIZATIONAL = frozenset({Dimension.SPHERE, Dimension.AREA, Dimension.KIND})


@dataclass
class Facts:
    """What is counted, row by row; `source` grows with what the dimensions join.

    `row` is a submission or a total, `day` its date. `member` is the organization that counts it:
    `organization_id`, and `branch_id`, the subordinate that it belongs to. `members` makes another
    row like it, for what is asked of all of them. `criterion_id` is there where rows are scores.
    """

    source: FromClause
    row: FromClause
    day: ColumnElement[date]
    member: FromClause
    members: Callable[[], FromClause]
    criterion_id: ColumnElement[int] | None = None

    @cached_property
    def organization(self) -> FromClause:
        """The member's row with what organizations are told apart by; a set's members have it themselves."""
        if "area_id" in self.member.c:
            return self.member
        o = Organization.__table__.alias()
        self.join(o, o.c.id == self.member.c.organization_id)
        return o

    def join(self, target: FromClause, condition: ColumnElement[bool], *, outer: bool = False) -> None:
        """Have the rows of a table beside each row."""
        self.source = self.source.join(target, condition, isouter=outer)


def _subordinate(f: Facts) -> Key:
    return f.member.c.branch_id


def _kind(f: Facts) -> Key:
    return f.organization.c.kind_id


def _sphere(f: Facts) -> Key:
    """Of the organization: who works in several spheres counts in each of them."""
    works = OrganizationSphere.__table__.alias()
    f.join(works, works.c.organization_id == f.member.c.organization_id, outer=True)
    return func.coalesce(works.c.sphere_id, NONE)


def _area(f: Facts) -> Key:
    """The area of the organization, or the one above it, directly below what all members stand in."""
    place = Area.__table__.alias()
    level = func.least(_common_depth(f), depth(place.c.path) - 1)
    # Worked out for each area, of which there are a few hundred, and not for each row.
    area = select(place.c.id, node_at(place.c.path, level).label("above")).subquery()
    f.join(area, area.c.id == f.organization.c.area_id, outer=True)
    return func.coalesce(area.c.above, NONE)


def _common_depth(f: Facts) -> ColumnElement[int]:
    """The depth of the smallest area that all members stand in."""
    member, place = f.members(), Area.__table__.alias()
    every = Facts(member, member, f.day, member, f.members)
    areas = select(every.organization.c.area_id).select_from(every.source)
    # lca() leaves the last label out of what paths have in common, so each gets one more.
    paths = func.array_agg(place.c.path.op("||")(literal("0")))
    return select(depth(func.lca(paths))).where(place.c.id.in_(areas)).scalar_subquery()


def _category(f: Facts) -> Key:
    service = Service.__table__.alias()
    f.join(service, service.c.id == f.row.c.service_id, outer=True)
    return func.coalesce(service.c.category_id, NONE)


def _service(f: Facts) -> Key:
    return func.coalesce(f.row.c.service_id, NONE)


class Vouching(enum.Enum):
    """Whether another system has vouched for a visit."""

    VERIFIED = "VERIFIED"
    UNVERIFIED = "UNVERIFIED"


# What an enumeration tells apart.
MEMBERS: dict[Dimension, type[enum.Enum]] = {
    Dimension.CHANNEL: Channel,
    Dimension.RATER_KIND: RaterKind,
    Dimension.VERIFIED: Vouching,
}


def _member(dimension: Dimension, column: str) -> Callable[[Facts], Key]:
    """The place of a member in its enumeration, from 1: numbers are grouped sooner than texts."""
    places = {each.name: place for place, each in enumerate(MEMBERS[dimension], 1)}
    return lambda f: case(places, value=f.row.c[column], else_=NONE)


def _verified(f: Facts) -> Key:
    """The place of a member of Vouching, too."""
    return case((f.row.c.verified, 1), else_=2)


def _interval(unit: str) -> Callable[[Facts], Key]:
    return lambda f: first_day(unit, f.day)


def first_day(unit: str, day: ColumnElement[date]) -> ColumnElement[date]:
    """The first day of the interval that a day is in; weeks begin on Monday."""
    return day if unit == "day" else cast(func.date_trunc(unit, cast(day, DateTime())), Date)


def _criterion(f: Facts) -> Key:
    assert f.criterion_id is not None
    return f.criterion_id


# By what rows are grouped.
KEYS: dict[Dimension, Callable[[Facts], Key]] = {
    Dimension.SUBORDINATE: _subordinate,
    Dimension.SPHERE: _sphere,
    Dimension.CATEGORY: _category,
    Dimension.SERVICE: _service,
    Dimension.AREA: _area,
    Dimension.KIND: _kind,
    Dimension.CHANNEL: _member(Dimension.CHANNEL, "channel"),
    Dimension.RATER_KIND: _member(Dimension.RATER_KIND, "rater_kind"),
    Dimension.VERIFIED: _verified,
    Dimension.CRITERION: _criterion,
    **{dimension: _interval(unit) for dimension, unit in UNITS.items()},
}


def _category_of(service_id: Key) -> Key:
    service = Service.__table__.alias()
    found = select(service.c.category_id).where(service.c.id == service_id).correlate_except(service)
    return func.coalesce(found.scalar_subquery(), NONE)


def sortable(dimension: Dimension, key: Key) -> Key:
    """A key as protection sorts values: null, which is the last, for what was not told."""
    return key if dimension in UNITS else func.nullif(key, NONE)


# The coarser keys around some keys: what they add up to there can be asked for, too.
WITHIN: dict[Dimension, Callable[[Key], Key]] = {
    Dimension.SERVICE: _category_of,
    Dimension.DAY: partial(first_day, "month"),
    Dimension.MONTH: partial(first_day, "quarter"),
    Dimension.QUARTER: partial(first_day, "year"),
}
