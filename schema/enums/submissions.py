"""Enumerations of submissions: how they come, and what becomes of them."""

from models.rulings import RejectionGround
from models.submissions import Channel, EmployeeMentionKind, SubmissionStatus
from resolvers.submissions.eligibility import Ineligibility
from resolvers.submissions.lives import SubmissionEventKind
from schema.fields import described

__all__ = [
    "Channel",
    "EmployeeMentionKind",
    "Ineligibility",
    "RejectionGround",
    "SubmissionEventKind",
    "SubmissionStatus",
]

described(
    Channel,
    "How the service was rendered.",
    IN_PERSON="At the organization.",
    ONLINE="On the internet.",
    PHONE="By telephone.",
    POST="By post.",
)
described(
    Ineligibility,
    "Why a viewer may not submit.",
    SIGN_IN_REQUIRED="Nobody is signed in.",
    ORGANIZATION_CLOSED="The organization is closed.",
    CONFLICT_OF_INTEREST="The viewer holds, or held lately, a role there, above or below it.",
    TOO_SOON="The viewer's last submission for it, counted or rejected, is too recent; `nextAt` tells when.",
    SURVEY_NOT_OPEN="The survey is not open today, or not about this organization; `nextAt` tells when it opens.",
    ALREADY_ANSWERED="The viewer has answered the survey about this organization.",
)
described(
    SubmissionStatus,
    "Whether a submission counts in ratings.",
    COUNTED="It counts.",
    WITHDRAWN="Its rater took it back.",
    REJECTED="A moderator rejected it on a listed ground of fraud.",
)
described(
    SubmissionEventKind,
    "What happened to a submission.",
    COUNTED="It was submitted, and counted from then on.",
    WITHDRAWN="Its rater took it back, for good.",
    REJECTED="A moderator rejected it; it did not count from then on.",
    RESTORED="A moderator took the rejection back; it counted again.",
)
described(
    RejectionGround,
    "The grounds of fraud on which a submission is rejected. What was said, however harsh, is none of them.",
    DUPLICATE_RATER="One person rates the organization as several.",
    AUTOMATED="A program filled it in, not a person.",
    INTERESTED_PARTY="The rater belongs to the organization or to one that competes with it, or was paid for it.",
    COORDINATED="It is part of a campaign that raises or lowers a rating.",
    NOT_A_VISIT="The rater never asked the organization for a service.",
)
described(
    EmployeeMentionKind,
    "Why an employee is named.",
    PRAISE="To be praised.",
    COMPLAINT="To be complained about.",
)
