"""Complaints: as those who made them and moderators see them, and as counts for everybody."""

import enum
from typing import Any

from sqlalchemy import ColumnElement, Enum, FromClause, Select, case, func, literal, select

from auth import visibility
from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models.complaints import Complaint
from models.reviews import REVIEWS, Review
from models.submissions import SubmissionStatus
from resolvers.columns import own
from resolvers.trees import in_subtree, tree


class ComplaintState(enum.Enum):
    """What became of a complaint."""

    OPEN = "OPEN"
    UPHELD = "UPHELD"
    DISMISSED = "DISMISSED"
    LAPSED = "LAPSED"


STATES = Enum(ComplaintState, native_enum=False)

about = own("about")
ground = own("ground")
text = own("text")
reply_version = own("reply_version")
made_on = own("made_on")
reason = own("reason")
decided_on = own("decided_on")
made = own("made")
open_ = own("open")
upheld = own("upheld")
dismissed = own("dismissed")


def state(c: FromClause, a: Arguments | None) -> ColumnElement[Any]:
    """What became of it. It lapses when the review is taken back before anybody has decided."""
    row = Review.__table__.alias()
    is_gone = select(row.c.submission_id).where(
        row.c.submission_id == c.c.submission_id, row.c.status == SubmissionStatus.WITHDRAWN
    )
    return case(
        (c.c.upheld, literal(ComplaintState.UPHELD, STATES)),
        (~c.c.upheld, literal(ComplaintState.DISMISSED, STATES)),
        (is_gone.correlate(c).exists(), literal(ComplaintState.LAPSED, STATES)),
        else_=literal(ComplaintState.OPEN, STATES),
    )


def review(c: FromClause, a: Arguments) -> Rows:
    """The review, if the viewer may see it: who complained of what is hidden now sees it no more."""
    row = REVIEWS.alias()
    return Rows(row, where=(row.c.submission_id == c.c.submission_id,))


def moderated(_: None, a: Arguments) -> Rows:
    """Those that the viewer decides, the first made first: who waits longest is next."""
    row, r = Complaint.__table__.alias(), Review.__table__.alias()
    where = [*visibility.moderators(a), visibility.is_moderated_complaint(row, a)]
    if a.organization is not None:
        where.append(in_subtree(r.c.organization_id, a.organization, "organization", tree(a)))
    if a.state is not None:
        where.append(state(row, a).in_(a.state))
    joins = ((r, r.c.submission_id == row.c.submission_id),)
    return Rows(row, joins=joins, where=tuple(where), order=(Order(row.c.id),))


def of_viewer(viewer: FromClause, a: Arguments) -> Rows:
    """The viewer's own, the latest first."""
    row = Complaint.__table__.alias()
    return Rows(row, where=(row.c.rater_id == viewer.c.id,), order=(Order(row.c.id, descending=True),))


def of_review(r: FromClause, a: Arguments) -> Rows:
    """How many there were about a review and its reply, and what became of them."""
    row = Complaint.__table__.alias()
    return Rows(counted(row, select().where(row.c.submission_id == r.c.submission_id)).correlate(r).lateral())


def counted(c: FromClause, rows: Select[Any]) -> Select[Any]:
    """The counts of the complaints that a query finds."""
    counts = {
        "made": func.count(),
        "open": func.count().filter(c.c.upheld.is_(None)),
        "upheld": func.count().filter(c.c.upheld),
        "dismissed": func.count().filter(~c.c.upheld),
    }
    return rows.add_columns(*(count.label(name) for name, count in counts.items()))
