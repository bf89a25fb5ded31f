"""Merging: one organization into another, for good: from then on its submissions count for that one.

They keep the name of whom they were given to. What stood below it stands below the other, and its
code leads there, as do those of all that it had taken over itself (decision 0016).

The caller holds the trees' lock whole, and has seen to it that the other does not stand below it,
and stands wherever it has something below it.
"""

from typing import NamedTuple

from sqlalchemy import BigInteger, Text, cast, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from models import moving
from models.applications import Application
from models.carrying import carry, carry_months
from models.clock import today
from models.grants import Grant, Role
from models.hierarchies import Hierarchy, Position
from models.invitations import Invitation
from models.organizations import Organization, OrganizationService, OrganizationSphere
from models.submissions import Submission
from models.totals import Pool


class Ended(NamedTuple):
    """A grant of a role that has ended with the organization it was held on."""

    id: int
    role: Role
    hierarchy: Hierarchy


class Outcome(NamedTuple):
    """How many submissions count for the other from now on, and which roles have ended."""

    submissions: int
    ended: list[Ended]


async def merge(connection: AsyncConnection, organization_id: int, into_id: int) -> Outcome:
    """Merge an organization into another."""
    for hierarchy in Hierarchy:
        await _merge_in(connection, hierarchy, organization_id, into_id)
    await carry(connection, organization_id, Pool.OWN, [organization_id], [into_id])
    await carry_months(connection, organization_id, (Pool.OWN,), Pool.OWN, [organization_id], [into_id])
    await _close(connection, organization_id, into_id)
    await _take_over(connection, organization_id, into_id)
    await _redirect_applications(connection, organization_id, into_id)
    await _redirect_invitations(connection, organization_id, into_id)
    submissions = await _hand_over(connection, organization_id, into_id)
    return Outcome(submissions, await _end_grants(connection, organization_id, into_id))


async def _merge_in(connection: AsyncConnection, hierarchy: Hierarchy, organization_id: int, into_id: int) -> None:
    """Take everything that it counts in a tree to the other's place there, and what is below it below that one."""
    origin = await moving.path_of(connection, hierarchy, organization_id)
    target = await moving.path_of(connection, hierarchy, into_id)
    pool = Pool[hierarchy.name]
    await carry(connection, organization_id, pool, origin, target)
    await carry_months(connection, organization_id, (Pool.OWN,), pool, origin[:-1], target[:-1])
    await carry_months(connection, organization_id, (pool,), pool, origin, target)
    above = select(Position.path).filter_by(hierarchy=hierarchy, organization_id=into_id).scalar_subquery()
    below = update(Position).filter_by(hierarchy=hierarchy, parent_id=organization_id)
    await connection.execute(below.values(parent_id=into_id, parent_path=above))
    await moving.stand(connection, organization_id, hierarchy, moving.OUTSIDE)


async def _close(connection: AsyncConnection, organization_id: int, into_id: int) -> None:
    """Close it, and let it lead to the other, with all that it had taken over before."""
    o = Organization
    dates = {"opened_on": func.least(o.opened_on, today()), "closed_on": func.least(o.closed_on, today())}
    query = update(o).where((o.id == organization_id) | (o.merged_into_id == organization_id))
    await connection.execute(query.values(merged_into_id=into_id, **dates))


async def _take_over(connection: AsyncConnection, organization_id: int, into_id: int) -> None:
    """The other works in all its spheres and renders all its services."""
    for model, what in ((OrganizationSphere, "sphere_id"), (OrganizationService, "service_id")):
        taken = select(literal(into_id, BigInteger()), getattr(model, what)).filter_by(organization_id=organization_id)
        query = insert(model).from_select(["organization_id", what], taken)
        await connection.execute(query.on_conflict_do_nothing())


async def _end_grants(connection: AsyncConnection, organization_id: int, into_id: int) -> list[Ended]:
    """Nobody has a role there any more; what they had keeps them from rating the other for its months.

    An operator's role is the portal's, wherever it was granted, and goes on at the top of the other's tree.
    """
    g = Grant
    lasting = (
        g.organization_id == organization_id,
        g.revoked_at.is_(None),
        or_(g.valid_to.is_(None), g.valid_to >= today()),
    )
    root = select(cast(func.split_part(cast(Position.path, Text), ".", 1), BigInteger)).where(
        Position.organization_id == into_id, Position.hierarchy == g.hierarchy
    )
    at_the_top = func.coalesce(root.scalar_subquery(), into_id)
    await connection.execute(update(g).where(*lasting, g.role == Role.OPERATOR).values(organization_id=at_the_top))
    revoked = {"revoked_at": func.clock_timestamp(), "valid_to": func.greatest(g.valid_from, today())}
    found = await connection.execute(update(g).where(*lasting).values(revoked).returning(g.id, g.role, g.hierarchy))
    return sorted(Ended(*row) for row in found)


async def _redirect_applications(connection: AsyncConnection, organization_id: int, into_id: int) -> None:
    """Who asked to stand below it asks to stand below the other."""
    for column in ("subordinate_to_id", "supervised_by_id"):
        query = update(Application).where(getattr(Application, column) == organization_id)
        await connection.execute(query.values({column: into_id}))


async def _redirect_invitations(connection: AsyncConnection, organization_id: int, into_id: int) -> None:
    """Links to rate it are good for the other, and counted there."""
    query = update(Invitation).where(Invitation.organization_id == organization_id)
    await connection.execute(query.values(organization_id=into_id))


async def _hand_over(connection: AsyncConnection, organization_id: int, into_id: int) -> int:
    """Let its submissions count for the other, whatever their status."""
    s = Submission
    given_to = func.coalesce(s.given_to_id, s.organization_id)
    query = update(s).where(s.organization_id == organization_id)
    return (await connection.execute(query.values(organization_id=into_id, given_to_id=given_to))).rowcount
