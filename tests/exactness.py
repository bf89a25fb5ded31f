"""Every stored total held against its recount, by month too, and against the oracle, which knows no totals.

And every answer about them against the oracle: values, numbers, ranks, points of histories, cells of breakdowns.
"""

from typing import Any

import psycopg

from models import recount
from tests.clients import Client
from tests.histories import history
from tests.oracle import RATING, Country
from tests.oracle_breakdowns import Breakdowns
from tests.oracle_editions import POOLS, Published
from tests.oracle_ranks import RANK
from tests.resolvers.breakdown_questions import Question
from tests.slices import Slice

STORED = """SELECT organization.code, pool::text, to_char(value / 100.0, 'FM9.00'), submissions, raters
    FROM total JOIN organization ON organization.id = organization_id"""

POLICY = "SELECT policy_value('MIN_RATERS')::int, policy_value('CREDIBLE_PRIOR')::int"
TODAY = "SELECT (now() AT TIME ZONE (policy_value('TIME_ZONE') #>> '{}'))::date"
SCOPES = {"OWN": "OWN", "SUBORDINATION": "SUBTREE", "SUPERVISION": "SUBTREE"}
POINT = f"from to rating {{ {RATING} }}"
# Of each organization, in each pool: its rating, its ranks, its history.
ANSWERS = " ".join(
    f"""{pool}: rating({where}) {{ {RATING} }} {pool}_MEAN: rank({where}) {{ {RANK} }}
        {pool}_CREDIBLE: rank({where}, method: CREDIBLE) {{ {RANK} }}
        {pool}_MONTH: history({where}, interval: MONTH) {{ {POINT} }}"""
    for pool, where in {
        pool: f"scope: {scope}" + f", hierarchy: {pool}" * (scope == "SUBTREE") for pool, scope in SCOPES.items()
    }.items()
)
EVERYONE = f"{{ organizations(first: 20, filter: {{closed: null}}) {{ nodes {{ code {ANSWERS} }} }} }}"
# By what breakdowns are asked: what totals by month tell, and what is counted, and withheld of few.
DIMENSIONS = (["SUBORDINATE", "CRITERION", "QUARTER"], ["CHANNEL"], ["SPHERE", "MONTH"])


async def hold_answers(client: Client, url: str) -> None:
    """Whatever is answered of any organization is what the oracle says, by the policies of now."""
    with psycopg.connect(url) as connection:
        ((minimum, prior),) = connection.execute(POLICY).fetchall()
        ((today,),) = connection.execute(TODAY.encode()).fetchall()
    country = Country(url)
    oracle, breakdowns = Published(country, Slice(), minimum, prior), Breakdowns(url)
    listed = (await client.data(EVERYONE))["organizations"]["nodes"]
    for found in listed:
        code = found["code"]
        for pool in POOLS:
            said = oracle.counted[pool][code]
            assert found[pool] == oracle.rating(code, pool), (code, pool)
            for method in ("MEAN", "CREDIBLE"):
                assert found[f"{pool}_{method}"] == oracle.rank(code, pool, method), (code, pool, method)
            assert found[f"{pool}_MONTH"] == history(country, said, Slice(), "MONTH", today), (code, pool)
    # What was merged stands for another now; of the others, the one with most below it.
    top = max((each["code"] for each in listed), key=lambda code: len(country.subordinates(code)))
    for by in DIMENSIONS:
        for code in (top, None):
            question = Question(by, {}, code, "SUBTREE")
            assert await question.answer(client) == question.expected(breakdowns), question


def hold_totals(url: str) -> None:
    """Whatever is stored is right, by two ways of computing it that share nothing."""
    with psycopg.connect(url) as connection:
        assert recount.differences(connection) == []
        stored = {(code, pool): rest for code, pool, *rest in connection.execute(STORED)}
    assert stored == expected(Country(url))


def expected(country: Country) -> dict[tuple[str, str], list[Any]]:
    """What the oracle says of each organization alone, and of its subtree in each hierarchy."""
    found = {}
    for code in country.organizations:
        pools = {"OWN": {code}} | {tree: {code} | country.subordinates(code, tree) for tree in country.parents}
        for pool, codes in pools.items():
            rating = country.rating(codes)
            found[code, pool] = [rating["value"], rating["submissions"], rating["raters"]]
    return found


def submissions_below(url: str, code: str, tree: str = "SUBORDINATION") -> int:
    """How many submissions an organization's subtree has, as stored."""
    query = """SELECT submissions FROM total JOIN organization ON organization.id = organization_id
               WHERE code = %s AND pool::text = %s"""
    with psycopg.connect(url) as connection:
        ((number,),) = connection.execute(query, [code, tree]).fetchall()
    found: int = number
    return found
