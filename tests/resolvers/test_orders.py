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


@pytest.mark.parametrize("order", ["RANK_CHANGE_DESC", "RANK_CHANGE_ASC"])
async def test_change_of_rank_is_not_available_yet(client: Client, order: str) -> None:
    answer = await client.query(f"{{ organizations(orderBy: {order}) {{ totalCount }} }}")
    assert answer.refusal == ("NOT_AVAILABLE", None)


@pytest.mark.parametrize(("order", "needed"), [("DISTANCE", "filter.near"), ("RELEVANCE", "filter.text")])
async def test_an_order_that_lacks_its_measure_is_refused(client: Client, order: str, needed: str) -> None:
    answer = await client.query(f"{{ organizations(orderBy: {order}) {{ totalCount }} }}")
    assert answer.refusal == ("BAD_USER_INPUT", "orderBy")
    assert needed in answer.errors[0]["message"]
