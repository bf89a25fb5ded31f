"""Submissions, as their own rater sees them."""

from datetime import datetime

from sqlalchemy import BigInteger, FromClause, cast, func, select
from sqlalchemy.sql.elements import ColumnElement

from engine.arguments import Arguments
from engine.fields import Order, Rows
from models.criteria import Criterion
from models.organizations import Organization
from models.questionnaires import Questionnaire, QuestionnaireCriterion
from models.services import Service
from models.submissions import MARK_UNITS, Review, Submission
from resolvers.columns import own

id_ = own("id")
status = own("status")
channel = own("channel")
visited_on = own("visited_on")
submitted_at = own("submitted_at")
score = own("score")


def organization(s: FromClause, a: Arguments) -> Rows:
    row = Organization.__table__.alias()
    return Rows(row, where=(row.c.id == s.c.organization_id,))


def questionnaire(s: FromClause, a: Arguments) -> Rows:
    row = Questionnaire.__table__.alias()
    return Rows(row, where=(row.c.id == s.c.questionnaire_id,))


def service(s: FromClause, a: Arguments) -> Rows:
    row = Service.__table__.alias()
    return Rows(row, where=(row.c.id == s.c.service_id,))


def mark(s: FromClause, a: Arguments) -> ColumnElement[int]:
    """The mean of the scores in millionths, rounded half up, in integers."""
    return (2_000_000 * cast(s.c.mark, BigInteger) + MARK_UNITS) // (2 * MARK_UNITS)


def comment(s: FromClause, a: Arguments) -> ColumnElement[str]:
    review = Review.__table__.alias()
    return select(review.c.text).where(review.c.submission_id == s.c.id).correlate(s).scalar_subquery()


def scores(s: FromClause, a: Arguments) -> Rows:
    """A row for each criterion that was scored."""
    row, place = Criterion.__table__.alias(), QuestionnaireCriterion.__table__.alias()
    given = s.c.scores[place.c.position]
    return Rows(
        row,
        joins=((place, place.c.criterion_id == row.c.id),),
        where=(place.c.questionnaire_id == s.c.questionnaire_id, given.is_not(None)),
        order=(Order(place.c.position),),
        extras={"score": given},
    )


def criterion(score: FromClause, a: Arguments) -> Rows:
    return Rows(score)


def of_viewer(viewer: FromClause, a: Arguments) -> Rows:
    """The viewer's own submissions, the latest first."""
    row = Submission.__table__.alias()
    return Rows(
        row,
        where=(row.c.rater_id == viewer.c.id,),
        order=(Order(_microseconds(row.c.submitted_at), descending=True), Order(row.c.id, descending=True)),
    )


def _microseconds(moment: ColumnElement[datetime]) -> ColumnElement[int]:
    """A moment as a whole number, which a cursor can hold; imported ids are in no order of time."""
    return cast(func.extract("epoch", moment) * 1_000_000, BigInteger)
