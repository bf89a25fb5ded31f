"""The viewer: for whom a request is answered."""

from dataclasses import dataclass

from sqlalchemy import Select, Text, bindparam, select

from models.audit import Actor
from models.database import Database, engine_for
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


async def viewer_of(database: Database, account_code: str) -> Viewer | None:
    """The viewer with an account's code, if there is such an account."""
    async with database.transaction() as connection:
        row = (await connection.execute(_with_code(account_code))).one_or_none()
    return None if row is None else Viewer(row.id, row.rater_id, row.kind)


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
