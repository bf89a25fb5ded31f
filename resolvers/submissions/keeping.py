"""saveDraft and deleteDraft: what somebody has filled in so far, kept for a day, read by them alone.

It may be anything that fits in it: whether it fits the form is asked when it is submitted.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    FromClause,
    Integer,
    Interval,
    Text,
    column,
    delete,
    false,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.viewers import Viewer
from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models.database import Database
from models.organizations import Organization
from models.questionnaires import Questionnaire
from models.submissions import Channel, EmployeeMentionKind
from models.unfinished import UnfinishedSubmission
from resolvers.columns import own
from resolvers.keys import key_of
from resolvers.problems import InvalidInput, Unknown
from resolvers.sets import filters, references
from resolvers.sets.references import OrganizationReference
from resolvers.submissions import eligibility
from resolvers.submissions.drafts import (
    MAXIMUM_COMMENT,
    MAXIMUM_KEY,
    MAXIMUM_TEXT_ANSWER,
    Answered,
    Scored,
)
from resolvers.submissions.eligibility import Ineligibility, NotEligible
from resolvers.texts import check_text

KEPT = timedelta(days=1)
MAXIMUM_SCORES, MAXIMUM_ANSWERS, MAXIMUM_VALUES = 16, 100, 100

service = own("service")
channel = own("channel")
visited_on = own("visited_on")
comment = own("comment")
publish_comment = own("publish_comment")
placement = own("placement")
employee_mention = own("employee_mention")
saved_at = own("saved_at")
expires_at = own("expires_at")
criterion = own("criterion")
score = own("score")
asked = own("question")
values = own("values")


@dataclass(frozen=True)
class Unfinished:
    """What is filled in so far."""

    questionnaire: str
    service: str | None
    visited_on: date | None
    channel: Channel | None
    scores: Sequence[Scored]
    answers: Sequence[Answered]
    comment: str | None
    publish_comment: bool
    placement: str | None
    employee_mention: EmployeeMentionKind | None

    def check(self) -> None:
        """Refuse what is too much to keep."""
        check_text(self.service, MAXIMUM_KEY, "service")
        check_text(self.comment, MAXIMUM_COMMENT, "comment")
        check_text(self.placement, MAXIMUM_KEY, "placement")
        for name, things, most in (("scores", self.scores, MAXIMUM_SCORES), ("answers", self.answers, MAXIMUM_ANSWERS)):
            _check_number(things, most, name)
        for number, each in enumerate(self.scores):
            check_text(each.criterion, MAXIMUM_KEY, "scores", number, "criterion")
        for number, given in enumerate(self.answers):
            check_text(given.question, MAXIMUM_KEY, "answers", number, "question")
            _check_number(given.values, MAXIMUM_VALUES, "answers", number, "values")
            for place, value in enumerate(given.values):
                check_text(value, MAXIMUM_TEXT_ANSWER, "answers", number, "values", place)

    def columns(self) -> dict[str, Any]:
        """The same as columns of a row, without the form."""
        return {
            "service": self.service,
            "channel": self.channel,
            "visited_on": self.visited_on,
            "scores": [asdict(each) for each in self.scores],
            "answers": [asdict(each) for each in self.answers],
            "comment": self.comment,
            "publish_comment": self.publish_comment,
            "placement": self.placement,
            "employee_mention": self.employee_mention,
        }


@dataclass(frozen=True)
class Kept:
    """The key of the organization whose draft was saved or deleted."""

    organization: int


async def save(database: Database, viewer: Viewer, reference: OrganizationReference, unfinished: Unfinished) -> Kept:
    """Keep a draft for a day, in the place of the one before it."""
    unfinished.check()
    form = key_of(unfinished.questionnaire, "Questionnaire", "questionnaire")
    async with database.transaction() as connection:
        organization = await references.meant(connection, reference, "organization")
        await _refuse(connection, viewer, organization.id)
        await _check_form(connection, form)
        # The same moment for both: the clock may go on between two looks at it.
        now = func.statement_timestamp()
        row = {
            **unfinished.columns(),
            "questionnaire_id": form,
            "saved_at": now,
            "expires_at": now + literal(KEPT, Interval()),
        }
        key = {"account_id": viewer.account_id, "organization_id": organization.id}
        saved = insert(UnfinishedSubmission).values({**key, **row})
        await connection.execute(saved.on_conflict_do_update(index_elements=list(key), set_=row))
    return Kept(organization.id)


async def forget(database: Database, viewer: Viewer, reference: OrganizationReference) -> Kept:
    """Delete a draft; where there is none, nothing changes."""
    async with database.transaction() as connection:
        organization = await references.meant(connection, reference, "organization")
        u = UnfinishedSubmission
        own_one = (u.account_id == viewer.account_id, u.organization_id == organization.id)
        await connection.execute(delete(u).where(*own_one))
    return Kept(organization.id)


def of_organization(o: FromClause, a: Arguments) -> Rows:
    """The viewer's own draft for an organization, if its day is not over."""
    row = UnfinishedSubmission.__table__.alias()
    if not a.shape.signed_in:
        return Rows(row, where=(false(),))
    mine = row.c.account_id == a.shared("account_id", BigInteger())
    return Rows(row, where=(mine, row.c.organization_id == o.c.id, row.c.expires_at > func.now()))


def questionnaire(u: FromClause, a: Arguments) -> Rows:
    row = Questionnaire.__table__.alias()
    return Rows(row, where=(row.c.id == u.c.questionnaire_id,))


def scores(u: FromClause, a: Arguments) -> Rows:
    """The scores so far, as they were told."""
    told = func.jsonb_to_recordset(u.c.scores).table_valued(column("criterion", Text), column("score", Integer))
    return _in_order(u, told)


def answers(u: FromClause, a: Arguments) -> Rows:
    """The answers so far, as they were told."""
    told = func.jsonb_to_recordset(u.c.answers).table_valued(column("question", Text), column("values", ARRAY(Text())))
    return _in_order(u, told)


def _in_order(u: FromClause, told: Any) -> Rows:
    each = told.render_derived(with_types=True)
    row = select(*each.c, func.row_number().over().label("ordinal")).select_from(each).correlate(u).lateral()
    return Rows(row, order=(Order(row.c.ordinal),))


async def _refuse(connection: AsyncConnection, viewer: Viewer, organization_id: int) -> None:
    """Raise why the viewer may never submit what is to be kept; that it is too soon is over within the day."""
    o = Organization.__table__.alias()
    conflict = eligibility.in_conflict(o, literal(viewer.account_id, BigInteger())).label("conflict")
    query = select(filters.is_open(o).label("is_open"), conflict).where(o.c.id == organization_id)
    found: Any = (await connection.execute(query)).one()
    if not found.is_open:
        raise NotEligible(Ineligibility.ORGANIZATION_CLOSED, "The organization is closed.", None)
    if found.conflict:
        message = "Who works there, above or below it cannot rate it."
        raise NotEligible(Ineligibility.CONFLICT_OF_INTEREST, message, None)


async def _check_form(connection: AsyncConnection, form: int) -> None:
    """Refuse a form that nobody was shown."""
    q = Questionnaire
    shown = select(q.id).where(q.id == form, q.published_at <= func.now(), q.opens_on.is_(None))
    if (await connection.execute(shown)).one_or_none() is None:
        raise Unknown("QUESTIONNAIRE_UNKNOWN", "There is no such questionnaire.", "input", "questionnaire")


def _check_number(things: Sequence[Any], most: int, *path: str | int) -> None:
    if len(things) > most:
        raise InvalidInput("TOO_MANY", f"At most {most} of them.", "input", *path)
