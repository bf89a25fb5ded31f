"""Files and pictures take points of the minute: both sides of each budget, and whose it is."""

from pathlib import Path

import httpx
import pytest

from tests.clients import Client, client_of
from transport.tolls import BUNDLE, DATA_SET, PICTURE, SHEET

FILES = {
    "/open-data/organizations.csv?variables=%7B%22filter%22:%7B%22codes%22:%5B%22BY-GOV%22%5D%7D%7D": DATA_SET,
    "/open-data/2024.zip": BUNDLE,
    "/qr-codes/svg?organization=BY-GOV": PICTURE,
    "/qr-codes/png?organization=BY-GOV": PICTURE,
}
OPERATOR = "user-000003"
SHEET_OF = "/qr-codes/pdf?organization=BY-HR-03-CULTURE-CINEMA-1"


def left(answer: httpx.Response) -> int:
    """How many points are left, as the headers tell."""
    return int(answer.headers["ratelimit"].partition("r=")[2].partition(";")[0])


def refused(answer: httpx.Response, limit: int) -> None:
    """Somebody waits for the next minute, and nothing was taken."""
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (429, "RATE_LIMIT")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert left(answer) == limit


@pytest.mark.parametrize("path", FILES)
async def test_a_file_is_had_for_its_points_and_not_for_one_less(seeded_url: str, tmp_path: Path, path: str) -> None:
    price = FILES[path]
    async with client_of(seeded_url, tmp_path, points=price) as client:
        answer = await client.http.get(path)
        assert (answer.status_code, left(answer)) == (200, 0)
    async with client_of(seeded_url, tmp_path, points=price - 1) as client:
        refused(await client.http.get(path), price - 1)
        assert not client.statements


async def test_a_sheet_takes_those_of_the_account(seeded_url: str, tmp_path: Path) -> None:
    async with client_of(seeded_url, tmp_path, points=1, points_accounts=SHEET) as client:
        answer = await sheet(client)
        assert (answer.status_code, left(answer)) == (200, 0)
    async with client_of(seeded_url, tmp_path, points_accounts=SHEET - 1) as client:
        refused(await sheet(client), SHEET - 1)


async def sheet(client: Client) -> httpx.Response:
    return await client.http.get(SHEET_OF, headers={"Authorization": f"Bearer {client.token_for(OPERATOR)}"})


async def test_what_is_refused_anyway_takes_nothing(seeded_url: str, tmp_path: Path) -> None:
    async with client_of(seeded_url, tmp_path, points=PICTURE) as client:
        for path in ("/open-data/nothing.csv", "/open-data/0000.zip", "/qr-codes/gif", "/qr-codes/svg?size=1"):
            assert (await client.http.get(path)).status_code in {400, 404}
        assert (await client.http.get("/qr-codes/svg?organization=BY-GOV")).status_code == 200


async def test_a_ranking_is_counted_once(client: Client) -> None:
    """However many entries there are: one statement for all of them."""
    client.statements.clear()
    answer = await client.http.get("/open-data/ranking.csv")
    rows = [line for line in answer.text.splitlines() if not line.startswith("#")]
    assert len(rows) > 101
    assert sum("FROM" in each for each in client.statements) == 1
