"""`portal edition`, and what `portal verify` says of editions, as who runs the portal meets them."""

import hashlib
import re

import psycopg
from typer.testing import CliRunner, Result

from portal.cli import app
from tests.digests import digests

PERIOD = ("--from", "2025-01-01", "--to", "2025-12-31")


def portal(url: str, *words: str) -> Result:
    return CliRunner().invoke(app, words, env={"DATABASE_URL": url, "COLUMNS": "200"})


def test_an_edition_is_published_listed_printed_and_verified(stage_url: str) -> None:
    done = portal(stage_url, "edition", "publish", "2025", *PERIOD, "--title-en", "Year")
    assert (done.exit_code, done.stdout.startswith("2025 is published.")) == (0, True)
    listed = portal(stage_url, "edition", "list")
    found = re.fullmatch(r"2025 +2025-01-01 to 2025-12-31  published [0-9-]{10}  ([0-9a-f]{64})\n", listed.stdout)
    assert found
    lines = portal(stage_url, "edition", "lines", "2025")
    assert hashlib.sha256(lines.stdout_bytes).hexdigest() == found.group(1)
    with psycopg.connect(stage_url) as connection:
        trail = connection.execute("SELECT account_id, action::text FROM audit_event").fetchall()
    assert trail == [(None, "EDITION_PUBLISHED")]
    assert portal(stage_url, "verify").exit_code == 0


def test_a_refusal_is_a_sentence_and_changes_nothing(stage_url: str) -> None:
    before = digests(stage_url)
    for words in (PERIOD, ("--from", "2025-01-02", "--to", "2025-12-31", "--title-en", "Year")):
        refused = portal(stage_url, "edition", "publish", "2025", *words)
        assert (refused.exit_code, refused.stdout, refused.stderr.startswith("portal: ")) == (1, "", True)
    unknown = portal(stage_url, "edition", "lines", "2025")
    assert (unknown.exit_code, unknown.stdout, unknown.stderr) == (1, "", "portal: there is no edition 2025.\n")
    assert digests(stage_url) == before


def test_what_was_altered_behind_everybodys_back_is_found(stage_url: str) -> None:
    portal(stage_url, "edition", "publish", "2025", *PERIOD, "--title-en", "Year")
    with psycopg.connect(stage_url) as connection:
        connection.execute("ALTER TABLE edition_organization DISABLE TRIGGER append_only")
        connection.execute("UPDATE edition_organization SET name_en = 'Better' WHERE code = 'WARD'")
    found = portal(stage_url, "verify")
    assert found.exit_code == 1
    assert "Editions that are not what was published" in found.stdout
