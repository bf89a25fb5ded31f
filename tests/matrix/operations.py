"""What is asked for each row of the matrix: one field, which names what the scene knows."""

from collections.abc import Mapping
from typing import NamedTuple

from tests.matrix.scene import ANSWERS, CODES, SCORES, SERVED, operation

PAGE = "{ nodes { __typename } totalCount }"
# By the type, which of the scene's ids is asked for by `node` and `nodes` ...
ENTITIES: Mapping[str, str] = {
    "Application": "application",
    "Area": "area_id",
    "AuditEvent": "event",
    "Category": "category_id",
    "Client": "client",
    "Complaint": "complaint",
    "Criterion": "criterion_id",
    "Edition": "edition",
    "Grant": "grant",
    "Identity": "identity",
    "Organization": "organization_id",
    "Questionnaire": "form",
    "Questionnaire: a draft": "draft",
    "Review": "review",
    "Review: a private one": "private",
    "Service": "service_id",
    "Session": "session",
    "Sphere": "sphere_id",
    "Submission": "submission",
}
# ... and by other graphs.
REFERRED = (
    "Area",
    "Category",
    "Criterion",
    "Organization",
    "Questionnaire",
    "Review",
    "Service",
    "Sphere",
    "Submission",
)
# By the field; a query that everybody is answered needs no more than a line here and one in the table.
QUERIES: Mapping[str, str] = {
    **{f"node {each}": f"node(id: ${name}) {{ id }}" for each, name in ENTITIES.items()},
    **{f"nodes {each}": f"nodes(ids: [${name}]) {{ id }}" for each, name in ENTITIES.items()},
    **{
        f"_entities {each}": f'_entities(representations: [{{__typename: "{kind}", id: ${name}}}]) {{ __typename }}'
        for each, name in ENTITIES.items()
        if (kind := each.partition(":")[0]) in REFERRED
    },
    "_service": "_service { __typename }",
    "applications": f"applications {PAGE}",
    "area": 'area(code: "BY") { __typename }',
    "areas": "areas { __typename }",
    "auditEvents": f"auditEvents(organization: {{code: $ours}}) {PAGE}",
    "blindSpots": f"blindSpots {PAGE}",
    "clients": f"clients {PAGE}",
    "complaints": f"complaints(organization: {{code: $ours}}) {PAGE}",
    "criteria": "criteria { __typename }",
    "edition": 'edition(code: "2024") { __typename }',
    "editions": "editions { __typename }",
    "grants": f"grants(organization: {{code: $ours}}) {PAGE}",
    "integrityFindings": f'integrityFindings(among: {{codes: [$ours]}}, from: "2015-01-01") {PAGE}',
    "invitation": "invitation(token: $link) { __typename }",
    "organization": "organization(by: {code: $ours}) { __typename }",
    "organizations": f"organizations {PAGE}",
    "organizationsByCode": "organizationsByCode(codes: [$ours]) { __typename }",
    "organizationsOnMap": "organizationsOnMap(within: {west: 23, south: 51, east: 33, north: 57}) { __typename }",
    "policies": "policies { __typename }",
    "questionnaires": f"questionnaires {PAGE}",
    "questionnaires: drafts": f'questionnaires(code: "DRAFT", state: [DRAFT]) {PAGE}',
    "ranking": f"ranking {PAGE}",
    "employeeMentions": f"employeeMentions(organization: {{code: $ours}}) {PAGE}",
    "reviewCounts": "reviewCounts(organization: {code: $ours}) { __typename }",
    "reviewPolicies": "reviewPolicies { __typename }",
    "reviews": f"reviews(organization: {{code: $ours}}) {PAGE}",
    "services": f"services {PAGE}",
    "rateLimit": "rateLimit { __typename }",
    "signInProviders": "signInProviders { __typename }",
    "spheres": "spheres { __typename }",
    "submissions": f"submissions(organization: {{code: $ours}}) {PAGE}",
    "summary": "summary { __typename }",
    "viewer": "viewer { __typename }",
}
TEXTS = 'names: {en: "New"}'
CONTENT = f'content: {{titles: {{en: "New"}}, appliesTo: {{organization: {{code: $ours}}}}, criteria: [{CODES}]}}'
OFFICE = "code: $consent, organization: {code: $ours}, role:"
BELOW = "subordination: {below: {code: $ours}}"
# By the field; without its input's braces and what is selected, which is the same for all that have an input.
MUTATIONS: Mapping[str, str] = {
    "acceptApplication": "application: $waiting, code: $new",
    "answerSurvey": f"survey: $survey, organization: {{code: $above}}, {ANSWERS}",
    "applyForRegistration": f'kind: "ORGANIZATION", {TEXTS}, subordinateTo: {{code: $ours}}, idempotencyKey: $new',
    "changeQuestionnaire": f"questionnaire: $unshown, {CONTENT}",
    "changeClient": 'client: $system, name: "Newer", scopes: ["invitations:write"]',
    "changeOrganization": f"organization: {{code: $spare}}, {TEXTS.replace('New', 'Newer')}",
    "changePassword": "currentPassword: $password, newPassword: $password",
    "complainAboutReview": "review: $unread, about: REVIEW, ground: INSULT",
    "closeOrganization": "organization: {code: $spare}",
    "createAppointmentCode": "",
    "confirmEmail": "code: $registration, password: $password, client: APP",
    # A code for another address than one's own account has: tests of changing it have good ones.
    "confirmEmailChange": 'code: "none"',
    "createOrganization": f'code: $new, kind: "ORGANIZATION", {TEXTS}, {BELOW}',
    "decideComplaint": 'complaint: $objection, upheld: false, reason: "No."',
    "declineApplication": 'application: $waiting, reason: "No."',
    "editReply": 'review: $answered, version: 1, text: "New."',
    "deleteDraft": "organization: {code: $above}",
    "discardQuestionnaire": "questionnaire: $unshown",
    "draftQuestionnaire": f"code: $new, {CONTENT}",
    "draftQuestionnaire: of a ministry": f"code: $new, owner: {{organization: {{code: $above}}}}, {CONTENT}",
    "endSession": "session: $session",
    # Whoever erased the account that they ask with could ask no more: tests of erasing do so.
    "eraseMyAccount": f'password: "{"p" * 201}"',
    "grantRole": f"{OFFICE} STAFF",
    "grantRole: a head": f"{OFFICE} HEAD",
    "grantRole: a supervisor": f"{OFFICE} SUPERVISOR",
    "grantRole: a moderator": f"{OFFICE} MODERATOR",
    "grantRole: a registrar": f"{OFFICE} REGISTRAR",
    "grantRole: an operator": 'code: $consent, organization: {code: "BY-GOV"}, role: OPERATOR',
    "hideReview": "review: $review, ground: INSULT",
    "inviteToRate": f"{SERVED}, caseReference: $new",
    "markReviewSeen": "review: $unread",
    "mergeOrganization": "organization: {code: $spare}, into: {code: $unit}",
    "moveOrganization": "organization: {code: $spare}, hierarchy: SUBORDINATION, to: {below: {code: $unit}}",
    "publishEdition": 'code: $new, titles: {en: "New"}, from: "2024-01-01", to: "2024-03-31"',
    "recordMeasure": 'review: $unread, text: "New."',
    "publishQuestionnaire": "questionnaire: $unshown",
    "publishReview": "review: $review, mask: [{start: 0, end: 4}]",
    "refreshTokens": "refreshToken: $refresh",
    "registerClient": 'code: $new, name: "New", scopes: ["submissions:write"]',
    "register": "email: $stranger, password: $password",
    "rejectSubmission": "submission: $counted, ground: AUTOMATED",
    "reopenOrganization": "organization: {code: $closed}",
    "replyToReview": 'review: $unread, text: "New."',
    "requestEmailChange": "email: $stranger, password: $password",
    "requestPasswordReset": "email: $stranger",
    "resetPassword": "code: $reset, password: $password, client: APP",
    "restoreSubmission": "submission: $rejected",
    "retireQuestionnaire": "questionnaire: $shown",
    "revokeRole": "grant: $post",
    "revokeRole: a head": "grant: $headship",
    "revokeClient": "client: $system",
    "rotateClientSecret": "client: $system",
    "saveDraft": f"organization: {{code: $above}}, questionnaire: $form, scores: [{SCORES}]",
    "setPolicy": 'name: MIN_RATERS, value: "6"',
    "setReviewPrivacy": "review: $private, private: false",
    "settleReview": "review: $private, settled: true",
    "setReviewPolicy": 'moderation: BEFORE_PUBLICATION, sphere: "CULTURE"',
    "signIn": "email: $email, password: $password, client: APP",
    "signInWithCode": 'code: $called, verifier: "the secret of an app"',
    "signOut": "",
    "signOutEverywhere": "",
    "submitQuestionnaire": f"organization: {{code: $above}}, questionnaire: $form, scores: [{SCORES}], idempotencyKey: $new",
    "unlinkIdentity": "identity: $identity",
    "submitQuestionnaire: by a link": (
        f"organization: {{code: $ours}}, questionnaire: $form, scores: [{SCORES}], idempotencyKey: $new, invitation: $link"
    ),
    "submitQuestionnaire: on behalf": (
        f"organization: {{code: $ours}}, questionnaire: $form, scores: [{SCORES}], idempotencyKey: $new, onBehalfOf: $new"
    ),
    "withdrawPolicy": "name: MIN_RATERS, validFrom: $planned",
    "withdrawReviewPolicy": 'sphere: "CULTURE", validFrom: $planned',
    "withdrawSubmission": "submission: $own",
}
SUBSCRIPTIONS: Mapping[str, str] = {
    "ratingChanged": "ratingChanged(organization: {code: $ours}, since: $beginning) { __typename }",
    "reviewAdded": "reviewAdded(organization: {code: $ours}, since: $beginning) { __typename }",
}
# Whoever asks here has a token without a session: signing out may find nothing to end. What is unlinked was linked a
# moment before, and nobody is erased here, nor has another address.
UNCHANGING = {"confirmEmailChange", "deleteDraft", "eraseMyAccount", "signOut", "signOutEverywhere", "unlinkIdentity"}


RESULTS = """node(id: $survey) { ... on Questionnaire { results(organization: {code: $ours}) {
    questions { WAY } } } }"""


class Way(NamedTuple):
    """How an object of a type is come by: a field, whose text says where the type's fields go, and the path there.

    On the way lists are gone through whole.
    """

    text: str
    path: tuple[str, ...]


# By the type, of what not everybody sees all of.
WAYS: Mapping[str, Way] = {
    "Account": Way("viewer { account { FIELDS } }", ("viewer", "account")),
    "Application": Way("node(id: $application) { ... on Application { FIELDS } }", ("node",)),
    "AuditDetail": Way("node(id: $event) { ... on AuditEvent { details { FIELDS } } }", ("node", "details")),
    "AuditEvent": Way("nodes(ids: [$event, $granting]) { ... on AuditEvent { FIELDS } }", ("nodes",)),
    "Complaint": Way("node(id: $complaint) { ... on Complaint { FIELDS } }", ("node",)),
    "Client": Way("node(id: $client) { ... on Client { FIELDS } }", ("node",)),
    "Eligibility": Way("organization(by: {code: $ours}) { eligibility { FIELDS } }", ("organization", "eligibility")),
    "EmployeeMention": Way("node(id: $review) { ... on Review { employee { FIELDS } } }", ("node", "employee")),
    "FindingNumber": Way(
        'integrityFindings(among: {codes: [$ours]}, from: "2015-01-01") { nodes { numbers { FIELDS } } }',
        ("integrityFindings", "nodes", "numbers"),
    ),
    "Grant": Way("node(id: $grant) { ... on Grant { FIELDS } }", ("node",)),
    "Identity": Way("node(id: $identity) { ... on Identity { FIELDS } }", ("node",)),
    "IntegrityFinding": Way(
        'integrityFindings(among: {codes: [$ours]}, from: "2015-01-01") { nodes { FIELDS } }',
        ("integrityFindings", "nodes"),
    ),
    "Organization": Way("organization(by: {code: $ours}) { FIELDS }", ("organization",)),
    "PlacementFigures": Way(
        "organization(by: {code: $ours}) { placements { FIELDS } }", ("organization", "placements")
    ),
    "PrivacyWish": Way("node(id: $private) { ... on Review { privacyWishes { FIELDS } } }", ("node", "privacyWishes")),
    "ProposedMask": Way("node(id: $review) { ... on Review { proposedMasks { FIELDS } } }", ("node", "proposedMasks")),
    "Review": Way("nodes(ids: [$review, $private]) { ... on Review { FIELDS } }", ("nodes",)),
    "Reply": Way("nodes(ids: [$review, $private]) { ... on Review { reply { FIELDS } } }", ("nodes", "reply")),
    "ReplyVersion": Way(
        "node(id: $review) { ... on Review { reply { versions { FIELDS } } } }", ("node", "reply", "versions")
    ),
    "Score": Way("node(id: $submission) { ... on Submission { scores { FIELDS } } }", ("node", "scores")),
    "Session": Way("node(id: $session) { ... on Session { FIELDS } }", ("node",)),
    "DraftAnswer": Way(
        "organization(by: {code: $ours}) { draft { answers { FIELDS } } }", ("organization", "draft", "answers")
    ),
    "DraftScore": Way(
        "organization(by: {code: $ours}) { draft { scores { FIELDS } } }", ("organization", "draft", "scores")
    ),
    "SubmissionDraft": Way("organization(by: {code: $ours}) { draft { FIELDS } }", ("organization", "draft")),
    "SurveyQuestion": Way(RESULTS.replace("WAY", "FIELDS"), ("node", "results", "questions")),
    "SurveyText": Way(
        RESULTS.replace("WAY", "texts { nodes { FIELDS } }"), ("node", "results", "questions", "texts", "nodes")
    ),
    "Submission": Way("node(id: $submission) { ... on Submission { FIELDS } }", ("node",)),
    "SubmissionEvent": Way("node(id: $submission) { ... on Submission { events { FIELDS } } }", ("node", "events")),
    "Viewer": Way("viewer { FIELDS }", ("viewer",)),
}


def text_of(name: str) -> str:
    """The operation of a row about a query, a mutation or a subscription."""
    if name in QUERIES:
        return operation(QUERIES[name])
    if name in SUBSCRIPTIONS:
        return operation(SUBSCRIPTIONS[name], "subscription")
    if not MUTATIONS[name]:
        return operation(f"{name} {{ __typename }}", "mutation")
    selected = "{ __typename ... on Problem { code message path } }"
    return operation(f"{name.partition(':')[0]}(input: {{{MUTATIONS[name]}}}) {selected}", "mutation")
