"""Accounts: many raters of one organization whose accounts were made the same day."""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Date, FromClause, Select, cast, func, select, true
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import CTE

from models import policies
from models.policies import PolicyName
from models.raters import Account
from resolvers.integrity.judging import (
    DEVIATIONS,
    UNITS,
    FindingNumberName,
    Measure,
    Scene,
    Suspects,
    count,
    deviations,
    once,
    ratio,
    submissions,
)

RATERS = 10


def new_accounts(scene: Scene) -> Suspects:
    """Raters by the day on which their accounts were made, beside how many of all accounts were.

    Raters whose account is erased are not looked at: nothing is known of it any more.
    """
    made = _made()
    of_day, many = _of_days(made).subquery(), _many(scene, made).subquery()
    of_organization = _raters(scene, many).lateral()
    numbers = select(many, of_organization, of_day.c.accounts, of_day.c.of_day)
    source = many.join(of_day, of_day.c.day == many.c.day).join(of_organization, true())
    rows = once(numbers.select_from(source))
    part, whole = rows.c.raters * rows.c.of_day, rows.c.accounts
    return Suspects(
        rows,
        (
            Measure(FindingNumberName.RATERS, count(rows.c.raters)),
            Measure(FindingNumberName.CONCERNED, count(rows.c.here), RATERS * UNITS),
            Measure(FindingNumberName.ACCOUNTS, count(rows.c.accounts)),
            Measure(FindingNumberName.ACCOUNTS_OF_THE_DAY, count(rows.c.of_day)),
            Measure(FindingNumberName.EXPECTED, ratio(part, whole)),
            Measure(FindingNumberName.DEVIATIONS, deviations(rows.c.here, part, whole), DEVIATIONS),
        ),
        rows.c.day,
    )


def _made() -> CTE:
    """On which day each rater's account was made, in the portal's time zone."""
    account = Account.__table__.alias()
    return select(account.c.rater_id, _day(account).label("day")).cte()


def _day(account: FromClause) -> ColumnElement[date]:
    # The zone is looked up once, not for each account.
    zone = select(policies.words(PolicyName.TIME_ZONE)).scalar_subquery()
    return func.date(func.timezone(zone, account.c.registered_at), type_=Date())


def _of_days(made: CTE) -> Select[Any]:
    """How many accounts each day made, and all days."""
    accounts = cast(func.sum(func.count()).over(), BigInteger)
    return select(made.c.day, func.count().label("of_day"), accounts.label("accounts")).group_by(made.c.day)


def _many(scene: Scene, made: CTE) -> Select[Any]:
    """Organizations and days that can be a finding: as many submissions are of accounts made that day."""
    s = submissions()
    return (
        select(s.c.organization_id, made.c.day)
        .join_from(s, made, made.c.rater_id == s.c.rater_id)
        .where(*scene.accounts, *scene.counted(s), scene.looks_at(s.c.organization_id))
        .group_by(s.c.organization_id, made.c.day)
        .having(func.count() >= RATERS)
    )


def _raters(scene: Scene, many: FromClause) -> Select[Any]:
    """How many raters with an account such an organization has, how many of the day, and when they submitted."""
    s, account = submissions(), Account.__table__.alias()
    of_day = _day(account) == many.c.day
    return (
        select(
            func.count(s.c.rater_id.distinct()).label("raters"),
            func.count(s.c.rater_id.distinct()).filter(of_day).label("here"),
            func.min(s.c.submitted_on).filter(of_day).label("first"),
            func.max(s.c.submitted_on).filter(of_day).label("last"),
        )
        .join_from(s, account, account.c.rater_id == s.c.rater_id)
        .where(s.c.organization_id == many.c.organization_id, *scene.counted(s))
        .correlate(many)
    )
