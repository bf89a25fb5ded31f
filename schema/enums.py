"""Enumerations, with what each value means."""

from models.applications import ApplicationStatus
from models.audit import AuditAction, AuditSubject
from models.complaints import ComplaintAbout, ComplaintGround
from models.grants import Role
from models.hierarchies import Hierarchy
from models.organizations import Registration
from models.policies import RULES, PolicyName
from models.questionnaires import QuestionType
from models.raters import RaterKind
from models.review_policies import ReviewModeration
from models.reviews import HidingGround, PersonalData, ReviewState
from models.rulings import RejectionGround
from models.sessions import SessionKind
from models.submissions import Channel, EmployeeMentionKind, SubmissionStatus
from resolvers.catalogue.questionnaires import QuestionnaireState
from resolvers.languages import Language
from resolvers.officials.grants import GrantState
from resolvers.organizations.orders import OrganizationOrder
from resolvers.rankings.rankings import RankingOrder
from resolvers.rankings.ranks import NotRankedReason
from resolvers.rankings.standings import RankingMethod
from resolvers.ratings.breakdowns import Interval
from resolvers.ratings.cells.dimensions import Dimension
from resolvers.ratings.ratings import Scope
from resolvers.register.places import Apart
from resolvers.submissions.eligibility import Ineligibility
from resolvers.submissions.lives import SubmissionEventKind
from resolvers.voices.complaints import ComplaintState
from resolvers.voices.loops import ReviewStage
from schema.fields import described

described(
    Language,
    "Languages of names and texts. A missing translation falls back to another language.",
    BE="Belarusian.",
    RU="Russian.",
    EN="English.",
)
described(
    Registration,
    "How an organization came onto the portal.",
    STATUTORY="Registered by law.",
    VOLUNTARY="Registered on its own wish.",
)
described(
    Hierarchy,
    "Which tree of organizations is meant.",
    SUBORDINATION="Whom an organization belongs to.",
    SUPERVISION="Which body oversees its branch.",
)
described(
    SessionKind,
    "What holds a session.",
    BROWSER="A browser, in a cookie that no script can read.",
    APP="An app, by a short access token and a refresh token that is another after each use.",
)
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
    ApplicationStatus,
    "What became of an application.",
    PENDING="It waits for an answer.",
    ACCEPTED="It has become an organization.",
    DECLINED="It was declined for a reason.",
)
described(
    Apart,
    "Where an organization stands in a tree with nothing above it.",
    ROOT="At the top of the tree.",
    OUTSIDE="Not in the tree at all.",
)
described(
    Scope,
    "Whose submissions are counted.",
    OWN="The organization's own.",
    SUBTREE="Those of the organization and of everything below it in the hierarchy, pooled.",
)
described(
    RankingMethod,
    "By what organizations are ranked.",
    MEAN="The published rating: the mean of the marks, rounded half up to two decimals.",
    CREDIBLE="The mean shrunk toward the set's mean, the more the fewer submissions there are, so that one 5 does not"
    " lead a country: (C m + S) / (C + n), rounded half up once to two decimals. S and n are the sum and the number of"
    " an organization's marks, m is the mean of the marks of all organizations of the set (those with too few raters"
    " to be ranked included, withheld ones not), and C is the policy `CREDIBLE_PRIOR`, a number of submissions, 10 at"
    " first: with C submissions a mean counts half. This is the credibility estimate of H. Bühlmann (Experience Rating"
    " and Credibility, ASTIN Bulletin 4, 1967, 199-207), with n / (n + C) for its Z, known as IMDb's weighted rating"
    " as well. `Rank.explain` tells all numbers of a value.",
)
described(
    RankingOrder,
    "The orders in which a ranking can be read. Equal ones follow their position, then a key of their own.",
    POSITION="From the best position down; those that are not ranked last.",
    CHANGE_DESC="Who rose most since `comparedTo` first; those without a change (new or not ranked) last.",
    CHANGE_ASC="Who fell most since `comparedTo` first; those without a change (new or not ranked) last.",
)
described(
    NotRankedReason,
    "Why an organization has no position in a ranking.",
    NO_SUBMISSIONS="Nobody has rated it.",
    TOO_FEW_RATERS="Fewer raters than the minimum stand behind its rating.",
    CLOSED="It is closed.",
    NOT_AMONG="It does not belong to the set that is ranked.",
)
described(
    Interval,
    "The intervals of a history, in the portal's time zone.",
    DAY="Calendar days.",
    WEEK="ISO weeks, Monday to Sunday.",
    MONTH="Calendar months.",
    QUARTER="Calendar quarters.",
    YEAR="Calendar years.",
)
described(
    Dimension,
    "What a breakdown is by. Unless it says otherwise, each submission is in one cell of a dimension, so that the cells"
    " add up to the whole. What was not told is a cell of its own, with the code `-`, and comes last.",
    SUBORDINATE="The organizations directly below in the hierarchy, by name: with scope OWN their own submissions,"
    " with SUBTREE those of everything below them, too. The organization itself is among them, with nothing but its"
    " own. In a summary: each organization of the set, its own.",
    SPHERE="The spheres that the organization works in, in their order. One that works in several counts in each, so"
    " that these cells can add up to more than the whole.",
    CATEGORY="The category of the service that the rater named, in the order of the spheres; `-` for none.",
    SERVICE="The service that the rater named, by name; `-` for none.",
    AREA="The areas directly below the smallest area that all organizations counted stand in, by name: regions for a"
    " country, districts for a region. An organization of just that area is in a cell of that area.",
    KIND="The kind of the organization, in their order.",
    CHANNEL="How the service was rendered; `-` where it was not told.",
    RATER_KIND="For whom the rater speaks.",
    VERIFIED="Whether another system has vouched for the visit: `VERIFIED` or `UNVERIFIED`.",
    CRITERION="The criteria that were scored, in their order: the rating by that criterion alone, so that its scores"
    " are the marks. A submission is in the cells of all its criteria; they do not add up.",
    DAY="The days of submission, in the portal's time zone.",
    WEEK="The ISO weeks of submission, Monday to Sunday.",
    MONTH="The calendar months of submission.",
    QUARTER="The calendar quarters of submission.",
    YEAR="The calendar years of submission.",
)
described(
    Channel,
    "How the service was rendered.",
    IN_PERSON="At the organization.",
    ONLINE="On the internet.",
    PHONE="By telephone.",
    POST="By post.",
)
described(
    RaterKind,
    "For whom a rater speaks.",
    PERSON="For themselves.",
    BUSINESS="For a company or a sole trader.",
)
described(
    OrganizationOrder,
    "The orders in which organizations can be listed. Ties are broken by an own key, so that every order is total. By"
    " ratings, submissions and changes of rank the order moves while it is read, page by page: see"
    " `OrganizationConnection`.",
    NAME="By name in the viewer's language.",
    RATING_DESC="The best rated over `slice` first; the unrated, and those whose slice is withheld, last.",
    RATING_ASC="The worst rated over `slice` first; the unrated, and those whose slice is withheld, last.",
    SUBMISSIONS_DESC="The most often rated over `slice` first.",
    RANK_CHANGE_DESC="Who rose most during `slice` first, which needs its `from`: the place among the open"
    " organizations that fit the `filter`, by everything up to `slice.to` that fits the slice otherwise, against the"
    " place by what of that was there the day before `from`. Those without two places last. The numbers are those of"
    " `ranking(among:, slice:, comparedTo:, orderBy: CHANGE_DESC)`, with `comparedTo` that day and no `slice.from`.",
    RANK_CHANGE_ASC="Who fell most during `slice` first: see `RANK_CHANGE_DESC`. Those without two places last.",
    DISTANCE="The nearest to `filter.near.point` first; the default with `filter.near`.",
    RELEVANCE="The best match of `filter.text` first; the default with `filter.text`.",
)
described(
    QuestionType,
    "What an answer to a question looks like.",
    CHOICE="The code of one option.",
    MULTIPLE_CHOICE="The codes of one or more options.",
    YES_NO="`true` or `false`.",
    TEXT="A text of at most 2,000 characters.",
    NUMBER="A decimal number, such as `12.5`.",
)
described(
    QuestionnaireState,
    "How far a version of a questionnaire has come.",
    DRAFT="It is being written, and shown to nobody but its owner.",
    PUBLISHED="It is shown where it applies; a survey on its days alone.",
    RETIRED="It is shown no more: another version has taken its place, or it was retired.",
)
described(
    SubmissionStatus,
    "Whether a submission counts in ratings.",
    COUNTED="It counts.",
    WITHDRAWN="Its rater took it back.",
    REJECTED="A moderator rejected it on a listed ground of fraud.",
)
described(
    ReviewState,
    "Whether a review is public, and if not why.",
    PENDING="It awaits a moderator.",
    PUBLISHED="It is public, as long as its submission counts.",
    HIDDEN="A moderator hid it on a listed ground. Its submission counts all the same.",
    PRIVATE="Its author wished it to be read by the organization only.",
)
described(
    ReviewModeration,
    "When a moderator looks at a review.",
    BEFORE_PUBLICATION="Before everybody reads it.",
    AFTER_PUBLICATION="When everybody reads it already, if ever.",
)
described(
    HidingGround,
    "The grounds on which a review is hidden; that it blames somebody is none.",
    PERSONAL_DATA="It tells of a person so that masking would leave nothing of it.",
    INSULT="It insults or threatens.",
    ADVERTISING="It praises goods or services to sell them.",
    OFF_TOPIC="It has nothing to do with the organization.",
    UNLAWFUL="The law forbids to publish it.",
)
described(
    PersonalData,
    "What a part of a text looks like.",
    EMAIL="An e-mail address.",
    CARD="The number of a bank card.",
    PASSPORT="The number of a passport, or a personal number.",
    PHONE="The number of a phone.",
    NAME="The name of a person.",
)
described(
    EmployeeMentionKind,
    "Why an employee is named.",
    PRAISE="To be praised.",
    COMPLAINT="To be complained about.",
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
described(
    ReviewStage,
    "How far a review has come.",
    RECEIVED="It came in.",
    SEEN="The organization's head has marked it as seen.",
    ANSWERED="There is a reply.",
    SETTLED="Its author says that the matter is settled, which closes it.",
    UNSETTLED="Its author says that the matter is not settled.",
)
described(
    ComplaintAbout,
    "What a complaint is about.",
    REVIEW="The review.",
    REPLY="The reply to it, in the version that stood then.",
)
described(
    ComplaintGround,
    "Why a text should not be published. That it is harsh is none of the grounds.",
    PERSONAL_DATA="It tells who somebody is, or something of their life that is nobody's business.",
    INSULT="It insults or threatens somebody.",
    ADVERTISING="It advertises something.",
    OFF_TOPIC="It is not about the organization and what it does; or, as a reply, not about the review.",
    PRESSURE="It puts somebody under pressure because of what they said.",
)
described(
    ComplaintState,
    "What became of a complaint.",
    OPEN="It waits for a moderator.",
    UPHELD="It was upheld: what it is about is published no more.",
    DISMISSED="It was dismissed: what it is about stays.",
    LAPSED="The review was taken back before anybody had decided.",
)
described(
    PolicyName,
    "The rules whose values are data: policies.",
    **{name.value: rule.decides for name, rule in RULES.items()},
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

__all__ = [
    "Apart",
    "ApplicationStatus",
    "AuditAction",
    "AuditSubject",
    "Channel",
    "ComplaintAbout",
    "ComplaintGround",
    "ComplaintState",
    "Dimension",
    "EmployeeMentionKind",
    "GrantState",
    "HidingGround",
    "Hierarchy",
    "Ineligibility",
    "Interval",
    "Language",
    "NotRankedReason",
    "OrganizationOrder",
    "PersonalData",
    "PolicyName",
    "QuestionType",
    "QuestionnaireState",
    "RankingMethod",
    "RankingOrder",
    "RaterKind",
    "Registration",
    "RejectionGround",
    "ReviewModeration",
    "ReviewStage",
    "ReviewState",
    "Role",
    "Scope",
    "SessionKind",
    "SubmissionEventKind",
    "SubmissionStatus",
]
