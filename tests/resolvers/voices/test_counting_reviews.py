"""Reviews of the demo country in numbers and in pages of subtrees: what plain Python makes of the raw rows."""

from collections.abc import Callable
from datetime import date

import psycopg
import pytest

from engine.meanings.global_ids import encode
from tests.clients import Client
from tests.voices_counted import Said, Voices

COUNTED = "total pending published hidden private masked unseen seenLate unanswered overdue"
FIGURES = "reviews seen answered answeredInTime overdue medianDays actedOn settled unsettled"
OFFICIALS = """SELECT account.code, organization.code, hierarchy::text FROM role_grant
    JOIN account ON account.id = account_id JOIN organization ON organization.id = organization_id
    WHERE role IN ('MODERATOR', 'SUPERVISOR') ORDER BY role, role_grant.id LIMIT 6"""
PAGE = """query($code: String!, $hierarchy: Hierarchy, $scope: Scope, $after: String, $text: String) {
    organization(by: {code: $code}) {
        reviews(scope: $scope, hierarchy: $hierarchy, text: $text, first: 100, after: $after) {
            totalCount nodes { id } pageInfo { hasNextPage endCursor } } } }"""
Fits = Callable[[Voices, Said], bool]
EVER = date(2000, 1, 1), date(2100, 1, 1)
# A review repeats what the tables of its loop say.
REPEATED = """SELECT review.submission_id FROM review
    LEFT JOIN review_reading USING (submission_id) LEFT JOIN settlement USING (submission_id)
    LEFT JOIN reply ON reply.submission_id = review.submission_id AND version = 1
    WHERE (review.seen_on, review.answered_on, review.settled, review.has_measures) IS DISTINCT FROM
          (review_reading.seen_on, reply.written_on, settlement.settled,
           EXISTS (SELECT FROM measure WHERE measure.submission_id = review.submission_id))"""


@pytest.fixture(scope="session")
def voices(seeded_url: str) -> Voices:
    return Voices(seeded_url)


@pytest.fixture(scope="session")
def officials(seeded_url: str) -> list[tuple[str, str, str]]:
    """The account, the organization and the hierarchy of a moderator of everything and some supervisors."""
    with psycopg.connect(seeded_url) as connection:
        return connection.execute(OFFICIALS).fetchall()


async def test_reviews_repeat_what_their_loops_say(seeded_url: str) -> None:
    with psycopg.connect(seeded_url) as connection:
        assert connection.execute(REPEATED).fetchall() == []
        ((steps,),) = connection.execute("SELECT count(seen_on) * count(answered_on) * count(settled) FROM review")
    assert steps > 0


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ("", lambda voices, each: True),
        ("seenLate: true, seen: true", lambda voices, each: each.seen is not None and voices.is_seen_late(each)),
        ("seenLate: false", lambda voices, each: not voices.is_seen_late(each)),
        ("overdue: true", lambda voices, each: voices.is_overdue(each)),
        (
            "answered: true, state: [PRIVATE]",
            lambda voices, each: each.answered is not None and each.state == "PRIVATE",
        ),
    ],
)
async def test_counts_are_those_of_plain_python(
    writing_client: Client, voices: Voices, officials: list[tuple[str, str, str]], asked: str, fits: Fits
) -> None:
    """One statement reads; that an official has read is another's business, the trail's."""
    total = 0
    for account, organization, hierarchy in officials:
        query = f"{{ reviewCounts(filter: {{{asked}}}) {{ {COUNTED} }} }}"
        answer = await writing_client.query(query, token=writing_client.token_for(account))
        wanted = voices.counts(voices.below(organization, hierarchy), lambda each: fits(voices, each))
        assert answer.data["reviewCounts"] == wanted, (account, organization)
        assert sum(each.startswith("SELECT") for each in writing_client.statements) == 1
        total += wanted["total"]
    assert total > 0


@pytest.mark.parametrize("days", [EVER, (date(2023, 1, 1), date(2024, 6, 30))])
async def test_figures_are_those_of_plain_python(client: Client, voices: Voices, days: tuple[date, date]) -> None:
    query = f"""query($code: String!, $from: Date, $to: Date, $scope: Scope) {{ organization(by: {{code: $code}}) {{
        responsiveness(from: $from, to: $to, scope: $scope) {{ {FIGURES} }} }} }}"""
    for code, scope in (("BY-GOV", "SUBTREE"), ("BY-GOV", "OWN"), (busiest(voices), "OWN")):
        asked = {"code": code, "scope": scope, "from": days[0].isoformat(), "to": days[1].isoformat()}
        found = (await client.data(query, **asked))["organization"]["responsiveness"]
        whose = voices.below(code, "SUBORDINATION") if scope == "SUBTREE" else {code}
        assert found == voices.figures(whose, days)
        assert len(client.statements) == 1


def busiest(voices: Voices) -> str:
    """An organization that has answered."""
    return next(each.organization for each in voices.all if each.answered)


async def test_a_subtrees_reviews_are_the_published_ones_of_all_below(client: Client, voices: Voices) -> None:
    tops = [("BY-GOV", "SUBORDINATION"), ("BY-GOV-HEALTH", "SUPERVISION"), (busiest(voices), "SUBORDINATION")]
    for code, hierarchy in tops:
        below = voices.below(code, hierarchy)
        wanted = [name_of(each) for each in voices.all if each.is_public and each.organization in below]
        assert wanted
        assert await pages(client, code, hierarchy) == wanted


async def test_words_are_searched_in_a_subtree(client: Client) -> None:
    """A Russian and a Belarusian word, with a letter that another keyboard has."""
    for text in ("вежливые", "чарга", "прысесцi"):
        asked = {"code": "BY-GOV", "text": text, "scope": "SUBTREE"}
        found = (await client.data(PAGE, **asked))["organization"]["reviews"]["totalCount"]
        assert found > (await client.data(PAGE, **asked | {"scope": "OWN"}))["organization"]["reviews"]["totalCount"]


async def pages(client: Client, code: str, hierarchy: str) -> list[str]:
    """All of a subtree's reviews, page by page, each of one statement."""
    found: list[str] = []
    after = None
    while True:
        asked = {"code": code, "hierarchy": hierarchy, "scope": "SUBTREE", "after": after}
        page = (await client.data(PAGE, **asked))["organization"]["reviews"]
        assert len(client.statements) == 1
        found += [each["id"] for each in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            assert page["totalCount"] == len(found)
            return found
        after = page["pageInfo"]["endCursor"]


def name_of(said: Said) -> str:
    return encode("Review", said.key)
