"""Every stored total held against its recount, by month too, and against the oracle, which knows no totals."""

from typing import Any

import psycopg

from models import recount
from tests.oracle import Country

STORED = """SELECT organization.code, pool::text, to_char(value / 100.0, 'FM9.00'), submissions, raters
    FROM total JOIN organization ON organization.id = organization_id"""


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
