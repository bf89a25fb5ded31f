"""Accounts and their sessions, as their owner sees them."""

from datetime import datetime

from sqlalchemy import BigInteger, FromClause, Select, exists, false, func, select
from sqlalchemy.sql.elements import ColumnElement

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models.credentials import Credential
from models.raters import Account
from models.sessions import Session
from resolvers.columns import own

code = own("code")
email = own("email")
email_confirmed_at = own("email_confirmed_at")
registered_at = own("registered_at")

session_kind = own("kind")
agent = own("agent")
opened_at = own("opened_at")
last_seen_at = own("last_seen_at")
expires_at = own("expires_at")
ended_at = own("ended_at")


def of_viewer(viewer: FromClause, a: Arguments) -> Rows:
    """The account of the signed-in rater."""
    row = Account.__table__.alias()
    return Rows(row, where=(row.c.rater_id == viewer.c.id,))


def has_password(account: FromClause, a: Arguments) -> ColumnElement[bool]:
    return exists(_credential(account))


def password_changed_at(account: FromClause, a: Arguments) -> ColumnElement[datetime]:
    return _credential(account).scalar_subquery()


def sessions(viewer: FromClause, a: Arguments) -> Rows:
    """The open sessions of the signed-in rater's account."""
    row, account = Session.__table__.alias(), Account.__table__.alias()
    return Rows(
        row,
        joins=((account, account.c.id == row.c.account_id),),
        where=(account.c.rater_id == viewer.c.id, row.c.ended_at.is_(None), row.c.expires_at > func.now()),
        order=(Order(row.c.last_seen_at, descending=True), Order(row.c.id, descending=True)),
    )


def is_current(session: FromClause, a: Arguments) -> ColumnElement[bool]:
    """Whether the request is made in it: a token without a session is made in none."""
    if not a.shape.signed_in:
        return false()
    current: ColumnElement[bool] = session.c.id == a.shared("session_id", BigInteger())
    return current.is_(True)


def _credential(account: FromClause) -> "Select[datetime]":
    row = Credential.__table__.alias()
    return select(row.c.changed_at).where(row.c.account_id == account.c.id).correlate(account)
