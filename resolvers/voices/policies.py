"""When reviews are published, by sphere: what is in force, was and will be; and who changes it: setReviewPolicy, withdrawReviewPolicy."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import DateTime, FromClause, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import permissions
from auth.permissions import Permission
from auth.viewers import Viewer
from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models import audit
from models.audit import AuditAction, AuditSubject, Subject
from models.database import Database
from models.review_policies import ReviewModeration, ReviewPolicy
from models.services import Sphere
from resolvers.columns import own
from resolvers.problems import InvalidInput, Unknown
from resolvers.texts import check_text

# A plan that is further ahead is a mistyped year.
FURTHEST = timedelta(days=3660)
MAXIMUM_CODE = 200

moderation = own("moderation")
valid_from = own("valid_from")


def listed(_: None, a: Arguments) -> Rows:
    """All policies, the country's own first, those of a sphere in the order of their moments."""
    row = ReviewPolicy.__table__.alias()
    order = (Order(func.coalesce(row.c.sphere_id, 0)), Order(row.c.valid_from), Order(row.c.id))
    return Rows(row, order=order)


def sphere(p: FromClause, a: Arguments) -> Rows:
    row = Sphere.__table__.alias()
    return Rows(row, where=(row.c.id == p.c.sphere_id,))


@dataclass(frozen=True)
class ReviewPolicyWithdrawn:
    """A plan that was taken back: the code of its sphere, if it is one's, and from when on it would have been in force."""

    sphere: str | None
    moderation: ReviewModeration
    valid_from: datetime


@dataclass(frozen=True)
class ReviewPolicySet:
    """A policy from a moment on, and the code of its sphere, if it is one's."""

    sphere: str | None
    moderation: ReviewModeration
    valid_from: datetime


async def set_policy(
    database: Database, viewer: Viewer, sphere: str | None, moderation: ReviewModeration, valid_from: datetime | None
) -> ReviewPolicySet:
    """Change the policy of a sphere, or of all without one, on behalf of an operator; what is so already stays so."""
    async with database.transaction() as connection:
        await permissions.demand(connection, viewer, Permission.SET_POLICIES)
        sphere_id = None if sphere is None else await _sphere(connection, sphere)
        begins = await _beginning(connection, valid_from)
        if await _value_at(connection, sphere_id, begins) is not moderation:
            await _write(connection, viewer, sphere, sphere_id, moderation, begins)
    return ReviewPolicySet(sphere, moderation, begins)


async def withdraw_policy(
    database: Database, viewer: Viewer, sphere: str | None, valid_from: datetime
) -> ReviewPolicyWithdrawn:
    """Take back a plan of a sphere, or of all without one, on behalf of an operator."""
    async with database.transaction() as connection:
        await permissions.demand(connection, viewer, Permission.SET_POLICIES)
        sphere_id = None if sphere is None else await _sphere(connection, sphere)
        if valid_from <= await _now(connection):
            message = "What is or was in force stays as it was: set another policy."
            raise InvalidInput("POLICY_IN_FORCE", message, "input", "validFrom")
        p = ReviewPolicy
        plan = delete(p).where(p.sphere_id.is_not_distinct_from(sphere_id), p.valid_from == valid_from)
        planned = (await connection.execute(plan.returning(p.moderation))).scalar_one_or_none()
        if planned is None:
            raise Unknown("POLICY_UNKNOWN", "No policy of this sphere is to begin then.", "input", "validFrom")
        await _record(connection, viewer, AuditAction.POLICY_WITHDRAWN, sphere, planned, valid_from)
    return ReviewPolicyWithdrawn(sphere, planned, valid_from)


async def _now(connection: AsyncConnection) -> datetime:
    return (await connection.execute(select(func.clock_timestamp(type_=DateTime(timezone=True))))).scalar_one()


async def _sphere(connection: AsyncConnection, code: str) -> int:
    check_text(code, MAXIMUM_CODE, "sphere")
    found = (await connection.execute(select(Sphere.id).where(Sphere.code == code))).scalar_one_or_none()
    if found is None:
        raise Unknown("SPHERE_UNKNOWN", "There is no such sphere.", "input", "sphere")
    return found


async def _beginning(connection: AsyncConnection, valid_from: datetime | None) -> datetime:
    now = await _now(connection)
    begins = valid_from or now
    if begins < now:
        raise InvalidInput("VALID_FROM_PAST", "What was in force stays as it was.", "input", "validFrom")
    if begins - now > FURTHEST:
        raise InvalidInput("VALID_FROM_TOO_FAR", "At most ten years ahead.", "input", "validFrom")
    return begins


async def _value_at(connection: AsyncConnection, sphere_id: int | None, moment: datetime) -> ReviewModeration | None:
    """What the sphere's own policy is to be at a moment; None where it has none."""
    p = ReviewPolicy
    query = select(p.moderation).where(p.sphere_id.is_not_distinct_from(sphere_id), p.valid_from <= moment)
    return (await connection.execute(query.order_by(p.valid_from.desc()).limit(1))).scalar_one_or_none()


async def _write(
    connection: AsyncConnection,
    viewer: Viewer,
    sphere: str | None,
    sphere_id: int | None,
    moderation: ReviewModeration,
    begins: datetime,
) -> None:
    row = insert(ReviewPolicy).values(sphere_id=sphere_id, valid_from=begins, moderation=moderation)
    await connection.execute(
        row.on_conflict_do_update(
            index_elements=["sphere_id", "valid_from"], set_={"moderation": row.excluded.moderation}
        )
    )
    await _record(connection, viewer, AuditAction.POLICY_SET, sphere, moderation, begins)


async def _record(
    connection: AsyncConnection,
    viewer: Viewer,
    action: AuditAction,
    sphere: str | None,
    moderation: ReviewModeration,
    begins: datetime,
) -> None:
    details = {"policy": "REVIEW_MODERATION", "sphere": sphere, "value": moderation.value}
    told = {**details, "validFrom": begins.astimezone(UTC).isoformat()}
    await audit.append(connection, viewer.actor, action, Subject(AuditSubject.POLICY), told)
