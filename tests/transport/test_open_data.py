"""Open data: files hold what queries are answered, row by row, of one moment, for everybody alike."""

import csv
import io
import os
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import orjson
import psycopg
import pytest

from exchange.open_data.writing import cell
from models.database import Bound, Snapshot
from models.errors import Overloaded
from tests.clients import Client
from transport.files import Turnstile, refused

RATED = "rating(slice: $slice) { value submissions raters satisfaction withheld }"
ORGANIZATIONS = f"""query($filter: OrganizationFilter, $slice: RatingSlice, $after: String) {{
    page: organizations(filter: $filter, first: 100, after: $after) {{ pageInfo {{ hasNextPage endCursor }}
        nodes {{ code name location {{ latitude longitude }} {RATED} }} }} }}"""
RANKING = """query($among: OrganizationFilter, $slice: RatingSlice, $after: String) {
    page: ranking(among: $among, slice: $slice, first: 100, after: $after) { pageInfo { hasNextPage endCursor }
        nodes { organization { code } rank { position } rating { value submissions } } } }"""
HISTORY = """query($filter: OrganizationFilter, $after: String) {
    page: organizations(filter: $filter, first: 100, after: $after) { pageInfo { hasNextPage endCursor }
        nodes { code history(interval: YEAR) { from to rating { value submissions } } } } }"""
YEAR = {"from": "2025-01-01", "to": "2025-12-31"}
# A slice of some: of many organizations it is withheld.
SOME = {**YEAR, "channels": ["ONLINE"]}


async def fetched(client: Client, name: str, variables: Mapping[str, Any] | None = None, **more: str) -> httpx.Response:
    told = {} if variables is None else {"variables": orjson.dumps(variables).decode()}
    return await client.http.get(f"/open-data/{name}", params={**told, **more}, headers={"Accept-Language": "en"})


async def asked(client: Client, text: str, **variables: Any) -> list[Any]:
    """All nodes of a query, page by page."""
    nodes, after, more = [], None, True
    while more:
        answer = await client.query(text, {**variables, "after": after}, headers={"Accept-Language": "en"})
        page = answer.data["page"]
        nodes += page["nodes"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    return nodes


def read(answer: httpx.Response) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """What the comments of a CSV file tell, and its rows."""
    assert answer.status_code == 200, answer.text
    lines = answer.text.split("\r\n")
    told = [line for line in lines if line.startswith("# ")]
    about = {name: orjson.loads(value) for name, _, value in (line[2:].partition(": ") for line in told)}
    return about, list(csv.DictReader(io.StringIO("\r\n".join(lines[len(told) :]), newline=""), strict=True))


def rating(node: Mapping[str, Any]) -> dict[str, str]:
    """A rating as cells."""
    names = ("value", "submissions", "raters", "satisfaction", "withheld")
    return {name: "" if node[name] is None else str(cell(node[name])) for name in names}


@pytest.mark.parametrize("slice_", [None, YEAR, SOME], ids=["all time", "year", "withheld"])
async def test_organizations_are_those_of_the_query(client: Client, slice_: Any) -> None:
    filter_ = {"spheres": ["HEALTH", "CULTURE"], "rated": True}
    variables = {"filter": filter_, **({"slice": slice_} if slice_ else {})}
    answer = await fetched(client, "organizations.csv", variables)
    about, rows = read(answer)
    nodes = await asked(client, ORGANIZATIONS, **variables)
    assert [(row["code"], row["name"]) for row in rows] == [(node["code"], cell(node["name"])) for node in nodes]
    assert [{name: row[name] for name in rating(nodes[0]["rating"])} for row in rows] == [
        rating(node["rating"]) for node in nodes
    ]
    assert len(rows) > 1
    assert any(row["withheld"] == "true" for row in rows) == (slice_ is SOME)
    assert (about["dataset"], about["slice"], about["filter"]) == ("organizations", slice_ or {}, filter_)
    assert about["licence"].startswith("CC BY 4.0")
    assert about["moment"].endswith("+00:00")


async def test_more_than_a_page_comes_whole_and_once(client: Client) -> None:
    _, rows = read(await fetched(client, "organizations.csv"))
    nodes = await asked(client, ORGANIZATIONS)
    assert [row["code"] for row in rows] == [node["code"] for node in nodes]
    assert len(rows) == len({row["code"] for row in rows}) > 100


async def test_a_ranking_is_in_its_order(client: Client) -> None:
    variables = {"among": {"spheres": ["HEALTH"]}, "slice": YEAR}
    about, rows = read(await fetched(client, "ranking.csv", variables))
    nodes = await asked(client, RANKING, **variables)
    assert [(row["code"], row["position"], row["value"]) for row in rows] == [
        (node["organization"]["code"], str(node["rank"]["position"] or ""), node["rating"]["value"] or "")
        for node in nodes
    ]
    assert (about["filter"], about["slice"]) == (variables["among"], YEAR)


async def test_a_history_has_a_row_for_each_interval(client: Client) -> None:
    filter_ = {"codes": ["BY-GOV", "BY-HR-03-CULTURE-CINEMA-1"]}
    about, rows = read(await fetched(client, "history.csv", {"filter": filter_, "interval": "YEAR"}))
    expected = [
        (node["code"], point["from"], point["to"], point["rating"]["value"] or "", str(point["rating"]["submissions"]))
        for node in await asked(client, HISTORY, filter=filter_)
        for point in node["history"]
    ]
    found = [(row["code"], row["from"], row["to"], row["value"], row["submissions"]) for row in rows]
    assert found == expected != []
    assert about["interval"] == "YEAR"


@pytest.mark.parametrize("filter_", [{"spheres": ["HEALTH"]}, {"codes": []}, {}], ids=["some", "none", "all"])
async def test_geojson_is_a_collection_of_points(client: Client, filter_: Any) -> None:
    answer = await fetched(client, "organizations.geojson", {"filter": filter_})
    assert answer.headers["content-type"] == "application/geo+json"
    found = orjson.loads(answer.content)
    nodes = await asked(client, ORGANIZATIONS, filter=filter_)
    assert (found["type"], found["openData"]["filter"]) == ("FeatureCollection", filter_)
    assert {"slice", "moment", "licence"} <= found["openData"].keys()
    assert [each["properties"]["code"] for each in found["features"]] == [node["code"] for node in nodes]
    for each, node in zip(found["features"], nodes, strict=True):
        place = node["location"]
        point = place and {"type": "Point", "coordinates": [place["longitude"], place["latitude"]]}
        assert (each["type"], each["geometry"]) == ("Feature", point)
        assert each["properties"]["submissions"] == node["rating"]["submissions"]


async def test_it_is_a_file_to_be_kept(client: Client) -> None:
    answer = await fetched(client, "organizations.csv", {"filter": {"codes": ["BY-GOV"]}})
    assert answer.headers["content-type"].startswith("text/csv; charset=utf-8")
    assert answer.headers["content-disposition"] == 'attachment; filename="organizations.csv"'
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_names_are_in_the_language_asked_for(client: Client) -> None:
    filter_ = {"codes": ["BY-GOV"]}
    names = {
        language: read(await fetched(client, "organizations.csv", {"filter": filter_}, language=language))[1][0]["name"]
        for language in ("BE", "RU", "EN")
    }
    assert len(set(names.values())) == 3


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+7 17 200", "'+7 17 200"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("-1.25", "-1.25"),
        ("4.25", "4.25"),
        ("Больница", "Больница"),
        (-3, -3),
        (True, "true"),
        (None, None),
    ],
)
def test_no_cell_is_a_formula(value: Any, expected: Any) -> None:
    assert cell(value) == expected


@pytest.mark.parametrize(
    ("name", "variables", "status", "argument"),
    [
        ("planets.csv", None, 404, None),
        ("organizations.xlsx", None, 404, None),
        ("organizations.csv", {"filter": {"spheres": ["NOWHERE"]}}, 400, "spheres"),
        ("organizations.csv", {"filter": {"planets": []}}, 400, None),
        ("organizations.csv", {"slice": {"from": "2025-02-30"}}, 400, None),
        ("organizations.csv", {"after": "x"}, 400, "variables.after"),
        ("history.csv", {}, 400, None),
        ("ranking.csv", {"filter": {}}, 400, "variables.filter"),
        ("ranking.csv", [1], 400, "variables"),
    ],
)
async def test_a_refused_file_says_why(
    client: Client, name: str, variables: Any, status: int, argument: str | None
) -> None:
    answer = await fetched(client, name, variables)
    (error,) = answer.json()["errors"]
    assert answer.status_code == status, error
    assert (error["extensions"].get("argument") or "").rpartition("filter.")[2] == (argument or "")


@pytest.mark.parametrize("told", ["", "{", "NaN", "null"])
async def test_what_is_no_json_is_refused(client: Client, told: str) -> None:
    answer = await client.http.get("/open-data/organizations.csv", params={"variables": told})
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["argument"]) == (400, "variables")


async def test_all_pages_are_of_one_moment(
    writing_client: Client, clone_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is renamed between two pages is told as it was when the first was read."""
    before = read(await fetched(writing_client, "organizations.csv"))[1]
    original, reads = Snapshot.read, 0

    async def renaming(self: Snapshot, statements: Sequence[Bound]) -> list[Sequence[Sequence[Any]]]:
        nonlocal reads
        reads += 1
        if reads == 2:
            with psycopg.connect(clone_url) as connection:
                connection.execute("UPDATE organization SET name_en = 'Changed', name_ru = 'Changed', name_be = NULL")
        return await original(self, statements)

    monkeypatch.setattr(Snapshot, "read", renaming)
    assert read(await fetched(writing_client, "organizations.csv"))[1] == before
    assert reads > 1
    monkeypatch.undo()
    changed = read(await fetched(writing_client, "organizations.csv"))[1]
    assert {row["name"] for row in changed} == {"Changed"}


async def test_each_page_is_one_statement(client: Client) -> None:
    _, rows = read(await fetched(client, "organizations.csv"))
    client.statements.clear()
    await fetched(client, "organizations.csv")
    assert len(client.statements) == -(-len(rows) // 100)


def test_who_comes_while_too_many_are_made_is_told_to_come_again() -> None:
    turnstile = Turnstile(1)
    with turnstile.entered(), pytest.raises(Overloaded), turnstile.entered():
        raise AssertionError
    with turnstile.entered():
        pass
    answer = refused(Overloaded("later"))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")


async def test_a_years_bundle_has_all_of_its_slice(client: Client) -> None:
    answer = await client.http.get("/open-data/2025.zip", headers={"Accept-Language": "en"})
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        names = ["organizations.csv", "organizations.geojson", "ranking.csv", "history.csv"]
        assert archive.namelist() == [f"2025/{name}" for name in names]
        found = [archive.read(each) for each in archive.namelist()]
    single = await fetched(client, "organizations.csv", {"slice": YEAR})
    assert without_moment(found[0]) == without_moment(single.content)
    moments = {orjson.loads(found[1])["openData"]["moment"]}
    assert moments == {
        line[11:-1].decode()
        for each in (found[0], *found[2:])
        for line in each.split(b"\r\n")
        if line.startswith(b"# moment:")
    }


def without_moment(content: bytes) -> list[bytes]:
    return [line for line in content.split(b"\r\n") if not line.startswith(b"# moment:")]


@pytest.mark.parametrize("year", ["0", "10000", "2025.5", "now"])
async def test_a_bundle_of_no_year_is_refused(client: Client, year: str) -> None:
    assert (await client.http.get(f"/open-data/{year}.zip")).status_code in {400, 404}


def test_the_command_writes_the_same(seeded_url: str, tmp_path: Path) -> None:
    file = tmp_path / "2025.zip"
    command = ["portal", "open-data", "2025", str(file)]
    subprocess.run(command, check=True, env=os.environ | {"DATABASE_URL": seeded_url})
    with zipfile.ZipFile(file) as archive:
        assert len(archive.namelist()) == 4
        assert archive.testzip() is None
