"""setPolicy and withdrawPolicy: the operator changes a rule from a moment on, or takes a plan back.

The trees' lock is held whole, as submissions share it: so each submission is counted by the policies
of its moment, and none by a policy that began while it was on its way.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, Row, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import permissions
from auth.permissions import Permission
from auth.viewers import Viewer
from models import audit, moving
from models.audit import Actor, AuditAction, AuditSubject, Detail, Subject
from models.database import Database
from models.policies import RULES, Policy, PolicyName
from resolvers.problems import InvalidInput, Unknown
from resolvers.texts import check_text

# A plan that is further ahead is a mistyped year.
FURTHEST = timedelta(days=3660)
MAXIMUM_VALUE = 100
TIME_ZONE_EXISTS = text("SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = :name)")


@dataclass(frozen=True)
class Setting:
    """A value of a policy from a moment on, and what was to be in force then."""

    name: PolicyName
    value: str
    valid_from: datetime
    previous: str


async def set_policy(
    database: Database, viewer: Viewer, name: PolicyName, value: str, valid_from: datetime | None
) -> Setting:
    """Change a policy on behalf of an operator; what is so already stays as it is."""
    async with database.transaction() as connection:
        await permissions.demand(connection, viewer, Permission.SET_POLICIES)
        return await change(connection, viewer.actor, name, value, valid_from)


async def withdraw_policy(database: Database, viewer: Viewer, name: PolicyName, valid_from: datetime) -> Setting:
    """Take back a value that has not begun yet, on behalf of an operator."""
    async with database.transaction() as connection:
        await permissions.demand(connection, viewer, Permission.SET_POLICIES)
        return await take_back(connection, viewer.actor, name, valid_from)


async def change(
    connection: AsyncConnection, actor: Actor, name: PolicyName, value: str, valid_from: datetime | None = None
) -> Setting:
    """Change a policy inside the caller's transaction, whoever it is; from now on unless from later."""
    wanted = await _checked(connection, name, value)
    now = await _alone(connection)
    begins = valid_from or now
    if begins < now:
        raise InvalidInput("VALID_FROM_PAST", "What was in force stays as it was.", "input", "validFrom")
    if begins - now > FURTHEST:
        raise InvalidInput("VALID_FROM_TOO_FAR", "At most ten years ahead.", "input", "validFrom")
    previous = await _value_at(connection, name, begins)
    if previous.value == wanted:
        return Setting(name, str(wanted), previous.valid_from, str(wanted))
    row = insert(Policy).values(name=name, valid_from=begins, value=wanted)
    replacing = row.on_conflict_do_update(index_elements=["name", "valid_from"], set_={"value": row.excluded.value})
    await connection.execute(replacing)
    details = {"before": previous.value, "value": wanted}
    await _record(connection, actor, AuditAction.POLICY_SET, name, begins, details)
    return Setting(name, str(wanted), begins, str(previous.value))


async def take_back(connection: AsyncConnection, actor: Actor, name: PolicyName, valid_from: datetime) -> Setting:
    """Take back a planned value inside the caller's transaction, whoever it is."""
    if valid_from <= await _alone(connection):
        message = "What is or was in force stays as it was: set another value."
        raise InvalidInput("POLICY_IN_FORCE", message, "input", "validFrom")
    plan = delete(Policy).where(Policy.name == name, Policy.valid_from == valid_from).returning(Policy.value)
    planned = (await connection.execute(plan)).scalar_one_or_none()
    if planned is None:
        raise Unknown("POLICY_UNKNOWN", "No value of this policy is to begin then.", "input", "validFrom")
    previous = await _value_at(connection, name, valid_from)
    details = {"before": planned, "value": previous.value}
    await _record(connection, actor, AuditAction.POLICY_WITHDRAWN, name, valid_from, details)
    return Setting(name, str(previous.value), valid_from, str(planned))


async def _checked(connection: AsyncConnection, name: PolicyName, value: str) -> int | str:
    """The value as the policy keeps it; refuses what its rule does."""
    check_text(value, MAXIMUM_VALUE, "value")
    rule = RULES[name]
    if rule.least is None or rule.most is None:
        if not (await connection.execute(TIME_ZONE_EXISTS, {"name": value})).scalar_one():
            message = "There is no such time zone: it is named as in Europe/Minsk."
            raise InvalidInput("VALUE_INVALID", message, "input", "value")
        return value
    digits = value.isascii() and value.isdecimal() and len(value) <= len(str(rule.most))
    if not digits or not rule.least <= int(value) <= rule.most:
        message = f"A whole number from {rule.least} to {rule.most} ({rule.unit})."
        raise InvalidInput("VALUE_INVALID", message, "input", "value")
    return int(value)


async def _alone(connection: AsyncConnection) -> datetime:
    """The moment from which on nobody else counts submissions or changes policies until the transaction ends."""
    await moving.lock_trees(connection)
    now: datetime = (await connection.execute(select(func.clock_timestamp(type_=DateTime(timezone=True))))).scalar_one()
    return now


async def _value_at(connection: AsyncConnection, name: PolicyName, moment: datetime) -> Row[Any, datetime]:
    """The row of a policy that is to be in force at a moment, by all that is known now; there always is one."""
    query = select(Policy.value, Policy.valid_from).where(Policy.name == name, Policy.valid_from <= moment)
    return (await connection.execute(query.order_by(Policy.valid_from.desc()).limit(1))).one()


async def _record(
    connection: AsyncConnection,
    actor: Actor,
    action: AuditAction,
    name: PolicyName,
    valid_from: datetime,
    values: dict[str, Detail],
) -> None:
    details = {"policy": name.value, "validFrom": valid_from.astimezone(UTC).isoformat(), **values}
    await audit.append(connection, actor, action, Subject(AuditSubject.POLICY), details)
