"""createAppointmentCode, grantRole and revokeRole: officials are named by who is entitled to, and with their consent.

Nobody is named by what others may know of them: a role keeps its holder from rating, so whoever could
name a stranger could silence them. A person makes a code and tells it. The code says nothing of who
it is, and one that is wrong, old or used is answered the same way.
"""

import base64
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import BigInteger, DateTime, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import accounts, granters
from auth.secrets import digest
from auth.viewers import Viewer
from models.appointments import AppointmentCode
from models.clock import today
from models.database import Database
from models.grants import Grant, Role
from models.hierarchies import Hierarchy
from models.raters import Account
from resolvers.keys import key_of
from resolvers.officials import granting
from resolvers.officials.granting import Post
from resolvers.problems import Conflict, InvalidInput, Unknown
from resolvers.sets.references import OrganizationReference
from resolvers.texts import check_text

# Ten random bytes are 16 letters and digits.
CODE_BYTES = 10
MAXIMUM_CODE = 40
GOOD_FOR = timedelta(days=7)
# A grant that begins later is a mistyped year.
FURTHEST = timedelta(days=3660)


@dataclass(frozen=True)
class Code:
    """A code that its maker tells to whoever is to name them, and until when it is good."""

    code: str
    valid_until: datetime


@dataclass(frozen=True)
class Wanted:
    """A grant to make: whose code it is, and all that is granted."""

    code: str
    role: Role
    organization: OrganizationReference
    hierarchy: Hierarchy
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Granted:
    """The keys of a grant and of its organization."""

    grant: int
    organization: int


async def create_code(database: Database, viewer: Viewer) -> Code:
    """Make a code for the viewer; the one made before is good no more."""
    text = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode()
    row = insert(AppointmentCode).values(
        account_id=viewer.account_id,
        digest=_digest(text),
        expires_at=func.clock_timestamp(type_=DateTime(timezone=True)) + GOOD_FOR,
    )
    latest = {"digest": row.excluded.digest, "expires_at": row.excluded.expires_at, "grant_id": None}
    made = row.on_conflict_do_update(index_elements=["account_id"], set_=latest)
    async with database.transaction() as connection:
        await accounts.hold(connection, viewer.account_id)
        expires_at = (await connection.execute(made.returning(AppointmentCode.expires_at))).scalar_one()
    return Code("-".join(text[i : i + 4] for i in range(0, len(text), 4)), expires_at)


async def grant_role(database: Database, viewer: Viewer, wanted: Wanted) -> Granted:
    """Grant a role to whoever made a code; with the same code and content again, it answers the same."""
    check_text(wanted.code, MAXIMUM_CODE, "code")
    async with database.transaction() as connection:
        place = await granting.place(connection, wanted.role, wanted.organization, wanted.hierarchy)
        await granters.demand(connection, viewer, wanted.role, place, wanted.hierarchy)
        holder, earlier = await _holder(connection, wanted.code)
        post = Post(holder, wanted.role, place, wanted.hierarchy)
        if earlier is not None:
            return Granted(await _repeated(connection, earlier, post, wanted), place)
        if holder == viewer.account_id:
            raise InvalidInput("GRANTED_TO_ONESELF", "Nobody grants a role to themselves.", "input", "code")
        await _lock(connection, viewer.account_id, holder)
        # Only now nobody can take the viewer's own role away at the same time.
        ends = await granters.demand(connection, viewer, wanted.role, place, wanted.hierarchy)
        begins = await _begins(connection, wanted.valid_from)
        _check_reach(wanted.valid_to, ends)
        key = await granting.enter(connection, viewer.actor, post, begins, wanted.valid_to)
        used = update(AppointmentCode).where(AppointmentCode.account_id == holder).values(grant_id=key)
        await connection.execute(used)
    return Granted(key, place)


async def revoke_role(database: Database, viewer: Viewer, grant: str) -> Granted:
    """End somebody's role at once; again, it answers the same."""
    key = key_of(grant, "Grant", "grant")
    async with database.transaction() as connection:
        await granters.demand_anywhere(connection, viewer)
        post = await _seen(connection, viewer, key)
        await _lock(connection, viewer.account_id, post.account_id)
        await granters.demand(connection, viewer, post.role, post.organization_id, post.hierarchy)
        if not await granting.end(connection, viewer.actor, post, Grant.id == key):
            revoked = select(Grant.revoked_at).where(Grant.id == key)
            if (await connection.execute(revoked)).scalar_one() is None:
                raise Conflict("GRANT_OVER", "The role has ended on its last day.", "input", "grant")
    return Granted(key, post.organization_id)


def _digest(code: str) -> bytes:
    """Of a code as people write it: in any case, with or without hyphens and blanks."""
    return digest("".join(code.upper().replace("-", " ").split()))


async def _holder(connection: AsyncConnection, code: str) -> tuple[int, int | None]:
    """The account of a code, and the grant that was made by it, if any; the code is locked."""
    query = select(AppointmentCode.account_id, AppointmentCode.grant_id).where(
        AppointmentCode.digest == _digest(code), AppointmentCode.expires_at > func.clock_timestamp()
    )
    row = (await connection.execute(query.with_for_update())).one_or_none()
    if row is None:
        raise _unknown_code()
    return row.account_id, row.grant_id


async def _repeated(connection: AsyncConnection, earlier: int, post: Post, wanted: Wanted) -> int:
    """The grant that was made by the code, if it is the one that is wanted."""
    query = select(Grant.id).where(
        Grant.id == earlier,
        Grant.role == post.role,
        Grant.organization_id == post.organization_id,
        Grant.hierarchy == post.hierarchy,
        Grant.valid_to.is_not_distinct_from(wanted.valid_to),
        Grant.revoked_at.is_(None),
        *(() if wanted.valid_from is None else (Grant.valid_from == wanted.valid_from,)),
    )
    found = (await connection.execute(query)).scalar_one_or_none()
    if found is None:
        raise _unknown_code()
    return found


def _unknown_code() -> Unknown:
    return Unknown("CODE_UNKNOWN", "The code is wrong, too old, or was used.", "input", "code")


async def _lock(connection: AsyncConnection, *accounts: int) -> None:
    """Grants and revocations that concern the same accounts come one after the other."""
    query = select(Account.id).where(Account.id.in_(accounts)).order_by(Account.id)
    await connection.execute(query.with_for_update(key_share=True))


async def _begins(connection: AsyncConnection, valid_from: date | None) -> date:
    now: date = (await connection.execute(select(today()))).scalar_one()
    if valid_from is not None and valid_from < now:
        raise InvalidInput("VALID_FROM_PAST", "Nobody held a role before it was granted.", "input", "validFrom")
    if valid_from is not None and valid_from - now > FURTHEST:
        raise InvalidInput("VALID_FROM_TOO_FAR", "At most ten years ahead.", "input", "validFrom")
    return valid_from or now


def _check_reach(valid_to: date | None, ends: date | None) -> None:
    """Refuse a grant that would outlive the role by which it is made."""
    if ends is not None and (valid_to is None or valid_to > ends):
        message = f"Your own role ends on {ends.isoformat()}: what you grant ends then at the latest."
        raise InvalidInput("OUTLIVES_GRANTER", message, "input", "validTo")


async def _seen(connection: AsyncConnection, viewer: Viewer, key: int) -> Post:
    """The post of a grant that the viewer sees; what it does not see is not there."""
    g = Grant.__table__.alias()
    seen = granters.sees(literal(viewer.account_id, BigInteger()), g)
    query = select(g.c.account_id, g.c.role, g.c.organization_id, g.c.hierarchy).where(g.c.id == key, seen)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise Unknown("GRANT_UNKNOWN", "There is no such grant among those that you see.", "input", "grant")
    return Post(*row)
