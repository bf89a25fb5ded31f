"""Slices: what is counted, and what it makes of a submission. Without conditions, all time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from sqlalchemy import ARRAY, BigInteger, Date, FromClause, Integer, any_, cast, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql.elements import ColumnElement

from engine.arguments import Argument, Arguments
from models.criteria import Criterion
from models.errors import InputError, NotAvailable
from models.policies import Policy, PolicyName
from models.questionnaires import QuestionnaireCriterion
from models.services import Service
from models.submissions import MARK_UNITS, SubmissionStatus
from resolvers import codes

MAXIMUM_CODES = 1_000


@dataclass(frozen=True)
class Slice:
    """A RatingSlice, read and checked. What is None is not asked for; an empty list fits nothing.

    `first` and `last` are dates of submission, inclusive. The lists of codes are arguments, of
    which the database refuses the unknown ones; channels and kinds of raters belong to the shape.
    """

    first: Argument | None = None
    last: Argument | None = None
    services: Argument | None = None
    channels: Any = None
    rater_kinds: Any = None
    criteria: Argument | None = None

    @property
    def is_period(self) -> bool:
        """Whether nothing but dates is asked for, or nothing at all."""
        return all(each is None for each in (self.services, self.channels, self.rater_kinds, self.criteria))

    @property
    def is_all_time(self) -> bool:
        """Whether everything is counted."""
        return self.is_period and self.first is None and self.last is None


ALL_TIME = Slice()


def parsed(given: Any) -> Slice:
    """The slice that a RatingSlice (or none) asks for."""
    if given is None:
        return ALL_TIME
    return Slice(
        first=None if given.from_ is None else given.map(_checked_first(given.name), Date()),
        last=given.to,
        services=_checked_codes(given.services),
        channels=given.channels,
        rater_kinds=given.rater_kinds,
        criteria=_checked_codes(given.criteria),
    )


def _checked_first(name: str) -> Callable[[Any], date]:
    def check(values: Any) -> date:
        first: date = values["from"]
        last = values.get("to")
        if last is not None and first > last:
            raise InputError(f"{name}.from", "must not be after `to`")
        return first

    return check


def _checked_codes(given: Argument | None) -> Argument | None:
    def check(wanted: list[str]) -> list[str]:
        if len(wanted) > MAXIMUM_CODES:
            raise InputError(name, f"has more than {MAXIMUM_CODES} codes")
        return wanted

    if given is None:
        return None
    name = given.name
    return given.map(check)


def conditions(s: FromClause, slice_: Slice) -> tuple[ColumnElement[bool], ...]:
    """What a slice asks of a submission's row: that it counts, its date, service, channel, kind of rater."""
    found: list[ColumnElement[bool]] = [s.c.status == SubmissionStatus.COUNTED]
    if slice_.first is not None:
        found.append(s.c.submitted_on >= slice_.first)
    if slice_.last is not None:
        found.append(s.c.submitted_on <= slice_.last)
    if slice_.services is not None:
        found.append(codes.among(s.c.service_id, Service, slice_.services))
    if slice_.channels is not None:
        found.append(_one_of(s.c.channel, slice_.channels))
    if slice_.rater_kinds is not None:
        found.append(_one_of(s.c.rater_kind, slice_.rater_kinds))
    return tuple(found)


def _one_of(column: ColumnElement[Any], members: Any) -> ColumnElement[bool]:
    """True for members of an enumeration; an empty list comes as an argument, and fits nothing."""
    return column.in_(members if isinstance(members, tuple) else ())


@dataclass(frozen=True)
class Marks:
    """What a slice makes of a submission. `source` is the submission with what that takes.

    `units` is its mark in 1/720720, `whole` the mark rounded half up, 1 to 5, `satisfied` whether
    the mark satisfied by the policy of its time. `criteria` are the ids of those that count (an
    array), None for all that it has scores of.
    """

    source: FromClause
    units: ColumnElement[int]
    whole: ColumnElement[int]
    satisfied: ColumnElement[bool]
    criteria: ColumnElement[Any] | None


def marks(s: FromClause, slice_: Slice) -> Marks:
    """The mark of a submission's row under a slice.

    A slice over criteria recomputes it from those alone; `source` leaves out who scored none.
    """
    if slice_.criteria is None:
        return _marks(s, s, s.c.mark, None)
    wanted = cast(codes.ids_of(Criterion, slice_.criteria), ARRAY(BigInteger()))
    place = QuestionnaireCriterion.__table__.alias()
    score = s.c.scores[place.c.position]
    chosen = (
        select(func.sum(score).label("sum"), func.count(score).label("count"))
        .where(place.c.questionnaire_id == s.c.questionnaire_id, place.c.criterion_id == any_(wanted))
        .correlate(s)
        .lateral()
    )
    # Up to 16 scores, so the units divide by their number without a rest.
    units = cast(chosen.c.sum * (MARK_UNITS / func.nullif(chosen.c.count, 0, type_=BigInteger())), Integer)
    return _marks(s, s.join(chosen, chosen.c.count > 0), units, wanted)


def _marks(s: FromClause, source: FromClause, units: Any, criteria: ColumnElement[Any] | None) -> Marks:
    whole = (2 * units + MARK_UNITS) // (2 * MARK_UNITS)
    satisfied = units >= satisfying(s.c.submitted_at) * MARK_UNITS
    return Marks(source, units, whole, satisfied, criteria)


def satisfying(moment: ColumnElement[Any]) -> ColumnElement[int]:
    """The mark that satisfied at a moment: the policy's value then, found among its dates in one step."""
    p = Policy.__table__.alias()
    history = select(
        func.array_agg(aggregate_order_by(p.c.valid_from, p.c.valid_from)).label("starts"),
        func.array_agg(aggregate_order_by(cast(p.c.value, Integer), p.c.valid_from)).label("marks"),
    ).where(p.c.name == PolicyName.SATISFACTION_MARK)
    starts = history.with_only_columns(history.selected_columns.starts).scalar_subquery()
    satisfying_marks = history.with_only_columns(history.selected_columns.marks).scalar_subquery()
    return satisfying_marks[func.width_bucket(moment, starts)]


def all_time(given: Any) -> None:
    """Accept no slice or an empty one: what still answers of all time only says so."""
    if not parsed(given).is_all_time:
        raise NotAvailable(f"{given.name}: not available yet, only of all time.")


def not_yet(row: FromClause, a: Arguments) -> NoReturn:
    """The meaning of breakdown until it is answered."""
    raise NotAvailable("Breakdowns are not available yet.")
