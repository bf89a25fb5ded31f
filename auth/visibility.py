"""Who sees which rows: the one place that says so, as SQL conditions.

`arguments` are those of any field: they carry whether the viewer is signed in (shape) and who it
is (shared). What is not visible is not found.
"""

from typing import Any

from sqlalchemy import BigInteger, and_, false, or_, select
from sqlalchemy.sql.elements import ColumnElement

from auth import granters, owners, permissions, registrars
from auth.permissions import Permission
from models.hierarchies import Hierarchy
from models.reviews import Review
from models.submissions import Submission, SubmissionStatus

Conditions = tuple[ColumnElement[bool], ...]

# The name by which a request shares the id of the submission that it has made itself, if it has.
MADE_HERE = "made_here"


def everyone(row: Any, arguments: Any) -> Conditions:
    """Public: what the law registers, everybody may see."""
    return ()


def questionnaires(row: Any, arguments: Any) -> Conditions:
    """Drafts are their owners' business; once published a form is everybody's to read, and stays so when retired."""
    published = row.c.published_at.is_not(None)
    if not arguments.shape.signed_in:
        return (published,)
    return (or_(published, owners.owns(_account(arguments), row)),)


def survey_results(q: Any, organization_id: Any, hierarchy: Hierarchy | None, arguments: Any) -> ColumnElement[bool]:
    """Whether all of a survey's results are seen: by its owner's people, and by officials of the organization asked about.

    With a hierarchy, those of everything below it, too: then the role is to come down in that one.
    """
    if not arguments.shape.signed_in:
        return false()
    account = _account(arguments)
    seen = owners.owns(account, q)
    if organization_id is None:
        return seen
    if hierarchy is None:
        return or_(seen, permissions.held(account, Permission.READ_SURVEYS, organization_id))
    return or_(seen, permissions.held_in(account, Permission.READ_SURVEYS, organization_id, hierarchy, above=False))


def owned_questionnaires(row: Any, arguments: Any) -> Conditions:
    """What the viewer may change."""
    return (owners.owns(_account(arguments), row),) if arguments.shape.signed_in else (false(),)


def submissions(row: Any, arguments: Any) -> Conditions:
    """By its rater, and by who moderates its organization: protected is who, not the mark.

    What somebody without an account has submitted is seen in the answer to that, and never again.
    """
    if arguments.shape.makes_unseen:
        return (row.c.id == arguments.shared(MADE_HERE, BigInteger()),)
    return (or_(is_own_submission(row, arguments), is_moderated(row, arguments)),)


def is_own_submission(row: Any, arguments: Any) -> ColumnElement[bool]:
    """Whether the viewer is the rater."""
    if not arguments.shape.signed_in:
        return false()
    own: ColumnElement[bool] = row.c.rater_id == arguments.shared("rater_id", BigInteger())
    return own


def is_moderated(row: Any, arguments: Any) -> ColumnElement[bool]:
    """Whether the viewer moderates the organization of a row, or one above it."""
    (moderated,) = _held(arguments, Permission.MODERATE, row.c.organization_id)
    return moderated


def reviews(row: Any, arguments: Any) -> Conditions:
    """By everybody, once published; by its author; and by the officials who read what is said of their organizations."""
    return (or_(row.c.published, is_read_closely(row, arguments)),)


def is_read_closely(row: Any, arguments: Any) -> ColumnElement[bool]:
    """Whether the viewer is the author of a review, or an official of its organization: these see more than its text."""
    return or_(is_own_review(row, arguments), is_officials_review(row, arguments))


def is_own_review(row: Any, arguments: Any) -> ColumnElement[bool]:
    """Whether the viewer is the author; who has no account is so in the answer to the submission only."""
    if arguments.shape.makes_unseen:
        made: ColumnElement[bool] = row.c.submission_id == arguments.shared(MADE_HERE, BigInteger())
        return made
    if not arguments.shape.signed_in:
        return false()
    s = Submission.__table__.alias()
    own = select(s.c.id).where(s.c.id == row.c.submission_id, is_own_submission(s, arguments))
    return own.correlate(row).exists()


def is_officials_review(row: Any, arguments: Any) -> ColumnElement[bool]:
    """Whether the viewer is an official of its organization, or of one above it; what was taken back is theirs no more."""
    (read,) = _held(arguments, Permission.READ_REVIEWS, row.c.organization_id)
    return and_(row.c.status != SubmissionStatus.WITHDRAWN, read)


def review_readers(arguments: Any) -> Conditions:
    """Whoever is an official that reads reviews, of whatever: to everybody else a list of theirs costs nothing."""
    return _held_anywhere(arguments, Permission.READ_REVIEWS)


def mentions(row: Any, arguments: Any) -> Conditions:
    """By the head and the moderator of the organization, and of those above it: names of employees are kept apart."""
    return _held(arguments, Permission.READ_EMPLOYEES, row.c.organization_id)


def mention_readers(arguments: Any) -> Conditions:
    """Whoever is a head or a moderator, of whatever: to everybody else a list of names costs nothing."""
    return _held_anywhere(arguments, Permission.READ_EMPLOYEES)


def applications(row: Any, arguments: Any) -> Conditions:
    """By who applied, and by the registrars who may decide: nobody else knows that somebody applied."""
    if not arguments.shape.signed_in:
        return (false(),)
    own = row.c.account_id == _account(arguments)
    return (or_(own, registrars.decides(_account(arguments), row)),)


def sessions(row: Any, arguments: Any) -> Conditions:
    """By whose account it is: nobody else knows where somebody is signed in."""
    if not arguments.shape.signed_in:
        return (false(),)
    return (row.c.account_id == _account(arguments),)


def identities(row: Any, arguments: Any) -> Conditions:
    """By whose account they open: nobody else knows by whom somebody is vouched for."""
    return sessions(row, arguments)


def moderators(arguments: Any) -> Conditions:
    """Whoever is a moderator, of whatever: to everybody else a list of theirs costs nothing."""
    return _held_anywhere(arguments, Permission.MODERATE)


def complaints(row: Any, arguments: Any) -> Conditions:
    """By whoever made them, and by the moderators who decide them."""
    if not arguments.shape.signed_in:
        return (false(),)
    own = row.c.rater_id == arguments.shared("rater_id", BigInteger())
    return (or_(own, is_moderated_complaint(row, arguments)),)


def is_moderated_complaint(row: Any, arguments: Any) -> ColumnElement[bool]:
    """Whether the viewer moderates the organization whose review or reply it is about."""
    r = Review.__table__.alias()
    (moderated,) = _held(arguments, Permission.MODERATE, r.c.organization_id)
    decided = select(r.c.submission_id).where(r.c.submission_id == row.c.submission_id, moderated)
    return decided.correlate(row).exists()


def audit_events(row: Any, arguments: Any) -> Conditions:
    """By operators, and by the supervisors of the organization concerned or of one above it."""
    return _held(arguments, Permission.READ_AUDIT, row.c.organization_id)


def auditors(arguments: Any) -> Conditions:
    """Whoever may read some of the trail: to everybody else a list of it costs nothing."""
    return _held_anywhere(arguments, Permission.READ_AUDIT)


def grants(row: Any, arguments: Any) -> Conditions:
    """By who holds or held the role, by who may grant it there, and by who reads the trail there, which tells it."""
    return (granters.sees(_account(arguments), row),) if arguments.shape.signed_in else (false(),)


def own_grants(row: Any, arguments: Any) -> Conditions:
    """Those of the viewer, whatever they are."""
    return (row.c.account_id == _account(arguments),) if arguments.shape.signed_in else (false(),)


def granted_to_others(row: Any, arguments: Any) -> Conditions:
    """Those of others, for whoever may grant some role: to everybody else a list of them costs nothing.

    Whoever reads the trail may grant some role, too.
    """
    if not arguments.shape.signed_in:
        return (false(),)
    account = _account(arguments)
    return (granters.grants_anywhere(account), row.c.account_id != account)


def clients(row: Any, arguments: Any) -> Conditions:
    """Other systems are the operator's business."""
    return _held_anywhere(arguments, Permission.MANAGE_CLIENTS)


def findings(organization_id: ColumnElement[Any], arguments: Any) -> Conditions:
    """Integrity findings are the operator's, and the supervising bodies' of what they stand above."""
    return _held(arguments, Permission.READ_FINDINGS, organization_id)


def account_findings(arguments: Any) -> Conditions:
    """Findings about accounts are the operator's alone, who looks after the accounts."""
    return _held_anywhere(arguments, Permission.READ_ACCOUNT_FINDINGS)


def placements(organization_id: ColumnElement[Any], arguments: Any) -> Conditions:
    """What came by which code is the business of who puts them up: the head, there or above."""
    return _held(arguments, Permission.READ_PLACEMENTS, organization_id)


def _held(arguments: Any, permission: Permission, organization_id: ColumnElement[Any]) -> Conditions:
    if not arguments.shape.signed_in:
        return (false(),)
    return (permissions.held(_account(arguments), permission, organization_id),)


def _held_anywhere(arguments: Any, permission: Permission) -> Conditions:
    if not arguments.shape.signed_in:
        return (false(),)
    return (permissions.held_anywhere(_account(arguments), permission),)


def _account(arguments: Any) -> Any:
    return arguments.shared("account_id", BigInteger())
