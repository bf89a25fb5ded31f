"""Blind spots: organizations with no raters, or with few for their size. Counts of all time, which are public.

An organization's size is a number of things that people come for: the services that it renders and
the organizations directly below it. Visits, the better measure, nobody reports to the portal.
"""

import enum
from typing import Any

from sqlalchemy import BigInteger, Enum, FromClause, Select, case, cast, func, literal, or_, select
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import CTE

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models import policies
from models.errors import InputError
from models.hierarchies import Hierarchy, Position
from models.organizations import Organization, OrganizationService
from models.policies import PolicyName
from models.totals import Pool, Total
from models.trees import below
from resolvers.columns import own
from resolvers.sets import filters, peers
from resolvers.trees import tree

# In 1/10000, rounded down, the raters that peers usually have for one of their size.
UNITS = 10_000
# A median of fewer says nothing.
PEERS = 10
# Few are less than one in so many of those to be expected.
ONE_IN = 4


class BlindSpotReason(enum.Enum):
    """Why an organization is a blind spot; the first that holds."""

    NO_RATERS = "NO_RATERS"
    TOO_FEW_RATERS = "TOO_FEW_RATERS"
    FEW_FOR_SIZE = "FEW_FOR_SIZE"


def blind_spots(_: None, a: Arguments) -> Rows:
    """Those of a set of organizations, the one that lacks most raters first."""
    found, o = judged(), Organization.__table__.alias()
    is_blind = found.c.reason.is_not(None) if a.reasons is None else found.c.reason.in_(_reasons(a))
    return Rows(
        found,
        joins=((o, o.c.id == found.c.organization_id),),
        where=(is_blind, *filters.conditions(o, a.among)),
        order=(Order(found.c.missing, descending=True), Order(found.c.organization_id, descending=True)),
    )


def _reasons(a: Arguments) -> list[BlindSpotReason]:
    if not isinstance(a.reasons, tuple):
        raise InputError("reasons", "must name at least one reason")
    return list(a.reasons)


def judged() -> CTE:
    """Every open organization with what is to be expected of it, and the reason where it is a blind spot."""
    sized = _sized()
    usual = _usual(sized).subquery()
    enough = select(policies.whole(PolicyName.MIN_RATERS)).scalar_subquery()
    expected = case((usual.c.peers >= PEERS, usual.c.raters_per_size * sized.c.size // UNITS))
    raters = sized.c.raters
    reason = case(
        (raters == 0, _because(BlindSpotReason.NO_RATERS)),
        (raters < enough, _because(BlindSpotReason.TOO_FEW_RATERS)),
        (raters * ONE_IN < expected, _because(BlindSpotReason.FEW_FOR_SIZE)),
    )
    same = (usual.c.kind_id == sized.c.kind_id) & (usual.c.sphere_id == sized.c.sphere_id)
    return (
        select(
            sized,
            usual.c.peers,
            case((usual.c.peers >= PEERS, usual.c.raters_per_size)).label("usual"),
            expected.label("expected"),
            reason.label("reason"),
            (func.greatest(expected, enough, type_=BigInteger()) - raters).label("missing"),
        )
        .join_from(sized, usual, same)
        .cte()
    )


def _sized() -> CTE:
    """Open organizations with their raters, their size and their group of peers."""
    o, total, group = Organization.__table__.alias(), Total.__table__.alias(), peers.groups()
    rendered, lower = _rendered().subquery(), _directly_below().subquery()
    services = func.coalesce(rendered.c.number, 0, type_=BigInteger())
    units = func.coalesce(lower.c.number, 0, type_=BigInteger())
    of_pool = (total.c.organization_id == o.c.id) & (total.c.pool == Pool.OWN)
    return (
        select(
            o.c.id.label("organization_id"),
            group.c.kind_id,
            group.c.sphere_id,
            total.c.raters,
            total.c.submissions,
            services.label("services"),
            units.label("units"),
            func.greatest(services + units, 1, type_=BigInteger()).label("size"),
        )
        .select_from(
            o.join(total, of_pool)
            .join(group, group.c.organization_id == o.c.id)
            .outerjoin(rendered, rendered.c.organization_id == o.c.id)
            .outerjoin(lower, lower.c.organization_id == o.c.id)
        )
        .where(filters.is_open(o))
        .cte()
    )


def _rendered() -> Select[Any]:
    renders = OrganizationService.__table__.alias()
    number = func.count().label("number")
    return select(renders.c.organization_id, number).group_by(renders.c.organization_id)


def _directly_below() -> Select[Any]:
    o, place = Organization.__table__.alias(), Position.__table__.alias()
    return (
        select(place.c.parent_id.label("organization_id"), func.count().label("number"))
        .join_from(place, o, o.c.id == place.c.organization_id)
        .where(place.c.hierarchy == Hierarchy.SUBORDINATION, filters.is_open(o))
        .group_by(place.c.parent_id)
    )


def _usual(sized: CTE) -> Select[Any]:
    """For each group of peers, how many they are, and the median of their raters for one of their size."""
    alike = (sized.c.kind_id, sized.c.sphere_id)
    per_size = sized.c.raters * UNITS // sized.c.size
    median = func.percentile_disc(0.5).within_group(per_size)
    return select(*alike, func.count().label("peers"), cast(median, BigInteger).label("raters_per_size")).group_by(
        *alike
    )


def _because(reason: BlindSpotReason) -> ColumnElement[Any]:
    return literal(reason, Enum(BlindSpotReason, native_enum=False))


def organization(b: FromClause, a: Arguments) -> Rows:
    row = Organization.__table__.alias()
    return Rows(row, where=(row.c.id == b.c.organization_id,))


reason = own("reason")
raters = own("raters")
submissions = own("submissions")
services = own("services")
units = own("units")
size = own("size")
peer_number = own("peers")
usual = own("usual")
expected = own("expected")
missing = own("missing")


def coverage(o: FromClause, a: Arguments) -> Rows:
    """The open organizations of a subtree, itself included, by whether people rate them."""
    every, top, place = judged(), Position.__table__.alias(), Position.__table__.alias()
    under = (place.c.hierarchy == top.c.hierarchy) & below(place.c.path, top.c.path)
    lower = (
        select(place.c.organization_id)
        .join_from(top, place, under)
        .where(top.c.hierarchy == tree(a), top.c.organization_id == o.c.id)
        .correlate(o)
    )
    # Outside the tree an organization is alone.
    inside = or_(every.c.organization_id == o.c.id, every.c.organization_id.in_(lower))
    numbers = select(
        func.count().label("organizations"),
        *(func.count().filter(every.c.reason == _because(each)).label(each.value.lower()) for each in BlindSpotReason),
    )
    return Rows(numbers.where(inside).correlate(o).lateral())


organizations = own("organizations")
no_raters = own("no_raters")
too_few_raters = own("too_few_raters")
few_for_size = own("few_for_size")


def share_without_raters(c: FromClause, a: Arguments) -> ColumnElement[int]:
    """In 1/10000, rounded half up."""
    return _share(c.c.no_raters, c)


def share_not_ranked(c: FromClause, a: Arguments) -> ColumnElement[int]:
    """In 1/10000, rounded half up."""
    return _share(c.c.no_raters + c.c.too_few_raters, c)


def _share(part: ColumnElement[int], c: FromClause) -> ColumnElement[int]:
    whole = c.c.organizations
    return (2 * UNITS * part + whole) // func.nullif(2 * whole, 0, type_=BigInteger())
