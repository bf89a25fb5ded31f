"""The portal's calendar: dates are in its time zone, a policy."""

from datetime import date, datetime

from sqlalchemy import Date, cast, func, select
from sqlalchemy.sql.elements import ColumnElement

from models import policies
from models.policies import PolicyName


def today() -> ColumnElement[date]:
    """The date in the portal's time zone at the moment of the statement, worked out once in it."""
    return select(date_of(func.now())).scalar_subquery()


def date_of(moment: ColumnElement[datetime]) -> ColumnElement[date]:
    """The date of a moment in the portal's time zone."""
    return cast(func.timezone(policies.words(PolicyName.TIME_ZONE), moment), Date)
