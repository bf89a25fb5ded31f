"""submitQuestionnaire: one transaction that counts a submission, or leaves nothing behind.

Behind the locks, all that decides is asked in one journey to the database, and all is written and
counted in another, so that few wait for the totals while this process works.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, NoReturn

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    FromClause,
    Integer,
    Select,
    Text,
    bindparam,
    delete,
    exists,
    false,
    func,
    insert,
    select,
)

from models import counting, policies
from models.arrivals import ReviewArrival
from models.clock import date_of
from models.database import Database
from models.organizations import Organization, OrganizationService
from models.policies import PolicyName
from models.questionnaires import Questionnaire
from models.reviews import Review, ReviewState
from models.services import Service
from models.submissions import Answer, EmployeeMention, Submission
from models.unfinished import UnfinishedSubmission
from models.writing import Writer
from resolvers import codes
from resolvers.catalogue import questionnaires
from resolvers.keys import key_of
from resolvers.problems import InvalidInput, KeyReused, Unknown
from resolvers.submissions import eligibility, forms
from resolvers.submissions.authors import Author, Identified
from resolvers.submissions.drafts import Draft
from resolvers.submissions.eligibility import Ineligibility, NotEligible


@dataclass(frozen=True)
class Submitted:
    """The keys of what a mutation changed."""

    submission: int
    organization: int


class Reference(NamedTuple):
    """How a draft names its organization and its service: what decides over a statement's text."""

    by_id: bool
    with_service: bool


async def submit(database: Database, author: Author, draft: Draft) -> Submitted:
    """Count a draft as a submission of its author; raises the Problem that forbids it.

    A retry with the same idempotency key and content answers with the first submission.
    """
    draft.check_texts()
    async with database.transaction() as connection:
        who = await author.identified(connection, draft)
        draft = who.draft
        questionnaire_id = key_of(draft.questionnaire, "Questionnaire", "questionnaire")
        writer = await database.writer(connection)
        async with writer.journey():
            known = await writer.send(EARLIER, rater=who.rater_id, key=draft.idempotency_key)
            asked = await _ask(writer, who, questionnaire_id)
            form = await forms.ask(writer, questionnaire_id)
        earlier = await known.fetchone()
        if earlier is not None:
            return _submitted_before(earlier, draft)
        situation: Any = await asked.fetchone()
        if situation.organization_id is not None:
            await author.admitted(connection, situation.organization_id)
        _refuse(situation, draft)
        shown = await form.read()
        scores, answers = draft.placed_scores(shown), draft.checked_answers(shown)
        async with writer.journey():
            await _insert(writer, who, situation, scores, verified=author.verified)
            await _insert_parts(writer, draft, situation, answers)
            if who.account_id is not None:
                await writer.send(FORGET, account=who.account_id, organization_id=situation.organization_id)
            await counting.count_with(writer, situation.id)
    return Submitted(situation.id, situation.organization_id)


# What was submitted under an idempotency key, if anything.
EARLIER = select(Submission.id, Submission.organization_id, Submission.request_digest).where(
    Submission.rater_id == bindparam("rater", type_=BigInteger),
    Submission.idempotency_key == bindparam("key", type_=Text),
)


def _submitted_before(found: Any, draft: Draft) -> Submitted:
    if found.request_digest != draft.digest():
        message = "The idempotency key was used for another submission."
        raise KeyReused("IDEMPOTENCY_KEY_REUSED", message, "input", "idempotencyKey")
    return Submitted(found.id, found.organization_id)


async def _ask(writer: Writer, who: Identified, questionnaire_id: int) -> Any:
    """Let the situation of a draft be looked up."""
    draft = who.draft
    id_, named = draft.organization_id, draft.organization_code
    return await writer.send(
        situation(Reference(by_id=id_ is not None, with_service=draft.service is not None)),
        rater=who.rater_id,
        account=who.account_id,
        organization=named if id_ is None else key_of(id_, "Organization", "organization"),
        questionnaire=questionnaire_id,
        service=draft.service,
    )


@cache
def situation(reference: Reference) -> Select[Any]:
    """All that decides whether a draft may be counted, as of now, in one row; and the id that it will have."""
    o, q = Organization.__table__.alias(), Questionnaire.__table__.alias()
    service = Service.__table__.alias()
    rater, account = bindparam("rater", type_=BigInteger), bindparam("account", type_=BigInteger)
    renders = exists(
        select(OrganizationService.service_id).where(
            OrganizationService.organization_id == o.c.id, OrganizationService.service_id == service.c.id
        )
    )
    service_id = service.c.id if reference.with_service else None
    named = service.c.code == bindparam("service", type_=Text) if reference.with_service else false()
    # The clock is read once, so that a moment and its date cannot lie on two sides of midnight.
    clock = select(func.clock_timestamp(type_=DateTime(timezone=True)).label("moment")).subquery()
    return (
        select(
            func.nextval(func.pg_get_serial_sequence("submission", "id"), type_=BigInteger()).label("id"),
            o.c.id.label("organization_id"),
            eligibility.refusal(o, rater, account).label("reason"),
            eligibility.from_when(o, rater).label("next_at"),
            q.c.id.label("questionnaire_id"),
            questionnaires.acceptable(q, o, service_id).label("acceptable"),
            questionnaires.is_over(q).label("is_over"),
            service.c.id.label("service_id"),
            renders.label("renders"),
            date_of(clock.c.moment).label("today"),
            clock.c.moment,
            policies.whole(PolicyName.EMPLOYEE_RETENTION_MONTHS).label("retention"),
        )
        .select_from(clock)
        .join(o, _referred(o, reference), isouter=True)
        .join(q, q.c.id == bindparam("questionnaire", type_=BigInteger), isouter=True)
        .join(service, named, isouter=True)
    )


def _referred(o: FromClause, reference: Reference) -> Any:
    """The organization that the draft's id or code means: of a merged one, who took it over."""
    named = Organization.__table__.alias()
    column, type_ = (named.c.id, BigInteger()) if reference.by_id else (named.c.code, Text())
    found = column == bindparam("organization", type_=type_)
    return o.c.id == select(codes.standing_for(named)).where(found).scalar_subquery()


def _refuse(found: Any, draft: Draft) -> None:
    """Raise the first problem of a situation, if there is one."""
    if found.organization_id is None:
        raise Unknown("ORGANIZATION_UNKNOWN", "There is no such organization.", "input", "organization")
    if draft.service is not None and found.service_id is None:
        raise Unknown("SERVICE_UNKNOWN", "There is no such service.", "input", "service")
    if draft.service is not None and not found.renders:
        message = "The organization does not render this service."
        raise InvalidInput("SERVICE_NOT_RENDERED", message, "input", "service")
    if found.is_over:
        message = "This questionnaire is retired: ask for the organization's questionnaire."
        raise InvalidInput("QUESTIONNAIRE_RETIRED", message, "input", "questionnaire")
    if found.questionnaire_id is None or not found.acceptable:
        message = "This questionnaire does not apply: ask for the organization's questionnaire."
        raise InvalidInput("QUESTIONNAIRE_DOES_NOT_APPLY", message, "input", "questionnaire")
    if draft.visited_on is not None and draft.visited_on > found.today:
        raise InvalidInput("VISIT_IN_FUTURE", "The visit is in the future.", "input", "visitedOn")
    if found.reason is not None:
        _refuse_viewer(Ineligibility[found.reason], found.next_at)


def _refuse_viewer(reason: Ineligibility, next_at: datetime | None) -> NoReturn:
    message = {
        Ineligibility.ORGANIZATION_CLOSED: "The organization is closed.",
        Ineligibility.CONFLICT_OF_INTEREST: "Who works there, above or below it cannot rate it.",
        Ineligibility.TOO_SOON: "Your last submission for it is too recent.",
    }[reason]
    raise NotEligible(reason, message, next_at)


COLUMNS = (
    "id",
    "organization_id",
    "rater_id",
    "rater_kind",
    "questionnaire_id",
    "service_id",
    "channel",
    "visited_on",
    "scores",
    "submitted_at",
    "submitted_on",
    "verified",
    "placement",
    "idempotency_key",
    "request_digest",
)


def _insertion(table: Any, *columns: str) -> Any:
    return insert(table).values({name: bindparam(name) for name in columns})


INSERT = _insertion(Submission, *COLUMNS)
# With a review comes the word of it for officials who wait.
ARRIVED = _insertion(ReviewArrival, "submission_id").cte("arrived")
INSERTED_REVIEW = _insertion(Review, "submission_id", "text").add_cte(ARRIVED)
INSERT_PRIVATE_REVIEW = INSERTED_REVIEW.values(state=ReviewState.PRIVATE)
INSERT_REVIEW = INSERTED_REVIEW.values(
    state=func.review_first_state(
        bindparam("organization", type_=BigInteger),
        bindparam("service", type_=BigInteger),
        bindparam("text", type_=Text),
        type_=Review.__table__.c.state.type,
    )
)
INSERT_ANSWER = _insertion(Answer, "submission_id", "question_id", "values")
INSERT_MENTION = insert(EmployeeMention).values(
    submission_id=bindparam("submission_id"),
    name=bindparam("name"),
    kind=bindparam("kind"),
    delete_after=func.date(
        bindparam("today", type_=Date) + func.make_interval(0, bindparam("months", type_=Integer)), type_=Date()
    ),
)


# What was filled in is submitted now.
FORGET = delete(UnfinishedSubmission).where(
    UnfinishedSubmission.account_id == bindparam("account", type_=BigInteger),
    UnfinishedSubmission.organization_id == bindparam("organization_id", type_=BigInteger),
)


async def _insert(writer: Writer, who: Identified, found: Any, scores: list[int | None], *, verified: bool) -> None:
    draft = who.draft
    await writer.send(
        INSERT,
        id=found.id,
        organization_id=found.organization_id,
        rater_id=who.rater_id,
        rater_kind=who.kind,
        questionnaire_id=found.questionnaire_id,
        service_id=found.service_id,
        channel=draft.channel,
        visited_on=draft.visited_on,
        scores=scores,
        submitted_at=found.moment,
        submitted_on=found.today,
        verified=verified,
        placement=draft.placement,
        idempotency_key=draft.idempotency_key,
        request_digest=draft.digest(),
    )


async def _insert_parts(writer: Writer, draft: Draft, found: Any, answers: dict[int, list[str]]) -> None:
    """What else a submission may have: a review, answers, an employee's name kept apart."""
    if draft.comment and draft.comment.strip():
        await _insert_review(writer, draft, found)
    for question_id, values in answers.items():
        await writer.send(INSERT_ANSWER, submission_id=found.id, question_id=question_id, values=values)
    if draft.employee and draft.employee.strip():
        mention = {
            "name": draft.employee,
            "kind": draft.employee_mention,
            "today": found.today,
            "months": found.retention,
        }
        await writer.send(INSERT_MENTION, submission_id=found.id, **mention)


async def _insert_review(writer: Writer, draft: Draft, found: Any) -> None:
    """The review in its first state: its author's wish, or else what the policy of its sphere says."""
    said = {"submission_id": found.id, "text": draft.comment}
    if not draft.publish_comment:
        await writer.send(INSERT_PRIVATE_REVIEW, **said)
        return
    await writer.send(INSERT_REVIEW, organization=found.organization_id, service=found.service_id, **said)
