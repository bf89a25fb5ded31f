"""The audit trail, as it is read."""

import strawberry

from resolvers.officials import audits
from schema.connections import Connection, Node
from schema.enums.officials import AuditAction, AuditSubject
from schema.fields import Column, Object, Objects, field
from schema.organizations.organizations import Organization
from schema.scalars import DateTime
from schema.submissions.submissions import Submission


@strawberry.type(description="Something that was decided, such as a ground, or a value before and after.")
class AuditDetail:
    name: str = field(Column(audits.detail_name), "What it is.")
    value: str | None = field(Column(audits.detail_value), "Its value as text.")


@strawberry.type(
    description="A use of a privilege. Nothing in the trail ever changes. Seen by operators, and by supervisors where it"
    " concerns an organization that they supervise or one below it."
)
class AuditEvent(Node):
    at: DateTime = field(Column(audits.at), "When.")
    action: AuditAction = field(Column(audits.action), "What was done.")
    actor: str | None = field(
        Column(audits.actor),
        "The code of the account of the official who did it; null for the command line, for another system, for an account that was erased,"
        " and for whoever applied to register an organization.",
    )
    subject: AuditSubject = field(Column(audits.subject), "To what kind of thing it was done.")
    organization: Organization | None = field(Object(audits.organization), "The organization that it concerns, if any.")
    submission: Submission | None = field(
        Object(audits.submission), "The submission that it was about, where the viewer may see that."
    )
    grantee: str | None = field(
        Column(audits.grantee), "Where it was about a role: the code of the account that has or had it."
    )
    details: list[AuditDetail] = field(Objects(audits.details), "What was decided, by name.")
    request_id: str | None = field(
        Column(audits.request_id),
        "The id of the request, as in the header `X-Request-Id` of its answer and in the log.",
    )


AuditEventConnection = Connection[AuditEvent]
