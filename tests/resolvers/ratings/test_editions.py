"""Editions: exactly what the rules gave on the day of publication, whatever happens later, and nothing that is not in them."""

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
import pytest

from engine.meanings.global_ids import encode
from models import freezing
from portal.scratch import ScratchServer
from tests.citizens import result
from tests.clients import Client, client_of
from tests.oracle import RATING, Country, Organization
from tests.oracle_editions import POOLS, Published
from tests.oracle_ranks import RANK
from tests.registrars import Registrar
from tests.slices import Slice

YEAR = Slice(date(2025, 1, 1), date(2025, 12, 31))
SCOPES = {
    "OWN": "scope: OWN",
    "SUBORDINATION": "scope: SUBTREE",
    "SUPERVISION": "scope: SUBTREE, hierarchy: SUPERVISION",
}
EDITION = """id code title from to publishedAt method methodVersion policies { name value }
    organizations submissions raters digest"""
PUBLISH = f"""mutation($input: PublishEditionInput!) {{ publishEdition(input: $input) {{
    __typename ... on PublishEditionPayload {{ edition {{ {EDITION} }} }} ... on Problem {{ code message path }} }} }}"""
INPUT = {"code": "2025", "titles": {"be": "Год", "en": "Year"}, "from": "2025-01-01", "to": "2025-12-31"}
ASKED = " ".join(
    f"{pool}: rating({scope}, slice: $slice) {{ {RATING} }}"
    + "".join(
        f" {pool}_{method}: rank({scope}, slice: $slice, method: {method}) {{ {RANK} }}"
        for method in ("MEAN", "CREDIBLE")
    )
    for pool, scope in SCOPES.items()
)
EVERYTHING = f"""query($codes: [String!]!, $slice: RatingSlice) {{
    organizationsByCode(codes: $codes) {{ code {ASKED} }}
    summary(slice: $slice) {{ organizations rated rating {{ {RATING} }} }} }}"""
RANKING = f"""query($method: RankingMethod, $after: String) {{
    ranking(slice: {{edition: "2025"}}, method: $method, first: 100, after: $after) {{ totalCount pageInfo {{ endCursor }}
        nodes {{ organization {{ code }} asPublished {{ code name(language: RU) }} rank {{ {RANK} explain {{ value prior }} }}
                 rating {{ value submissions }} movedMost {{ value }} }} }} }}"""


@dataclass(frozen=True)
class Stage:
    """A demo country with an edition of 2025, and what it was when that was published."""

    operator: Registrar
    published: Published
    edition: dict[str, Any]

    async def everything(self, slice_: Any = None) -> Any:
        """All that an edition says of each organization of then, or a slice does."""
        codes = sorted(self.published.country.organizations)
        found = await self.operator.ask(EVERYTHING, codes=codes, slice=slice_ or {"edition": "2025"})
        assert not found.errors, found.errors
        return found.data

    async def page(self, method: str, after: str | None) -> Any:
        """A page of its ranking, in one statement."""
        answer = await self.operator.ask(RANKING, method=method, after=after)
        assert len(self.operator.client.statements) == 1
        return answer.data["ranking"]


async def staged(client: Client, url: str) -> Stage:
    operator = Registrar(client, url, "user-000003")
    published = Published(Country(url), YEAR)
    found = result(await operator.ask(PUBLISH, input=INPUT))
    assert found["__typename"] == "PublishEditionPayload", found
    return Stage(operator, published, found["edition"])


@pytest.fixture(scope="module")
def shared_url(scratch: ScratchServer, seeded_template: str, worker_id: str) -> Iterator[str]:
    with scratch.temporary(seeded_template.replace("seeded", f"edition_{worker_id}"), seeded_template) as url:
        yield url


@pytest.fixture(scope="module")
async def stage(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """One for all that only read it."""
    async with client_of(shared_url, tmp_path_factory.mktemp("home")) as client:
        yield await staged(client, shared_url)


async def refusal(stage: Stage, query: str) -> tuple[str, str | None]:
    return (await stage.operator.ask(query)).refusal


async def test_its_ratings_and_ranks_are_those_of_its_period(stage: Stage) -> None:
    found = await stage.everything()
    assert len(stage.operator.client.statements) == 2
    reasons = set()
    for each in found["organizationsByCode"]:
        for pool in POOLS:
            assert each[pool] == stage.published.rating(each["code"], pool), each["code"]
            for method in ("MEAN", "CREDIBLE"):
                rank = each[f"{pool}_{method}"]
                assert rank == stage.published.rank(each["code"], pool, method), (each["code"], pool, method)
                reasons.add(rank["notRanked"])
    assert reasons >= {None, "TOO_FEW_RATERS", "CLOSED"}
    assert found["summary"] == stage.published.summary


async def test_it_is_what_a_slice_of_its_period_said_then(stage: Stage) -> None:
    """Nothing has happened since, so the two ways to the same numbers must agree."""
    assert await stage.everything() == await stage.everything(YEAR.input)


@pytest.mark.parametrize("method", ["MEAN", "CREDIBLE"])
async def test_its_ranking_is_in_the_order_of_its_positions(stage: Stage, method: str) -> None:
    nodes: list[Any] = []
    after = None
    while after is None or len(nodes) % 100 == 0:
        page = await stage.page(method, after)
        nodes += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        assert page["totalCount"] == stage.published.summary["organizations"]
    assert len(nodes) == page["totalCount"]
    names = {each.code: each.name_ru for each in stage.published.country.organizations.values()}
    for each in nodes:
        code, explained = each["organization"]["code"], each["rank"].pop("explain")
        assert each["rank"] == stage.published.rank(code, "OWN", method)
        assert explained == (
            each["rank"]["value"] and {"value": each["rank"]["value"], "prior": 10 * (method != "MEAN")}
        )
        assert each["asPublished"] == {"code": code, "name": names[code]}
        rating = stage.published.rating(code, "OWN")
        assert each["rating"] == {"value": rating["value"], "submissions": rating["submissions"]}
        assert each["movedMost"] is None
    positions = [each["rank"]["position"] or 1_000_000 for each in nodes]
    assert positions == sorted(positions)


SETS: dict[str, tuple[dict[str, Any], Callable[[Country, Organization], bool]]] = {
    "a sphere": ({"spheres": ["HEALTH", "SCHOOL"]}, lambda _, o: bool({"HEALTH", "SCHOOL"} & set(o.spheres))),
    "an area": ({"areas": ["BY-BR"]}, lambda country, o: country.in_area(o.code, "BY-BR")),
    "a subtree": (
        {"subordinateTo": {"code": "BY-GOV-HEALTH"}, "hierarchy": "SUPERVISION"},
        lambda country, o: o.code in country.subordinates("BY-GOV-HEALTH", "SUPERVISION"),
    ),
    "a kind": ({"kinds": ["ORGANIZATION"]}, lambda _, o: o.kind == "ORGANIZATION"),
    "nobody": ({"kinds": []}, lambda *_: False),
}


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("name", SETS)
async def test_a_set_can_be_ranked_by_it(stage: Stage, name: str, pool: str) -> None:
    """Its values, in places of their own; CREDIBLE draws toward the mean of the set."""
    (among, fits), published = SETS[name], stage.published
    chosen = published.country.chosen(lambda o: o.open and fits(published.country, o))
    assert bool(chosen) == (name != "nobody")
    outside = next(iter(sorted(published.country.chosen() - chosen)))
    for method in ("MEAN", "CREDIBLE"):
        asked = f'among: $among, slice: {{edition: "2025"}}, method: {method}, {SCOPES[pool]}'
        query = f"""query($among: OrganizationFilter, $outside: String!) {{
            ranking({asked}, first: 100) {{ totalCount nodes {{ rank {{ {RANK} }} rating {{ value }}
                organization {{ code rank({asked}) {{ {RANK} }} }} asPublished {{ code }} }} }}
            organization(by: {{code: $outside}}) {{ rank({asked}) {{ position notRanked }} }} }}"""
        answer = await stage.operator.ask(query, among=among, outside=outside)
        expected = published.among(chosen, pool, method)
        nodes = answer.data["ranking"]["nodes"]
        assert answer.data["ranking"]["totalCount"] == len(chosen)
        assert len(nodes) == min(len(chosen), 100)
        for each in nodes:
            code = each["organization"]["code"]
            assert each["rank"] == each["organization"]["rank"] == expected.rank(code), code
            assert each["rating"]["value"] == published.rating(code, pool)["value"]
            assert each["asPublished"]["code"] == code
        positions = [each["rank"]["position"] or 1_000_000 for each in nodes]
        assert positions == sorted(positions)
        assert answer.data["organization"]["rank"] == {"position": None, "notRanked": "NOT_AMONG"}


async def test_a_list_can_be_in_the_order_of_its_ratings(stage: Stage) -> None:
    asked = 'slice: {edition: "2025"}'
    query = (
        f"{{ organizations({asked}, orderBy: RATING_DESC, first: 100) {{ nodes {{ rating({asked}) {{ value }} }} }} }}"
    )
    values = [
        each["rating"]["value"] or "0" for each in (await stage.operator.ask(query)).data["organizations"]["nodes"]
    ]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) > 1


async def test_everybody_reads_what_there_is(stage: Stage) -> None:
    summary = stage.published.summary
    edition = stage.edition
    assert {key: edition[key] for key in ("code", "title", "from", "to", "methodVersion")} == {
        "code": "2025",
        "title": "Год",
        "from": "2025-01-01",
        "to": "2025-12-31",
        "methodVersion": 1,
    }
    assert (edition["organizations"], edition["submissions"], edition["raters"]) == (
        summary["organizations"],
        summary["rating"]["submissions"],
        summary["rating"]["raters"],
    )
    assert {"name": "MIN_RATERS", "value": "5"} in edition["policies"]
    assert "competition ranking" in edition["method"]
    query = f"""query($id: ID!) {{ editions {{ {EDITION} }} edition(code: "2025") {{ {EDITION} }} other: edition(code: "x") {{ code }}
        node(id: $id) {{ ... on Edition {{ {EDITION} belarusian: title(language: BE) russian: title(language: RU) }} }} }}"""
    found = (await stage.operator.client.query(query, {"id": edition["id"]})).data
    assert (found["editions"][0], found["edition"], found["other"]) == (edition, edition, None)
    assert [each["code"] for each in found["editions"]] == ["2025", "2024"]
    assert found["node"] == edition | {"belarusian": "Год", "russian": "Год"}


async def test_its_digest_is_of_its_lines(stage: Stage) -> None:
    """In the form that is documented, written by another program."""
    with psycopg.connect(stage.operator.url) as connection:
        lines = list(freezing.lines(connection, "2025"))
        assert freezing.altered(connection) == []
    rows = [json.loads(line) for line in lines]
    again = [json.dumps(row, ensure_ascii=False) for row in rows]
    assert hashlib.sha256("".join(f"{line}\n" for line in again).encode()).hexdigest() == stage.edition["digest"]
    assert rows[0][:2] == ["edition", "2025"]
    codes = [row[1] for row in rows[1:] if row[0] == "organization"]
    assert codes == sorted(stage.published.country.organizations)
    rated = {(row[1], row[2]): row[3:] for row in rows if row[0] == "rating"}
    assert set(rated) == {(code, pool) for code in codes for pool in POOLS}
    for (code, pool), numbers in rated.items():
        expected = stage.published.rating(code, pool)
        assert numbers[0] == expected["submissions"]
        assert numbers[3:5] == [expected["raters"], [each["submissions"] for each in expected["marks"]]]


@pytest.mark.parametrize(
    ("query", "argument"),
    [
        ('{ summary(slice: {edition: "nope"}) { organizations } }', "slice.edition"),
        ('{ ranking(slice: {edition: ""}) { totalCount } }', "slice.edition"),
        ('{ summary(slice: {edition: "2025", from: "2025-01-01"}) { rated } }', "slice.from"),
        ('{ summary(slice: {edition: "2025", to: "2025-01-01"}) { rated } }', "slice.to"),
        ('{ ranking(slice: {edition: "2025", services: []}) { totalCount } }', "slice.services"),
        ('{ ranking(slice: {edition: "2025", channels: [POST]}) { totalCount } }', "slice.channels"),
        ('{ ranking(slice: {edition: "2025", raterKinds: []}) { totalCount } }', "slice.raterKinds"),
        ('{ ranking(slice: {edition: "2025", criteria: ["COURTESY"]}) { totalCount } }', "slice.criteria"),
        ('{ ranking(slice: {edition: "2025"}, minRaters: 6) { totalCount } }', "minRaters"),
        ('{ ranking(slice: {edition: "2025"}, comparedTo: "2025-06-30") { totalCount } }', "comparedTo"),
        ('{ ranking(slice: {edition: "2025"}, among: {closed: null}) { totalCount } }', "among.closed"),
        ('{ ranking(slice: {edition: "2025"}, among: {kinds: [], closed: true}) { totalCount } }', "among.closed"),
        ('{ ranking(slice: {edition: "2025"}, among: {spheres: ["x"]}) { totalCount } }', "among.spheres"),
        ('{ ranking(slice: {edition: "2025"}, among: {kinds: []}, minRaters: 6) { totalCount } }', "minRaters"),
        ('{ summary(slice: {edition: "2025"}, among: {spheres: ["HEALTH"]}) { rated } }', "among.spheres"),
        ('{ summary(slice: {edition: "2025"}, among: {codes: []}) { rated } }', "among.codes"),
        ('{ summary(slice: {edition: "2025"}) { history(interval: YEAR) { from } } }', "slice.edition"),
        ('{ summary(slice: {edition: "2025"}) { breakdown(by: [CHANNEL]) { rating { value } } } }', "slice.edition"),
        (
            '{ organizations(first: 1) { nodes { history(interval: YEAR, slice: {edition: "2025"}) { to } } } }',
            "slice.edition",
        ),
        (
            '{ organizations(first: 1) { nodes { breakdown(by: [CHANNEL], slice: {edition: "2025"}) { rating { value } } } } }',
            "slice.edition",
        ),
        ('{ areas { rating(slice: {edition: "2025"}) { value } } }', "slice.edition"),
        (
            '{ organizations(first: 1) { nodes { rank(slice: {edition: "2025"}, among: {maxDepth: 1}) { tied } } } }',
            "among.maxDepth",
        ),
        ('{ organizations(slice: {edition: "2025"}, orderBy: RANK_CHANGE_DESC) { totalCount } }', "orderBy"),
    ],
)
async def test_what_it_cannot_answer_is_refused_by_its_name(stage: Stage, query: str, argument: str) -> None:
    assert await refusal(stage, query) == ("BAD_USER_INPUT", argument)


async def test_no_condition_at_all_is_everyone(stage: Stage) -> None:
    found = await stage.operator.ask('{ ranking(slice: {edition: "2025"}, among: {}, first: 0) { totalCount } }')
    assert found.data["ranking"]["totalCount"] == stage.published.summary["organizations"]


async def test_whatever_happens_later_changes_nothing_in_it(writing_client: Client, clone_url: str) -> None:
    stage = await staged(writing_client, clone_url)
    before, sliced = await stage.everything(), await stage.everything(YEAR.input)
    assert before == sliced
    first = await stage.page("MEAN", None)
    merged, kept = await _happens(stage)
    after, now = await stage.everything(), await stage.everything(YEAR.input)
    assert now != sliced
    # The code of what was merged means who took it over, whose own rating of then it is.
    of_then = {each["code"]: each for each in before["organizationsByCode"]}
    codes = sorted(stage.published.country.organizations)
    assert after["organizationsByCode"] == [of_then[kept if code == merged else code] for code in codes]
    assert after["summary"] == before["summary"]
    # Whoever read a page before goes on where that ended, and meets nobody twice.
    second = await stage.page("MEAN", first["pageInfo"]["endCursor"])
    ranking = [*first["nodes"], *second["nodes"]]
    assert len({each["organization"]["code"] for each in ranking}) == len(ranking) == second["totalCount"]
    names = {each.code: each.name_ru for each in stage.published.country.organizations.values()}
    ranking = (await stage.page("MEAN", None))["nodes"]
    assert all(each["asPublished"]["name"] == names[each["organization"]["code"]] for each in ranking)
    with psycopg.connect(clone_url) as connection:
        assert freezing.altered(connection) == []
    new = """{ organization(by: {code: "NEW"}) { rating(slice: {edition: "2025"}) { value submissions raters withheld
        byCriterion { value } } rank(slice: {edition: "2025"}) { position notRanked value } } }"""
    assert (await stage.operator.ask(new)).data["organization"] == {
        "rating": {"value": None, "submissions": 0, "raters": 0, "withheld": False, "byCriterion": []},
        "rank": {"position": None, "notRanked": "NOT_AMONG", "value": None},
    }


async def _happens(stage: Stage) -> tuple[str, str]:
    """All that can happen to what an edition is of; the codes of who was merged, and into whom."""
    country, operator = stage.published.country, stage.operator
    own = stage.published.counted["OWN"]
    leaves = [code for code in sorted(own, key=lambda code: -len(own[code])) if not country.children(code)]
    rejected, withdrawn, moved, merged, kept, closed, renamed = [
        code for code in leaves if country.organizations[code].open
    ][:7]
    root = next(code for code, parent in country.parents["SUBORDINATION"].items() if parent is None)
    moderator = Registrar(operator.client, operator.url, "user-000001")
    listing = """query($code: String!) { submissions(organization: {code: $code}, status: [COUNTED], from: "2025-01-01",
        to: "2025-12-31", first: 3) { nodes { id } } }"""
    for each in (await moderator.ask(listing, code=rejected)).data["submissions"]["nodes"]:
        assert (await moderator.reject(each["id"]))["__typename"] == "RejectSubmissionPayload"
    await _withdrawn(stage, withdrawn)
    for change in (
        operator.move(moved, root),
        operator.merge(merged, kept),
        operator.close(closed),
        operator.change("changeOrganization", organization={"code": renamed}, names={"ru": "Иначе", "en": "Other"}),
        operator.change(
            "createOrganization",
            code="NEW",
            kind=country.organizations[renamed].kind,
            names={"en": "New"},
            subordination={"below": {"code": root}},
        ),
        *(
            _set(operator, *policy)
            for policy in (("MIN_RATERS", "1"), ("CREDIBLE_PRIOR", "99"), ("SATISFACTION_MARK", "5"))
        ),
    ):
        done = await change
        assert done["__typename"].endswith("Payload"), done
    return merged, kept


async def _withdrawn(stage: Stage, code: str) -> None:
    """A rater of the year takes a submission back."""
    query = """SELECT submission.id, account.code FROM submission JOIN account USING (rater_id)
        JOIN organization ON organization.id = organization_id
        WHERE organization.code = %s AND status = 'COUNTED' AND submitted_on BETWEEN '2025-01-01' AND '2025-12-31'"""
    with psycopg.connect(stage.operator.url) as connection:
        key, account = connection.execute(query, [code]).fetchall()[0]
    rater = Registrar(stage.operator.client, stage.operator.url, account)
    assert (await rater.withdraw(encode("Submission", key)))["__typename"] == "WithdrawSubmissionPayload"


async def _set(operator: Registrar, name: str, value: str) -> Any:
    query = "mutation($input: SetPolicyInput!) { setPolicy(input: $input) { __typename } }"
    return result(await operator.ask(query, input={"name": name, "value": value}))
