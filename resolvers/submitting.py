"""submitQuestionnaire: one transaction that counts a submission, or leaves nothing behind."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NoReturn

from sqlalchemy import BigInteger, DateTime, Row, Text, exists, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from models import counting, policies
from models.clock import date_of
from models.database import Database
from models.organizations import Organization, OrganizationService
from models.policies import PolicyName
from models.questionnaires import Questionnaire
from models.services import Service
from models.submissions import Answer, EmployeeMention, Review, Submission
from resolvers import codes, eligibility, questionnaires
from resolvers.authors import Author, Identified
from resolvers.drafts import Draft
from resolvers.eligibility import Ineligibility
from resolvers.forms import form_of
from resolvers.keys import key_of
from resolvers.problems import InvalidInput, KeyReused, NotEligible, Unknown


@dataclass(frozen=True)
class Submitted:
    """The keys of what a mutation changed."""

    submission: int
    organization: int


async def submit(database: Database, author: Author, draft: Draft) -> Submitted:
    """Count a draft as a submission of its author; raises the Problem that forbids it.

    A retry with the same idempotency key and content answers with the first submission.
    """
    draft.check_texts()
    async with database.transaction() as connection:
        who = await author.identified(connection, draft)
        draft = who.draft
        earlier = await _earlier(connection, who)
        if earlier is not None:
            return earlier
        situation = await _situation(connection, who)
        if situation.organization_id is not None:
            await author.admitted(connection, situation.organization_id)
        _refuse(situation, draft)
        form = await form_of(connection, situation.questionnaire_id)
        scores, answers = draft.placed_scores(form), draft.checked_answers(form)
        submission_id = await _insert(connection, who, situation, scores, verified=author.verified)
        await _insert_parts(connection, submission_id, draft, situation, answers)
        await counting.count(connection, submission_id)
    return Submitted(submission_id, situation.organization_id)


async def _earlier(connection: AsyncConnection, who: Identified) -> Submitted | None:
    """What was submitted under the draft's idempotency key, if anything."""
    draft = who.draft
    query = select(Submission.id, Submission.organization_id, Submission.request_digest).where(
        Submission.rater_id == who.rater_id, Submission.idempotency_key == draft.idempotency_key
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    if row.request_digest != draft.digest():
        message = "The idempotency key was used for another submission."
        raise KeyReused("IDEMPOTENCY_KEY_REUSED", message, "input", "idempotencyKey")
    return Submitted(row.id, row.organization_id)


async def _situation(connection: AsyncConnection, who: Identified) -> Row[Any]:
    """All that decides whether the draft may be counted, as of now, in one row."""
    draft = who.draft
    o, q = Organization.__table__.alias(), Questionnaire.__table__.alias()
    service = Service.__table__.alias()
    rater, account = literal(who.rater_id, BigInteger()), literal(who.account_id, BigInteger())
    renders = exists(
        select(OrganizationService.service_id).where(
            OrganizationService.organization_id == o.c.id, OrganizationService.service_id == service.c.id
        )
    )
    service_id = None if draft.service is None else service.c.id
    # The clock is read once, so that a moment and its date cannot lie on two sides of midnight.
    clock = select(func.clock_timestamp(type_=DateTime(timezone=True)).label("moment")).subquery()
    query = (
        select(
            o.c.id.label("organization_id"),
            eligibility.refusal(o, rater, account).label("reason"),
            eligibility.from_when(o, rater).label("next_at"),
            q.c.id.label("questionnaire_id"),
            questionnaires.acceptable(q, o, service_id).label("acceptable"),
            service.c.id.label("service_id"),
            renders.label("renders"),
            date_of(clock.c.moment).label("today"),
            clock.c.moment,
            policies.whole(PolicyName.EMPLOYEE_RETENTION_MONTHS).label("retention"),
        )
        .select_from(clock)
        .join(o, _referred(o, draft), isouter=True)
        .join(q, q.c.id == key_of(draft.questionnaire, "Questionnaire", "questionnaire"), isouter=True)
        .join(service, service.c.code == literal(draft.service, Text()), isouter=True)
    )
    return (await connection.execute(query)).one()


def _referred(o: Any, draft: Draft) -> Any:
    """The organization that the draft's id or code means: of a merged one, who took it over."""
    named = Organization.__table__.alias()
    if draft.organization_id is not None:
        found = named.c.id == key_of(draft.organization_id, "Organization", "organization")
    else:
        found = named.c.code == draft.organization_code
    return o.c.id == select(codes.standing_for(named)).where(found).scalar_subquery()


def _refuse(found: Row[Any], draft: Draft) -> None:
    """Raise the first problem of a situation, if there is one."""
    if found.organization_id is None:
        raise Unknown("ORGANIZATION_UNKNOWN", "There is no such organization.", "input", "organization")
    if draft.service is not None and found.service_id is None:
        raise Unknown("SERVICE_UNKNOWN", "There is no such service.", "input", "service")
    if draft.service is not None and not found.renders:
        message = "The organization does not render this service."
        raise InvalidInput("SERVICE_NOT_RENDERED", message, "input", "service")
    if found.questionnaire_id is None or not found.acceptable:
        message = "This questionnaire does not apply: ask for the organization's questionnaire."
        raise InvalidInput("QUESTIONNAIRE_DOES_NOT_APPLY", message, "input", "questionnaire")
    if draft.visited_on is not None and draft.visited_on > found.today:
        raise InvalidInput("VISIT_IN_FUTURE", "The visit is in the future.", "input", "visitedOn")
    if found.reason is not None:
        _refuse_viewer(found.reason, found.next_at)


def _refuse_viewer(reason: Ineligibility, next_at: datetime | None) -> NoReturn:
    message = {
        Ineligibility.ORGANIZATION_CLOSED: "The organization is closed.",
        Ineligibility.CONFLICT_OF_INTEREST: "Who works there, above or below it cannot rate it.",
        Ineligibility.TOO_SOON: "Your last submission for it is too recent.",
    }[reason]
    raise NotEligible(reason, message, next_at)


async def _insert(
    connection: AsyncConnection, who: Identified, found: Row[Any], scores: list[int | None], *, verified: bool
) -> int:
    draft = who.draft
    query = (
        insert(Submission)
        .values(
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
            idempotency_key=draft.idempotency_key,
            request_digest=draft.digest(),
        )
        .returning(Submission.id)
    )
    return (await connection.execute(query)).scalar_one()


async def _insert_parts(
    connection: AsyncConnection,
    submission_id: int,
    draft: Draft,
    found: Row[Any],
    answers: dict[int, list[str]],
) -> None:
    """What else a submission may have: a review, answers, an employee's name kept apart."""
    key = {"submission_id": submission_id}
    if draft.comment and draft.comment.strip():
        await connection.execute(insert(Review).values(**key, text=draft.comment))
    if answers:
        rows = [{**key, "question_id": id_, "values": values} for id_, values in answers.items()]
        await connection.execute(insert(Answer), rows)
    if draft.employee and draft.employee.strip():
        until = _months_later(found.today, found.retention)
        mention = insert(EmployeeMention).values(**key, name=draft.employee, delete_after=until)
        await connection.execute(mention)


def _months_later(day: date, months: int) -> Any:
    return func.date(literal(day) + func.make_interval(0, months))
