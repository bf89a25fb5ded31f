"""Criteria and forms come and go: what was published for the past stays, byte for byte, and so do other spheres."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any, LiteralString

import psycopg
import pytest

from tests.citizens import Citizen, result, scored
from tests.clients import Client
from tests.exactness import hold_totals
from tests.oracle import RATING, Country
from tests.oracle_breakdowns import CELLS, Breakdowns
from tests.oracle_ranks import RANK, Ranking
from tests.resolvers.breakdown_questions import Question
from tests.slices import Slice, rate

# A time that is over: forms of three kinds had come in it, and an edition was published of its last year.
END = date(2024, 12, 31)
PAST: dict[str, dict[str, Any]] = {
    "all": {"to": END.isoformat()},
    "a year": {"from": "2023-01-01", "to": "2023-12-31"},
    "days": {"from": "2024-02-07", "to": "2024-09-20"},
    "a channel": {"to": END.isoformat(), "channels": ["ONLINE"]},
    "criteria": {"to": END.isoformat(), "criteria": ["COURTESY", "ATTENTION"]},
    "an edition": {"edition": "2024"},
}
OVER_TIME_OF = ("all", "days", "criteria")
BASIC = ["PLAINNESS", "INFORMATION", "TIMELINESS", "COURTESY", "COMFORT"]
HEALTH = [*BASIC, "ATTENTION", "EQUIPMENT"]
# Of those that others stand below.
WIDE = ["BY-GOV", "BY-MI-EXEC"]
POOLS = ("own", "below", "overseen")
SUBTREES = {"SUBORDINATION": "scope: SUBTREE", "SUPERVISION": "scope: SUBTREE, hierarchy: SUPERVISION"}

EVERYONE = f"""query($codes: [String!]!, $slice: RatingSlice) {{
    organizationsByCode(codes: $codes) {{ code
        own: rating(slice: $slice) {{ {RATING} }}
        below: rating(slice: $slice, {SUBTREES["SUBORDINATION"]}) {{ {RATING} }}
        overseen: rating(slice: $slice, {SUBTREES["SUPERVISION"]}) {{ {RATING} }}
        rank(slice: $slice) {{ {RANK} }}
        credible: rank(slice: $slice, scope: SUBTREE, method: CREDIBLE) {{ {RANK} }} }}
    ranking(slice: $slice, first: 100) {{ totalCount nodes {{ organization {{ code }} rank {{ {RANK} }} }} }} }}"""
OVER_TIME = f"""query($codes: [String!]!, $slice: RatingSlice, $among: OrganizationFilter) {{
    organizationsByCode(codes: $codes) {{ code
        history(interval: MONTH, slice: $slice, scope: SUBTREE) {{ from to rating {{ {RATING} }} }}
        breakdown(by: [CRITERION, YEAR], slice: $slice, scope: SUBTREE, first: 1000) {{ {CELLS} }}
        parts: breakdown(by: [SUBORDINATE, CRITERION], slice: $slice, first: 1000) {{ {CELLS} }} }}
    summary(among: $among, slice: $slice) {{ organizations rated rating {{ {RATING} }}
        history(interval: QUARTER) {{ from to rating {{ {RATING} }} }}
        breakdown(by: [SPHERE, CRITERION], first: 1000) {{ {CELLS} }} }} }}"""
RANKING = f"""query($among: OrganizationFilter) {{ ranking(among: $among, first: 100) {{ nodes {{
    organization {{ code questionnaire {{ id version criteria {{ code }} }} }} rank {{ {RANK} }} rating {{ {RATING} }}
    }} }} }}"""
FORM = "query($code: String!) { organization(by: {code: $code}) { questionnaire { id version criteria { code } } } }"

PEOPLE: LiteralString = """
WITH person AS (SELECT 'newcomer-' || number AS code FROM generate_series(1, 12) AS number),
     known AS (INSERT INTO rater (pseudonym, kind) SELECT md5(code)::uuid, 'PERSON' FROM person RETURNING *)
INSERT INTO account (code, rater_id) SELECT code, known.id FROM person JOIN known ON pseudonym = md5(code)::uuid"""
ADD: LiteralString = """
INSERT INTO criterion (code, sphere_id, ordinal, valid_from, name_en)
SELECT %s, (SELECT id FROM sphere WHERE code = %s), max(ordinal) + 1, %s, 'New' FROM criterion"""
END_CRITERION: LiteralString = "UPDATE criterion SET valid_to = %s WHERE code = %s"
RETIRE: LiteralString = "UPDATE questionnaire SET retired_at = %s WHERE code = %s AND retired_at IS NULL RETURNING id"
RENEW: LiteralString = """
INSERT INTO questionnaire (code, version, title_ru, sphere_id)
SELECT code, version + 1, title_ru, sphere_id FROM questionnaire WHERE id = %s RETURNING id"""
PLACES: LiteralString = """
INSERT INTO questionnaire_criterion (questionnaire_id, criterion_id, position)
SELECT %s, criterion.id, place FROM unnest(%s::text[]) WITH ORDINALITY AS asked (code, place) JOIN criterion USING (code)"""
PUBLISH: LiteralString = "UPDATE questionnaire SET published_at = %s WHERE id = %s"


@dataclass(frozen=True)
class Portal:
    """The demo country of a test's own, whose criteria change the day before yesterday, and those who rate it."""

    client: Client
    url: str
    changed: datetime
    country: Country

    def add(self, criterion: str, sphere: str | None = None) -> None:
        """A criterion that was not there before: of a sphere, or a basic one."""
        with psycopg.connect(self.url) as connection:
            connection.execute(ADD, [criterion, sphere, self.changed.date()])

    def end(self, criterion: str) -> None:
        """A criterion is asked for no more."""
        with psycopg.connect(self.url) as connection:
            connection.execute(END_CRITERION, [self.changed.date() - timedelta(days=1), criterion])

    def retire(self, form: str) -> int:
        """The version in force of a form ends; its id."""
        with psycopg.connect(self.url) as connection:
            ((id_,),) = connection.execute(RETIRE, [self.changed, form]).fetchall()
        found: int = id_
        return found

    def renew(self, form: str, criteria: Sequence[str]) -> None:
        """A form has a new version, with these criteria."""
        old = self.retire(form)
        with psycopg.connect(self.url) as connection:
            ((new,),) = connection.execute(RENEW, [old]).fetchall()
            connection.execute(PLACES, [new, list(criteria)])
            connection.execute(PUBLISH, [self.changed, new])

    async def asked(self, organization: str) -> list[str]:
        """The criteria that an organization is rated by now."""
        return [each["code"] for each in (await self._form(organization))["criteria"]]

    async def submit(self, organization: str, *, by: int, **scores: int) -> Any:
        """What a newcomer's submission by the form of now was answered with."""
        citizen = Citizen(self.client, self.url, f"newcomer-{by}")
        draft = {
            "organization": {"code": organization},
            "questionnaire": (await self._form(organization))["id"],
            "scores": scored(**scores),
            "idempotencyKey": secrets.token_hex(8),
        }
        return result(await citizen.send(draft))

    async def rated(self, organization: str, *marked: Mapping[str, int]) -> None:
        """So many newcomers have rated it, and each mark was the mean of their own scores."""
        for number, scores in enumerate(marked, 1):
            found = await self.submit(organization, by=number, **scores)
            assert found["__typename"] == "SubmitQuestionnairePayload", found
            mark = Fraction(sum(scores.values()), len(scores))
            assert abs(Fraction(found["submission"]["mark"]) - mark) <= Fraction(1, 2_000_000)

    async def past(self) -> dict[str, bytes]:
        """What is published for the past now."""
        return await of_the_past(self.client, self.codes)

    @property
    def codes(self) -> list[str]:
        """All organizations."""
        return sorted(self.country.organizations)

    def of(self, sphere: str) -> str:
        """Of the organizations of that sphere alone, the one that was rated most."""
        chosen = self.country.chosen(lambda o: o.open and o.spheres == [sphere])
        return max(sorted(chosen), key=lambda code: len(self.country.submissions[code]))

    async def sphere(self, sphere: str) -> dict[str, bytes]:
        """All that is told of a sphere's organizations now, of all time, and what they are rated by."""
        among = {"spheres": [sphere]}
        own = OVER_TIME.replace("scope: SUBTREE", "scope: OWN")
        return {
            "ranking": await sent(self.client, RANKING, among=among),
            "summary": await sent(self.client, own, codes=[self.of(sphere)], slice=None, among=among),
        }

    async def now(self, codes: Sequence[str]) -> dict[str, Any]:
        """The ratings of all time by organization, which no other one moves."""
        answer = await self.client.data(EVERYONE, codes=codes, slice=None)
        return {each["code"]: [each[pool] for pool in POOLS] for each in answer["organizationsByCode"]}

    async def hold(self, organization: str, *criteria: Sequence[str]) -> Country:
        """What is told of an organization, of those above it and of everyone is what the oracle says, as are totals.

        That is of all that was said, and by some criteria alone.
        """
        country, breakdowns = Country(self.url), Breakdowns(self.url)
        for slice_ in (Slice(), *(Slice(criteria=tuple(each)) for each in criteria)):
            await self._hold(country, organization, slice_)
            # The oracle of breakdowns has its own words for slices.
            for code in (organization, None):
                question = Question(["CRITERION", "YEAR"], slice_.input, code)
                assert await question.answer(self.client) == question.expected(breakdowns)
        hold_totals(self.url)
        return country

    async def _hold(self, country: Country, organization: str, slice_: Slice) -> None:
        codes = [organization, *country.ancestors(organization)]
        ranking = Ranking.over(slice_, {code: country.submissions[code] for code in country.chosen()})
        answer = await self.client.data(EVERYONE, codes=codes, slice=slice_.input)
        for found in answer["organizationsByCode"]:
            code = found["code"]
            for pool, below in {
                "own": (),
                "below": country.subordinates(code),
                "overseen": country.subordinates(code, "SUPERVISION"),
            }.items():
                assert found[pool] == rate(country, country.pool([code, *below]), slice_), (code, pool)
            assert found["rank"] == ranking.rank(code), code

    async def _form(self, organization: str) -> Any:
        return (await self.client.data(FORM, code=organization))["organization"]["questionnaire"]


async def sent(client: Client, operation: str, **variables: Any) -> bytes:
    """The answer to an operation that nothing is wrong with, as it is sent."""
    answer = await client.query(operation, variables)
    assert not answer.errors, answer.errors
    return answer.response.content


async def of_the_past(client: Client, codes: Sequence[str]) -> dict[str, bytes]:
    """All that is published for the past."""
    found = {}
    for name, slice_ in PAST.items():
        found[name] = await sent(client, EVERYONE, codes=codes, slice=slice_)
        if name in OVER_TIME_OF:
            found[f"{name}, over time"] = await sent(client, OVER_TIME, codes=WIDE, slice=slice_, among={})
    return found


@pytest.fixture(scope="module")
async def past(client: Client, country: Country) -> dict[str, bytes]:
    """What is published for the past in the same country, in which nothing changes."""
    return await of_the_past(client, sorted(country.organizations))


@pytest.fixture
async def portal(writing_client: Client, clone_url: str, country: Country) -> Portal:
    """A country with newcomers."""
    with psycopg.connect(clone_url) as connection:
        connection.execute(PEOPLE)
    # Longer ago than an old form may still be handed in.
    return Portal(writing_client, clone_url, datetime.now(UTC) - timedelta(days=2), country)


def scores(criteria: Sequence[str], *given: int) -> dict[str, int]:
    """Scores of criteria in their order."""
    return dict(zip(criteria, given, strict=True))


async def test_a_new_basic_criterion_changes_nothing_of_the_past(portal: Portal, past: dict[str, bytes]) -> None:
    body, clinic = portal.of("CULTURE"), portal.of("HEALTH")
    now = await portal.now([body, clinic])
    portal.add("SPEED")
    portal.renew("GENERAL", [*BASIC, "SPEED"])
    assert await portal.asked(body) == [*BASIC, "SPEED"]
    # Whoever has a form of an own sphere is asked by that until it is made anew, too.
    assert await portal.asked(clinic) == HEALTH
    assert await portal.now([body, clinic]) == now
    await portal.rated(body, *(scores([*BASIC, "SPEED"], 5, 5, 4, 4, 3, each) for each in (1, 2, 3, 3, 5, 5)))
    assert await portal.past() == past
    assert (await portal.now([clinic]))[clinic] == now[clinic]


async def test_a_slice_by_a_new_criterion_counts_those_who_were_asked_for_it(portal: Portal) -> None:
    body = portal.of("CULTURE")
    portal.add("SPEED")
    portal.renew("GENERAL", [*BASIC, "SPEED"])
    before = (await portal.now([body]))[body][0]["submissions"]
    await portal.rated(body, *(scores([*BASIC, "SPEED"], 5, 5, 4, 4, 3, each) for each in (1, 2, 3, 3, 5, 5)))
    country = await portal.hold(body, ["SPEED"], ["SPEED", "COURTESY"])
    assert len(Slice(criteria=("SPEED",)).counted(country.submissions[body])) == 6
    assert len(country.submissions[body]) == before + 6
    assert {len(each.scores) for each in country.submissions[body]} == {5, 6}


async def test_an_additional_criterion_of_a_sphere_leaves_all_others_alone(
    portal: Portal, past: dict[str, bytes]
) -> None:
    clinic, others = portal.of("HEALTH"), ("SCHOOL", "POST", "TRANSPORT", "HOUSING", "CULTURE")
    codes, now = portal.codes, await portal.now(portal.codes)
    elsewhere = {sphere: await portal.sphere(sphere) for sphere in others}
    portal.add("WAITING", "HEALTH")
    portal.renew("HEALTH", [*HEALTH, "WAITING"])
    assert await portal.asked(clinic) == [*HEALTH, "WAITING"]
    assert (await portal.now(codes), await portal.past()) == (now, past)
    full = scores([*HEALTH, "WAITING"], 5, 4, 3, 4, 5, 4, 2, 1)
    # What is additional may be left out, and is then no part of the mean.
    few = scores([*BASIC, "WAITING"], 1, 2, 2, 1, 1, 5)
    await portal.rated(clinic, full, full, few, few, full, scores(BASIC, 5, 5, 5, 5, 5))
    assert await portal.past() == past
    assert {sphere: await portal.sphere(sphere) for sphere in others} == elsewhere
    country = await portal.hold(clinic, ["WAITING"])
    above = {clinic, *country.ancestors(clinic), *country.ancestors(clinic, "SUPERVISION")}
    then = await portal.now(codes)
    assert {code for code in codes if then[code] != now[code]} == above
    body = portal.of("CULTURE")
    found = await portal.submit(body, by=7, **full)
    assert (found["code"], found["path"]) == ("CRITERION_UNKNOWN", ["input", "scores", "5", "criterion"])
    assert (await portal.now([body]))[body] == now[body]


async def test_what_a_criterion_was_given_stays_when_it_is_asked_for_no_more(
    portal: Portal, past: dict[str, bytes]
) -> None:
    body, clinic, less = portal.of("CULTURE"), portal.of("HEALTH"), [each for each in BASIC if each != "COMFORT"]
    now = await portal.now([body, clinic])
    portal.end("COMFORT")
    portal.renew("GENERAL", less)
    assert (await portal.asked(body), await portal.asked(clinic)) == (less, HEALTH)
    assert await portal.now([body, clinic]) == now
    await portal.rated(body, *(scores(less, 1, 1, 2, each) for each in (1, 2, 3, 4, 5, 5)))
    assert await portal.past() == past
    country = await portal.hold(body, ["COMFORT"])
    scored_by_it = Slice(criteria=("COMFORT",)).counted(country.submissions[body])
    assert len(scored_by_it) == len(country.submissions[body]) - 6 > 0
    listed = (await portal.client.data("{ criteria { code } }"))["criteria"]
    assert "COMFORT" not in [each["code"] for each in listed]


async def test_a_form_without_a_successor_leaves_its_sphere_to_the_general_one(
    portal: Portal, past: dict[str, bytes]
) -> None:
    carrier, clinic = portal.of("TRANSPORT"), portal.of("HEALTH")
    now = await portal.now([carrier, clinic])
    elsewhere = await portal.sphere("HEALTH")
    assert await portal.asked(carrier) == [*BASIC, "PUNCTUALITY", "CLEANLINESS"]
    portal.retire("TRANSPORT")
    portal.end("CLEANLINESS")
    assert await portal.asked(carrier) == BASIC
    assert await portal.now([carrier, clinic]) == now
    await portal.rated(carrier, *(scores(BASIC, 2, 3, 4, 5, each) for each in (1, 2, 3, 4, 5)))
    assert (await portal.sphere("HEALTH"), await portal.past()) == (elsewhere, past)
    await portal.hold(carrier, ["CLEANLINESS", "COURTESY"])
