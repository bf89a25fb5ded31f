"""Rankings and ranks, against a competition ranking of the raw scores."""

import json
from collections.abc import Callable
from datetime import date

import psycopg
import pytest

from tests.citizens import Citizen
from tests.clients import Client
from tests.oracle import Country, Organization, Standing, ranking
from tests.oracle_ranks import RANK as WHOLE_RANK
from tests.oracle_ranks import Ranking
from tests.slices import Slice

RANK = "rank { position notRanked outOf tied value previous change } rating { value submissions raters }"


async def entries(client: Client, arguments: str) -> dict[str, tuple[Standing, str | None]]:
    """The whole ranking: by code, the standing and why there is no position, in the answer's order."""
    found = {}
    after = ""
    while True:
        page = (
            await client.data(f"""{{ ranking({arguments} first: 100 {after}) {{
                nodes {{ organization {{ code }} {RANK} }} pageInfo {{ hasNextPage endCursor }} }} }}""")
        )["ranking"]
        for node in page["nodes"]:
            rank = node["rank"]
            assert rank["value"] == node["rating"]["value"]
            assert (rank["previous"], rank["change"]) == (None, None)
            standing = Standing(rank["position"], rank["tied"], rank["outOf"])
            found[node["organization"]["code"]] = standing, rank["notRanked"]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = f'after: "{page["pageInfo"]["endCursor"]}"'


@pytest.mark.parametrize(
    ("asked", "minimum"), [("", 5), ("minRaters: 20", 20), ("minRaters: 1", 5), ("minRaters: 0", 5)]
)
async def test_a_ranking_is_a_competition_of_those_with_enough_raters(
    client: Client, country: Country, asked: str, minimum: int
) -> None:
    found = await entries(client, f"scope: OWN {asked}")
    expected = ranking({code: country.rating([code]) for code in country.chosen()}, minimum)
    assert {code: standing for code, (standing, _) in found.items()} == expected
    assert any(standing.tied > 1 for standing in expected.values())


@pytest.mark.parametrize(
    ("spheres", "areas"),
    [
        (["HEALTH"], ["BY-HO"]),
        (["HEALTH"], None),
        (["HEALTH", "PHARMACY", "SANITARY"], ["BY", "BY-HO", "BY-MI"]),
        (["HEALTH"], []),
    ],
)
@pytest.mark.parametrize("slice_", ["", 'slice: {from: "2026-01-01"}'])
async def test_a_set_of_spheres_in_areas_is_ranked_as_any_other(
    client: Client, country: Country, spheres: list[str], areas: list[str] | None, slice_: str
) -> None:
    kinds = sorted({o.kind for o in country.organizations.values()})
    set_ = f"spheres: {json.dumps(spheres)}, areas: {json.dumps(areas)}"
    found = await entries(client, f"among: {{{set_}}}, {slice_}")
    assert found == await entries(client, f"among: {{{set_}, kinds: {json.dumps(kinds)}}}, {slice_}")
    assert bool(found) == (areas != [])


@pytest.mark.parametrize("hierarchy", ["SUBORDINATION", "SUPERVISION"])
async def test_subtrees_are_ranked_by_their_pooled_ratings(client: Client, country: Country, hierarchy: str) -> None:
    found = await entries(client, f'among: {{kinds: ["MINISTRY"]}}, scope: SUBTREE, hierarchy: {hierarchy}')
    ministries = country.chosen(lambda o: o.open and o.kind == "MINISTRY")
    pools = {code: country.rating([code, *country.subordinates(code, hierarchy)]) for code in ministries}
    assert {code: standing for code, (standing, _) in found.items()} == ranking(pools)


async def test_a_ranking_goes_from_the_best_to_those_without_a_position(client: Client) -> None:
    found = await entries(client, "")
    positions = [standing.position for standing, _ in found.values()]
    ranked = [position for position in positions if position is not None]
    assert ranked == sorted(ranked)
    assert positions[len(ranked) :] == [None] * (len(positions) - len(ranked))


async def test_who_has_no_position_is_told_why(client: Client, country: Country) -> None:
    for code, (standing, reason) in (await entries(client, "")).items():
        raters = country.rating([code])["raters"]
        expected = "NO_SUBMISSIONS" if raters == 0 else "TOO_FEW_RATERS" if raters < 5 else None
        assert reason == expected
        assert (standing.position is None) is (reason is not None)


async def test_the_rank_of_an_organization_is_its_place_in_the_ranking(client: Client) -> None:
    among = '{spheres: ["HEALTH", "SCHOOL", "POST"]}'
    listed = await entries(client, f"among: {among}")
    query = f"""query($codes: [String!]!) {{ organizationsByCode(codes: $codes) {{
        code rank(among: {among}) {{ position notRanked outOf tied }} }} }}"""
    answer = await client.data(query, codes=list(listed))
    assert {
        each["code"]: (
            Standing(each["rank"]["position"], each["rank"]["tied"], each["rank"]["outOf"]),
            each["rank"]["notRanked"],
        )
        for each in answer["organizationsByCode"]
    } == listed


async def test_several_ranks_in_one_operation_have_their_own_sets(client: Client, country: Country) -> None:
    query = """{ organization(by: {code: "BY-HO-06-HEALTH-POLYCLINIC-1"}) {
        all: rank { outOf } sphere: rank(among: {spheres: ["HEALTH"]}) { outOf }
        strict: rank(minRaters: 30) { outOf } } }"""
    ratings = {code: country.rating([code]) for code in country.chosen()}
    health = {code: each for code, each in ratings.items() if "HEALTH" in country.organizations[code].spheres}
    expected = {"all": (ratings, 5), "sphere": (health, 5), "strict": (ratings, 30)}
    assert (await client.data(query))["organization"] == {
        name: {"outOf": sum(each.position is not None for each in ranking(chosen, least).values())}
        for name, (chosen, least) in expected.items()
    }


async def test_a_closed_organization_is_never_ranked(client: Client) -> None:
    query = """{ organizations(first: 1, filter: {closed: true}) { nodes {
        rank { position notRanked } both: rank(among: {closed: null}) { position notRanked } } }
        ranking(among: {closed: true}) { totalCount } }"""
    answer = await client.data(query)
    closed = {"position": None, "notRanked": "CLOSED"}
    assert answer["organizations"]["nodes"] == [{"rank": closed, "both": closed}]
    assert answer["ranking"] == {"totalCount": 0}


async def test_who_is_not_in_the_set_is_told_so(client: Client) -> None:
    query = """{ organization(by: {code: "BY-HO-06-HEALTH-POLYCLINIC-1"}) {
        rank(among: {spheres: ["SCHOOL"]}) { position notRanked tied } } }"""
    expected = {"position": None, "notRanked": "NOT_AMONG", "tied": 0}
    assert (await client.data(query))["organization"]["rank"] == expected


async def test_what_has_no_place_is_not_among_those_in_a_box(writing_client: Client, clone_url: str) -> None:
    code = "BY-HO-06-HEALTH-POLYCLINIC-1"
    with psycopg.connect(clone_url) as connection:
        connection.execute("UPDATE organization SET location = NULL, area_id = NULL WHERE code = %s", [code])
    query = f"""{{ organization(by: {{code: "{code}"}}) {{
        box: rank(among: {{within: {{west: 20, south: 50, east: 40, north: 60}}}}) {{ notRanked }}
        area: rank(among: {{areas: ["BY"]}}) {{ notRanked }} }} }}"""
    outside = {"notRanked": "NOT_AMONG"}
    assert (await writing_client.data(query))["organization"] == {"box": outside, "area": outside}


MARCH = date(2026, 3, 31)
SETS: dict[str, tuple[str, Callable[[Country, Organization], bool]]] = {
    "everyone": ("{}", lambda country, o: True),
    "a sphere": ('{spheres: ["HEALTH"]}', lambda country, o: "HEALTH" in o.spheres),
    "a category": (
        '{categories: ["HEALTH-POLYCLINIC"]}',
        lambda country, o: any(country.service_categories[each] == "HEALTH-POLYCLINIC" for each in o.services),
    ),
    "an area": ('{areas: ["BY-MI"]}', lambda country, o: country.in_area(o.code, "BY-MI")),
    "a subtree": (
        '{subordinateTo: {code: "BY-GOV"}}',
        lambda country, o: "BY-GOV" in country.ancestors(o.code),
    ),
    "a kind": ('{kinds: ["MINISTRY"]}', lambda country, o: o.kind == "MINISTRY"),
}


@pytest.mark.parametrize(("among", "belongs"), SETS.values(), ids=SETS.keys())
@pytest.mark.parametrize("arguments", ["", "minRaters: 12", 'method: CREDIBLE, comparedTo: "2026-03-31"'])
async def test_every_organization_has_its_rank_in_a_set_or_is_told_what_it_lacks(
    client: Client,
    country: Country,
    among: str,
    belongs: Callable[[Country, Organization], bool],
    arguments: str,
) -> None:
    open_ones = [o for o in country.organizations.values() if o.open]
    said = {o.code: country.submissions[o.code] for o in open_ones if belongs(country, o)}
    minimum, prior = 12 if "minRaters" in arguments else 5, 10 if "CREDIBLE" in arguments else None
    now = Ranking(said, minimum, prior)
    compared = "comparedTo" in arguments
    then = Ranking.over(Slice(last=MARCH), said, minimum, prior) if compared else None
    query = f"""query($codes: [String!]!) {{ organizationsByCode(codes: $codes) {{
        code rank(among: {among} {arguments}) {{ {WHOLE_RANK} }} }} }}"""
    answer = await client.data(query, codes=[o.code for o in open_ones])
    assert {each["code"]: each["rank"] for each in answer["organizationsByCode"]} == {
        o.code: now.rank(o.code, then) for o in open_ones
    }
    assert now.values


async def test_a_rank_is_exact_straight_after_each_submission(new_citizen: Callable[[str | None], Citizen]) -> None:
    query = """{ organization(by: {code: "HOSPITAL"}) {
        rank(minRaters: 4) { position notRanked ratersMissing outOf value } } }"""
    for missing, name in ((3, None), (2, "citizen-7"), (1, "citizen-8"), (None, "citizen-9")):
        citizen = new_citizen(name)
        if name is not None:
            assert (await citizen.submit("HOSPITAL"))["__typename"] == "SubmitQuestionnairePayload"
        assert (await citizen.client.data(query))["organization"]["rank"] == {
            "position": None if missing else 1,
            "notRanked": "TOO_FEW_RATERS" if missing else None,
            "ratersMissing": missing,
            "outOf": 0 if missing else 1,
            "value": "4.50",
        }


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ('slice: {from: "2026-03-01"}, comparedTo: "2026-02-28"', "comparedTo"),
        ('slice: {to: "2026-03-01"}, comparedTo: "2026-03-02"', "comparedTo"),
        ('slice: {from: "2026-03-01", to: "2026-02-01"}', "slice.from"),
        ("minRaters: -1", "minRaters"),
    ],
)
@pytest.mark.parametrize("field", ["ranking(ASKED) { totalCount }", "organizations { nodes { rank(ASKED) { tied } } }"])
async def test_what_cannot_be_compared_is_refused(client: Client, field: str, arguments: str, argument: str) -> None:
    answer = await client.query(f"{{ {field.replace('ASKED', arguments)} }}")
    assert answer.refusal == ("BAD_USER_INPUT", argument)
    assert client.statements == []


@pytest.mark.parametrize("arguments", ["orderBy: CHANGE_DESC", "orderBy: CHANGE_ASC, comparedTo: null"])
async def test_an_order_by_change_needs_a_date_to_compare_with(client: Client, arguments: str) -> None:
    answer = await client.query(f"{{ ranking({arguments}) {{ totalCount }} }}")
    assert answer.refusal == ("BAD_USER_INPUT", "orderBy")
    assert client.statements == []


@pytest.mark.parametrize("asked", ["", "method: CREDIBLE", 'comparedTo: "2026-05-01"'])
@pytest.mark.parametrize(
    "field",
    [
        """ranking(ASKED first: 50) { totalCount nodes { rank { position tied outOf value explain { value } }
            organization { code name } rating { value } movedMost { value } } }""",
        "organizations(first: 50) { totalCount nodes { rank(ASKED) { position tied outOf value change } } }",
    ],
)
async def test_a_set_is_counted_once_whatever_is_asked_of_it(client: Client, field: str, asked: str) -> None:
    field = field.replace("ranking(ASKED", f'ranking(among: {{spheres: ["HEALTH"]}} {asked}')
    field = field.replace("ASKED", f'among: {{spheres: ["HEALTH"]}} {asked}')
    await client.data(f"{{ {field} }}")
    (statement,) = client.statements
    moments, single = 2 if "comparedTo" in asked else 1, "organizations(" in field
    # A ranking's places are told by all keys in order, those of single organizations and of changes by how many there are.
    assert statement.count(" AS keys") == (not single)
    assert statement.count("sum(count(*)) OVER (ORDER BY") == (moments if single or moments == 2 else 0)
    # A total lies ready, so that the rank of single organizations reads it again.
    assert statement.count("FROM organization_sphere") == moments + single


@pytest.mark.parametrize(
    ("fields", "asked", "totals"),
    [
        ("value submissions raters __typename", "", 1),
        ("...{ value } withheld", "method: MEAN", 1),
        ("value satisfaction", "", 2),
        ("value", "method: CREDIBLE", 2),
    ],
)
async def test_what_an_entry_has_read_of_a_total_is_its_rating(
    client: Client, fields: str, asked: str, totals: int
) -> None:
    whole = "value submissions raters satisfaction withheld __typename"
    nodes = f"nodes {{ organization {{ rating {{ {whole} }} }} rating {{ {fields} }} }}"
    answer = await client.data(f"{{ ranking({asked} first: 20) {{ {nodes} }} }}")
    assert client.statements[0].count("OUTER JOIN total AS") == totals
    for node in answer["ranking"]["nodes"]:
        itself = node["organization"]["rating"]
        assert node["rating"] == {name: itself[name] for name in node["rating"]}
