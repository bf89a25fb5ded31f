"""docs/integrate-systems.md keeps its word: what it has one type is run, over HTTP, on the demo country."""

import os
import re
import subprocess
from pathlib import Path

import orjson

from tests.servers import serving

PAGE = (Path(__file__).parent.parent / "docs" / "integrate-systems.md").read_text()


def script() -> str:
    blocks = re.findall(r"^```bash\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return "set -euo pipefail\n" + "echo\n".join(blocks)


def test_the_walk_through_works(clone_url: str, tmp_path: Path) -> None:
    with serving(clone_url, tmp_path) as server:
        environment = os.environ | {
            "DATABASE_URL": clone_url,
            "PORTAL_HOME": str(tmp_path),
            "PORTAL": server.address,
        }
        done = subprocess.run(
            ["bash", "-c", script()], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    answers = [orjson.loads(line) for line in re.split(r"\n|(?<=\})(?=\{)", done.stdout) if line.strip()]
    represented, by_link, keys, good, revoked, ended = answers
    first, second = (each["data"]["submitQuestionnaire"] for each in (represented, by_link))
    assert (first["__typename"], first["submission"]) == (
        "SubmitQuestionnairePayload",
        {"mark": "4.200000", "verified": False},
    )
    assert second == {"__typename": "SubmitQuestionnairePayload", "submission": {"mark": "5.000000", "verified": True}}
    assert [key["alg"] for key in keys["keys"]] == ["ES256", "ES256"]
    assert (good["active"], revoked, ended) == (True, {}, {"active": False})
