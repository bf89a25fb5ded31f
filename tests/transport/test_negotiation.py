"""In which form, and in which language, an answer comes."""

import pytest

from resolvers.languages import Language
from tests.clients import Client
from transport import answers
from transport.languages import preferred

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
JSON, GRAPHQL_JSON = answers.JSON, answers.GRAPHQL_JSON


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/graphql-response+json, */*", GRAPHQL_JSON),
        ("application/json", JSON),
        ("application/graphql-response+json", GRAPHQL_JSON),
        ("application/json, application/graphql-response+json", GRAPHQL_JSON),
        ("application/graphql-response+json;q=0.5, application/json", JSON),
        ("application/json; charset=utf-8; q=0.1, */*; q=0.01", JSON),
        ("APPLICATION/JSON", JSON),
        ("text/event-stream, application/json;q=0.5", JSON),
        ("application/json;q=0, application/graphql-response+json;q=0", None),
        ("text/event-stream", answers.EVENTS),
        ("image/png, text/html", None),
        ("application/json;q=much", None),
    ],
)
def test_the_media_type_that_the_client_likes_best(accept: str | None, media: str | None) -> None:
    assert answers.media_type(accept) == media


async def test_the_answer_has_the_media_type(client: Client) -> None:
    answer = await client.query("{ __typename }", headers={"Accept": GRAPHQL_JSON})
    assert answer.response.headers["content-type"] == "application/graphql-response+json; charset=utf-8"


async def test_a_client_that_takes_neither(client: Client) -> None:
    answer = await client.query("{ __typename }", headers={"Accept": "image/png"})
    assert answer.response.status_code == 406
    assert answer.refusal == ("BAD_REQUEST", None)


async def test_a_browser_gets_the_page(client: Client) -> None:
    response = await client.http.get("/graphql", headers={"Accept": BROWSER})
    assert response.headers["content-type"].startswith("text/html")


async def test_a_browser_that_asks_gets_the_answer(client: Client) -> None:
    response = await client.http.get("/graphql", params={"query": "{__typename}"}, headers={"Accept": BROWSER})
    assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, Language.RU),
        ("", Language.RU),
        ("be", Language.BE),
        ("be-BY", Language.BE),
        ("BE-tarask", Language.BE),
        ("en;q=0.5, be;q=0.9", Language.BE),
        ("en, be", Language.EN),
        ("de, en;q=0.1", Language.EN),
        ("de", Language.RU),
        ("en;q=0", Language.RU),
        ("en;q=most", Language.RU),
        ("*", Language.RU),
        (";;,,=", Language.RU),
    ],
)
def test_the_language_that_the_client_likes_best(accepted: str | None, language: Language) -> None:
    assert preferred(accepted, Language.RU) is language


async def test_names_are_in_that_language(client: Client) -> None:
    query = "{ spheres { name be: name(language: BE) en: name(language: EN) } }"
    for language in ("be", "en"):
        answer = await client.query(query, headers={"Accept-Language": language})
        assert all(sphere["name"] == sphere[language] for sphere in answer.data["spheres"])
    assert any(sphere["be"] != sphere["en"] for sphere in answer.data["spheres"])
