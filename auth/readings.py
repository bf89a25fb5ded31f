"""Readings: what officials are shown by a privilege, which the trail tells of. Decision 0032 says what counts as one.

The event is written before the reading, in a transaction of its own: without it, nothing is read. It concerns the
organization that was asked for, if a role reaches that; where none was named, those that the roles are held on.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import BigInteger, ColumnElement, Select, func, literal, select

from auth import permissions
from auth.memories import Memory
from auth.permissions import GRANTING, ROLES, Permission
from auth.viewers import Viewer
from models import audit
from models.audit import AuditAction, AuditSubject
from models.database import Database
from models.grants import Grant, Role
from models.organizations import Organization

# Of one account, one kind of reading and one organization there is an event an hour from each server process.
TOLD_SECONDS = 3600.0


@dataclass(frozen=True)
class Kind:
    """What is read, and by which roles."""

    subject: AuditSubject
    roles: frozenset[Role]


# By the field that lists it, or tells of it: a root's, but for the last two. Objects of these types found by id count
# as the same.
KINDS: Mapping[str, Kind] = {
    "submissions": Kind(AuditSubject.SUBMISSION, ROLES[Permission.MODERATE]),
    "reviews": Kind(AuditSubject.REVIEW, ROLES[Permission.READ_REVIEWS]),
    "reviewAdded": Kind(AuditSubject.REVIEW, ROLES[Permission.READ_REVIEWS]),
    "reviewCounts": Kind(AuditSubject.REVIEW, ROLES[Permission.READ_REVIEWS]),
    "employeeMentions": Kind(AuditSubject.SUBMISSION, ROLES[Permission.READ_EMPLOYEES]),
    "complaints": Kind(AuditSubject.COMPLAINT, ROLES[Permission.MODERATE]),
    "applications": Kind(AuditSubject.APPLICATION, ROLES[Permission.REGISTER]),
    "grants": Kind(AuditSubject.GRANT, frozenset(GRANTING)),
    "clients": Kind(AuditSubject.CLIENT, ROLES[Permission.MANAGE_CLIENTS]),
    "auditEvents": Kind(AuditSubject.AUDIT_EVENT, ROLES[Permission.READ_AUDIT]),
    "integrityFindings": Kind(AuditSubject.FINDING, ROLES[Permission.READ_FINDINGS]),
    "placements": Kind(AuditSubject.ORGANIZATION, ROLES[Permission.READ_PLACEMENTS]),
    "results": Kind(AuditSubject.QUESTIONNAIRE, ROLES[Permission.READ_SURVEYS]),
}
TYPES: Mapping[str, str] = {
    "Submission": "submissions",
    "Review": "reviews",
    "Complaint": "complaints",
    "Application": "applications",
    "Grant": "grants",
    "Client": "clients",
    "AuditEvent": "auditEvents",
}
# What is shown by a privilege within objects that everybody sees, or that another kind of reading leads to.
CLOSELY = (
    "channel",
    "original",
    "privacyWishes",
    "proposedMasks",
    "scores",
    "seenBy",
    "service",
    "settled",
    "settledOn",
    "status",
    "visitedOn",
)
FIELDS: Mapping[str, Mapping[str, str]] = {
    "AuditEvent": {"submission": "submissions"},
    "Complaint": {"review": "reviews"},
    "EmployeeMention": {"review": "reviews"},
    "Organization": {"placements": "placements"},
    "Questionnaire": {"results": "results"},
    "Reply": {"versions": "reviews"},
    "Review": {**dict.fromkeys(CLOSELY, "reviews"), "employee": "employeeMentions", "submission": "submissions"},
    "Submission": {"review": "reviews"},
}


@dataclass(frozen=True)
class Reading:
    """A reading of a kind (by its field), and the organization that was asked for, by its key or its code."""

    field: str
    organization: int | str | None = None


@dataclass
class Readings:
    """Writes readings down, and remembers those that it has written lately."""

    database: Database
    clock: Callable[[], float] = time.monotonic
    _told: Memory[tuple[int, Reading], bool] = field(init=False)

    def __post_init__(self) -> None:
        self._told = Memory(self.clock)

    async def tell(self, viewer: Viewer, reading: Reading) -> None:
        """Have the trail tell of a reading; of one that no role of the viewer's gives there is nothing to tell."""
        key, now = (viewer.account_id, reading), self.clock()
        if self._told.fresh(key, TOLD_SECONDS):
            return
        kind = KINDS[reading.field]
        async with self.database.transaction() as connection:
            concerned = _concerned(literal(viewer.account_id, BigInteger()), kind.roles, reading.organization)
            details = {"field": reading.field}
            told = await audit.append_each(
                connection, viewer.actor, AuditAction.DATA_READ, kind.subject, concerned, details
            )
        if told:
            self._told.put(key, True, now)  # noqa: FBT003 - that it was told is all there is to remember


def _concerned(account: ColumnElement[int], roles: frozenset[Role], organization: int | str | None) -> Select[int]:
    """The ids of the organizations that a reading concerns; none where no role gives it."""
    if organization is None:
        grant = Grant.__table__.alias()
        return select(grant.c.organization_id).where(*permissions.in_force(grant, account, roles)).distinct()
    named = Organization.__table__.alias()
    standing = func.coalesce(named.c.merged_into_id, named.c.id)
    is_named = named.c.id == organization if isinstance(organization, int) else named.c.code == organization
    return select(standing).where(is_named, permissions.held_by(account, roles, standing))
