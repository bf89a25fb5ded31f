"""Scans: cells out of the submissions themselves, which know everything."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, FromClause, and_, cast, func, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.elements import ColumnElement

from models.criteria import Criterion
from models.questionnaires import QuestionnaireCriterion
from models.submissions import MARK_UNITS, Submission
from resolvers import codes, slices
from resolvers.cells.dimensions import KEYS, Facts
from resolvers.cells.question import Question, key_of
from resolvers.slices import Marks, Slice

TALLY = ARRAY(BigInteger())
# Where a form's scores are kept, and what a mark rounds to.
PLACES, WHOLES = range(1, 17), range(1, 6)


def scanned(q: Question, *gates: ColumnElement[bool]) -> FromClause:
    """A row for each cell that has submissions, with all that can be told of it.

    What the scores add up to by criterion is joined to the rest, and worked out only if it is read.
    `gates` are conditions on no row: unless they are true, nothing is read.
    """
    sums = summed(q, *gates)
    if q.by_criterion:
        return sums
    scores = _scored(q, *gates)
    same = and_(*(sums.c[key] == scores.c[key] for key in q.keys))
    query = select(*sums.c, scores.c.criterion_sums, scores.c.criterion_counts)
    return query.select_from(sums.outerjoin(scores, same)).subquery()


def summed(q: Question, *gates: ColumnElement[bool]) -> FromClause:
    """A row for each cell: its keys, the sums of its marks, and `rater_ids`, each of them once."""
    facts, _ = _facts(q, gates)
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


def _scored(q: Question, *gates: ColumnElement[bool]) -> FromClause:
    """Sums and numbers of scores, added by form first, and then in the order of the criteria's ids."""
    facts, mark = _facts(q, gates)
    by = [*(facts.c[key] for key in q.keys), facts.c.form]
    scores = [facts.c.scores[place] for place in PLACES]
    sums, counts = array([func.sum(score) for score in scores]), array([func.count(score) for score in scores])
    form = select(*by, sums.label("sums"), counts.label("counts")).group_by(*by).subquery()

    def tally(places: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.tally_sum(func.by_criterion(form.c.form, places, mark.criteria), type_=TALLY)

    keys = [form.c[key] for key in q.keys]
    query = select(*keys, tally(form.c.sums).label("criterion_sums"), tally(form.c.counts).label("criterion_counts"))
    return query.group_by(*keys).subquery()


def _facts(q: Question, gates: Sequence[ColumnElement[bool]]) -> tuple[FromClause, Marks]:
    """A row for each submission that counts, or each of its scores: its keys, its rater, its mark."""
    s, member = Submission.__table__.alias(), q.members()
    mark = _score(s, q.slice_) if q.by_criterion else slices.marks(s, q.slice_)
    facts = Facts(
        source=member.join(mark.source, s.c.organization_id == member.c.organization_id),
        row=s,
        day=s.c.submitted_on,
        member=member,
        members=q.members,
        criterion_id=mark.criteria,
    )
    query = select(
        *(KEYS[each](facts).label(key_of(each)) for each in q.by),
        s.c.rater_id,
        s.c.questionnaire_id.label("form"),
        s.c.scores,
        mark.units.label("units"),
        mark.whole.label("whole"),
        mark.satisfied.label("satisfied"),
    )
    picked = (*slices.conditions(s, q.slice_), *gates)
    return query.select_from(facts.source).where(*picked).subquery(), mark


def _score(s: FromClause, slice_: Slice) -> Marks:
    """One score as a mark: that of the criterion alone, for each that a slice's criteria have."""
    place = QuestionnaireCriterion.__table__.alias()
    score = s.c.scores[place.c.position]
    wanted = [place.c.questionnaire_id == s.c.questionnaire_id, score.is_not(None)]
    if slice_.criteria is not None:
        wanted.append(codes.among(place.c.criterion_id, Criterion, slice_.criteria))
    return Marks(
        source=s.join(place, and_(*wanted)),
        units=score * MARK_UNITS,
        whole=score,
        satisfied=score >= slices.satisfying(s.c.submitted_at),
        criteria=place.c.criterion_id,
    )
