"""Rankings and ranks, against a competition ranking of the raw scores."""

import psycopg
import pytest

from tests.clients import Client
from tests.oracle import Country, Standing, ranking

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
