"""My data: everything that is kept about an account, as one JSON object, for its owner alone."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, FromClause, Select, Text, cast, func, literal, null, or_, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from engine.arguments import Arguments
from models.applications import Application
from models.appointments import AppointmentCode
from models.audit import AuditEvent
from models.complaints import Complaint
from models.credentials import Credential, OneTimeCode
from models.criteria import Criterion
from models.grants import Grant
from models.identities import LinkedIdentity
from models.loops import Settlement
from models.mail import Mail
from models.organizations import Organization
from models.questionnaires import Question, Questionnaire, QuestionnaireCriterion
from models.raters import Account, Rater
from models.reviews import PrivacyWish, Review
from models.rulings import Ruling
from models.services import Service
from models.sessions import Session
from models.submissions import Answer, EmployeeMention, Submission
from models.surveys import SurveyAnswer, SurveyResponse
from models.unfinished import UnfinishedSubmission

# What a section tells of each of its rows, by name.
Told = Mapping[str, ColumnElement[Any]]


def everything(viewer: FromClause, a: Arguments) -> ColumnElement[Any]:
    """One object with a section for each table that has something of the account."""
    if not a.shape.signed_in:
        return cast(null(), JSONB())
    account, rater = (a.shared(name, BigInteger()).sql for name in ("account_id", "rater_id"))
    return _object(
        {
            "account": _account(account),
            "sessions": _sessions(account),
            "identities": _identities(account),
            "codes": _codes(account),
            "letters": _letters(account),
            "roles": _roles(account),
            "appointmentCodes": _appointment_codes(account),
            "applications": _applications(account),
            "submissions": _submissions(rater),
            "surveys": _surveys(rater),
            "drafts": _drafts(account),
            "complaints": _complaints(rater),
            "audit": _audit(account),
        }
    )


def _account(account: Any) -> ColumnElement[Any]:
    own, rater, credential = (each.__table__.alias() for each in (Account, Rater, Credential))
    told = {
        "code": own.c.code,
        "email": own.c.email,
        "emailConfirmedAt": own.c.email_confirmed_at,
        "language": own.c.language,
        "registeredAt": own.c.registered_at,
        "kind": rater.c.kind,
        "pseudonym": rater.c.pseudonym,
        "passwordChangedAt": credential.c.changed_at,
    }
    query = select(_object(told)).join_from(own, rater, rater.c.id == own.c.rater_id)
    query = query.outerjoin(credential, credential.c.account_id == own.c.id).where(own.c.id == account)
    return query.scalar_subquery()


def _sessions(account: Any) -> ColumnElement[Any]:
    row = Session.__table__.alias()
    told = {
        "kind": row.c.kind,
        "agent": row.c.agent,
        "openedAt": row.c.opened_at,
        "lastSeenAt": row.c.last_seen_at,
        "expiresAt": row.c.expires_at,
        "endedAt": row.c.ended_at,
    }
    return _list(told, row.c.id, select().where(row.c.account_id == account))


def _identities(account: Any) -> ColumnElement[Any]:
    row = LinkedIdentity.__table__.alias()
    told = {"provider": row.c.provider, "subject": row.c.subject, "linkedAt": row.c.linked_at}
    return _list(told, row.c.id, select().where(row.c.account_id == account))


def _codes(account: Any) -> ColumnElement[Any]:
    row = OneTimeCode.__table__.alias()
    told = {"purpose": row.c.purpose, "expiresAt": row.c.expires_at}
    mine = or_(row.c.account_id == account, func.lower(row.c.email) == func.lower(_email(account)))
    return _list(told, row.c.id, select().where(mine))


def _letters(account: Any) -> ColumnElement[Any]:
    row = Mail.__table__.alias()
    told = {"kind": row.c.kind, "subject": row.c.subject, "writtenAt": row.c.written_at}
    return _list(told, row.c.id, select().where(func.lower(row.c.recipient) == func.lower(_email(account))))


def _roles(account: Any) -> ColumnElement[Any]:
    row, organization = Grant.__table__.alias(), Organization.__table__.alias()
    told = {
        "role": row.c.role,
        "organization": organization.c.code,
        "hierarchy": row.c.hierarchy,
        "validFrom": row.c.valid_from,
        "validTo": row.c.valid_to,
        "revokedAt": row.c.revoked_at,
    }
    query = select().join_from(row, organization, organization.c.id == row.c.organization_id)
    return _list(told, row.c.id, query.where(row.c.account_id == account))


def _appointment_codes(account: Any) -> ColumnElement[Any]:
    row = AppointmentCode.__table__.alias()
    used: dict[str, ColumnElement[Any]] = {"expiresAt": row.c.expires_at, "used": row.c.grant_id.is_not(None)}
    return _list(used, row.c.account_id, select().where(row.c.account_id == account))


def _applications(account: Any) -> ColumnElement[Any]:
    row, organization = Application.__table__.alias(), Organization.__table__.alias()
    names = ("name_be", "name_ru", "name_en", "address_be", "address_ru", "address_en")
    told = {_camel(name): row.c[name] for name in names}
    told |= {
        "appliedAt": row.c.applied_at,
        "comment": row.c.comment,
        "status": row.c.status,
        "decidedAt": row.c.decided_at,
        "reason": row.c.reason,
        "organization": organization.c.code,
    }
    query = select().join_from(row, organization, organization.c.id == row.c.organization_id, isouter=True)
    return _list(told, row.c.id, query.where(row.c.account_id == account))


def _submissions(rater: Any) -> ColumnElement[Any]:
    row, organization, given_to = (
        Submission.__table__.alias(),
        Organization.__table__.alias(),
        Organization.__table__.alias(),
    )
    form, service, review, settlement, mention = (
        each.__table__.alias() for each in (Questionnaire, Service, Review, Settlement, EmployeeMention)
    )
    told = {
        "code": row.c.code,
        "organization": organization.c.code,
        "givenTo": given_to.c.code,
        "questionnaire": form.c.code,
        "version": form.c.version,
        "service": service.c.code,
        "channel": row.c.channel,
        "visitedOn": row.c.visited_on,
        "submittedAt": row.c.submitted_at,
        "status": row.c.status,
        "statusAt": row.c.status_at,
        "verified": row.c.verified,
        "placement": row.c.placement,
        "scores": _scores(row),
        "answers": _answers(row),
        "review": review.c.text,
        "reviewState": review.c.state,
        "publishedAs": review.c.masked,
        "settled": settlement.c.settled,
        "privacyWishes": _privacy_wishes(row),
        "employee": mention.c.name,
        "employeeMention": mention.c.kind,
        "rulings": _rulings(row),
    }
    query = (
        select()
        .join_from(row, organization, organization.c.id == row.c.organization_id)
        .outerjoin(given_to, given_to.c.id == row.c.given_to_id)
        .join(form, form.c.id == row.c.questionnaire_id)
        .outerjoin(service, service.c.id == row.c.service_id)
        .outerjoin(review, review.c.submission_id == row.c.id)
        .outerjoin(settlement, settlement.c.submission_id == row.c.id)
        .outerjoin(mention, mention.c.submission_id == row.c.id)
    )
    return _list(told, row.c.id, query.where(row.c.rater_id == rater))


def _privacy_wishes(submission: Any) -> ColumnElement[Any]:
    row = PrivacyWish.__table__.alias()
    told = {"private": row.c.private, "wishedOn": row.c.wished_on}
    query = select().select_from(row).where(row.c.submission_id == submission.c.id)
    return _list(told, row.c.id, query, submission)


def _scores(submission: Any) -> ColumnElement[Any]:
    place, criterion = QuestionnaireCriterion.__table__.alias(), Criterion.__table__.alias()
    told = {"criterion": criterion.c.code, "score": submission.c.scores[place.c.position]}
    query = select().join_from(place, criterion, criterion.c.id == place.c.criterion_id)
    given = submission.c.scores[place.c.position].is_not(None)
    return _list(
        told,
        place.c.position,
        query.where(place.c.questionnaire_id == submission.c.questionnaire_id, given),
        submission,
    )


def _answers(submission: Any) -> ColumnElement[Any]:
    row, question = Answer.__table__.alias(), Question.__table__.alias()
    told = {"question": question.c.code, "values": row.c["values"]}
    query = select().join_from(row, question, question.c.id == row.c.question_id)
    return _list(told, question.c.position, query.where(row.c.submission_id == submission.c.id), submission)


def _drafts(account: Any) -> ColumnElement[Any]:
    row, organization, form = (each.__table__.alias() for each in (UnfinishedSubmission, Organization, Questionnaire))
    told = {
        _camel(name): row.c[name] for name in ("visited_on", "scores", "answers", "comment", "saved_at", "expires_at")
    }
    told |= {_camel(name): row.c[name] for name in ("publish_comment", "placement", "employee_mention")}
    told |= {"organization": organization.c.code, "questionnaire": form.c.code, "version": form.c.version}
    told |= {"service": row.c.service, "channel": row.c.channel}
    query = (
        select()
        .join_from(row, organization, organization.c.id == row.c.organization_id)
        .join(form, form.c.id == row.c.questionnaire_id)
    )
    return _list(told, row.c.id, query.where(row.c.account_id == account))


def _surveys(rater: Any) -> ColumnElement[Any]:
    row, organization, form = (each.__table__.alias() for each in (SurveyResponse, Organization, Questionnaire))
    given, question = SurveyAnswer.__table__.alias(), Question.__table__.alias()
    answers = select().join_from(given, question, question.c.id == given.c.question_id)
    answers = answers.where(given.c.response_id == row.c.id)
    told = {
        "organization": organization.c.code,
        "survey": form.c.code,
        "version": form.c.version,
        "answeredOn": row.c.answered_on,
        "answers": _list({"question": question.c.code, "values": given.c["values"]}, question.c.position, answers, row),
    }
    query = (
        select()
        .join_from(row, organization, organization.c.id == row.c.organization_id)
        .join(form, form.c.id == row.c.questionnaire_id)
    )
    return _list(told, row.c.id, query.where(row.c.rater_id == rater))


def _rulings(submission: Any) -> ColumnElement[Any]:
    """Of a ruling its rater is told what everybody else who sees the submission is told: no note, no moderator."""
    row, event = Ruling.__table__.alias(), AuditEvent.__table__.alias()
    told = {"action": event.c.action, "ground": row.c.ground, "at": event.c.at}
    query = select().join_from(row, event, event.c.id == row.c.event_id)
    return _list(told, event.c.id, query.where(row.c.submission_id == submission.c.id), submission)


def _complaints(rater: Any) -> ColumnElement[Any]:
    row, submission = Complaint.__table__.alias(), Submission.__table__.alias()
    told = {
        "submission": submission.c.code,
        "about": row.c.about,
        "ground": row.c.ground,
        "text": row.c.text,
        "madeOn": row.c.made_on,
        "upheld": row.c.upheld,
        "reason": row.c.reason,
        "decidedOn": row.c.decided_on,
    }
    query = select().join_from(row, submission, submission.c.id == row.c.submission_id)
    return _list(told, row.c.id, query.where(row.c.rater_id == rater))


def _audit(account: Any) -> ColumnElement[Any]:
    row, organization = AuditEvent.__table__.alias(), Organization.__table__.alias()
    told = {
        "at": row.c.at,
        "action": row.c.action,
        "organization": organization.c.code,
        "subject": row.c.subject,
        "details": row.c.details,
        "requestId": row.c.request_id,
    }
    query = select().join_from(row, organization, organization.c.id == row.c.organization_id, isouter=True)
    return _list(told, row.c.id, query.where(row.c.account_id == account))


def _email(account: Any) -> ColumnElement[Any]:
    own = Account.__table__.alias()
    return select(own.c.email).where(own.c.id == account).scalar_subquery()


def _list(told: Told, order: ColumnElement[Any], rows: Select[Any], within: Any = None) -> ColumnElement[Any]:
    """The rows of a section as an array of objects; `within` is the row that they are a part of."""
    every = func.jsonb_agg(aggregate_order_by(_object(told), order))
    query = rows.with_only_columns(func.coalesce(every, cast(literal("[]"), JSONB())), maintain_column_froms=True)
    return (query if within is None else query.correlate(within)).scalar_subquery()


def _object(told: Told) -> ColumnElement[Any]:
    pairs = (part for name, value in told.items() for part in (cast(literal(name), Text()), value))
    return func.jsonb_build_object(*pairs, type_=JSONB())


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
