"""The loop of reviews in the country of `tests.stage`: authors, heads, staff and moderators over the real application."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg

from engine.meanings.global_ids import encode, key_of
from tests.citizens import Citizen, result
from tests.officials import Official, appointed

LOOP = """stage seenOn seenBy seenDueOn replyDueOn overdue settled settledOn
    reply { text version repliedOn editedOn hidden versions { version text hidden } }
    measures { text takenOn recordedOn } complaints { made open upheld dismissed }"""
# By the mutation, its input's type.
INPUTS = {
    name: f"{name[0].upper()}{name[1:]}Input"
    for name in (
        "markReviewSeen",
        "replyToReview",
        "editReply",
        "recordMeasure",
        "settleReview",
        "setReviewPrivacy",
        "complainAboutReview",
        "decideComplaint",
    )
}
COMPLAINT = "complaint { id about replyVersion ground text state madeOn decidedOn reason review { id } }"
REVIEW = f"query($id: ID!) {{ node(id: $id) {{ ... on Review {{ {LOOP} }} }} }}"
FIGURES = """reviews seen answered answeredInTime overdue rate medianDays actedOn settled unsettled"""
RESPONSIVENESS = f"""query($code: String!, $from: Date, $to: Date, $scope: Scope, $hierarchy: Hierarchy) {{
    organization(by: {{code: $code}}) {{
        responsiveness(from: $from, to: $to, scope: $scope, hierarchy: $hierarchy) {{ {FIGURES} }}
        complaints(from: $from, to: $to, scope: $scope, hierarchy: $hierarchy) {{ made open upheld dismissed }} }} }}"""
# What a loop writes to; of the trail and the outbox, how much there is.
TABLES = (
    "review",
    "review_reading",
    "reply",
    "measure",
    "settlement",
    "privacy_wish",
    "complaint",
    "audit_event",
    "mail",
)


def mutation(name: str) -> str:
    """The text of one of the loop's mutations."""
    payload = f"{name[0].upper()}{name[1:]}Payload"
    selected = f"review {{ id {LOOP} }} {COMPLAINT if 'omplain' in name else ''}"
    return f"""mutation($input: {INPUTS[name]}!) {{ {name}(input: $input) {{
        __typename ... on Problem {{ code path }} ... on {payload} {{ {selected} }} }} }}"""


@dataclass(frozen=True)
class Voice(Official):
    """Somebody who takes part in a loop, in whatever role."""

    async def do(self, name: str, **given: Any) -> Any:
        """The result of one of the loop's mutations: a payload or a problem."""
        return result(await self.ask(mutation(name), input=given))

    async def refusal(self, name: str, **given: Any) -> tuple[str, list[str]]:
        """The code and the path of the problem that a mutation is answered with."""
        found = await self.do(name, **given)
        assert found["__typename"].endswith("Problem"), found
        return found["code"], found["path"]

    async def review(self, id_: str) -> Any:
        """What this one sees of a review's loop; None for not at all."""
        return (await self.ask(REVIEW, id=id_)).data["node"]

    async def figures(self, code: str, **given: Any) -> tuple[Any, Any]:
        """The public figures of an organization: its responsiveness, and complaints."""
        found = (await self.ask(RESPONSIVENESS, code=code, **given)).data["organization"]
        return found["responsiveness"], found["complaints"]


def voice(citizen: Citizen, account: str | None) -> Voice:
    """Somebody in the country of another citizen."""
    return Voice(citizen.client, citizen.url, account)


def official(citizen: Citizen, account: str, role: str, organization: str, hierarchy: str = "SUBORDINATION") -> Voice:
    """The same, with a role from now on."""
    appointed(citizen, account, role, organization, hierarchy)
    return voice(citizen, account)


async def reviewed(citizen: Citizen, organization: str = "HOSPITAL", text: str = "Nobody came.") -> str:
    """The id of a new review of a citizen's."""
    found = await citizen.submit(organization, comment=text)
    return encode("Review", key_of(found["submission"]["id"], "Submission", "id"))


def contents(url: str) -> Mapping[str, Any]:
    """All rows of the loop's tables; that something was read is left out."""
    rows = "SELECT t::text FROM {} AS t WHERE t::text NOT LIKE '%,DATA_READ,%' ORDER BY 1"
    with psycopg.connect(url) as connection:
        return {each: connection.execute(rows.format(each).encode()).fetchall() for each in TABLES}


def confirm(citizen: Citizen, language: str | None = None) -> str:
    """Have a citizen's account have a confirmed address, and perhaps a language; the address."""
    address = f"{citizen.account}@example.org"
    with psycopg.connect(citizen.url) as connection:
        query = "UPDATE account SET email = %s, email_confirmed_at = now(), language = %s WHERE code = %s"
        connection.execute(query, [address, language, citizen.account])
    return address


def shift(url: str, review: str, days: int) -> None:
    """Have a review have come some days earlier."""
    key = key_of(review, "Review", "id")
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE review SET submitted_on = submitted_on - %s WHERE submission_id = %s", [days, key])
