"""Which reviews: ReviewFilter as SQL conditions, joined by AND."""

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, FromClause, Integer, and_, any_, false, not_, select

from models.clock import today
from models.criteria import Criterion
from models.errors import InputError
from models.questionnaires import QuestionnaireCriterion
from models.services import Service
from models.submissions import MARK_UNITS, Submission
from resolvers import codes
from resolvers.voices import deadlines, searching

Condition = ColumnElement[bool]
WHOLE = ARRAY(Integer())
MAXIMUM_DAYS = 10_000


def conditions(r: FromClause, given: Any) -> list[Condition]:
    """What a filter (or none) asks of a review's row; an unknown code is refused before anything else."""
    if given is None:
        return []
    known = [codes.known(Service, given.services)] if _is_given(given, "services") else []
    if _is_given(given, "scored"):
        known.append(codes.known(Criterion, given.scored.criterion))
    return known + [meaning(r, given) for name, meaning in CONDITIONS.items() if _is_given(given, name)]


def _is_given(given: Any, name: str) -> bool:
    return getattr(given, name) is not None


def _state(r: FromClause, given: Any) -> Condition:
    # An empty list has no values that would be enumerations.
    return r.c.state.in_(given.state) if isinstance(given.state, tuple) else false()


def _text(r: FromClause, given: Any) -> Condition:
    return searching.has_words(r, given.text)


def _from(r: FromClause, given: Any) -> Condition:
    came: Condition = r.c.submitted_on >= given.from_.sql
    return came


def _to(r: FromClause, given: Any) -> Condition:
    came: Condition = r.c.submitted_on <= given.to.sql
    return came


def _marks(r: FromClause, given: Any) -> Condition:
    """The submission's mark, rounded half up in integers as totals count it, is one of some."""
    s = Submission.__table__.alias()
    whole = (2 * s.c.mark + MARK_UNITS) // (2 * MARK_UNITS)
    return _submission(r, s, whole == any_(given.marks.map(_checked(given.marks.name), WHOLE).sql))


def _services(r: FromClause, given: Any) -> Condition:
    s = Submission.__table__.alias()
    return _submission(r, s, codes.among(s.c.service_id, Service, given.services))


def _scored(r: FromClause, given: Any) -> Condition:
    """The submission scored a criterion, perhaps with one of some scores."""
    s, place, asked = Submission.__table__.alias(), QuestionnaireCriterion.__table__.alias(), given.scored
    score = s.c.scores[place.c.position]
    fits: Condition = score.is_not(None)
    if asked.scores is not None:
        fits = score == any_(asked.scores.map(_checked(asked.scores.name), WHOLE).sql)
    scored = select(place.c.criterion_id).where(
        place.c.questionnaire_id == s.c.questionnaire_id,
        codes.among(place.c.criterion_id, Criterion, asked.criterion),
        fits,
    )
    return _submission(r, s, scored.correlate(s).exists())


def _seen(r: FromClause, given: Any) -> Condition:
    return _is_there(r.c.seen_on, given.seen)


def _answered(r: FromClause, given: Any) -> Condition:
    return _is_there(r.c.answered_on, given.answered)


def _unanswered_days(r: FromClause, given: Any) -> Condition:
    """Nobody has answered, so many days after it came."""
    days = given.unanswered_days.map(_checked_days(given.unanswered_days.name), Integer())
    return and_(r.c.answered_on.is_(None), r.c.submitted_on <= today() - days.sql)


def _overdue(r: FromClause, given: Any) -> Condition:
    return deadlines.is_overdue(r) if given.overdue else not_(deadlines.is_overdue(r))


def _seen_late(r: FromClause, given: Any) -> Condition:
    return deadlines.is_seen_late(r) if given.seen_late else not_(deadlines.is_seen_late(r))


def _is_there(day: ColumnElement[Any], wanted: bool) -> Condition:  # noqa: FBT001 - as it was asked for
    return day.is_not(None) if wanted else day.is_(None)


def _checked_days(field: str) -> Any:
    def check(days: int) -> int:
        if not 0 <= days <= MAXIMUM_DAYS:
            raise InputError(field, f"must be between 0 and {MAXIMUM_DAYS}")
        return days

    return check


def _submission(r: FromClause, s: FromClause, condition: Condition) -> Condition:
    """Whether something is true of a review's submission."""
    return select(s.c.id).where(s.c.id == r.c.submission_id, condition).correlate(r).exists()


def _checked(field: str) -> Any:
    def check(wanted: list[int]) -> list[int]:
        if any(not 1 <= each <= 5 for each in wanted):
            raise InputError(field, "must be whole numbers from 1 to 5")
        return wanted

    return check


CONDITIONS = {
    "state": _state,
    "text": _text,
    "from_": _from,
    "to": _to,
    "marks": _marks,
    "services": _services,
    "scored": _scored,
    "seen": _seen,
    "seen_late": _seen_late,
    "answered": _answered,
    "unanswered_days": _unanswered_days,
    "overdue": _overdue,
}
