"""Enumerations of officials: their roles, and what the audit trail tells."""

from models.audit import AuditAction, AuditSubject
from models.grants import Role
from resolvers.officials.grants import GrantState
from schema.fields import described

__all__ = ["AuditAction", "AuditSubject", "GrantState", "Role"]

described(
    Role,
    "What an official does for an organization and for everything below it.",
    STAFF="Works for it.",
    HEAD="Runs it, and names its staff.",
    SUPERVISOR="Oversees everything below it: findings, the audit trail, who is head or staff there.",
    MODERATOR="Sees to it that submissions are honest.",
    REGISTRAR="Keeps the register of what stands below it.",
    OPERATOR="Runs the portal; valid everywhere.",
)
described(
    GrantState,
    "Whether a role is held today, in the portal's time zone.",
    FUTURE="It is to begin.",
    CURRENT="It is held.",
    PAST="Its last day is over, or it was revoked.",
)
described(
    AuditAction,
    "What the audit trail records: each use of a privilege.",
    SUBMISSION_REJECTED="A moderator rejected a submission.",
    SUBMISSION_RESTORED="A moderator let a rejected submission count again.",
    REVIEW_PUBLISHED="A moderator published a review, perhaps masked.",
    REVIEW_HIDDEN="A moderator hid a review.",
    ORGANIZATION_APPLIED="Somebody applied to register an organization.",
    ORGANIZATION_ACCEPTED="A registrar accepted an application.",
    ORGANIZATION_DECLINED="A registrar declined an application.",
    ORGANIZATION_CREATED="A registrar registered an organization.",
    ORGANIZATION_RENAMED="A registrar changed what the register says of an organization: names, address, kind and so on.",
    ORGANIZATION_MOVED="A registrar moved an organization to another place of a hierarchy.",
    ORGANIZATION_MERGED="A registrar merged an organization into another.",
    ORGANIZATION_CLOSED="A registrar closed an organization.",
    ORGANIZATION_REOPENED="A registrar opened a closed organization again.",
    POLICY_SET="An operator set a policy.",
    POLICY_WITHDRAWN="An operator took a planned policy back.",
    ROLE_GRANTED="A role was granted.",
    ROLE_REVOKED="A role was revoked.",
    EDITION_PUBLISHED="An operator published an edition.",
    DATA_IMPORTED="A file was imported, and changed something. Details: its `kind` (such as `organizations`), its `digest`"
    " (the SHA-256 of its bytes), how many of its rows were `inserted`, `updated` and `rejected`; of submissions, how many"
    " of the inserted came as `withdrawn` or `ruledOut` by a moderator elsewhere, and thus count nowhere.",
    CLIENT_REGISTERED="An operator registered another system as a client.",
    CLIENT_CHANGED="An operator changed what a client is called, may do and proves itself by.",
    CLIENT_SECRET_ROTATED="An operator gave a client another secret.",  # noqa: S106 - a description
    CLIENT_REVOKED="An operator revoked a client: it may do nothing any more.",
    CLIENT_INVITED="Another system had a link made by which a visit is rated.",
    REVIEW_SEEN="A head marked a review as seen.",
    REVIEW_ANSWERED="A head or staff answered a review.",
    REPLY_EDITED="A head or staff put another text in the place of a reply. Details: the `version` from then on.",
    MEASURE_RECORDED="A head told what was done because of a review.",
    COMPLAINT_DECIDED="A moderator decided a complaint. Details: what it is `about`, and whether it was `upheld`.",
    QUESTIONNAIRE_DRAFTED="A questionnaire or a survey was drafted.",
    QUESTIONNAIRE_CHANGED="The draft of a questionnaire was written anew.",
    QUESTIONNAIRE_DISCARDED="The draft of a questionnaire was thrown away.",
    QUESTIONNAIRE_PUBLISHED="A questionnaire was published; details: which `version` it `replaces`, if any.",
    QUESTIONNAIRE_RETIRED="A questionnaire was retired without another version in its place.",
    DATA_READ="An official read what not everybody may see: the `subject` tells what, the detail `field` by which field"
    " it is listed or told; without an account, the detail `kind` what `portal export` wrote. The organization is the one that was asked for; where none was, the one on which the role"
    " is held. One event an hour tells of an official's readings of the same (from each server process).",
)
described(
    AuditSubject,
    "What an action was done to.",
    SUBMISSION="A submission.",
    ORGANIZATION="An organization.",
    APPLICATION="An application to register an organization.",
    POLICY="A policy.",
    GRANT="Somebody's role.",
    EDITION="An edition.",
    IMPORT="A file that was imported, or exported.",
    CLIENT="Another system.",
    QUESTIONNAIRE="A version of a questionnaire.",
    REVIEW="A review.",
    COMPLAINT="A complaint about a review or the reply to it.",
    AUDIT_EVENT="The audit trail itself.",
    FINDING="Findings of integrity.",
)
