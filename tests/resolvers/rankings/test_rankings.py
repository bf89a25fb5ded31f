"""Rankings of random histories, against exact fractions: by both methods, compared, explained, in each order."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import recount
from tests.clients import Client, client_of
from tests.oracle import Country, decimal
from tests.oracle_ranks import MOVED_MOST, RANK, Ranking, mean, moved_most
from tests.slices import Rated

RATED = ["HOSPITAL", "CLINIC", "WARD", "REGION", "SCHOOL", "LONER", "CLOSED"]
CRITERIA = ["PLAIN", "POLITE", "CLEAN"]
FRACTION = "numerator denominator decimal"
EXPLAIN = f"""explain {{ method submissions prior setSubmissions value sum {{ {FRACTION} }} mean {{ {FRACTION} }}
    setMean {{ {FRACTION} }} weight {{ {FRACTION} }} exact {{ {FRACTION} }} }}"""
ASKED = "minRaters: $minimum, comparedTo: $date, scope: $scope, method: $method"
QUERY = f"""query($minimum: Int, $date: Date, $scope: Scope, $method: RankingMethod, $order: RankingOrder) {{
    ranking({ASKED}, orderBy: $order, first: 100) {{
        totalCount
        nodes {{ organization {{ code rank({ASKED}) {{ {RANK} }} }} rank {{ {RANK} {EXPLAIN} }}
            rating {{ value submissions raters }} movedMost {{ {MOVED_MOST} }} }} }} }}"""

INSERT: LiteralString = """
INSERT INTO submission (organization_id, rater_id, rater_kind, questionnaire_id, scores, submitted_at, submitted_on,
                        status, status_at)
SELECT organization.id, account.rater_id, 'PERSON', questionnaire.id, %(scores)s::smallint[], now(),
       current_date - %(age)s::int, %(status)s::submission_status, CASE WHEN %(status)s <> 'COUNTED' THEN now() END
FROM organization, account, questionnaire
WHERE organization.code = %(organization)s AND account.code = %(rater)s AND questionnaire.code = 'HEALTH'"""
PRIOR: LiteralString = (
    "INSERT INTO policy (name, valid_from, value) VALUES ('CREDIBLE_PRIOR', clock_timestamp(), to_jsonb(%s::int))"
)
# Nobody is too few here, on whatever day.
NO_SMALL_GROUPS: LiteralString = (
    "INSERT INTO policy (name, valid_from, value) VALUES ('SMALL_GROUP_RATERS', '2020-01-01', '1')"
)


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """What a few people said about a few organizations in a month; so few scores that values are often the same."""
    score = st.sampled_from([2, 4, 5])
    said = st.fixed_dictionaries(
        {
            "organization": st.sampled_from(RATED),
            "rater": st.integers(1, 5).map("citizen-{}".format),
            "scores": st.tuples(score, score, st.none() | score).map(list),
            "age": st.integers(0, 30),
            "status": st.sampled_from(["COUNTED", "COUNTED", "COUNTED", "WITHDRAWN", "REJECTED"]),
        }
    )
    return draw(st.lists(said, max_size=25))


@dataclass
class Theatre:
    """A small country whose history is written anew for each example."""

    client: Client
    url: str

    def play(self, history: Sequence[Mapping[str, Any]], prior: int) -> Country:
        """Let the history, and nothing else, have happened."""
        with psycopg.connect(self.url) as connection:
            connection.execute("DELETE FROM submission")
            connection.cursor().executemany(INSERT, history)
            connection.execute(PRIOR, [prior])
            recount.rebuild(connection)
        return Country(self.url)


@pytest.fixture
async def theatre(stage_url: str, tmp_path: Path) -> AsyncIterator[Theatre]:
    with psycopg.connect(stage_url) as connection:
        connection.execute(NO_SMALL_GROUPS)
    async with client_of(stage_url, tmp_path) as client:
        yield Theatre(client, stage_url)


def said(country: Country, scope: str) -> dict[str, Rated]:
    """What counts for each open organization."""
    below = {code: country.subordinates(code) if scope == "SUBTREE" else () for code in country.chosen()}
    return {code: country.pool({code, *members}) for code, members in below.items()}


def in_order(order: str, entries: Sequence[Any]) -> bool:
    """Whether entries stand as their order says: those without a change or a position last."""
    positions = [each["rank"]["position"] or 1000 for each in entries]
    changes = [each["rank"]["change"] for each in entries]
    if order == "POSITION":
        return positions == sorted(positions)
    sign = -1 if order == "CHANGE_DESC" else 1
    keys = [
        (change is None, sign * (change or 0), position) for change, position in zip(changes, positions, strict=True)
    ]
    return keys == sorted(keys)


def hold_explanation(ranking: Ranking, code: str, explanation: Any) -> None:
    """The explanation's numbers are the oracle's, and add up to the published value."""
    exact = ranking.exact.get(code)
    if exact is None:
        assert explanation is None
        return
    told = {name: fraction(explanation[name]) for name in ("sum", "mean", "weight", "exact")}
    set_mean = fraction(explanation["setMean"]) if explanation["setMean"] else Fraction(0)
    marks = [each.mark for each in ranking.pools[code]]
    assert told["exact"] == told["weight"] * told["mean"] + (1 - told["weight"]) * set_mean == exact
    assert (told["sum"], explanation["submissions"]) == (sum(marks), len(marks))
    assert explanation["prior"] == (ranking.prior or 0)
    assert explanation["value"] == decimal(told["exact"], 2)
    if ranking.prior is None:
        assert (explanation["method"], explanation["setMean"], explanation["setSubmissions"]) == ("MEAN", None, None)
    else:
        assert (explanation["method"], set_mean) == ("CREDIBLE", mean(ranking.told))
        assert explanation["setSubmissions"] == len(ranking.told)


def fraction(told: Any) -> Fraction:
    found = Fraction(int(told["numerator"]), int(told["denominator"]))
    assert (found.numerator, found.denominator) == (int(told["numerator"]), int(told["denominator"]))
    assert abs(Fraction(told["decimal"]) - found) <= Fraction(1, 2_000_000)
    return found


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    history=histories(),
    minimum=st.integers(1, 3),
    prior=st.sampled_from([0, 1, 7, 1_000]),
    age=st.integers(0, 30),
    scope=st.sampled_from(["OWN", "SUBTREE"]),
    method=st.sampled_from(["MEAN", "CREDIBLE"]),
    order=st.sampled_from(["POSITION", "CHANGE_DESC", "CHANGE_ASC"]),
)
async def test_a_random_history_is_ranked_by_the_rules(
    theatre: Theatre,
    history: list[dict[str, Any]],
    minimum: int,
    prior: int,
    age: int,
    scope: str,
    method: str,
    order: str,
) -> None:
    country = theatre.play(history, prior)
    date = today(theatre.url) - timedelta(days=age)
    pools, asked = said(country, scope), None if method == "MEAN" else prior
    before = {code: [each for each in pool if each.day <= date] for code, pool in pools.items()}
    now, then = Ranking(pools, minimum, asked), Ranking(before, minimum, asked)
    answer = await theatre.client.data(QUERY, minimum=minimum, date=str(date), scope=scope, method=method, order=order)
    found = answer["ranking"]
    assert found["totalCount"] == len(found["nodes"])
    assert in_order(order, found["nodes"])
    entries = {each["organization"]["code"]: each for each in found["nodes"]}
    assert entries.keys() == pools.keys()
    for code, entry in entries.items():
        hold_explanation(now, code, entry["rank"].pop("explain"))
        assert entry["rank"] == entry["organization"]["rank"] == now.rank(code, then)
        assert entry["movedMost"] == moved_most(before[code], pools[code], CRITERIA)
        assert entry["rating"]["raters"] == minimum - now.missing(code)


def today(url: str) -> Any:
    with psycopg.connect(url) as connection:
        ((found,),) = connection.execute("SELECT current_date").fetchall()
    return found
