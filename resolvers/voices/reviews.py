"""Reviews: what is told of them, and which there are."""

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Text,
    case,
    cast,
    func,
    literal_column,
    null,
    select,
    type_coerce,
)

from auth import visibility
from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models.organizations import Organization
from models.reviews import REVIEWS, Review, ReviewRuling, ReviewState
from models.services import Service
from models.submissions import DAY_ZERO, Submission
from resolvers import columns
from resolvers.ratings.ratings import Scope
from resolvers.submissions import submissions
from resolvers.trees import in_subtree, tree, with_all_below
from resolvers.voices import filters, searching

kind = columns.own("kind")
start = columns.own("start")
stop = columns.own("stop")
said = columns.own("text")
state = columns.own("state")
submitted_on = columns.own("submitted_on")


def text(r: FromClause, a: Arguments) -> ColumnElement[str]:
    """What is published, or would be."""
    return func.coalesce(r.c.masked, r.c.text)


def original(r: FromClause, a: Arguments) -> ColumnElement[str | None]:
    return _closely(r.c.text, r, a)


def is_masked(r: FromClause, a: Arguments) -> ColumnElement[bool]:
    return r.c.masked.is_not(None)


def status(r: FromClause, a: Arguments) -> ColumnElement[Any]:
    return _closely(r.c.status, r, a)


def mark(r: FromClause, a: Arguments) -> ColumnElement[int]:
    """The mark of its submission in millionths."""
    s = Submission.__table__.alias()
    return _of_submission(r, s, submissions.mark(s, a))


def verified(r: FromClause, a: Arguments) -> ColumnElement[bool]:
    s = Submission.__table__.alias()
    return _of_submission(r, s, s.c.verified)


def channel(r: FromClause, a: Arguments) -> ColumnElement[Any]:
    s = Submission.__table__.alias()
    return _closely(_of_submission(r, s, s.c.channel), r, a)


def visited_on(r: FromClause, a: Arguments) -> ColumnElement[date | None]:
    s = Submission.__table__.alias()
    return _closely(_of_submission(r, s, s.c.visited_on), r, a)


def organization(r: FromClause, a: Arguments) -> Rows:
    row = Organization.__table__.alias()
    return Rows(row, where=(row.c.id == r.c.organization_id,))


def service(r: FromClause, a: Arguments) -> Rows:
    """The service, for who reads closely: a slice by service is fine enough to single somebody out."""
    row, s = Service.__table__.alias(), Submission.__table__.alias()
    told = _of_submission(r, s, s.c.service_id)
    return Rows(row, where=(row.c.id == told, visibility.is_read_closely(r, a)))


def scores(r: FromClause, a: Arguments) -> Rows:
    """The scores of its submission, for who reads closely."""
    s = Submission.__table__.alias()
    rows = submissions.scores(s, a)
    within = (s.c.id == r.c.submission_id, visibility.is_read_closely(r, a))
    return Rows(
        rows.row,
        joins=(*rows.joins, (s, within[0])),
        where=(*rows.where, within[1]),
        order=rows.order,
        extras=rows.extras,
    )


def submission(r: FromClause, a: Arguments) -> Rows:
    row = Submission.__table__.alias()
    return Rows(row, where=(row.c.id == r.c.submission_id,))


def of_submission(s: FromClause, a: Arguments) -> Rows:
    row = REVIEWS.alias()
    return Rows(row, where=(row.c.submission_id == s.c.id,))


def of_organization(o: FromClause, a: Arguments) -> Rows:
    """The published ones of an organization, or of all below it too, the latest dates first."""
    listed = Review.__table__.alias()
    where = [_is_said(listed, o, a), listed.c.published]
    if a.text is not None:
        where.append(searching.has_words(listed, a.text))
    return _paged(listed, *where)


def of_officials(_: None, a: Arguments) -> Rows:
    """Those of the organizations whose official the viewer is, the latest dates first."""
    listed = Review.__table__.alias()
    # Asked so, it is looked up for each row, too, and not joined.
    return _paged(listed, visibility.is_officials_review(listed, a).is_(True), *asked_for(listed, a))


def _is_said(listed: FromClause, o: FromClause, a: Arguments) -> ColumnElement[bool]:
    """Whether a review is of an organization, or of what is below it."""
    if a.scope is Scope.SUBTREE:
        # Asked so, the organizations are looked up for each row from the latest on: a page ends after few rows.
        return listed.c.organization_id.in_(with_all_below(o, tree(a))).is_(True)
    same: ColumnElement[bool] = listed.c.organization_id == o.c.id
    return same


def _paged(listed: FromClause, *where: ColumnElement[bool]) -> Rows:
    """The rows that conditions on `listed` find, by their keys.

    What the conditions look at stands in an index. Whoever is of few organizations waits until that is read: the rows
    themselves, with their texts, are only those of the page.
    """
    row = REVIEWS.alias()
    joined = (listed, listed.c.submission_id == row.c.submission_id)
    return Rows(row, where=where, joins=(joined,), order=latest(listed))


def asked_for(r: FromClause, a: Arguments) -> list[ColumnElement[bool]]:
    """What an official asks for: somewhere, narrowed by a filter."""
    where = [*visibility.review_readers(a), *filters.conditions(r, a.filter)]
    if a.organization is not None:
        where.append(in_subtree(r.c.organization_id, a.organization, "organization", tree(a)))
    return where


def proposed_masks(r: FromClause, a: Arguments) -> Rows:
    """What in the text may tell of a person, for moderators: the database looks for it."""
    found = func.personal_data(r.c.text).table_valued("kind", "start", "stop").render_derived()
    said = func.substr(r.c.text, found.c.start + 1, found.c.stop - found.c.start)
    columns = {"kind": cast(found.c.kind, Text()), "start": found.c.start, "stop": found.c.stop, "text": said}
    spans = select(*(column.label(name) for name, column in columns.items()))
    row = spans.where(visibility.is_moderated(r, a)).correlate(r).lateral()
    return Rows(row, order=(Order(row.c.start),))


def ground(r: FromClause, a: Arguments) -> ColumnElement[Any]:
    """Why it is hidden, by the last ruling that has a ground."""
    ruling = ReviewRuling.__table__.alias()
    last = select(ruling.c.ground).where(ruling.c.submission_id == r.c.submission_id)
    found = last.order_by(ruling.c.event_id.desc()).limit(1).correlate(r).scalar_subquery()
    return case((r.c.state == ReviewState.HIDDEN, found))


def latest(r: FromClause) -> tuple[Order, Order]:
    """The latest dates first: a cursor holds its keys, and no moment may be in it."""
    return Order(day_number(r), descending=True), Order(r.c.submission_id, descending=True)


def day_number(r: FromClause) -> ColumnElement[int]:
    """The date as a whole number, which a cursor can hold; the indexes of reviews are on this expression."""
    return type_coerce(r.c.submitted_on - literal_column(DAY_ZERO, Date()), Integer())


def _of_submission(r: FromClause, s: FromClause, told: ColumnElement[Any]) -> ColumnElement[Any]:
    """Something of its submission."""
    return select(told).where(s.c.id == r.c.submission_id).correlate(r).scalar_subquery()


def _closely(told: ColumnElement[Any], r: FromClause, a: Arguments) -> ColumnElement[Any]:
    """What only the author and the officials are told."""
    return case((visibility.is_read_closely(r, a), told), else_=null())
