"""Text search as speakers of Russian, Belarusian and English expect it."""

import psycopg
import pytest

from models.database import conninfo_for
from tests.clients import Client
from tests.resolvers.lists import forward

POLYCLINIC = "BY-HO-06-HEALTH-POLYCLINIC-1"
PHARMACY = "BY-BR-03-PHARMACY-CHEMIST-1"
WATER = "BY-MA-17-WATER-WATER-1"
MINISTRY = "BY-GOV-INTERIOR"


async def found(client: Client, text: str) -> list[str]:
    """The codes of what a text finds, the best match first."""
    query = "query($text: String!) { organizations(first: 100, filter: {text: $text}) { nodes { code } } }"
    answer = await client.data(query, text=text)
    return [node["code"] for node in answer["organizations"]["nodes"]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        # Whole names, in every language.
        ("Городская поликлиника № 1 г. Гомель", POLYCLINIC),
        ("Гарадская паліклініка № 1 г. Гомель", POLYCLINIC),
        ("City Polyclinic No. 1, Gomel", POLYCLINIC),
        # Words in any order, of several languages, in any case.
        ("гомель поликлиника", POLYCLINIC),
        ("gomel ПОЛИКЛИНИКА", POLYCLINIC),
        # Beginnings of words.
        ("поликл гом", POLYCLINIC),
        ("polyc go", POLYCLINIC),
        # ё is е, і is и, ў is у, apostrophes and quotes are nothing.
        ("водоканал могилев", WATER),
        ("водоканал могилёв", WATER),
        ("водаканал магилеу", WATER),
        ("паликлиника гомель", POLYCLINIC),
        ("міністэрства унутраных спрау", MINISTRY),
        ("«криница»", PHARMACY),
        ("аптэка крынiца".replace("i", "і"), PHARMACY),
        # Typing errors.
        ("поликлинника гомель", POLYCLINIC),
        ("полеклиника гомель", POLYCLINIC),
        ("vodokanl mogilev", WATER),
        ("минестерство внутренних дел", MINISTRY),
        # Codes, whole and in part.
        (POLYCLINIC, POLYCLINIC),
        (POLYCLINIC.lower(), POLYCLINIC),
        ("PHARMACY-CHEMIST", PHARMACY),
        # Marks and blanks of any kind between words.
        ("поликлиника,гомель?!", POLYCLINIC),
        ("поликлиника\tгомель\u00a0№1", POLYCLINIC),
        # Letters that a Mac composes of two characters.
        ("могиле\u0308в водоканал", WATER),
    ],
)  # fmt: skip
async def test_a_text_finds_what_is_meant_first(client: Client, text: str, code: str) -> None:
    assert (await found(client, text))[0] == code


@pytest.mark.parametrize(
    "text", ["поликлиника № 5 гомель", "аптека криница 2", "поликлиника владивосток", "xyzzy", "№", "%", "_", "'", "\\"]
)
async def test_numbers_and_words_that_are_not_there_find_nothing(client: Client, text: str) -> None:
    assert await found(client, text) == []


# What search_relevance says of the words of each organization, one by one.
WORD_BY_WORD = """
WITH asked AS (
    SELECT word, place FROM string_to_table(btrim(search_normal(%s)), ' ') WITH ORDINALITY AS asked (word, place)
), best AS (
    SELECT code, id, search, max(search_relevance(' ' || own || ' ', ARRAY[word])) AS likeness
    FROM organization, string_to_table(btrim(search), ' ') AS own, asked WHERE closed_on IS NULL
    GROUP BY id, place
)
SELECT code FROM best GROUP BY code, id, search HAVING min(likeness) > 0
ORDER BY round(avg(likeness)::numeric, 6) DESC, length(search), id DESC LIMIT 100
"""


@pytest.mark.parametrize(
    "text", ["аптека", "атека", "школа 1 минск", "отдел", "рпедприятие", "no 2", "паликлиника гомель", "минск минск"]
)
async def test_what_is_found_and_in_which_order_is_told_by_single_words(
    client: Client, seeded_url: str, text: str
) -> None:
    with psycopg.connect(conninfo_for(seeded_url, "test")) as connection:
        expected = [code for (code,) in connection.execute(WORD_BY_WORD, [text])]
    assert await found(client, text) == expected != []


async def test_every_word_has_to_be_found(client: Client) -> None:
    one, two = set(await found(client, "комитет")), set(await found(client, "комитет гомельский"))
    assert set() < two < one


async def test_a_whole_number_comes_before_one_that_begins_so(client: Client) -> None:
    codes = await found(client, "школа 1")
    assert codes[0].endswith("-1")


async def test_services_are_found_the_same_way(client: Client) -> None:
    assert "HEALTH-POLYCLINIC-APPOINTMENT" in await forward(client, "services", 'text: "HEALTH-POLYCLINIC-APPOINTMENT"')
    assert await forward(client, "services", 'text: "поликлинника", category: "HEALTH-POLYCLINIC"')


@pytest.mark.parametrize("field", ["organizations(filter: {text: TEXT})", "services(text: TEXT)"])
@pytest.mark.parametrize("text", ["", " \t", "ш" * 201])
async def test_a_text_that_is_blank_or_too_long_is_refused(client: Client, field: str, text: str) -> None:
    query = f"query($text: String!) {{ {field.replace('TEXT', '$text')} {{ totalCount }} }}"
    code, argument = (await client.query(query, {"text": text})).refusal
    assert (code, str(argument).rpartition(".")[2]) == ("BAD_USER_INPUT", "text")


async def test_a_text_may_have_200_characters(client: Client) -> None:
    assert await found(client, "ш" * 200) == []
