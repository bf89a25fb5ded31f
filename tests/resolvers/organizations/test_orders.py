"""The orders of organizations, against the raw rows."""

import pytest

from tests.clients import Client
from tests.oracle import Country
from tests.resolvers.lists import forward


async def test_by_rating_the_unrated_come_last_either_way(client: Client, country: Country) -> None:
    values = {code: country.rating([code])["value"] for code in country.organizations}
    down = [values[code] for code in await forward(client, "organizations", "orderBy: RATING_DESC")]
    up = [values[code] for code in await forward(client, "organizations", "orderBy: RATING_ASC")]
    rated = sorted(value for value in down if value is not None)
    unrated = [None] * (len(down) - len(rated))
    assert unrated
    assert down == [*rated[::-1], *unrated]
    assert up == [*rated, *unrated]


async def test_by_submissions_the_most_rated_come_first(client: Client, country: Country) -> None:
    codes = await forward(client, "organizations", "orderBy: SUBMISSIONS_DESC")
    counts = [len(country.submissions[code]) for code in codes]
    assert counts == sorted(counts, reverse=True)


async def test_by_distance_the_nearest_come_first(client: Client) -> None:
    query = """{ organizations(first: 100, filter: {near: {point: {latitude: 53.9, longitude: 27.56}}}) {
        nodes { distance(from: {latitude: 53.9, longitude: 27.56}) } } }"""
    distances = [node["distance"] for node in (await client.data(query))["organizations"]["nodes"]]
    assert len(distances) == 100
    assert distances == sorted(distances)


@pytest.mark.parametrize(("language", "name"), [("ru", "name_ru"), ("be", "name_be"), ("en", "name_en")])
async def test_by_name_is_by_the_alphabet_of_the_viewers_language(
    client: Client, country: Country, language: str, name: str
) -> None:
    query = "{ organizations(first: 100) { nodes { code name } } }"
    answer = await client.query(query, headers={"Accept-Language": language})
    nodes = answer.data["organizations"]["nodes"]
    assert [node["name"] for node in nodes] == [getattr(country.organizations[node["code"]], name) for node in nodes]
    initials = [next(filter(str.isalpha, node["name"])).lower() for node in nodes]
    alphabet = "abcdefghijklmnopqrstuvwxyzабвгдеёжзіийклмнопрстуўфхцчшщъыьэюя"
    places = [alphabet.index(initial) for initial in initials]
    assert places == sorted(places)


@pytest.mark.parametrize("language", ["ru", "be", "en"])
async def test_children_are_in_the_order_of_names_in_each_language(client: Client, language: str) -> None:
    """Each of the two orders is another index's: that of the names beside positions, and that of organizations."""
    query = """{ organization(by: {code: "BY-GOV"}) { children(orderBy: NAME, first: 100) { nodes { code } } }
        organizations(orderBy: NAME, filter: {subordinateTo: {code: "BY-GOV"}, maxDepth: 1}, first: 100) { nodes { code } } }"""
    found = (await client.query(query, headers={"Accept-Language": language})).data
    children = found["organization"]["children"]["nodes"]
    assert len(children) > 10
    assert children == found["organizations"]["nodes"]


@pytest.mark.parametrize("among", ["{}", '{spheres: ["HEALTH", "SCHOOL"]}'])
@pytest.mark.parametrize("direction", ["DESC", "ASC"])
async def test_by_change_of_rank_is_the_order_of_a_compared_ranking(client: Client, among: str, direction: str) -> None:
    listed = f'orderBy: RANK_CHANGE_{direction}, filter: {among}, slice: {{from: "2026-06-01", to: "2026-08-31"}}'
    ranked = f'orderBy: CHANGE_{direction}, among: {among}, slice: {{to: "2026-08-31"}}, comparedTo: "2026-05-31"'
    selected = "organization { code } rank { change }"
    nodes = (await client.data(f"{{ ranking({ranked}, first: 100) {{ nodes {{ {selected} }} }} }}"))["ranking"]["nodes"]
    codes = (await forward(client, "organizations", listed))[: len(nodes)]
    assert codes == [node["organization"]["code"] for node in nodes]
    assert len({node["rank"]["change"] for node in nodes}) > 3


async def test_by_change_of_rank_of_subordinates_is_by_their_places_among_all(client: Client) -> None:
    query = """{ organization(by: {code: "BY-GOV"}) { children(ORDER) { nodes { code } } } organizations(ORDER) {
        nodes { code } } }""".replace("ORDER", 'orderBy: RANK_CHANGE_DESC, slice: {from: "2026-06-01"}, first: 100')
    answer = await client.data(query)
    children = [node["code"] for node in answer["organization"]["children"]["nodes"]]
    among_all = [node["code"] for node in answer["organizations"]["nodes"]]
    shared = set(children) & set(among_all)
    assert len(shared) > 1
    assert [code for code in children if code in shared] == [code for code in among_all if code in shared]


@pytest.mark.parametrize("order", ["RANK_CHANGE_DESC", "RANK_CHANGE_ASC"])
@pytest.mark.parametrize("slice_", ["", "slice: {}", 'slice: {to: "2026-01-01"}'])
async def test_by_change_of_rank_needs_a_date_to_compare_with(client: Client, order: str, slice_: str) -> None:
    answer = await client.query(f"{{ organizations(orderBy: {order} {slice_}) {{ totalCount }} }}")
    assert answer.refusal == ("BAD_USER_INPUT", "orderBy")
    assert "slice.from" in answer.errors[0]["message"]
    assert client.statements == []


async def test_a_slice_that_ends_before_it_begins_orders_nothing(client: Client) -> None:
    slice_ = 'slice: {from: "2026-02-01", to: "2026-01-01"}'
    for order in ("RATING_DESC", "RANK_CHANGE_DESC"):
        answer = await client.query(f"{{ organizations(orderBy: {order}, {slice_}) {{ totalCount }} }}")
        assert answer.refusal == ("BAD_USER_INPUT", "slice.from")


@pytest.mark.parametrize(("order", "needed"), [("DISTANCE", "filter.near"), ("RELEVANCE", "filter.text")])
async def test_an_order_that_lacks_its_measure_is_refused(client: Client, order: str, needed: str) -> None:
    answer = await client.query(f"{{ organizations(orderBy: {order}) {{ totalCount }} }}")
    assert answer.refusal == ("BAD_USER_INPUT", "orderBy")
    assert needed in answer.errors[0]["message"]
