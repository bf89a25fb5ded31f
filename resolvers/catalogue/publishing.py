"""publishQuestionnaire and retireQuestionnaire: from when on a form is shown, and until when.

What is published never changes: the database refuses it. A version that takes another's place leaves that one
the grace of a policy, as it may be on somebody's screen; one that is retired takes nothing more at once.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from auth.viewers import Viewer
from models.audit import AuditAction
from models.clock import today
from models.criteria import Criterion
from models.database import Database
from models.organizations import OrganizationService, OrganizationSphere
from models.questionnaires import Question, Questionnaire, QuestionnaireCriterion
from models.services import Category, Service
from resolvers.catalogue import drafting
from resolvers.catalogue.drafting import Written
from resolvers.problems import Conflict, InvalidInput


async def publish(database: Database, viewer: Viewer, questionnaire: str) -> Written:
    """Show a draft from now on, in the place of the version before it; one that is shown already stays so."""
    async with database.transaction() as connection:
        await drafting.begin(connection, viewer)
        form = await drafting.owned(connection, viewer, questionnaire)
        _must_not_be_retired(form)
        if form.published_at is None:
            await drafting.must_be_within_bounds(connection, form.id)
            await (_check_questions if form.opens_on else _check_criteria)(connection, form)
            replaced = await _publish(connection, form)
            more = {} if replaced is None else {"replaces": replaced}
            await drafting.record(connection, viewer, AuditAction.QUESTIONNAIRE_PUBLISHED, form.id, **more)
    return Written(form.id)


async def retire(database: Database, viewer: Viewer, questionnaire: str) -> Written:
    """Show a form no more, and take no more answers to it; a retired one stays so."""
    async with database.transaction() as connection:
        await drafting.begin(connection, viewer)
        form = await drafting.owned(connection, viewer, questionnaire)
        if form.published_at is None:
            message = "It is a draft: discard it."
            raise Conflict("QUESTIONNAIRE_NOT_PUBLISHED", message, "input", "questionnaire")
        if form.retired_at is None:
            await _must_leave_another(connection, form)
            await connection.execute(_retiring(await _now(connection)).where(Questionnaire.id == form.id))
            await drafting.record(connection, viewer, AuditAction.QUESTIONNAIRE_RETIRED, form.id)
    return Written(form.id)


def _must_not_be_retired(form: Any) -> None:
    if form.retired_at is not None:
        message = "It is retired, and does not come back: draft another version."
        raise Conflict("QUESTIONNAIRE_RETIRED", message, "input", "questionnaire")


async def _check_questions(connection: AsyncConnection, form: Any) -> None:
    """Refuse a survey that asks nothing, or that is over before it begins."""
    asked = select(Question.id).where(Question.questionnaire_id == form.id).limit(1)
    if (await connection.execute(asked)).one_or_none() is None:
        raise InvalidInput("QUESTION_MISSING", "A survey asks one question at least.", "input", "questionnaire")
    if form.closes_on < (await connection.execute(select(today()))).scalar_one():
        raise Conflict("SURVEY_OVER", "Its last day is in the past.", "input", "questionnaire")


async def _check_criteria(connection: AsyncConnection, form: Any) -> None:
    """Refuse a form without all basic criteria of today, or with one that has no place on it."""
    place, q, c = QuestionnaireCriterion.__table__, Questionnaire.__table__, Criterion.__table__
    basic = and_(c.c.sphere_id.is_(None), c.c.service_id.is_(None))
    in_force = and_(c.c.valid_from <= today(), or_(c.c.valid_to.is_(None), c.c.valid_to >= today()))
    on_form = select(place.c.criterion_id).where(place.c.questionnaire_id == form.id)
    missing = select(c.c.code).where(basic, in_force, c.c.id.not_in(on_form)).order_by(c.c.ordinal)
    codes = list((await connection.execute(missing)).scalars())
    if codes:
        message = f"Basic criteria are compulsory: {', '.join(codes)}."
        raise InvalidInput("CRITERION_MISSING", message, "input", "questionnaire")
    belongs = or_(basic, and_(in_force, _has_a_place(q, c)))
    foreign = select(c.c.code).join_from(q, c, q.c.id == form.id).where(c.c.id.in_(on_form), ~belongs)
    codes = list((await connection.execute(foreign.order_by(c.c.ordinal))).scalars())
    if codes:
        message = f"Not in force, or of another sphere or service than it is for: {', '.join(codes)}."
        raise InvalidInput("CRITERION_DOES_NOT_APPLY", message, "input", "questionnaire")


def _has_a_place(q: Any, c: Any) -> Any:
    """Whether an additional criterion belongs to what a form is for."""
    works, renders = OrganizationSphere.__table__, OrganizationService.__table__
    service, category = Service.__table__, Category.__table__
    of_service = select(category.c.sphere_id).join_from(service, category, service.c.category_id == category.c.id)
    spheres = (
        select(works.c.sphere_id).where(works.c.organization_id == q.c.organization_id).correlate(q),
        select(category.c.sphere_id).where(category.c.id == q.c.category_id).correlate(q),
        of_service.where(service.c.id == q.c.service_id).correlate(q),
    )
    rendered = select(renders.c.service_id).where(renders.c.organization_id == q.c.organization_id).correlate(q)
    return or_(
        c.c.sphere_id == q.c.sphere_id,
        *(c.c.sphere_id.in_(found) for found in spheres),
        c.c.service_id == q.c.service_id,
        c.c.service_id.in_(rendered),
    ).is_(True)


async def _publish(connection: AsyncConnection, form: Any) -> int | None:
    """Publish a form in the place of the current version of its code, if any: that one's number."""
    moment = await _now(connection)
    current = and_(Questionnaire.code == form.code, Questionnaire.published_at.is_not(None))
    retiring = _retiring(moment).where(current, Questionnaire.retired_at.is_(None))
    replaced = (await connection.execute(retiring.returning(Questionnaire.version))).scalar_one_or_none()
    await connection.execute(update(Questionnaire).where(Questionnaire.id == form.id).values(published_at=moment))
    return replaced


async def _must_leave_another(connection: AsyncConnection, form: Any) -> None:
    """Refuse to retire the last form that is for everyone: nobody else could be rated any more."""
    q = Questionnaire
    general = (q.sphere_id.is_(None), q.category_id.is_(None), q.service_id.is_(None), q.organization_id.is_(None))
    shown = (q.owner_id.is_(None), q.opens_on.is_(None), q.published_at <= func.now(), q.retired_at.is_(None))
    found = set((await connection.execute(select(q.id).where(*general, *shown))).scalars())
    if found == {form.id}:
        message = "It is the only one for everyone: publish another version in its place."
        raise Conflict("QUESTIONNAIRE_NEEDED", message, "input", "questionnaire")


def _retiring(moment: datetime) -> Any:
    # One that an import has published from a later moment on is never shown.
    return update(Questionnaire).values(retired_at=func.greatest(moment, Questionnaire.published_at))


async def _now(connection: AsyncConnection) -> datetime:
    """The moment: no later than the beginning of whatever transaction comes after this one."""
    moment: datetime = (
        await connection.execute(select(func.clock_timestamp(type_=DateTime(timezone=True))))
    ).scalar_one()
    return moment
