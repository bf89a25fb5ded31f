"""docs/integrate.md keeps its word: each of its walk-throughs is run, over HTTP, on the demo country."""

import asyncio
import os
import re
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.clients import client_of
from tests.meanwhile import POLYCLINIC, changed_until
from tests.servers import serving

DOCS = Path(__file__).parent.parent / "docs"
PAGE = (DOCS / "integrate.md").read_text()
PATIENCE_SECONDS = 240


@dataclass(frozen=True)
class Walker:
    """Somebody who types what the page says, on the machine of a portal."""

    database_url: str
    home: Path
    portal: str

    @classmethod
    @contextmanager
    def beside(cls, database_url: str, home: Path) -> Iterator["Walker"]:
        """One beside a server of a database, which runs for the length of a block."""
        with serving(database_url, home) as server:
            yield cls(database_url, home, server.address)

    async def walk(self, title: str) -> list[str]:
        """The lines that a walk-through prints."""
        told = {"DATABASE_URL": self.database_url, "PORTAL_HOME": str(self.home), "PORTAL": self.portal}
        process = await asyncio.create_subprocess_exec(
            "bash", "-c", script(title), env=os.environ | told, cwd=self.home, stdout=PIPE, stderr=PIPE
        )
        said, wrong = await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)
        assert process.returncode == 0, (said, wrong)
        return [line for line in said.decode().splitlines() if line]


@pytest.fixture(scope="module")
def reader(seeded_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walker]:
    """One in the demo country, who only reads."""
    with Walker.beside(seeded_url, tmp_path_factory.mktemp("home")) as walker:
        yield walker


def script(title: str) -> str:
    """What stands below a heading for a shell; each answer ends with a line of its own."""
    (section,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    blocks = re.findall(r"^```bash\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    return "set -euo pipefail\n" + "echo\n".join(blocks)


def data(line: str) -> Any:
    """What an answer that nothing is wrong with has."""
    answer = orjson.loads(line)
    assert "errors" not in answer, answer
    return answer["data"]


@pytest.mark.timeout(300)
async def test_a_portals_front_end(clone_url: str, tmp_path: Path) -> None:
    with Walker.beside(clone_url, tmp_path) as walker:
        async with client_of(clone_url, tmp_path) as client:
            walking = asyncio.ensure_future(walker.walk("A portal's front end"))
            await changed_until(client, walking)
    found, shown, eligible, submitted, told, replied = map(data, walking.result())
    assert found["organizations"]["nodes"][0]["code"] == POLYCLINIC
    assert len(found["organizationsOnMap"]["organizations"]) > 1
    assert shown["organization"]["questionnaire"]["id"] in PAGE
    assert shown["organization"]["reviews"]["nodes"]
    assert eligible["organization"]["eligibility"] == {"allowed": True, "reason": None, "nextAt": None}
    assert submitted["submitQuestionnaire"]["__typename"] == "SubmitQuestionnairePayload"
    assert submitted["submitQuestionnaire"]["submission"]["mark"] == "4.000000"
    assert told["ratingChanged"]["cursor"]
    assert told["ratingChanged"]["organization"]["rating"]["value"]
    assert replied["replyToReview"]["review"]["reply"]["text"] in PAGE


async def test_a_one_stop_shop_system(reader: Walker) -> None:
    by_code, referred = map(data, await reader.walk("A one-stop-shop system"))
    known, unknown = by_code["organizationsByCode"]
    organization, service, nobody = referred["_entities"]
    assert (known["code"], unknown) == (POLYCLINIC, None)
    assert known["rating"]["value"]
    assert (organization["code"], organization["rating"]["value"]) == (POLYCLINIC, known["rating"]["value"])
    assert service["name"]
    assert nobody is None


async def test_a_ministrys_tool(reader: Walker) -> None:
    lines = await reader.walk("A ministry's tool")
    below, broken_down, waiting = map(data, lines[:3])
    children = {each["code"]: each["rating"]["value"] for each in below["organization"]["children"]["nodes"]}
    ranked = {each["organization"]["code"]: each["rating"]["value"] for each in below["ranking"]["nodes"]}
    cells = broken_down["organization"]["breakdown"]
    assert len(children) > 1
    assert ranked == children
    assert len(broken_down["organization"]["history"]) == 4
    assert {cell["keys"][0]["code"] for cell in cells} <= {"BY-GOV-HEALTH", *children}
    assert waiting["reviews"]["totalCount"] >= len(waiting["reviews"]["nodes"]) > 0
    names, *rows = [line for line in lines[3:] if not line.startswith("#")]
    assert names.startswith("position,")
    assert len(rows) == len(children)


def test_its_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", PAGE)
    assert links
    assert [link for link in links if not (DOCS / link).exists()] == []
