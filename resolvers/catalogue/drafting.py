"""draftQuestionnaire, changeQuestionnaire and discardQuestionnaire: a form before anybody is shown it.

One change of questionnaires at a time: so versions have their numbers without a gap, and of a code
there is one draft at most.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, delete, func, insert, literal, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import owners, permissions
from auth.permissions import Permission
from auth.viewers import Viewer
from models import audit, locks
from models.audit import AuditAction, AuditSubject, Detail, Subject
from models.database import Database
from models.hierarchies import Hierarchy, Position
from models.questionnaires import Question, Questionnaire, QuestionnaireCriterion, QuestionOption
from resolvers.catalogue import contents
from resolvers.catalogue.contents import Content
from resolvers.keys import key_of
from resolvers.problems import Conflict, Unknown
from resolvers.sets import references
from resolvers.sets.references import OrganizationReference

LOCK = text("SELECT pg_advisory_xact_lock(:key)").bindparams(key=locks.QUESTIONNAIRES)


@dataclass(frozen=True)
class Owner:
    """The organization that is to own a form, and in which of its trees."""

    organization: OrganizationReference
    hierarchy: Hierarchy


@dataclass(frozen=True)
class Written:
    """The key of a form."""

    questionnaire: int


@dataclass(frozen=True)
class Discarded:
    """The draft that there was."""

    code: str
    version: int


async def draft(database: Database, viewer: Viewer, code: str, owner: Owner | None, content: Content) -> Written:
    """Make the next version of a form, or the first of a new one, for its owner alone to see."""
    content.check()
    async with database.transaction() as connection:
        await begin(connection, viewer)
        of_owner = await _owner_columns(connection, viewer, owner)
        await contents.check_codes(connection, [(code, ("code",))])
        row = {"code": code, **of_owner, **content.columns()}
        row["version"] = await _next_version(connection, row)
        made = insert(Questionnaire).values(row).returning(Questionnaire.id)
        key = (await connection.execute(made)).scalar_one()
        await _fill(connection, key, content)
        await record(connection, viewer, AuditAction.QUESTIONNAIRE_DRAFTED, key)
    return Written(key)


async def change(database: Database, viewer: Viewer, questionnaire: str, content: Content) -> Written:
    """Write a draft anew: all that it said is replaced."""
    content.check()
    async with database.transaction() as connection:
        await begin(connection, viewer)
        form = await owned(connection, viewer, questionnaire)
        must_be_draft(form)
        if (form.opens_on is None) != (content.window is None):
            message = "A survey stays a survey, and a questionnaire one: draft another."
            raise Conflict("OTHER_KIND", message, "input", "content", "survey")
        await connection.execute(update(Questionnaire).where(Questionnaire.id == form.id).values(content.columns()))
        await _empty(connection, form.id)
        await _fill(connection, form.id, content)
        await record(connection, viewer, AuditAction.QUESTIONNAIRE_CHANGED, form.id)
    return Written(form.id)


async def discard(database: Database, viewer: Viewer, questionnaire: str) -> Discarded:
    """Throw a draft away."""
    async with database.transaction() as connection:
        await begin(connection, viewer)
        form = await owned(connection, viewer, questionnaire)
        must_be_draft(form)
        await record(connection, viewer, AuditAction.QUESTIONNAIRE_DISCARDED, form.id)
        await _empty(connection, form.id)
        await connection.execute(delete(Questionnaire).where(Questionnaire.id == form.id))
    return Discarded(form.code, form.version)


async def begin(connection: AsyncConnection, viewer: Viewer) -> None:
    """Be the only one who changes questionnaires until the transaction ends; to others than officials Forbidden."""
    await permissions.demand(connection, viewer, Permission.WRITE_QUESTIONNAIRES)
    await connection.execute(LOCK)


async def owned(connection: AsyncConnection, viewer: Viewer, questionnaire: str) -> Any:
    """The row of a form that the viewer may change; what is not visible is not there."""
    key = key_of(questionnaire, "Questionnaire", "questionnaire")
    q = Questionnaire.__table__.alias()
    mine = owners.owns(literal(viewer.account_id, BigInteger()), q)
    row = (await connection.execute(select(q, mine.label("mine")).where(q.c.id == key))).one_or_none()
    if row is None or not (row.mine or row.published_at):
        raise Unknown("QUESTIONNAIRE_UNKNOWN", "There is no such questionnaire.", "input", "questionnaire")
    if not row.mine:
        await owners.demand(connection, viewer, row.owner_id and (row.owner_id, row.hierarchy))
    return row


def must_be_draft(form: Any) -> None:
    """Refuse a form that was published: it stays as it is."""
    if form.published_at is not None:
        message = "It is published, and stays as it is: draft another version."
        raise Conflict("QUESTIONNAIRE_PUBLISHED", message, "input", "questionnaire")


async def must_be_within_bounds(connection: AsyncConnection, key: int) -> None:
    """Refuse a form for an organization that its owner does not stand above."""
    q = Questionnaire.__table__
    within = select(owners.applies_below(q, q.c.organization_id)).where(q.c.id == key, q.c.organization_id.is_not(None))
    if (await connection.execute(within)).scalar_one_or_none() is False:
        message = "An owner asks about what stands below it in its tree, not about itself or others."
        raise Conflict("BEYOND_BOUNDS", message, "input", "content", "appliesTo", "organization")


async def record(connection: AsyncConnection, viewer: Viewer, action: AuditAction, key: int, **more: Detail) -> None:
    """Put on the trail what was done to a form, which concerns its owner, or else the organization it is for."""
    q = Questionnaire.__table__
    query = select(q.c.code, q.c.version, func.coalesce(q.c.owner_id, q.c.organization_id)).where(q.c.id == key)
    code, version, organization_id = (await connection.execute(query)).one()
    subject = Subject(AuditSubject.QUESTIONNAIRE, key, organization_id)
    await audit.append(connection, viewer.actor, action, subject, {"code": code, "version": version, **more})


async def _owner_columns(connection: AsyncConnection, viewer: Viewer, owner: Owner | None) -> dict[str, Any]:
    """The columns that say whose a form is; raises Forbidden unless the viewer may write for that owner."""
    if owner is None:
        await owners.demand(connection, viewer, None)
        return {"owner_id": None, "hierarchy": None}
    organization = await references.named(connection, owner.organization, "owner", "organization")
    organization.must_not_be_merged("owner", "organization")
    await owners.demand(connection, viewer, (organization.id, owner.hierarchy))
    stands = select(Position.organization_id).where(
        Position.organization_id == organization.id, Position.hierarchy == owner.hierarchy
    )
    if (await connection.execute(stands)).one_or_none() is None:
        message = f"{organization.code} stands outside of that tree."
        raise Conflict("NOT_IN_TREE", message, "input", "owner", "hierarchy")
    return {"owner_id": organization.id, "hierarchy": owner.hierarchy}


async def _next_version(connection: AsyncConnection, row: dict[str, Any]) -> int:
    """The number of a code's next version; refuses a code of another owner or kind, or with a draft."""
    q = Questionnaire
    query = select(q.version, q.owner_id, q.hierarchy, q.opens_on, q.published_at).where(q.code == row["code"])
    versions = (await connection.execute(query)).all()
    for each in versions:
        same_owner = (each.owner_id, each.hierarchy) == (row["owner_id"], row["hierarchy"])
        if not same_owner or (each.opens_on is None) != (row["opens_on"] is None):
            raise Conflict("CODE_TAKEN", "Another owner's questionnaire, or a survey, has this code.", "input", "code")
        if each.published_at is None:
            raise Conflict("DRAFT_EXISTS", "There is a draft of the next version: change that.", "input", "code")
    return max((each.version for each in versions), default=0) + 1


async def _fill(connection: AsyncConnection, key: int, content: Content) -> None:
    """Write whom a draft is for, its criteria, its questions and their options."""
    await contents.check_codes(connection, [(code, ("content", *path)) for code, path in content.codes()])
    target = await contents.target_columns(connection, content.target)
    await connection.execute(update(Questionnaire).where(Questionnaire.id == key).values(target))
    await must_be_within_bounds(connection, key)
    criteria = await contents.criterion_ids(connection, content.criteria)
    places = [
        {"questionnaire_id": key, "criterion_id": each, "position": place} for place, each in enumerate(criteria, 1)
    ]
    if places:
        await connection.execute(insert(QuestionnaireCriterion), places)
    for place, each in enumerate(content.questions, 1):
        columns = {"code": each.code, "type": each.type, "required": each.required, "position": place}
        row = {"questionnaire_id": key, **columns, **contents.text_columns("text", each.texts)}
        asked = insert(Question).values(row).returning(Question.id)
        question = (await connection.execute(asked)).scalar_one()
        options = [
            {"question_id": question, "code": o.code, "position": n, **contents.text_columns("text", o.texts)}
            for n, o in enumerate(each.options, 1)
        ]
        if options:
            await connection.execute(insert(QuestionOption), options)


async def _empty(connection: AsyncConnection, key: int) -> None:
    """Take all parts out of a draft."""
    questions = select(Question.id).where(Question.questionnaire_id == key)
    await connection.execute(delete(QuestionOption).where(QuestionOption.question_id.in_(questions)))
    for part in (Question, QuestionnaireCriterion):
        await connection.execute(delete(part).where(part.questionnaire_id == key))
