"""The demo country with somebody for each column of the matrix, and something of each kind that not everybody sees."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, LiteralString

import psycopg

from engine.meanings.global_ids import encode
from resolvers.ratings.waiting import cursor_of
from tests.browsers import PASSWORD, with_password
from tests.clients import Answer, Client
from tests.letters import letters

ABOVE, OURS, UNIT = "BY-HR-03-EXEC", "BY-HR-03-CULTURE-CINEMA-1", "BY-HR-03-CULTURE-CINEMA-1.1"
# Where the citizen rates as well.
ELSEWHERE = "BY-HR-03-TELECOM-PHONE-1"
# Who asks, by the names of the columns. A head and staff of OURS are appointed here; the other officials are the demo's.
VIEWERS: Mapping[str, str | None] = {
    "nobody": None,
    "citizen": "user-000501",
    "another": "user-000502",
    "staff": "user-000503",
    "staff elsewhere": "user-000047",
    "head": "user-000504",
    "supervisor": "user-000018",
    "supervisor elsewhere": "user-000021",
    "moderator": "user-000001",
    "registrar": "user-000002",
    "operator": "user-000003",
    "submitting system": "submitting",
    "inviting system": "inviting",
    "other system": "other",
}
APPOINTED = {"staff": "STAFF", "head": "HEAD"}
# Other systems, by their codes, with the only scope that each has.
SYSTEMS = {"submitting": "submissions:write", "inviting": "invitations:write", "other": "tokens:introspect"}
# What an operation may name: what everybody may know of, with its type ...
KNOWN = {
    "above": "String!",
    "ours": "String!",
    "area_id": "ID!",
    "beginning": "String!",
    "category_id": "ID!",
    "criterion_id": "ID!",
    "edition": "ID!",
    "form": "ID!",
    "organization_id": "ID!",
    "review": "ID!",
    "service_id": "ID!",
    "sphere_id": "ID!",
    "survey": "ID!",
    "planned": "DateTime!",
    "unit": "String!",
    "email": "String!",
    "password": "String!",
}
# ... what only some may know of, with the type that its id is of ...
HIDDEN = {
    "application": "Application",
    "client": "Client",
    "complaint": "Complaint",
    "counted": "Submission",
    "draft": "Questionnaire",
    "event": "AuditEvent",
    "grant": "Grant",
    "granting": "AuditEvent",
    "identity": "Identity",
    "headship": "Grant",
    "own": "Submission",
    "post": "Grant",
    "private": "Review",
    "rejected": "Submission",
    "session": "Session",
    "objection": "Complaint",
    "submission": "Submission",
    "unread": "Review",
    "answered": "Review",
    "unshown": "Questionnaire",
    "waiting": "Application",
}
# ... and what is new each time: a code or a key, an organization, a closed one, an application, a draft of a
# questionnaire and a published one of the district's, somebody's consent to a
# role, a token, a session, another system, a link, an address, a code sent to it, one sent to the citizen,
# and one that an app of theirs was called back with.
FRESH = {
    "answered": "ID!",
    "new": "String!",
    "objection": "ID!",
    "spare": "String!",
    "closed": "String!",
    "waiting": "ID!",
    "unshown": "ID!",
    "shown": "ID!",
    "consent": "String!",
    "refresh": "String!",
    "session": "ID!",
    "identity": "ID!",
    "system": "String!",
    "link": "String!",
    "stranger": "String!",
    "unread": "ID!",
    "registration": "String!",
    "reset": "String!",
    "called": "String!",
}
TYPES = {**dict.fromkeys(HIDDEN, "ID!"), **KNOWN, **FRESH}
NO_KEY = 999_999_999

DRAFT: LiteralString = "INSERT INTO questionnaire (code, version, title_en) VALUES ('DRAFT', 1, 'Draft')"
# What is there once the draft is, by the names that operations have for it.
KEYS: Mapping[str, tuple[str, LiteralString]] = {
    "area_id": ("Area", "SELECT min(id) FROM area"),
    "category_id": ("Category", "SELECT min(id) FROM category"),
    "criterion_id": ("Criterion", "SELECT min(id) FROM criterion"),
    "draft": ("Questionnaire", "SELECT id FROM questionnaire WHERE code = 'DRAFT'"),
    "edition": ("Edition", "SELECT min(id) FROM edition"),
    "form": ("Questionnaire", "SELECT id FROM questionnaire WHERE code = 'GENERAL' AND version = 2"),
    "organization_id": ("Organization", "SELECT id FROM organization WHERE code = 'BY-HR-03-CULTURE-CINEMA-1'"),
    "service_id": ("Service", "SELECT min(id) FROM service"),
    "sphere_id": ("Sphere", "SELECT min(id) FROM sphere"),
}
CALL: LiteralString = """INSERT INTO app_code SELECT sha256(convert_to(%s, 'UTF8')), id,
    sha256('the secret of an app'), now() + interval '1 minute' FROM account WHERE code = %s"""
LINK: LiteralString = """INSERT INTO identity (account_id, provider, subject)
    SELECT id, 'one', %s FROM account WHERE code = %s RETURNING id"""
CRITERIA = ("PLAINNESS", "INFORMATION", "TIMELINESS", "COURTESY", "COMFORT")
SCORES = ", ".join(f'{{criterion: "{each}", score: 4}}' for each in CRITERIA)
CODES = ", ".join(f'"{each}"' for each in CRITERIA)
WRITE = f"""draftQuestionnaire(input: {{code: $new, owner: {{organization: {{code: $above}}}}, content: {{
    titles: {{en: "New"}}, appliesTo: {{organization: {{code: $ours}}}}, criteria: [{CODES}]}}}}) {{
    __typename ... on DraftQuestionnairePayload {{ questionnaire {{ id }} }} }}"""
WRITE_SURVEY = """draftQuestionnaire(input: {code: $new, content: {titles: {en: "Survey"},
    survey: {from: "2020-01-01", to: "2099-12-31"}, questions: [{code: "WHY", texts: {en: "Why?"}, type: TEXT}]}}) {
    __typename ... on DraftQuestionnairePayload { questionnaire { id } } }"""
ANSWERS = 'answers: [{question: "WHY", values: ["<b>"]}]'
ANSWER = f"answerSurvey(input: {{survey: $survey, organization: {{code: $ours}}, {ANSWERS}}}) {{ __typename }}"
SAVE = f"""saveDraft(input: {{organization: {{code: $ours}}, questionnaire: $form, scores: [{SCORES}], {ANSWERS},
    service: "CULTURE-CINEMA-VISIT", channel: ONLINE, visitedOn: "2025-01-02", comment: "Well",
    placement: "counter-1", employeeMention: PRAISE}}) {{ __typename }}"""
SHOW = "publishQuestionnaire(input: {questionnaire: $unshown}) { __typename }"
SUBMIT = f"""submitQuestionnaire(input: {{organization: {{code: $ours}}, questionnaire: $form, scores: [{SCORES}],
    service: "CULTURE-CINEMA-VISIT", channel: ONLINE, visitedOn: "2025-01-02", comment: "Well done, Jan Novak.",
    employee: "Jan Novak", employeeMention: PRAISE, idempotencyKey: $new
    }}) {{ __typename ... on SubmitQuestionnairePayload {{ submission {{ id review {{ id }} }} }} }}"""
SUBMIT_PRIVATELY = SUBMIT.replace("comment:", "publishComment: false, comment:")
SUBMIT_ELSEWHERE = SUBMIT.replace('service: "CULTURE-CINEMA-VISIT", ', "").replace("$ours", f'"{ELSEWHERE}"')
SEE = "markReviewSeen(input: {review: $unread}) { __typename }"
REPLY = 'replyToReview(input: {review: $unread, text: "Thank you."}) { __typename }'
ACT = 'recordMeasure(input: {review: $unread, text: "A bell."}) { __typename }'
SETTLE = "settleReview(input: {review: $private, settled: false}) { __typename }"
WISH = "setReviewPrivacy(input: {review: $private, private: WISH}) { __typename }"
COMPLAIN = """complainAboutReview(input: {review: $answered, about: REPLY, ground: PRESSURE, text: "It threatens."}) {
    __typename ... on ComplainAboutReviewPayload { complaint { id } } }"""
REJECT = 'rejectSubmission(input: {submission: $submission, ground: AUTOMATED, note: "Seen"}) { __typename }'
APPLY = """applyForRegistration(input: {kind: "ORGANIZATION", names: {en: "New"}, address: {en: "1, Main St."},
    location: {latitude: 53.5, longitude: 24}, area: "BY-HR", spheres: ["CULTURE"], services: ["CULTURE-CINEMA-VISIT"],
    subordinateTo: {code: $ours}, comment: "Please", idempotencyKey: $new
    }) { __typename ... on ApplyForRegistrationPayload { application { id } } }"""
CREATE = """createOrganization(input: {code: $new, kind: "ORGANIZATION", names: {en: "New"},
    subordination: {below: {code: $ours}}}) { __typename }"""
REGISTER = """registerClient(input: {code: $new, name: "System", scopes: ["SCOPE"], organization: {code: $above},
    sphere: "CULTURE"}) { __typename ... on RegisterClientPayload { client { id } } }"""
SERVED = 'organization: {code: $ours}, service: "CULTURE-CINEMA-VISIT", visitedOn: "2025-01-02"'
INVITE = (
    f"inviteToRate(input: {{{SERVED}, caseReference: $new}}) {{ __typename ... on InviteToRatePayload {{ token }} }}"
)
CLOSE = "closeOrganization(input: {organization: {code: $new}}) { __typename }"
CONSENT = "createAppointmentCode { __typename code }"
APPOINT = """grantRole(input: {code: $consent, role: ROLE, organization: {code: $ours}}) { __typename
    ... on GrantRolePayload { grant { id } } }"""
PLAN = 'setPolicy(input: {name: MIN_RATERS, value: "7", validFrom: $planned}) { __typename }'
PLAN_REVIEWS = """setReviewPolicy(input: {moderation: BEFORE_PUBLICATION, sphere: "CULTURE", validFrom: $planned}) {
    __typename }"""
SIGN_IN = """signIn(input: {email: $email, password: $password, client: APP}) {
    __typename ... on SignInPayload { refreshToken } }"""
ASK_FOR_ACCOUNT = "register(input: {email: $stranger, password: $password}) { __typename }"
ASK_FOR_RESET = "requestPasswordReset(input: {email: $email}) { __typename }"
SESSIONS = "viewer { sessions { id } }"
EVENTS = "auditEvents(organization: {code: $ours}, action: [ACTION], first: 1) { nodes { id } }"


@dataclass
class Scene:
    """The country, and what there is to ask about in it by the names of `TYPES`."""

    client: Client
    url: str
    known: dict[str, Any] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    @classmethod
    async def build(cls, client: Client, url: str) -> "Scene":
        """Fill the country in the ways in which it is filled in earnest."""
        scene = cls(client, url)
        scene._know()
        roles = {viewer: await scene.appointed(VIEWERS[viewer], role) for viewer, role in APPOINTED.items()}
        scene.known["grant"] = roles["staff"]
        for name, role in (("post", "STAFF"), ("headship", "HEAD")):
            scene.known[name] = await scene.appointed(scene.author(), role)
        for code, scope in SYSTEMS.items():
            scene.known["client"] = await scene.registered(code, scope)
        scene.known["submission"] = await scene.submitted(VIEWERS["citizen"])
        elsewhere = await scene.change(VIEWERS["citizen"], SUBMIT_ELSEWHERE)
        scene.known["own"] = elsewhere["submission"]["id"]
        await scene.submitted(VIEWERS["citizen"], UNIT, "private")
        for name, review in (("rejected", "submitted"), ("counted", "review")):
            scene.known[name] = await scene.submitted(scene.author(), review=review)
        for name in ("submission", "rejected"):
            await scene.change(VIEWERS["moderator"], REJECT, submission=scene.known[name])
        await scene._handle()
        await scene.change(VIEWERS["operator"], PLAN)
        await scene.change(VIEWERS["operator"], PLAN_REVIEWS)
        survey = str((await scene.change(VIEWERS["operator"], WRITE_SURVEY))["questionnaire"]["id"])
        await scene.change(VIEWERS["operator"], SHOW, unshown=survey)
        scene.known["survey"] = survey
        for deed in (ANSWER, SAVE):
            await scene.change(VIEWERS["citizen"], deed)
        scene.known["application"] = await scene.applied(VIEWERS["citizen"])
        for name, action in (("event", "SUBMISSION_REJECTED"), ("granting", "ROLE_GRANTED")):
            found = await scene.ask("operator", operation(EVENTS.replace("ACTION", action)))
            scene.known[name] = found.data["auditEvents"]["nodes"][0]["id"]
        return scene

    async def ask(self, viewer: str, text: str, given: Mapping[str, Any] | None = None) -> Answer:
        """What somebody is answered to an operation; without values that are given, it has those of the scene."""
        return await self._ask(VIEWERS[viewer], text, await self.values(text) if given is None else given)

    async def hear(self, viewer: str, text: str, given: Mapping[str, Any]) -> Answer:
        """What a viewer is told first."""
        account = VIEWERS[viewer]
        return await self.client.told(text, given, None if account is None else self._token(account))

    async def change(self, account: str | None, mutation: str, **given: Any) -> Any:
        """The payload of a change that nothing is wrong with."""
        answer = await self._ask(account, operation(mutation, "mutation"), await self.values(mutation, **given))
        assert not answer.errors, answer.errors
        (found,) = answer.data.values()
        assert found["__typename"].endswith("Payload"), found
        return found

    async def values(self, text: str, **given: Any) -> dict[str, Any]:
        """The variables of an operation: those given, those known, and those that are new each time."""
        known = self.known | given
        return {name: known[name] if name in known else await self._fresh(name) for name in names(text)}

    async def submitted(self, account: str | None, organization: str = OURS, review: str = "submitted") -> str:
        """The id of a new submission; that of its review is known by a name from now on."""
        how = SUBMIT_PRIVATELY if review == "private" else SUBMIT
        made = (await self.change(account, how, ours=organization))["submission"]
        self.known[review] = made["review"]["id"]
        return str(made["id"])

    async def _handle(self) -> None:
        """Let the head see, answer and act on the reviews; one author says that it is no good, and wishes, one citizen complains."""
        for review in ("review", "private"):
            for step in (SEE, REPLY, ACT):
                await self.change(VIEWERS["head"], step, unread=self.known[review])
        await self.change(VIEWERS["citizen"], SETTLE)
        for private in ("false", "true"):
            await self.change(VIEWERS["citizen"], WISH.replace("WISH", private))
        self.known["complaint"] = await self.complained(VIEWERS["citizen"], self.known["review"])

    async def complained(self, account: str | None, review: str) -> str:
        """The id of a new complaint about the reply to a review."""
        made = await self.change(account, COMPLAIN, answered=review)
        return str(made["complaint"]["id"])

    async def reviewed(self) -> str:
        """The id of a new review of OURS."""
        await self.submitted(self.author(), review="last")
        return str(self.known.pop("last"))

    async def answered(self) -> str:
        """The id of one that was answered."""
        review = await self.reviewed()
        await self.change(VIEWERS["head"], REPLY, unread=review)
        return review

    async def objection(self) -> str:
        """The id of a new complaint about the reply to a new review."""
        return await self.complained(self.author(), await self.answered())

    async def applied(self, account: str | None) -> str:
        """The id of a new application to stand below OURS."""
        return str((await self.change(account, APPLY))["application"]["id"])

    async def session(self) -> str:
        """The id of a new session of the citizen."""
        await self.change(None, SIGN_IN)
        found = await self.ask("citizen", operation(SESSIONS))
        return str(found.data["viewer"]["sessions"][0]["id"])

    async def appointed(self, account: str | None, role: str) -> str:
        """The id of a new grant of a role at OURS."""
        code = (await self.change(account, CONSENT))["code"]
        granted = await self.change(VIEWERS["operator"], APPOINT.replace("ROLE", role), consent=code)
        return str(granted["grant"]["id"])

    async def registered(self, code: str, scope: str) -> str:
        """The id of a new client for all of culture below the district."""
        made = await self.change(VIEWERS["operator"], REGISTER.replace("SCOPE", scope), new=code)
        return str(made["client"]["id"])

    async def written(self, *, shown: bool) -> str:
        """The id of a new questionnaire of the district's, a draft or published."""
        key = str((await self.change(VIEWERS["supervisor"], WRITE))["questionnaire"]["id"])
        if shown:
            await self.change(VIEWERS["supervisor"], SHOW, unshown=key)
        return key

    def identity(self) -> str:
        """The id of a new identity of the citizen's at a provider."""
        with psycopg.connect(self.url) as connection:
            given = [f"subject {next(self.numbers)}", VIEWERS["citizen"]]
            ((key,),) = connection.execute(LINK, given).fetchall()
        return encode("Identity", key)

    def called(self) -> str:
        """A code that an app of the citizen's was called back with, for the verifier `the secret of an app`."""
        code = f"code {next(self.numbers)}"
        with psycopg.connect(self.url) as connection:
            connection.execute(CALL, [code, VIEWERS["citizen"]])
        return code

    async def linked(self, case: str) -> str:
        """The token of a new link for a case."""
        return str((await self.change("inviting", INVITE, new=case))["token"])

    def author(self) -> str:
        """The account of a citizen who has done nothing yet."""
        return f"user-{600 + next(self.numbers):06}"

    async def _ask(self, account: str | None, text: str, given: Mapping[str, Any]) -> Answer:
        return await self.client.query(text, given, None if account is None else self._token(account))

    def _token(self, code: str) -> str:
        """A token for an account, or of another system's own."""
        if code in SYSTEMS:
            return self.client.tokens.issue(code, 3600, code, SYSTEMS[code])
        return self.client.token_for(code)

    async def _fresh(self, name: str) -> Any:
        makers: Mapping[str, Callable[[], Awaitable[str]]] = {
            "waiting": lambda: self.applied(self.author()),
            "session": self.session,
            "unread": self.reviewed,
            "answered": self.answered,
            "objection": self.objection,
            "unshown": partial(self.written, shown=False),
            "shown": partial(self.written, shown=True),
        }
        if name in makers:
            return await makers[name]()
        if name in {"identity", "called"}:
            return self.identity() if name == "identity" else self.called()
        if name in {"stranger", "registration", "reset", "refresh"}:
            return await self._of_a_guest(name)
        if name == "consent":
            return (await self.change(self.author(), CONSENT))["code"]
        code = f"NEW-{next(self.numbers)}"
        if name in {"spare", "closed"}:
            await self.change(VIEWERS["operator"], CREATE, new=code)
        if name == "closed":
            await self.change(VIEWERS["operator"], CLOSE, new=code)
        if name == "system":
            await self.registered(code, "submissions:write")
        return await self.linked(code) if name == "link" else code

    async def _of_a_guest(self, name: str) -> str:
        """A refresh token, a new address, or the code in the letter that goes there or to the citizen.

        Nobody has asked too often.
        """
        if name == "refresh":
            return str((await self.change(None, SIGN_IN))["refreshToken"])
        with psycopg.connect(self.url) as connection:
            connection.execute("DELETE FROM attempt")
        stranger = f"stranger-{next(self.numbers)}@example.org"
        if name == "stranger":
            return stranger
        if name == "registration":
            await self.change(None, ASK_FOR_ACCOUNT, stranger=stranger)
        else:
            await self.change(None, ASK_FOR_RESET)
        return letters(self.url)[-1].code

    def _know(self) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute(DRAFT)
            for name, (typename, query) in KEYS.items():
                ((key,),) = connection.execute(query).fetchall()
                self.known[name] = encode(typename, key)
        later = (datetime.now(UTC) + timedelta(days=300)).isoformat()
        self.known |= {"above": ABOVE, "ours": OURS, "unit": UNIT, "planned": later, "beginning": cursor_of("1:1:")}
        self.known |= {"email": with_password(self.url, str(VIEWERS["citizen"])), "password": PASSWORD}


def names(text: str) -> list[str]:
    """What an operation names, each once."""
    return sorted(set(re.findall(r"\$(\w+)", text)))


def operation(text: str, kind: str = "query") -> str:
    """A whole operation of one field, with its variables declared."""
    declared = ", ".join(f"${name}: {TYPES[name]}" for name in names(text))
    return f"{kind}({declared}) {{ {text} }}" if declared else f"{kind} {{ {text} }}"


def absent(given: Mapping[str, Any]) -> dict[str, Any]:
    """The same variables, but what not everybody may know of is not there at all."""
    return {name: encode(HIDDEN[name], NO_KEY) if name in HIDDEN else value for name, value in given.items()}
