"""Employees that submissions name, for heads and moderators; and how many were praised, for everybody."""

from sqlalchemy import ColumnElement, FromClause, func, select

from auth import visibility
from engine.meanings.arguments import Arguments
from engine.meanings.fields import Rows
from models.clock import today
from models.organizations import Organization
from models.reviews import REVIEWS
from models.submissions import EmployeeMention, EmployeeMentionKind, Submission, SubmissionStatus
from resolvers.columns import own
from resolvers.trees import in_subtree, tree
from resolvers.voices import reviews

kind = own("kind")
name = own("name")
delete_after = own("delete_after")
submitted_on = own("submitted_on")


def of_review(r: FromClause, a: Arguments) -> Rows:
    """Whom a review's submission names, for the head and the moderator."""
    row = _named()
    return Rows(row, where=(row.c.submission_id == r.c.submission_id, *_seen(row, a)))


def listed(_: None, a: Arguments) -> Rows:
    """Whom submissions name, the latest dates first."""
    row = _named()
    where = [*visibility.mention_readers(a), *_seen(row, a)]
    if a.organization is not None:
        where.append(in_subtree(row.c.organization_id, a.organization, "organization", tree(a)))
    if a.kind is not None:
        where.append(row.c.kind == a.kind)
    return Rows(row, where=tuple(where), order=reviews.latest(row))


def organization(m: FromClause, a: Arguments) -> Rows:
    row = Organization.__table__.alias()
    return Rows(row, where=(row.c.id == m.c.organization_id,))


def review(m: FromClause, a: Arguments) -> Rows:
    row = REVIEWS.alias()
    return Rows(row, where=(row.c.submission_id == m.c.submission_id,))


def commendations(o: FromClause, a: Arguments) -> ColumnElement[int]:
    """How many counted submissions praise an employee, whether the name is still kept or not."""
    m, s = EmployeeMention.__table__.alias(), Submission.__table__.alias()
    praised = select(func.count()).join_from(m, s, s.c.id == m.c.submission_id)
    counted = praised.where(
        s.c.organization_id == o.c.id,
        s.c.status == SubmissionStatus.COUNTED,
        m.c.kind == EmployeeMentionKind.PRAISE,
    )
    return counted.correlate(o).scalar_subquery()


def _named() -> FromClause:
    """The names that are still kept, with what is told of their submissions."""
    m, s = EmployeeMention.__table__, Submission.__table__
    query = select(m, s.c.organization_id, s.c.submitted_on, s.c.status).join_from(m, s, s.c.id == m.c.submission_id)
    return query.where(m.c.name.is_not(None), m.c.delete_after > today()).subquery()


def _seen(m: FromClause, a: Arguments) -> tuple[ColumnElement[bool], ...]:
    return (m.c.status != SubmissionStatus.WITHDRAWN, *visibility.mentions(m, a))
