"""`portal grant`, `portal revoke` and `portal policy`, as who runs the portal meets them."""

from collections.abc import Iterator
from datetime import date
from typing import Any, LiteralString

import psycopg
import pytest
from typer.testing import CliRunner, Result

from portal.cli import app
from portal.scratch import ScratchServer
from tests.digests import digests

GRANTS: LiteralString = """SELECT role::text, organization.code, hierarchy::text, valid_from, valid_to, revoked_at IS NOT NULL
    FROM role_grant JOIN account ON account.id = account_id JOIN organization ON organization.id = organization_id
    WHERE account.code = 'citizen-20' ORDER BY role_grant.id"""
TRAIL: LiteralString = (
    "SELECT account_id, action::text, subject::text, request_id, details FROM audit_event ORDER BY id"
)
TODAY: LiteralString = "SELECT date(now() AT TIME ZONE 'Europe/Minsk')"


def portal(url: str, *words: str) -> Result:
    return CliRunner().invoke(app, words, env={"DATABASE_URL": url, "COLUMNS": "200"})


def rows(url: str, query: LiteralString) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def office(role: str = "MODERATOR", organization: str = "HOSPITAL", user: str = "citizen-20") -> list[str]:
    return ["--user", user, "--role", role, "--organization", organization]


@pytest.fixture(scope="module")
def shared(scratch: ScratchServer, stage_template: str, worker_id: str) -> Iterator[str]:
    """A country for refusals: none of them changes anything."""
    with scratch.temporary(stage_template.replace("stage", f"roles_{worker_id}"), stage_template) as url:
        yield url


def test_a_role_is_granted_and_revoked_and_both_are_on_the_trail(stage_url: str) -> None:
    ((today,),) = rows(stage_url, TODAY)
    granted = portal(stage_url, "grant", *office())
    assert (granted.exit_code, granted.stdout) == (0, "citizen-20 is MODERATOR of HOSPITAL.\n")
    assert rows(stage_url, GRANTS) == [("MODERATOR", "HOSPITAL", "SUBORDINATION", today, None, False)]
    revoked = portal(stage_url, "revoke", *office())
    assert (revoked.exit_code, revoked.stdout) == (0, "citizen-20 is not MODERATOR of HOSPITAL any more.\n")
    assert rows(stage_url, GRANTS) == [("MODERATOR", "HOSPITAL", "SUBORDINATION", today, today, True)]
    place = {"role": "MODERATOR", "hierarchy": "SUBORDINATION"}
    assert rows(stage_url, TRAIL) == [
        (None, "ROLE_GRANTED", "GRANT", None, place | {"validFrom": today.isoformat(), "validTo": None}),
        (None, "ROLE_REVOKED", "GRANT", None, place),
    ]


def test_a_role_may_be_granted_again_and_for_some_time(stage_url: str) -> None:
    portal(stage_url, "grant", *office())
    portal(stage_url, "revoke", *office())
    dates = ["--from", "2099-01-01", "--to", "2099-12-31", "--hierarchy", "SUPERVISION"]
    assert portal(stage_url, "grant", *office()).exit_code == 0
    assert portal(stage_url, "grant", *office(), *dates).exit_code == 0
    assert portal(stage_url, "grant", *office(), *dates[:1], "2100-01-01", *dates[4:]).exit_code == 0
    assert rows(stage_url, GRANTS)[2] == (
        *("MODERATOR", "HOSPITAL", "SUPERVISION", date(2099, 1, 1), date(2099, 12, 31)),
        False,
    )
    assert portal(stage_url, "grant", *office(), *dates).exit_code == 1
    assert portal(stage_url, "revoke", *office(), "--hierarchy", "SUPERVISION").exit_code == 0
    assert [row[-1] for row in rows(stage_url, GRANTS)] == [True, False, True, True]


def test_operators_are_appointed_at_the_top_of_a_tree(stage_url: str) -> None:
    for place in ("MINISTRY", "SCHOOL", "LONER"):
        assert portal(stage_url, "grant", *office("OPERATOR", place)).exit_code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["grant", *office(user="nobody")], "There is no such account."),
        (["grant", *office(organization="NOWHERE")], "There is no such organization."),
        (
            ["grant", *office("OPERATOR", "HOSPITAL")],
            "OPERATOR reaches everything: it is granted on an organization with none above it.",
        ),
        (["grant", *office(), "--to", "2020-01-01"], "The role would end before it begins."),
        (["grant", *office("HEAD", user="head")], "The account has this role there at that time."),
        (["revoke", *office()], "The account does not have this role there."),
        (["policy", "set", "MIN_RATERS", "0"], "A whole number from 1 to 1000 (raters)."),
        (
            ["policy", "set", "MIN_RATERS", "7", "--from", "2020-01-01T00:00+03:00"],
            "What was in force stays as it was.",
        ),
        (
            ["policy", "withdraw", "MIN_RATERS", "--from", "2099-01-01T00:00Z"],
            "No value of this policy is to begin then.",
        ),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else "",
)
def test_what_cannot_be_is_a_sentence_and_changes_nothing(shared: str, words: list[str], told: str) -> None:
    before = digests(shared)
    result = portal(shared, *words)
    assert (result.exit_code, result.stderr) == (1, f"portal: {told}\n")
    assert digests(shared) == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["grant", *office("KING")], "is none of STAFF, HEAD"),
        (["grant", *office(), "--hierarchy", "UP"], "is none of SUBORDINATION, SUPERVISION"),
        (["grant", *office(), "--from", "soon"], "'soon' does not match"),
        (["policy", "set", "NOTHING", "1"], "is none of MIN_RATERS"),
        (["policy", "set", "MIN_RATERS", "7", "--from", "2099-01-01"], "is written as"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else "",
)
def test_a_wrong_word_is_told_the_right_ones(shared: str, words: list[str], told: str) -> None:
    before = digests(shared)
    result = portal(shared, *words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert digests(shared) == before


def test_policies_are_listed_set_planned_and_withdrawn(stage_url: str) -> None:
    assert portal(stage_url, "policy", "set", "REPEAT_INTERVAL_HOURS", "48").exit_code == 0
    planned = portal(stage_url, "policy", "set", "TIME_ZONE", "Europe/Warsaw", "--from", "2027-06-01T00:00+03:00")
    assert planned.stdout == "TIME_ZONE is Europe/Warsaw from 2027-06-01T00:00:00+03:00 on; it was Europe/Minsk.\n"
    listed = [line.split() for line in portal(stage_url, "policy", "list").stdout.splitlines()]
    assert ["TIME_ZONE", "Europe/Warsaw", "IANA", "time", "zone", "from", "2027-05-31T21:00:00+00:00"] in listed
    assert [line[1] for line in listed if line[0] == "REPEAT_INTERVAL_HOURS"] == ["48"]
    assert [line[1] for line in listed if line[0] == "TIME_ZONE"] == ["Europe/Warsaw", "Europe/Minsk"]
    back = portal(stage_url, "policy", "withdraw", "TIME_ZONE", "--from", "2027-05-31T21:00:00+00:00")
    assert back.stdout == "TIME_ZONE stays Europe/Minsk, and does not become Europe/Warsaw.\n"
    assert [action for _, action, *_ in rows(stage_url, TRAIL)] == ["POLICY_SET", "POLICY_SET", "POLICY_WITHDRAWN"]
