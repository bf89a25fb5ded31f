"""The viewer: for whom a request is answered."""

from dataclasses import dataclass

from sqlalchemy import Select, Text, bindparam, select

from auth.tokens import Claims
from models.audit import Actor
from models.database import Database, engine_for
from models.errors import Unauthenticated
from models.raters import Account, Rater, RaterKind


@dataclass(frozen=True)
class Viewer:
    """A signed-in account and its pseudonym, in one request."""

    account_id: int
    rater_id: int
    kind: RaterKind
    request_id: str | None = None

    @property
    def actor(self) -> Actor:
        """The viewer as the audit trail knows it: the account, never the pseudonym."""
        return Actor(self.account_id, self.request_id)


async def viewer_of(database: Database, claims: Claims) -> Viewer:
    """The viewer that a token is for, as of now; raises Unauthenticated where there is none any more.

    What ends a token before its time is asked here: a session that `claims` names has its place in the query.
    """
    async with database.transaction() as connection:
        row = (await connection.execute(_with_code(claims.subject))).one_or_none()
    if row is None:
        raise Unauthenticated("The access token's account does not exist.")
    return Viewer(row.id, row.rater_id, row.kind)


def account_exists(url: str, account_code: str) -> bool:
    """Whether a token for that account would be accepted."""
    with engine_for(url).connect() as connection:
        return connection.execute(_with_code(account_code)).one_or_none() is not None


def _with_code(account_code: str) -> Select[int, int, RaterKind]:
    return (
        select(Account.id, Account.rater_id, Rater.kind)
        .join(Rater, Rater.id == Account.rater_id)
        .where(Account.code == bindparam("code", account_code, Text))
    )
