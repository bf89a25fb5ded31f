"""Findings as the API lists them: which rules, where, when, in which order, for whom."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, Date, FromClause, Integer, Numeric, Text, case, cast, column, func, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from auth import visibility
from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models.clock import today
from models.errors import InputError
from models.organizations import Organization
from resolvers.columns import own
from resolvers.integrity.accounts import new_accounts
from resolvers.integrity.bursts import bursts
from resolvers.integrity.concentrations import extreme_scores, one_channel, one_hour
from resolvers.integrity.judging import (
    UNIT_OF,
    UNITS,
    FindingNumberName,
    FindingUnit,
    IntegrityRule,
    Period,
    Scene,
    Suspects,
    finding,
    once,
)
from resolvers.integrity.texts import copied_texts, identical_texts
from resolvers.sets import filters

# How many days are looked at unless told: as many as a habit is made of.
USUAL_DAYS = 364

# How much of the whole country is looked at in one question: each rule reads all submissions of the
# days. So many take a third of a statement's time at most, where others want theirs, too.
MAXIMUM_RULE_DAYS = 7 * 3 * 366

RULES: Mapping[IntegrityRule, Callable[[Scene], Suspects]] = {
    IntegrityRule.BURST: bursts,
    IntegrityRule.ONE_CHANNEL: one_channel,
    IntegrityRule.ONE_HOUR: one_hour,
    IntegrityRule.EXTREME_SCORES: extreme_scores,
    IntegrityRule.IDENTICAL_TEXTS: identical_texts,
    IntegrityRule.COPIED_TEXTS: copied_texts,
    IntegrityRule.NEW_ACCOUNTS: new_accounts,
}


def findings(_: None, a: Arguments) -> Rows:
    """What the rules find, the latest first."""
    where = scene(a)
    found = union_all(*(finding(rule, RULES[rule](where)) for rule in _rules(a))).cte()
    latest = cast(found.c.last - date(2000, 1, 1), Integer)
    return Rows(found, order=(Order(latest, descending=True), Order(found.c.key, descending=True)))


def _rules(a: Arguments) -> list[IntegrityRule]:
    if a.rules is None:
        return list(RULES)
    if not isinstance(a.rules, tuple):
        raise InputError("rules", "must name at least one rule")
    return list(dict.fromkeys(a.rules))


def scene(a: Arguments) -> Scene:
    """Where the rules look: the organizations asked for that the viewer may see findings of."""
    o = Organization.__table__.alias()
    seen = (*filters.conditions(o, a.among), *visibility.findings(o.c.id, a))
    organizations = once(select(o.c.id).where(*seen))
    is_little = a.among is not None or a.from_ is None
    return Scene(organizations, is_little, period(a), visibility.account_findings(a))


def period(a: Arguments) -> Period:
    """The dates asked for; unless told, the 364 days up to the last one, which is today unless told."""
    last = None if a.to is None else a.to.sql
    if a.from_ is not None:
        rules = len(_rules(a)) if a.among is None else 0
        return Period(a.map(partial(_checked_first, rules=rules), Date()).sql, last)
    return Period((today() if last is None else last) - (USUAL_DAYS - 1), last)


def _checked_first(values: Mapping[str, Any], rules: int) -> date:
    """The first date; so many rules look at the whole country, none where only a part of it is asked for."""
    first: date = values["from"]
    last = values.get("to")
    if last is not None and first > last:
        raise InputError("from", "must not be after `to`")
    # Whether today began in the portal's time zone already makes no difference to what a statement takes.
    if rules * ((last or datetime.now(UTC).date()) - first).days > MAXIMUM_RULE_DAYS:
        reason = f"is too early for {rules} rules and the whole country: name `rules`, or `among`, or fewer days"
        raise InputError("from", reason)
    return first


rule = own("rule")
key = own("key")
first_day = own("first")
last_day = own("last")
channel = own("channel")
hour = own("hour")
score = own("score")


def organization(f: FromClause, a: Arguments) -> Rows:
    row = Organization.__table__.alias()
    return Rows(row, where=(row.c.id == f.c.organization_id,))


def numbers(f: FromClause, a: Arguments) -> Rows:
    """A row for each number, in the rule's own order."""
    listed = func.unnest(f.c.names, f.c["values"], f.c.thresholds).table_valued(
        column("name", Text()),
        column("value", BigInteger()),
        column("threshold", BigInteger()),
        with_ordinality="ordinal",
    )
    row = listed.render_derived()
    return Rows(row, order=(Order(row.c.ordinal),))


name = own("name")


def unit(number: FromClause, a: Arguments) -> ColumnElement[str]:
    """What one of the number is."""
    units = {each.value: UNIT_OF.get(each, FindingUnit.COUNT).value for each in FindingNumberName}
    return case(units, value=number.c.name)


def value(number: FromClause, a: Arguments) -> ColumnElement[str]:
    return _decimal(number.c.value)


def threshold(number: FromClause, a: Arguments) -> ColumnElement[str]:
    return _decimal(number.c.threshold)


def _decimal(units: ColumnElement[int]) -> ColumnElement[str]:
    """A number in 1/10000 as text, without places that say nothing."""
    return cast(func.trim_scale(cast(units, Numeric) / UNITS), Text)
