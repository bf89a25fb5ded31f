"""Submissions, as their own rater and the moderators of their organizations see them."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    FromClause,
    Integer,
    case,
    cast,
    func,
    literal_column,
    select,
    true,
    type_coerce,
)
from sqlalchemy.sql.elements import ColumnElement

from auth import visibility
from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models import policies
from models.criteria import Criterion
from models.organizations import Organization
from models.policies import PolicyName
from models.questionnaires import Questionnaire, QuestionnaireCriterion
from models.reviews import Review
from models.services import Service
from models.submissions import DAY_ZERO, MARK_UNITS, Submission
from resolvers.columns import own
from resolvers.trees import in_subtree, tree

id_ = own("id")
status = own("status")
channel = own("channel")
verified = own("verified")
visited_on = own("visited_on")
submitted_on = own("submitted_on")
score = own("score")


def submitted_at(s: FromClause, a: Arguments) -> ColumnElement[datetime]:
    """The moment to its own rater; to moderators the beginning of its date, which tells less of who it was."""
    midnight = func.timezone(policies.words(PolicyName.TIME_ZONE), cast(s.c.submitted_on, DateTime()))
    moment = case((visibility.is_own_submission(s, a), s.c.submitted_at), else_=midnight)
    return cast(moment, DateTime(timezone=True))


def organization(s: FromClause, a: Arguments) -> Rows:
    row = Organization.__table__.alias()
    return Rows(row, where=(row.c.id == s.c.organization_id,))


def given_to(s: FromClause, a: Arguments) -> Rows:
    row = Organization.__table__.alias()
    return Rows(row, where=(row.c.id == s.c.given_to_id,))


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


def moderated(_: None, a: Arguments) -> Rows:
    """What the viewer moderates, the latest dates first: a cursor holds its keys, and no moment may be in it."""
    row = Submission.__table__.alias()
    # Asked so, it is looked up for each row from the latest on, and not joined: a page ends after few rows.
    where = [*visibility.moderators(a), visibility.is_moderated(row, a).is_(true())]
    if a.organization is not None:
        where.append(in_subtree(row.c.organization_id, a.organization, "organization", tree(a)))
    if a.status is not None:
        where.append(row.c.status.in_(a.status))
    if a.from_ is not None:
        where.append(row.c.submitted_on >= a.from_.sql)
    if a.to is not None:
        where.append(row.c.submitted_on <= a.to.sql)
    order = (Order(_day_number(row.c.submitted_on), descending=True), Order(row.c.id, descending=True))
    return Rows(row, where=tuple(where), order=order)


def _microseconds(moment: ColumnElement[datetime]) -> ColumnElement[int]:
    """A moment as a whole number, which a cursor can hold; imported ids are in no order of time."""
    return cast(func.extract("epoch", moment) * 1_000_000, BigInteger)


def _day_number(day: ColumnElement[date]) -> ColumnElement[int]:
    """A date as a whole number, which a cursor can hold; an index of submissions is on this expression."""
    return type_coerce(day - literal_column(DAY_ZERO, Date()), Integer())
