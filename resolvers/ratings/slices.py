"""Slices: what is counted, and what it makes of a submission. Without conditions, all time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Date, FromClause, Integer, and_, any_, case, cast, false, func, not_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql.elements import ColumnElement
from strawberry.utils.str_converters import to_camel_case

from engine.meanings.arguments import Argument
from models.criteria import Criterion
from models.errors import InputError
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
    which the database refuses the unknown ones; channels, kinds of raters and `verified` belong to the shape.
    `edition` is the code of an edition that is asked instead of all the others.
    """

    first: Argument | None = None
    last: Argument | None = None
    services: Argument | None = None
    channels: Any = None
    rater_kinds: Any = None
    criteria: Argument | None = None
    verified: bool | None = None
    edition: Argument | None = None

    @property
    def is_of_everyone(self) -> bool:
        """Whether no service, channel or kind of rater is asked for, nor verified visits."""
        return all(each is None for each in (self.services, self.channels, self.rater_kinds, self.verified))

    @property
    def is_period(self) -> bool:
        """Whether nothing but dates is asked for, or nothing at all."""
        return self.is_of_everyone and self.criteria is None

    @property
    def is_all_time(self) -> bool:
        """Whether everything is counted."""
        return self.is_period and self.first is None and self.last is None and self.edition is None


ALL_TIME = Slice()


def parsed(given: Any) -> Slice:
    """The slice that a RatingSlice (or none) asks for, where it has to be counted: no edition tells that."""
    if given is not None and given.edition is not None:
        raise InputError(given.edition.name, "an edition tells no more than ratings, ranks, rankings and its summary")
    return _parsed(given)


def parsed_or_edition(given: Any) -> Slice:
    """The same where an edition can be asked, too, which goes with nothing else."""
    if given is None or given.edition is None:
        return _parsed(given)
    for name in ("from_", "to", "services", "channels", "rater_kinds", "criteria", "verified"):
        if getattr(given, name) is not None:
            field = to_camel_case(name.rstrip("_"))
            raise InputError(f"{given.name}.{field}", "does not go with `edition`, which is one slice as a whole")
    return Slice(edition=given.edition)


def _parsed(given: Any) -> Slice:
    if given is None:
        return ALL_TIME
    return Slice(
        first=None if given.from_ is None else given.map(_checked_first(given.name), Date()),
        last=given.to,
        services=_checked_codes(given.services),
        channels=given.channels,
        rater_kinds=given.rater_kinds,
        criteria=_checked_codes(given.criteria),
        verified=given.verified,
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
    """What a slice asks of a submission's row, but for the criteria, which belong to its mark."""
    return (counts(s), *days(s, slice_), *fits(s, slice_).values())


def counts(s: FromClause) -> ColumnElement[bool]:
    """True for what was neither withdrawn nor rejected."""
    return s.c.status == SubmissionStatus.COUNTED


def days(s: FromClause, slice_: Slice) -> tuple[ColumnElement[bool], ...]:
    """True for the dates of a slice."""
    found = () if slice_.first is None else (s.c.submitted_on >= slice_.first,)
    return (*found, *(() if slice_.last is None else (s.c.submitted_on <= slice_.last,)))


def fits(s: FromClause, slice_: Slice) -> dict[str, ColumnElement[bool]]:
    """By the column that it is about, what a slice asks of the service, the channel, the kind of rater and the visit."""
    found = {}
    if slice_.services is not None:
        found["service_id"] = codes.among(s.c.service_id, Service, slice_.services)
    if slice_.channels is not None:
        found["channel"] = _one_of(s.c.channel, slice_.channels)
    if slice_.rater_kinds is not None:
        found["rater_kind"] = _one_of(s.c.rater_kind, slice_.rater_kinds)
    if slice_.verified is not None:
        found["verified"] = s.c.verified if slice_.verified else not_(s.c.verified)
    return found


def every_fits(s: FromClause, slice_: Slice) -> ColumnElement[bool]:
    """Whether a row has all that a slice asks for of these; never null."""
    return func.coalesce(and_(*fits(s, slice_).values()), false())


def _one_of(column: ColumnElement[Any], members: Any) -> ColumnElement[bool]:
    """True for members of an enumeration; an empty list comes as an argument, and fits nothing."""
    return column.in_(members if isinstance(members, tuple) else ())


def known(slice_: Slice) -> tuple[ColumnElement[bool], ...]:
    """True; the database refuses an unknown code, also where there is nothing that it could fit."""
    found = () if slice_.services is None else (codes.known(Service, slice_.services),)
    return (*found, *(() if slice_.criteria is None else (codes.known(Criterion, slice_.criteria),)))


@dataclass(frozen=True)
class Marks:
    """What a slice makes of a submission. `source` is the submission with what that takes.

    It leaves out those that the slice has no mark of. `units` is the mark in 1/720720, `whole`
    the mark rounded half up, 1 to 5, and `satisfied` whether it satisfied by the policy of its time.
    `criteria` are the ids of those that count (an array), None for all that a form asks for.
    """

    source: FromClause
    units: ColumnElement[int]
    whole: ColumnElement[int]
    satisfied: ColumnElement[bool]
    criteria: ColumnElement[Any] | None


def marks(s: FromClause, slice_: Slice) -> Marks:
    """The mark of a submission's row under a slice: over criteria, recomputed from those alone."""
    if slice_.criteria is None:
        return _marks(s, s, s.c.mark, None)
    chosen = cast(codes.ids_of(Criterion, slice_.criteria), ARRAY(BigInteger()))
    place = QuestionnaireCriterion.__table__.alias()
    # A filter, not a condition: expecting a single form, the planner would join it to the organizations.
    places = func.array_agg(place.c.position, type_=ARRAY(Integer())).filter(place.c.criterion_id == any_(chosen))
    form = select(place.c.questionnaire_id, places.label("places")).group_by(place.c.questionnaire_id).subquery()
    units = _mean(s.c.scores, form.c.places)
    source = s.join(form, and_(form.c.questionnaire_id == s.c.questionnaire_id, units.is_not(None)))
    return _marks(s, source, units, chosen)


def _mean(scores: ColumnElement[Any], places: ColumnElement[Any]) -> ColumnElement[int]:
    """The mean of the scores at some places, in 1/720720; null of none.

    One place, which is what most ask for, needs no subquery for each submission.
    """
    place = func.unnest(places).table_valued("place").render_derived()
    score = scores[place.c.place]
    # Up to 16 scores, so the units divide by their number without a rest.
    several = select(func.sum(score) * (MARK_UNITS // func.nullif(func.count(score), 0, type_=BigInteger())))
    several = several.select_from(place).correlate_except(place)
    single = scores[places[1]] * MARK_UNITS
    return cast(case((func.cardinality(places) == 1, single), else_=several.scalar_subquery()), Integer)


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
