"""Flows: the way to a provider and back, which can be gone once, by the browser that began it.

What the provider hands back (`state`) and what the browser keeps in a cookie must both fit: a link
that somebody else began, however good, opens nothing here.
"""

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.providers.apps import App
from auth.providers.refusals import SignInError, SignInRefused
from auth.secrets import digest, new_secret
from models.sign_in_flows import SignInFlow

# Long enough to find one's password, or the card and its reader.
LASTS = text("interval '15 minutes'")
# How many flows that nobody came back from go whenever one begins: more than come.
SWEPT = 20


@dataclass(frozen=True)
class Flow:
    """A flow that has begun, or come back. `account_id` is whom to link to; None to sign in.

    `app` is what is called back at its end; None for a browser, which goes to `page`, a path of the portal's.
    """

    provider: str
    state: str
    verifier: str
    nonce: str
    page: str
    account_id: int | None = None
    app: App | None = None


def new(provider: str, page: str, account_id: int | None = None, app: App | None = None) -> Flow:
    """A flow with secrets of its own."""
    return Flow(provider, new_secret(), new_secret(), new_secret(), page, account_id, app)


async def begin(connection: AsyncConnection, flow: Flow, browser: str) -> None:
    """Remember a flow of a browser, which is known by the secret in its cookie."""
    await _sweep(connection)
    row = {
        "state_digest": digest(flow.state),
        "browser_digest": digest(browser),
        "provider": flow.provider,
        "verifier": flow.verifier,
        "nonce": flow.nonce,
        "next": flow.page,
        "account_id": flow.account_id,
        "redirect_uri": flow.app and flow.app.redirect_uri,
        "app_state": flow.app and flow.app.state,
        "challenge": flow.app and flow.app.challenge,
        "expires_at": func.now() + LASTS,
    }
    await connection.execute(insert(SignInFlow).values(row))


async def take(connection: AsyncConnection, provider: str, browser: str | None, state: str | None) -> Flow:
    """The flow that comes back, which is over with that; refuses what did not begin in this browser."""
    if browser is None or state is None:
        raise SignInRefused(SignInError.FLOW_UNKNOWN, "there is no state, or no cookie")
    table = SignInFlow.__table__
    fits = (table.c.state_digest == digest(state)) & (table.c.browser_digest == digest(browser))
    taken = delete(SignInFlow).where(fits, table.c.provider == provider, table.c.expires_at > func.now())
    row = (await connection.execute(taken.returning(*table.c))).one_or_none()
    if row is None:
        raise SignInRefused(SignInError.FLOW_UNKNOWN, "no flow of this browser has that state")
    app = None if row.redirect_uri is None else App(row.redirect_uri, row.app_state, row.challenge)
    return Flow(provider, state, row.verifier, row.nonce, row.next, row.account_id, app)


async def _sweep(connection: AsyncConnection) -> None:
    """Delete some flows that are over; those that another request is deleting are left to it."""
    over = select(SignInFlow.state_digest).where(SignInFlow.expires_at < func.now()).limit(SWEPT)
    some = over.with_for_update(skip_locked=True).scalar_subquery()
    await connection.execute(delete(SignInFlow).where(SignInFlow.state_digest.in_(some)))
