"""answerSurvey: one transaction that keeps what a rater answers, and counts nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.viewers import Viewer
from models import counting
from models.clock import today
from models.database import Database
from models.organizations import Organization
from models.questionnaires import Questionnaire
from models.surveys import SurveyAnswer, SurveyResponse
from resolvers.catalogue import surveys
from resolvers.keys import key_of
from resolvers.problems import InvalidInput, Unknown
from resolvers.sets import references
from resolvers.sets.references import OrganizationReference
from resolvers.submissions import eligibility, forms
from resolvers.submissions.drafts import Answered, checked_answers
from resolvers.submissions.eligibility import Ineligibility, NotEligible

MESSAGES = {
    Ineligibility.ORGANIZATION_CLOSED: "The organization is closed.",
    Ineligibility.CONFLICT_OF_INTEREST: "Who works there, above or below it cannot answer about it.",
    Ineligibility.SURVEY_NOT_OPEN: "The survey is not open today.",
    Ineligibility.ALREADY_ANSWERED: "You have answered this survey about this organization.",
}


@dataclass(frozen=True)
class Done:
    """The keys of what was answered, and about whom."""

    survey: int
    organization: int


async def answer(
    database: Database, viewer: Viewer, survey: str, reference: OrganizationReference, answers: Sequence[Answered]
) -> Done:
    """Keep the viewer's answers to a survey about an organization: once, and for good."""
    key = key_of(survey, "Questionnaire", "survey")
    async with database.transaction() as connection:
        await counting.lock_for(connection, viewer.rater_id)
        organization = await references.meant(connection, reference, "organization")
        await _refuse(connection, viewer, key, organization.id)
        writer = await database.writer(connection)
        async with writer.journey():
            asked = await forms.ask(writer, key)
        found = checked_answers(answers, await asked.read())
        if not found:
            raise InvalidInput("ANSWER_MISSING", "Nothing is answered.", "input", "answers")
        columns = {"questionnaire_id": key, "organization_id": organization.id, "rater_id": viewer.rater_id}
        response = insert(SurveyResponse).values(**columns, answered_on=today()).returning(SurveyResponse.id)
        made = (await connection.execute(response)).scalar_one()
        rows = [{"response_id": made, "question_id": each, "values": values} for each, values in found.items()]
        await connection.execute(insert(SurveyAnswer), rows)
    return Done(key, organization.id)


async def _refuse(connection: AsyncConnection, viewer: Viewer, survey: int, organization_id: int) -> None:
    """Raise what forbids the viewer to answer, if anything does."""
    q, o = Questionnaire.__table__.alias(), Organization.__table__.alias()
    rater, account = (literal(each, BigInteger()) for each in (viewer.rater_id, viewer.account_id))
    query = (
        select(
            q.c.retired_at,
            surveys.is_meant_for(q, o).label("is_meant"),
            eligibility.refusal_of_survey(o, q.c.id, rater, account).label("reason"),
            surveys.opens_at(q).label("opens_at"),
        )
        .select_from(q.join(o, o.c.id == organization_id))
        .where(q.c.id == survey, q.c.published_at.is_not(None), q.c.opens_on.is_not(None))
    )
    found: Any = (await connection.execute(query)).one_or_none()
    if found is None:
        raise Unknown("SURVEY_UNKNOWN", "There is no such survey.", "input", "survey")
    if found.retired_at is not None:
        raise InvalidInput("QUESTIONNAIRE_RETIRED", "The survey is retired.", "input", "survey")
    if not found.is_meant:
        raise InvalidInput("SURVEY_DOES_NOT_APPLY", "The survey is not about this organization.", "input", "survey")
    if found.reason is not None:
        opening = found.opens_at if found.reason is Ineligibility.SURVEY_NOT_OPEN else None
        raise NotEligible(found.reason, MESSAGES[found.reason], opening)
