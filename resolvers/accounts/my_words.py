"""What somebody has said, as sections of their data: submissions, survey responses, drafts, complaints."""

from typing import Any

from sqlalchemy import ColumnElement, select

from models.audit import AuditEvent
from models.complaints import Complaint
from models.criteria import Criterion
from models.loops import Settlement
from models.organizations import Organization
from models.questionnaires import Question, Questionnaire, QuestionnaireCriterion
from models.reviews import PrivacyWish, Review
from models.rulings import Ruling
from models.services import Service
from models.submissions import Answer, EmployeeMention, Submission
from models.surveys import SurveyAnswer, SurveyResponse
from models.unfinished import UnfinishedSubmission
from resolvers.accounts.sections import camel, listed

# Of a draft, what is told by the names of its columns.
OF_DRAFTS = (
    "visited_on",
    "service",
    "channel",
    "scores",
    "answers",
    "comment",
    "publish_comment",
    "employee_mention",
    "placement",
    "saved_at",
    "expires_at",
)


def submissions(rater: Any) -> ColumnElement[Any]:
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
    return listed(told, row.c.id, query.where(row.c.rater_id == rater))


def _privacy_wishes(submission: Any) -> ColumnElement[Any]:
    row = PrivacyWish.__table__.alias()
    told = {"private": row.c.private, "wishedOn": row.c.wished_on}
    query = select().select_from(row).where(row.c.submission_id == submission.c.id)
    return listed(told, row.c.id, query, submission)


def _scores(submission: Any) -> ColumnElement[Any]:
    place, criterion = QuestionnaireCriterion.__table__.alias(), Criterion.__table__.alias()
    told = {"criterion": criterion.c.code, "score": submission.c.scores[place.c.position]}
    query = select().join_from(place, criterion, criterion.c.id == place.c.criterion_id)
    given = submission.c.scores[place.c.position].is_not(None)
    return listed(
        told,
        place.c.position,
        query.where(place.c.questionnaire_id == submission.c.questionnaire_id, given),
        submission,
    )


def _answers(submission: Any) -> ColumnElement[Any]:
    row, question = Answer.__table__.alias(), Question.__table__.alias()
    told = {"question": question.c.code, "values": row.c["values"]}
    query = select().join_from(row, question, question.c.id == row.c.question_id)
    return listed(told, question.c.position, query.where(row.c.submission_id == submission.c.id), submission)


def _rulings(submission: Any) -> ColumnElement[Any]:
    """Of a ruling its rater is told what everybody else who sees the submission is told: no note, no moderator."""
    row, event = Ruling.__table__.alias(), AuditEvent.__table__.alias()
    told = {"action": event.c.action, "ground": row.c.ground, "at": event.c.at}
    query = select().join_from(row, event, event.c.id == row.c.event_id)
    return listed(told, event.c.id, query.where(row.c.submission_id == submission.c.id), submission)


def surveys(rater: Any) -> ColumnElement[Any]:
    row, organization, form = (each.__table__.alias() for each in (SurveyResponse, Organization, Questionnaire))
    given, question = SurveyAnswer.__table__.alias(), Question.__table__.alias()
    answers = select().join_from(given, question, question.c.id == given.c.question_id)
    answers = answers.where(given.c.response_id == row.c.id)
    told = {
        "organization": organization.c.code,
        "survey": form.c.code,
        "version": form.c.version,
        "answeredOn": row.c.answered_on,
        "answers": listed(
            {"question": question.c.code, "values": given.c["values"]}, question.c.position, answers, row
        ),
    }
    query = (
        select()
        .join_from(row, organization, organization.c.id == row.c.organization_id)
        .join(form, form.c.id == row.c.questionnaire_id)
    )
    return listed(told, row.c.id, query.where(row.c.rater_id == rater))


def drafts(account: Any) -> ColumnElement[Any]:
    row, organization, form = (each.__table__.alias() for each in (UnfinishedSubmission, Organization, Questionnaire))
    told = {camel(name): row.c[name] for name in OF_DRAFTS}
    told |= {"organization": organization.c.code, "questionnaire": form.c.code, "version": form.c.version}
    query = (
        select()
        .join_from(row, organization, organization.c.id == row.c.organization_id)
        .join(form, form.c.id == row.c.questionnaire_id)
    )
    return listed(told, row.c.id, query.where(row.c.account_id == account))


def complaints(rater: Any) -> ColumnElement[Any]:
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
    return listed(told, row.c.id, query.where(row.c.rater_id == rater))
