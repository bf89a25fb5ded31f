"""eraseMyAccount: the account goes with all that tells who it was, and its submissions go on counting.

Nobody can find out whose they were: no row leads from a pseudonym to anybody, it is another one
than it was (in exports, too), and the keys that clients sent with submissions are gone. What is on
the audit trail has the number of an account that there is no more.
"""

from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.viewers import Viewer
from models import counting
from models.complaints import Complaint
from models.credentials import OneTimeCode
from models.grants import Grant
from models.mail import Mail, MailKind
from models.raters import Account, Rater
from models.submissions import Submission
from resolvers import letters
from resolvers.accounts import proving
from resolvers.accounts.desks import Desk
from resolvers.officials import granting
from resolvers.officials.granting import Post


@dataclass(frozen=True)
class Erased:
    """How many submissions of the account go on counting."""

    kept_submissions: int


async def erase(desk: Desk, viewer: Viewer, password: str | None) -> Erased:
    """Erase the viewer's account. Roles that it holds end before, each with its event on the trail."""
    with desk.sign_ins.passwords.turn() as turn:
        found = await proving.prove(desk, turn, viewer, password, "password")
    async with desk.database.transaction() as connection:
        await counting.lock_for(connection, viewer.rater_id)
        await proving.still(connection, viewer, found)
        await _end_roles(connection, viewer)
        if found.email is not None:
            await _forget_email(connection, found.email)
            await letters.write(connection, MailKind.ERASED, found.email, desk.language)
        # Sessions, the password, codes and linked identities go with it.
        await connection.execute(delete(Account).where(Account.id == viewer.account_id))
        kept = await _cut(connection, viewer.rater_id)
    if desk.visit.cookies.own:
        desk.visit.cookies.drop()
    return Erased(kept)


async def _end_roles(connection: AsyncConnection, viewer: Viewer) -> None:
    own = Grant.account_id == viewer.account_id
    posts = select(Grant.role, Grant.organization_id, Grant.hierarchy).where(own).distinct()
    for row in (await connection.execute(posts.order_by(*posts.selected_columns))).all():
        post = Post(viewer.account_id, row.role, row.organization_id, row.hierarchy)
        which = (own, Grant.role == row.role, Grant.organization_id == row.organization_id)
        await granting.end(connection, viewer.actor, post, *which, Grant.hierarchy == row.hierarchy)
    await connection.execute(delete(Grant).where(own))


async def _forget_email(connection: AsyncConnection, email: str) -> None:
    """Delete what waits for an address: registrations with it, and letters."""
    await connection.execute(delete(OneTimeCode).where(func.lower(OneTimeCode.email) == func.lower(email)))
    await connection.execute(delete(Mail).where(func.lower(Mail.recipient) == func.lower(email)))


async def _cut(connection: AsyncConnection, rater_id: int) -> int:
    """Give the rater another pseudonym, and forget clients' keys; how many submissions there are."""
    await connection.execute(update(Rater).where(Rater.id == rater_id).values(pseudonym=func.gen_random_uuid()))
    own = Submission.rater_id == rater_id
    keyed = update(Submission).where(own, Submission.idempotency_key.is_not(None))
    await connection.execute(keyed.values(idempotency_key=None, request_digest=None))
    # Complaints wait on with their grounds; what they said in words was for moderators alone.
    await connection.execute(update(Complaint).where(Complaint.rater_id == rater_id).values(text=None))
    return (await connection.execute(select(func.count()).select_from(Submission).where(own))).scalar_one()
