"""Dimensions: what a breakdown can be by, and in which cell each of them puts what is counted.

A key is an id, a member's name or an interval's first day. It is never null, so that cells can be
joined by their keys: 0 and '' stand for what was not told.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import Date, DateTime, Enum, FromClause, Text, cast, func, literal, select
from sqlalchemy.sql.elements import ColumnElement

from models.areas import Area
from models.organizations import Organization, OrganizationSphere
from models.raters import RaterKind
from models.services import Service
from models.submissions import Channel
from models.trees import depth, node_at

Key = ColumnElement[Any]

NO_ID, NO_MEMBER = 0, ""


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

    def join(self, target: FromClause, condition: ColumnElement[bool], *, outer: bool = False) -> None:
        """Have the rows of a table beside each row."""
        self.source = self.source.join(target, condition, isouter=outer)


def _subordinate(f: Facts) -> Key:
    return f.member.c.branch_id


def _kind(f: Facts) -> Key:
    o = Organization.__table__.alias()
    f.join(o, o.c.id == f.member.c.organization_id)
    return o.c.kind_id


def _sphere(f: Facts) -> Key:
    """Of the organization: who works in several spheres counts in each of them."""
    works = OrganizationSphere.__table__.alias()
    f.join(works, works.c.organization_id == f.member.c.organization_id, outer=True)
    return func.coalesce(works.c.sphere_id, NO_ID)


def _area(f: Facts) -> Key:
    """The area of the organization, or the one above it, directly below what all members stand in."""
    o, place = Organization.__table__.alias(), Area.__table__.alias()
    f.join(o, o.c.id == f.member.c.organization_id)
    f.join(place, place.c.id == o.c.area_id, outer=True)
    level = func.least(_common_depth(f.members()), depth(place.c.path) - 1)
    return func.coalesce(node_at(place.c.path, level), NO_ID)


def _common_depth(member: FromClause) -> ColumnElement[int]:
    """The depth of the smallest area that all members stand in."""
    o, place = Organization.__table__.alias(), Area.__table__.alias()
    # lca() leaves the last label out of what paths have in common, so each gets one more.
    paths = func.array_agg(place.c.path.op("||")(literal("0")))
    rows = member.join(o, o.c.id == member.c.organization_id).join(place, place.c.id == o.c.area_id)
    return select(depth(func.lca(paths))).select_from(rows).scalar_subquery()


def _category(f: Facts) -> Key:
    service = Service.__table__.alias()
    f.join(service, service.c.id == f.row.c.service_id, outer=True)
    return func.coalesce(service.c.category_id, NO_ID)


def _service(f: Facts) -> Key:
    return func.coalesce(f.row.c.service_id, NO_ID)


def _channel(f: Facts) -> Key:
    return func.coalesce(cast(f.row.c.channel, Text), NO_MEMBER)


def _rater_kind(f: Facts) -> Key:
    return cast(f.row.c.rater_kind, Text)


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
    Dimension.CHANNEL: _channel,
    Dimension.RATER_KIND: _rater_kind,
    Dimension.CRITERION: _criterion,
    **{dimension: _interval(unit) for dimension, unit in UNITS.items()},
}


def _category_of(service_id: Key) -> Key:
    service = Service.__table__.alias()
    found = select(service.c.category_id).where(service.c.id == service_id).correlate_except(service)
    return func.coalesce(found.scalar_subquery(), NO_ID)


def sortable(dimension: Dimension, key: Key) -> Key:
    """A key as protection sorts values: members as they are declared, and null, the last, for what was not told."""
    if dimension in MEMBERS:
        return cast(func.nullif(key, NO_MEMBER), MEMBERS[dimension])
    return key if dimension in UNITS else func.nullif(key, NO_ID)


MEMBERS: dict[Dimension, Any] = {
    Dimension.CHANNEL: Enum(Channel, name="channel"),
    Dimension.RATER_KIND: Enum(RaterKind, name="rater_kind"),
}

# The coarser keys around some keys: what they add up to there can be asked for, too.
WITHIN: dict[Dimension, Callable[[Key], Key]] = {
    Dimension.SERVICE: _category_of,
    Dimension.DAY: partial(first_day, "month"),
    Dimension.MONTH: partial(first_day, "quarter"),
    Dimension.QUARTER: partial(first_day, "year"),
}
