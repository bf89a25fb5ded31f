"""Scans: cells out of the submissions themselves, which know everything."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, FromClause, Select, and_, cast, func, select, true
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.elements import ColumnElement

from models.criteria import Criterion
from models.questionnaires import QuestionnaireCriterion
from models.submissions import MARK_UNITS, Submission
from resolvers import codes
from resolvers.ratings import slices
from resolvers.ratings.arrays import PLACES, WHOLES, added_up
from resolvers.ratings.cells.dimensions import KEYS, Facts
from resolvers.ratings.cells.question import Conditions, Question, key_of
from resolvers.ratings.slices import Marks, Slice

# Which days of submission are looked at.
Days = Callable[[ColumnElement[Any]], Conditions]


@dataclass(frozen=True)
class Scan:
    """The submissions of a question, or each of their scores where criteria are told apart.

    `rows` still has no columns. Of `s`, the submission, `mark` is made; `keys` are those of its cell.
    The services, channels and kinds of raters that a slice asks for are left to whoever counts.
    """

    s: FromClause
    mark: Marks
    keys: Sequence[ColumnElement[Any]]
    rows: Select[Any]


def scan(q: Question, days: Days) -> Scan:
    """All that is known of the submissions of some days."""
    submission, member = Submission.__table__.alias(), q.members()
    s, own = q.told_of(member, submission, slices.counts(submission), *days(submission.c.submitted_on))
    mark = _score(s, q.slice_) if q.by_criterion else slices.marks(s, q.slice_)
    facts = Facts(
        source=member.join(mark.source, own),
        row=s,
        day=s.c.submitted_on,
        member=member,
        members=q.members,
        criterion_id=mark.criteria,
    )
    keys = [KEYS[each](facts).label(key_of(each)) for each in q.by]
    return Scan(s, mark, keys, select().select_from(facts.source).where(*slices.known(q.slice_)))


def scanned(q: Question, days: Days | None = None) -> FromClause:
    """A row for each cell that has submissions, with all that can be told of it.

    What the scores add up to by criterion is joined to the rest, and worked out only if it is read.
    """
    sums = summed(q, days)
    if q.by_criterion:
        return sums
    scores = _scored(q, days)
    query = select(*sums.c, scores.c.criterion_sums, scores.c.criterion_counts)
    return query.select_from(sums.outerjoin(scores, q.same_cell(sums, scores))).subquery()


def summed(q: Question, days: Days | None = None) -> FromClause:
    """A row for each cell: its keys, the sums of its marks, and `rater_ids`, each of them once."""
    facts, _ = _counting(q, days)
    keys = [facts.c[key] for key in q.keys]
    query = select(
        *keys,
        func.count().label("submissions"),
        cast(func.sum(facts.c.units), BigInteger).label("mark_sum"),
        func.count().filter(facts.c.satisfied).label("satisfied"),
        array([func.count().filter(facts.c.whole == whole) for whole in WHOLES]).label("marks"),
        func.array_agg(facts.c.rater_id.distinct()).label("rater_ids"),
    )
    return query.group_by(*keys).subquery()


def _scored(q: Question, days: Days | None) -> FromClause:
    """Sums and numbers of scores, added by form first, and then in the order of the criteria's ids."""
    facts, mark = _counting(q, days)
    by = [*(facts.c[key] for key in q.keys), facts.c.form]
    scores = [facts.c.scores[place] for place in PLACES]
    sums, counts = array([func.sum(score) for score in scores]), array([func.count(score) for score in scores])
    form = select(*by, sums.label("sums"), counts.label("counts")).group_by(*by).subquery()

    def tally(places: ColumnElement[Any]) -> ColumnElement[Any]:
        return added_up(func.by_criterion(form.c.form, places, mark.criteria))

    keys = [form.c[key] for key in q.keys]
    query = select(*keys, tally(form.c.sums).label("criterion_sums"), tally(form.c.counts).label("criterion_counts"))
    return query.group_by(*keys).subquery()


def _counting(q: Question, days: Days | None) -> tuple[FromClause, Marks]:
    """A row for all that counts: its keys, its rater, its mark."""
    found = scan(q, days or q.days)
    query = found.rows.add_columns(
        *found.keys,
        found.s.c.rater_id,
        found.s.c.questionnaire_id.label("form"),
        found.s.c.scores,
        found.mark.units.label("units"),
        found.mark.whole.label("whole"),
        found.mark.satisfied.label("satisfied"),
    )
    return query.where(*slices.fits(found.s, q.slice_).values()).subquery(), found.mark


def _score(s: FromClause, slice_: Slice) -> Marks:
    """One score as a mark: that of the criterion alone, for each that a slice's criteria have."""
    place = QuestionnaireCriterion.__table__.alias()
    score = s.c.scores[place.c.position]
    chosen = true() if slice_.criteria is None else codes.among(place.c.criterion_id, Criterion, slice_.criteria)
    given = and_(place.c.questionnaire_id == s.c.questionnaire_id, score.is_not(None), chosen)
    return Marks(
        source=s.join(place, given),
        units=score * MARK_UNITS,
        whole=score,
        satisfied=score >= slices.satisfying(s.c.submitted_at),
        criteria=place.c.criterion_id,
    )
