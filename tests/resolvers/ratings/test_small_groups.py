"""What few raters said cannot be worked out: not from cells, from totals less cells, or from slices, by any way in."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, combinations, product

import pytest
from hypothesis import given

from tests.clients import Client
from tests.oracle_breakdowns import first_day
from tests.resolvers import breakdown_stage
from tests.resolvers.breakdown_stage import Drawn, drawn
from tests.resolvers.ratings.test_breakdowns import drawing

ENOUGH = 5
CHANNELS = ["IN_PERSON", "ONLINE", "PHONE", "POST"]
NOT_TOLD = "-"

# Each way of choosing some of the channels, as a slice under a name of its own.
CHOICES = [choice for size in range(1, 5) for choice in combinations(CHANNELS, size)]
SLICES = " ".join(
    f"s{number}: rating(slice: {{channels: [{', '.join(choice)}]}}) {{ withheld }}"
    for number, choice in enumerate(CHOICES)
)
CELLS = "keys { code } rating { submissions withheld }"

Table = Mapping[tuple[str, ...], set[int]]


def raters(said: Sequence[Drawn]) -> Table:
    """Who rated by each channel in each month, of what counts."""
    found: dict[tuple[str, ...], set[int]] = {}
    for each in said:
        if each.status == "COUNTED":
            keys = (each.channel or NOT_TOLD, first_day("MONTH", each.day).isoformat())
            found.setdefault(keys, set()).add(each.rater)
    return found


def together(groups: Iterator[set[int]] | Sequence[set[int]]) -> set[int]:
    """All who are in one of the groups."""
    return set(chain.from_iterable(groups))


def is_told(known: Sequence[Sequence[int]], wanted: Sequence[int]) -> bool:
    """Whether sums that are known add up, each any number of times, to one that is wanted."""
    return rank([*known, wanted]) == rank(known)


def rank(rows: Sequence[Sequence[int]]) -> int:
    """How many of the rows are no sum of others, by elimination."""
    left, found = [[Fraction(each) for each in row] for row in rows], 0
    for column in range(len(rows[0])) if rows else ():
        pivot = next((row for row in left if row[column]), None)
        if pivot is not None:
            found += 1
            left = [
                [each - row[column] / pivot[column] * own for each, own in zip(row, pivot, strict=True)]
                for row in left
                if row is not pivot
            ]
    return found


@drawing
@given(said=drawn(["HOSPITAL"]))
async def test_no_sum_of_what_is_public_is_of_few(drawn_client: Client, drawn_url: str, said: list[Drawn]) -> None:
    breakdown_stage.fill(drawn_url, said)
    table = raters(said)
    channels = {each: together([found for keys, found in table.items() if keys[0] == each]) for each, _ in table}
    query = f'{{ organization(by: {{code: "HOSPITAL"}}) {{ breakdown(by: [CHANNEL]) {{ {CELLS} }} {SLICES} }} }}'
    answer = (await drawn_client.data(query))["organization"]
    # What all of them say together is public.
    public = [set(channels)]
    public += [{each["keys"][0]["code"]} for each in answer["breakdown"] if not each["rating"]["withheld"]]
    public += [set(choice) for number, choice in enumerate(CHOICES) if not answer[f"s{number}"]["withheld"]]
    known = [[int(each in sum_) for each in channels] for sum_ in public]
    for size in range(1, len(channels)):
        for group in combinations(channels, size):
            if len(together([channels[each] for each in group])) < ENOUGH:
                assert not is_told(known, [int(each in group) for each in channels]), group


@drawing
@given(said=drawn(["HOSPITAL"]))
async def test_no_line_of_a_table_leaves_few(drawn_client: Client, drawn_url: str, said: list[Drawn]) -> None:
    breakdown_stage.fill(drawn_url, said)
    table = raters(said)
    query = f'{{ organization(by: {{code: "HOSPITAL"}}) {{ breakdown(by: [CHANNEL, MONTH]) {{ {CELLS} }} }} }}'
    cells = (await drawn_client.data(query))["organization"]["breakdown"]
    shown = {tuple(key["code"] for key in each["keys"]) for each in cells if not each["rating"]["withheld"]}
    for place, name in product((0, 1), sorted(set(chain.from_iterable(table)))):
        line = {keys: found for keys, found in table.items() if keys[place] == name}
        rest = together([found for keys, found in line.items() if keys not in shown])
        assert not rest or len(rest) >= ENOUGH or not shown & line.keys()


# PHONE is one rater's alone, and POST the next smallest.
NUMBERS = {"PHONE": 1, "POST": 5, "ONLINE": 8, "IN_PERSON": 11}
HIDDEN = {
    "breakdown(by: [CHANNEL])": {"PHONE", "POST"},
    "breakdown(by: [CHANNEL], scope: SUBTREE)": {"PHONE", "POST"},
    "breakdown(by: [CHANNEL], first: 3)": {"PHONE"},
    "breakdown(by: [CHANNEL], slice: {channels: [PHONE, ONLINE]})": {"PHONE"},
    "breakdown(by: [CHANNEL], slice: {channels: [POST]})": {"POST"},
    "breakdown(by: [CHANNEL, SERVICE])": {"PHONE", "POST"},
    'breakdown(by: [CHANNEL, CRITERION], slice: {criteria: ["PLAIN"]})': {"PHONE", "POST"},
    "breakdown(by: [KIND], slice: {channels: [PHONE]})": {"BODY"},
    "breakdown(by: [YEAR], slice: {channels: [PHONE, ONLINE]})": {"2026-01-01"},
    "breakdown(by: [YEAR], slice: {channels: [IN_PERSON]})": set(),
    "breakdown(by: [YEAR])": set(),
}
RATING = "submissions withheld value raters satisfaction marks { mark } byCriterion { value }"


CELLS_IN_FULL = f"{{ keys {{ code }} rating {{ {RATING} }} }}"


def said_of_hospital() -> list[Drawn]:
    return [
        Drawn("HOSPITAL", rater, "PERSON", "VISIT", channel, (rater % 5 + 1, 3, 2), breakdown_stage.DAYS[1])
        for channel, number in NUMBERS.items()
        for rater in range(number)
    ]


@pytest.mark.parametrize("field", HIDDEN)
async def test_what_is_withheld_tells_its_number_alone(drawn_client: Client, drawn_url: str, field: str) -> None:
    breakdown_stage.fill(drawn_url, said_of_hospital())
    query = f'{{ organization(by: {{code: "HOSPITAL"}}) {{ cells: {field} {CELLS_IN_FULL} }} }}'
    cells = (await drawn_client.data(query))["organization"]["cells"]
    assert {cell["keys"][0]["code"] for cell in cells if cell["rating"]["withheld"]} == HIDDEN[field]
    for rating in (cell["rating"] for cell in cells):
        told = [rating[name] for name in ("value", "raters", "satisfaction", "marks", "byCriterion")]
        assert not any(told) if rating["withheld"] else all(told)
        assert rating["submissions"] > 0


async def test_every_way_in_withholds_the_same(drawn_client: Client, drawn_url: str) -> None:
    breakdown_stage.fill(drawn_url, said_of_hospital())
    id_ = (await drawn_client.data('{ organization(by: {code: "HOSPITAL"}) { id } }'))["organization"]["id"]
    asked = f"breakdown(by: [CHANNEL]) {CELLS_IN_FULL}"
    query = f"""query($id: ID!) {{ organization(by: {{id: $id}}) {{ {asked} }}
        node(id: $id) {{ ... on Organization {{ {asked} }} }} nodes(ids: [$id]) {{ ... on Organization {{ {asked} }} }}
        organizationsByCode(codes: ["HOSPITAL"]) {{ {asked} }} summary(among: {{codes: ["HOSPITAL"]}}) {{ {asked} }} }}"""
    answer = await drawn_client.data(query, id=id_)
    ways = [answer["organization"], answer["node"], answer["summary"], *answer["nodes"], *answer["organizationsByCode"]]
    for each in ways:
        assert each == ways[0]
        assert [cell["rating"]["withheld"] for cell in each["breakdown"]] == [False, False, True, True]
