"""What submissions are measured by: they are the portal's own, each once, and nothing that failed is counted."""

import shutil
from pathlib import Path

import orjson
import psycopg
import pytest

from benchmarks.queries import document
from benchmarks.server import free_port, serving
from benchmarks.writers import Refused, Requests, load
from benchmarks.writes import scripts, statements
from benchmarks.writes.crowd import HOT, SPREAD, Crowd, drawn
from benchmarks.writes.forms import Form
from engine.meanings import global_ids
from models.writing import sent
from tests.clients import Client

HOSPITAL = Form("A", global_ids.encode("Questionnaire", 2), ["SPEED", "CARE", "COMFORT", "PLAINNESS", "ACCESS"])
SERVER = (
    "import http.server, sys\n"
    "class Answer(http.server.BaseHTTPRequestHandler):\n"
    "    protocol_version = 'HTTP/1.1'\n"
    "    def log_message(self, *_): pass\n"
    "    def do_POST(self):\n"
    "        asked = self.rfile.read(int(self.headers['Content-Length']))\n"
    "        self.send_response(200)\n"
    "        self.send_header('Content-Length', str(len(asked)))\n"
    "        self.end_headers()\n"
    "        self.wfile.write(asked)\n"
    "http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Answer).serve_forever()\n"
)


async def test_the_limits_run_what_a_submission_sends(writing_client: Client, clone_url: str) -> None:
    """If the portal's way of writing changes, so must theirs."""
    code = drawn(clone_url, "seed")[0][0]
    asked = (
        "query($codes: [String!]!) { organizationsByCode(codes: $codes) { questionnaire { id criteria { code } } } }"
    )
    ((organization,)) = (await writing_client.data(asked, codes=[code]))["organizationsByCode"]
    form = organization["questionnaire"]
    given = Form(code, form["id"], [each["code"] for each in form["criteria"]]).input("key")
    with psycopg.connect(clone_url) as connection:
        ((account,),) = connection.execute(
            "SELECT code FROM account WHERE id NOT IN (SELECT account_id FROM role_grant) ORDER BY id LIMIT 1"
        ).fetchall()
    answer = await writing_client.query(document("submit"), {"input": given}, writing_client.token_for(account))
    assert answer.data["submitQuestionnaire"]["__typename"] == "SubmitQuestionnairePayload"
    every = [sent(each).text for each in (*statements.ASKED, *statements.WRITTEN)]
    locks, sent_ = writing_client.statements[:2], writing_client.statements[2:]
    assert ["pg_advisory_xact_lock_shared" in locks[0], "FOR NO KEY UPDATE" in locks[1]] == [True, True]
    assert sent_[: len(every)] == every


def test_each_client_of_pgbench_counts_its_own_raters(tmp_path: Path) -> None:
    arguments = scripts.write(tmp_path, [HOSPITAL])
    text = (tmp_path / "0.sql").read_text()
    assert arguments == ["--define=ready=0", f"--file={tmp_path}/0.sql"]
    assert "\\set rater :first + :client_id * :share + :n" in text
    assert '\'{"5","4","3","5","4"}\'' in text
    assert text.rstrip().endswith("commit;")


def test_nobody_submits_twice_for_one_organization(seeded_url: str) -> None:
    hot, spread = drawn(seeded_url, "seed")
    assert not set(hot) & set(spread)
    forms = [[Form(code, "", []) for code in codes] for codes in (hot, spread)]
    crowd = Crowd(seeded_url, *forms)
    seen: set[tuple[int, str]] = set()
    for _ in range(3):
        accounts = crowd.accounts(crowd.size * 2 // 3)
        pairs = {(each.rater, crowd.forms(HOT)[0].organization) for each in accounts}
        assert pairs
        assert not pairs & seen
        seen |= pairs
    assert len({each.organization for each in crowd.forms(SPREAD)}) == len(spread)


def test_those_who_were_not_asked_are_there_the_next_time(seeded_url: str) -> None:
    crowd = Crowd(seeded_url, [HOSPITAL], [HOSPITAL])
    accounts = crowd.accounts(100)
    crowd.back(accounts[10])
    assert crowd.accounts(100)[0] == accounts[10]


@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is installed by scripts/bench")
def test_only_acknowledgements_count(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(SERVER)
    port = free_port()
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_bytes(b"".join(b"\t" + orjson.dumps({"submitted": at}) + b"\n" for at in range(50_000)))
    bad.write_bytes(b"".join(b"\t" + orjson.dumps({"refused": at}) + b"\n" for at in range(50_000)))
    with serving(("python3", str(tmp_path / "server.py"), str(port)), port, {}, tmp_path / "log") as server:
        assert load(server.address, Requests(good, '"submitted"'), 0.2, 2).requests > 0
        with pytest.raises(Refused):
            load(server.address, Requests(bad, '"submitted"'), 0.2, 2)


def test_officials_who_might_be_refused_do_not_submit(seeded_url: str) -> None:
    with psycopg.connect(seeded_url) as connection:
        officials = connection.execute("SELECT code FROM account JOIN role_grant ON account_id = account.id").fetchall()
    crowd = Crowd(seeded_url, [HOSPITAL], [HOSPITAL])
    assert officials
    assert not {each.code for each in crowd.accounts(crowd.size)} & {code for (code,) in officials}
