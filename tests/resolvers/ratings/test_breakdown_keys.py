"""The keys of a breakdown's cells: their codes, their labels in three languages, their order."""

from datetime import date
from typing import Any

import pytest

from tests.clients import Client
from tests.resolvers import breakdown_stage
from tests.resolvers.breakdown_stage import Drawn

SAID = [
    Drawn("WARD", 1, "PERSON", "VISIT", "ONLINE", (5, 5), date(2026, 11, 21)),
    Drawn("WARD", 2, "BUSINESS", "VACCINE", "POST", (5, 4, 3), date(2026, 1, 1)),
    Drawn("CLINIC", 1, "PERSON", None, None, (1, 1), date(2025, 12, 31)),
    Drawn("REGION", 3, "PERSON", "LESSON", "IN_PERSON", (2, 1), date(2026, 1, 1)),
]

# What the cells by a dimension are called below the REGION, in Belarusian, Russian and English.
KEYS = {
    "SUBORDINATE": {"CLINIC": ("CLINIC",) * 3, "HOSPITAL": ("HOSPITAL",) * 3, "REGION": ("REGION",) * 3},
    "SPHERE": {"HEALTH": ("Health",) * 3, "SCHOOL": ("School",) * 3, "-": ("Не ўказана", "Не указано", "Not told")},
    "CATEGORY": {
        "HEALTH-CARE": ("Care",) * 3,
        "SCHOOL-CARE": ("Care",) * 3,
        "-": ("Не ўказана", "Не указано", "Not told"),
    },
    "SERVICE": {
        "LESSON": ("Lesson",) * 3,
        "VACCINE": ("Vaccine",) * 3,
        "VISIT": ("Visit",) * 3,
        "-": ("Не ўказана", "Не указано", "Not told"),
    },
    "AREA": {"EAST": ("East",) * 3, "NORTH": ("NORTH",) * 3, "SOUTH": ("SOUTH",) * 3},
    "KIND": {"BODY": ("Body",) * 3},
    "CHANNEL": {
        "IN_PERSON": ("На месцы", "На месте", "In person"),
        "ONLINE": ("Праз інтэрнэт", "Через интернет", "Online"),
        "POST": ("Поштай", "По почте", "By post"),
        "-": ("Не ўказана", "Не указано", "Not told"),
    },
    "RATER_KIND": {
        "PERSON": ("Грамадзяне", "Граждане", "Persons"),
        "BUSINESS": ("Бізнес", "Бизнес", "Businesses"),
    },
    "CRITERION": {"PLAIN": ("Plain",) * 3, "POLITE": ("Polite",) * 3, "CLEAN": ("Clean",) * 3},
    "DAY": {day: (day,) * 3 for day in ("2025-12-31", "2026-01-01", "2026-11-21")},
    "WEEK": {"2025-12-29": ("2026-W01",) * 3, "2026-11-16": ("2026-W47",) * 3},
    "MONTH": {
        "2025-12-01": ("снежань 2025", "декабрь 2025", "December 2025"),
        "2026-01-01": ("студзень 2026", "январь 2026", "January 2026"),
        "2026-11-01": ("лістапад 2026", "ноябрь 2026", "November 2026"),
    },
    "QUARTER": {
        "2025-10-01": ("IV квартал 2025", "IV квартал 2025", "Q4 2025"),
        "2026-01-01": ("I квартал 2026", "I квартал 2026", "Q1 2026"),
        "2026-10-01": ("IV квартал 2026", "IV квартал 2026", "Q4 2026"),
    },
    "YEAR": {"2025-01-01": ("2025",) * 3, "2026-01-01": ("2026",) * 3},
}
KEY = "dimension code organization { code } be: label(language: BE) ru: label(language: RU) en: label(language: EN)"


async def cells(client: Client, by: str, arguments: str = "") -> Any:
    """The cells of the REGION's subtree."""
    of = f"by: [{by}], scope: SUBTREE {arguments}"
    query = f'{{ organization(by: {{code: "REGION"}}) {{ cells: breakdown({of}) {{ keys {{ {KEY} }} }} }} }}'
    return (await client.data(query))["organization"]["cells"]


@pytest.mark.parametrize("dimension", KEYS)
async def test_keys_have_codes_and_labels_in_an_order(drawn_client: Client, drawn_url: str, dimension: str) -> None:
    breakdown_stage.fill(drawn_url, SAID)
    assert await cells(drawn_client, dimension) == [
        {
            "keys": [
                {
                    "dimension": dimension,
                    "code": code,
                    "organization": {"code": code} if dimension == "SUBORDINATE" else None,
                    **dict(zip(("be", "ru", "en"), labels, strict=True)),
                }
            ]
        }
        for code, labels in KEYS[dimension].items()
    ]


async def test_cells_are_sorted_by_their_keys_in_turn_and_cut_from_the_end(
    drawn_client: Client, drawn_url: str
) -> None:
    breakdown_stage.fill(drawn_url, SAID)

    async def codes(by: str, arguments: str = "") -> list[list[str]]:
        return [[key["code"] for key in cell["keys"]] for cell in await cells(drawn_client, by, arguments)]

    by_year = [["2025-01-01", "PERSON"], ["2026-01-01", "PERSON"], ["2026-01-01", "BUSINESS"]]
    assert await codes("YEAR, RATER_KIND") == by_year
    assert await codes("RATER_KIND, YEAR") == [[by_year[n][1], by_year[n][0]] for n in (0, 1, 2)]
    assert await codes("YEAR, RATER_KIND", "first: 2") == by_year[:2]


async def test_labels_speak_the_viewers_language(drawn_client: Client, drawn_url: str) -> None:
    breakdown_stage.fill(drawn_url, SAID)
    query = '{ organization(by: {code: "WARD"}) { breakdown(by: [MONTH]) { keys { label } } } }'
    answer = await drawn_client.query(query, headers={"Accept-Language": "be"})
    labels = [key["label"] for cell in answer.data["organization"]["breakdown"] for key in cell["keys"]]
    assert labels == ["студзень 2026", "лістапад 2026"]
