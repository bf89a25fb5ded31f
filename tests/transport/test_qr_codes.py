"""Pictures and sheets of QR codes, read by a decoder as a telephone would."""

from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import psycopg
import pytest
from PIL import Image

from portal.scratch import ScratchServer
from tests import codes
from tests.clients import Client, client_of

PORTAL = "https://rating.example"
HOSPITAL = f"{PORTAL}/rate?organization=HOSPITAL"
NAMES = ["Учреждение «Больница № 1»", "Установа «Бальніца ў Ляхавічах»"]


@pytest.fixture(scope="module")
def url(scratch: ScratchServer, stage_template: str, worker_id: str) -> Iterator[str]:
    """One for all: what a test changes of names, no other test looks at."""
    with scratch.temporary(stage_template.replace("stage", f"codes_{worker_id}"), stage_template) as url:
        with psycopg.connect(url) as connection:
            connection.execute("UPDATE organization SET name_ru = %s, name_be = %s WHERE code = 'HOSPITAL'", NAMES)
        yield url


@pytest.fixture(scope="module")
async def client(url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    async with client_of(url, tmp_path_factory.mktemp("home"), public_url=PORTAL) as client:
        yield client


async def picture(client: Client, format_: str, **asked: Any) -> httpx.Response:
    return await client.http.get(f"/qr-codes/{format_}", params={"organization": "HOSPITAL", **asked})


async def sheet(client: Client, account: str | None, organization: str, **more: Any) -> httpx.Response:
    headers = {} if account is None else {"Authorization": f"Bearer {client.token_for(account)}"}
    asked = {"organization": organization, **more}
    return await client.http.get("/qr-codes/pdf", params=asked, headers=headers)


@pytest.mark.parametrize("size", [20, 40, 99, 500])
async def test_a_png_is_read_and_has_its_size_in_print(client: Client, size: int) -> None:
    answer = await picture(client, "png", size=size, placement="desk-1")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert codes.of_png(answer.content) == f"{HOSPITAL}&placement=desk-1"
    with Image.open(BytesIO(answer.content)) as found:
        (width, height), (dots, _) = found.size, found.info["dpi"]
    assert width == height
    assert round(dots) >= 300
    assert width / dots * 25.4 == pytest.approx(size, rel=0.01)


async def test_a_service_is_in_the_code(client: Client) -> None:
    answer = await picture(client, "png", service="VISIT")
    assert codes.of_png(answer.content) == f"{HOSPITAL}&service=VISIT"


async def test_the_pictures_of_a_code_are_where_it_says(client: Client) -> None:
    text = '{ organization(by: {code: "CLINIC"}) { qrCode(service: "VISIT", placement: "a") { link svg png } } }'
    code = (await client.data(text))["organization"]["qrCode"]
    assert codes.of_png((await client.http.get(code["png"])).content) == code["link"]
    assert (await client.http.get(code["svg"])).headers["content-type"] == "image/svg+xml"


async def test_an_svg_is_measured_in_millimetres(client: Client) -> None:
    answer = await picture(client, "svg", size=60)
    root = ET.fromstring(answer.content)  # noqa: S314 - the portal's own
    width, height = root.attrib["width"], root.attrib["height"]
    assert width == height
    assert width.endswith("mm")
    assert float(width.removesuffix("mm")) == pytest.approx(60, abs=0.01)


@pytest.mark.parametrize(
    ("format_", "asked", "status", "code", "argument"),
    [
        ("png", {"organization": "CLOSED"}, 400, "BAD_USER_INPUT", "organization"),
        ("png", {"organization": "NOWHERE"}, 404, "NOT_FOUND", None),
        ("png", {"service": "VACCINE"}, 400, "BAD_USER_INPUT", "service"),
        ("png", {"service": "NOWHERE"}, 400, "BAD_USER_INPUT", "service"),
        ("svg", {"placement": "<svg>"}, 400, "BAD_USER_INPUT", "placement"),
        ("svg", {"placement": "\0"}, 400, "BAD_USER_INPUT", "placement"),
        ("png", {"size": "19"}, 400, "BAD_USER_INPUT", "size"),
        ("png", {"size": "501"}, 400, "BAD_USER_INPUT", "size"),
        ("png", {"size": "4e1"}, 400, "BAD_USER_INPUT", "size"),
        ("png", {"size": "4" * 5000}, 400, "BAD_USER_INPUT", "size"),
        ("png", {"colour": "red"}, 400, "BAD_USER_INPUT", "colour"),
        ("png", {"size": ["40", "50"]}, 400, "BAD_USER_INPUT", "size"),
        ("gif", {}, 404, "NOT_FOUND", None),
    ],
)
async def test_a_refused_picture_says_why(
    client: Client, format_: str, asked: dict[str, Any], status: int, code: str, argument: str | None
) -> None:
    answer = await picture(client, format_, **asked)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (status, code)
    assert error["extensions"].get("argument") == argument
    assert error.keys() == {"message", "extensions"}


async def test_an_organization_is_needed(client: Client) -> None:
    answer = await client.http.get("/qr-codes/png")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_USER_INPUT")


async def test_a_sheet_has_a_page_for_each_open_organization(client: Client) -> None:
    answer = await sheet(client, "regional", "REGION", placement="poster", language="BE")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == 'attachment; filename="qr-codes.pdf"'
    pages = codes.of_pdf(answer.content)
    links = [f"{PORTAL}/rate?organization={each}&placement=poster" for each in ("REGION", "CLINIC", "WARD", "HOSPITAL")]
    assert [link for _, link in pages] == links
    assert [text.rpartition(" http")[0] for text, _ in pages] == [
        f"Ацаніце абслугоўванне {name}" for name in ("REGION", "CLINIC", "WARD", NAMES[1])
    ]
    other = codes.of_pdf((await sheet(client, "regional", "HOSPITAL", language="RU")).content)
    assert [text.rpartition(" http")[0] for text, _ in other] == [
        f"Оцените обслуживание {NAMES[0]}",
        "Оцените обслуживание WARD",
    ]


async def test_a_sheet_of_the_other_tree(client: Client) -> None:
    answer = await sheet(client, "inspector", "INSPECTORATE", hierarchy="SUPERVISION", language="EN")
    assert len(codes.of_pdf(answer.content)) == 3


async def test_long_names_stay_on_their_page(client: Client, url: str) -> None:
    """A hundred long words, one word without an end, and letters that the font does not have."""
    for name in ("Ведомство по делам " * 100, "Ж" * 500, "医院 \U0001f3e5 больница"):
        with psycopg.connect(url) as connection:
            connection.execute("UPDATE organization SET name_en = %s WHERE code = 'WARD'", [name])
        ((_, link),) = codes.of_pdf((await sheet(client, "nurse", "WARD")).content)
        assert link == f"{PORTAL}/rate?organization=WARD"
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE organization SET name_en = code WHERE code = 'WARD'")


@pytest.mark.parametrize(
    ("account", "organization", "more", "status", "code"),
    [
        (None, "HOSPITAL", {}, 401, "UNAUTHENTICATED"),
        ("citizen-1", "HOSPITAL", {}, 403, "FORBIDDEN"),
        ("overseen", "HOSPITAL", {}, 403, "FORBIDDEN"),
        ("nurse", "HOSPITAL", {}, 403, "FORBIDDEN"),
        ("head", "NOWHERE", {}, 404, "NOT_FOUND"),
        ("regional", "CLOSED", {}, 400, "BAD_USER_INPUT"),
        ("head", "HOSPITAL", {"placement": "a b"}, 400, "BAD_USER_INPUT"),
        ("head", "HOSPITAL", {"language": "DE"}, 400, "BAD_USER_INPUT"),
        ("head", "HOSPITAL", {"hierarchy": "NONE"}, 400, "BAD_USER_INPUT"),
        ("head", "HOSPITAL", {"service": "VISIT"}, 400, "BAD_USER_INPUT"),
    ],
)
async def test_a_refused_sheet_says_why(
    client: Client, account: str | None, organization: str, more: dict[str, Any], status: int, code: str
) -> None:
    answer = await sheet(client, account, organization, **more)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (status, code)


async def test_a_sheet_of_too_many_is_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transport.qr_codes.MAXIMUM_PAGES", 3)
    answer = await sheet(client, "regional", "REGION")
    assert answer.json()["errors"][0]["extensions"]["argument"] == "organization"
    assert (await sheet(client, "head", "HOSPITAL")).status_code == 200
