"""Ratings of slices, against plain fractions over the raw scores, exact to the last digit."""

from datetime import date

import pytest

from tests.clients import Client
from tests.oracle import RATING, Country
from tests.slices import Slice, rate

# 2024 is in the middle of the demo's time.
SLICES = {
    "a year": Slice(date(2024, 1, 1), date(2024, 12, 31)),
    "a month": Slice(date(2024, 2, 1), date(2024, 2, 29)),
    "a day": Slice(date(2024, 2, 1), date(2024, 2, 1)),
    "days of a month": Slice(date(2024, 2, 7), date(2024, 2, 20)),
    "days of two months": Slice(date(2024, 2, 7), date(2024, 3, 20)),
    "months and days": Slice(date(2023, 2, 7), date(2025, 3, 20)),
    "from a month on": Slice(first=date(2024, 3, 1)),
    "from a day on": Slice(first=date(2024, 3, 2)),
    "to a month's end": Slice(last=date(2024, 2, 29)),
    "to a day": Slice(last=date(2024, 2, 28)),
    "before the first": Slice(last=date(2001, 1, 1)),
    "the whole calendar": Slice(date.min, date.max),
    "a channel": Slice(channels=("ONLINE",)),
    "a rare channel": Slice(channels=("POST",)),
    "channels": Slice(channels=("ONLINE", "IN_PERSON", "PHONE")),
    "no channel": Slice(channels=()),
    "every channel": Slice(channels=("IN_PERSON", "ONLINE", "PHONE", "POST")),
    "a kind of rater": Slice(kinds=("BUSINESS",)),
    "services": Slice(services=("PHARMACY-CHEMIST-SALE", "SCHOOL-SECONDARY-MEALS")),
    "no service": Slice(services=()),
    "a criterion": Slice(criteria=("COURTESY",)),
    "a criterion of a sphere": Slice(criteria=("ATTENTION",)),
    "criteria": Slice(criteria=("COURTESY", "ATTENTION", "MEALS")),
    "no criterion": Slice(criteria=()),
    "a criterion in a year": Slice(date(2024, 1, 1), date(2024, 12, 31), criteria=("COURTESY",)),
    "a channel in a month": Slice(date(2024, 2, 1), date(2024, 2, 29), channels=("ONLINE",)),
    "a channel of persons": Slice(channels=("IN_PERSON",), kinds=("PERSON",)),
    "all at once": Slice(
        first=date(2022, 2, 7),
        last=date(2025, 3, 20),
        services=("PHARMACY-CHEMIST-SALE",),
        channels=("ONLINE", "IN_PERSON"),
        kinds=("PERSON",),
        criteria=("COURTESY", "ATTENTION"),
    ),
}
SCOPES = {
    None: "",
    "SUBORDINATION": "scope: SUBTREE",
    "SUPERVISION": "scope: SUBTREE, hierarchy: SUPERVISION",
}


@pytest.mark.parametrize("hierarchy", SCOPES)
@pytest.mark.parametrize("name", SLICES)
async def test_organizations_are_rated_over_a_slice(
    client: Client, country: Country, name: str, hierarchy: str | None
) -> None:
    # Of subtrees, those that differ from the organization alone.
    chosen = [code for code in country.organizations if hierarchy is None or country.children(code, hierarchy)]
    selection = f"code rating(slice: $slice {SCOPES[hierarchy]}) {{ {RATING} }}"
    query = f"query($codes: [String!]!, $slice: RatingSlice) {{ organizationsByCode(codes: $codes) {{ {selection} }} }}"
    answer = await client.data(query, codes=chosen, slice=SLICES[name].input)
    assert len(client.statements) == 1
    for found in answer["organizationsByCode"]:
        below = country.subordinates(found["code"], hierarchy) if hierarchy else ()
        assert found["rating"] == rate(country, country.pool([found["code"], *below]), SLICES[name]), found["code"]


@pytest.mark.parametrize("name", SLICES)
async def test_sets_are_rated_over_a_slice(client: Client, country: Country, name: str) -> None:
    slice_ = SLICES[name]
    query = f"""query($slice: RatingSlice) {{
        summary(among: {{spheres: ["HEALTH"]}}, slice: $slice) {{ organizations rated rating {{ {RATING} }} }}
        area(code: "BY-BR") {{ rating(slice: $slice) {{ {RATING} }} }} }}"""
    answer = await client.data(query, slice=slice_.input)
    assert len(client.statements) == 2
    chosen = country.chosen(lambda o: o.open and "HEALTH" in o.spheres)
    assert answer["summary"] == {
        "organizations": len(chosen),
        "rated": sum(bool(slice_.counted(country.submissions[code])) for code in chosen),
        "rating": rate(country, country.pool(chosen), slice_),
    }
    inside = [code for code in country.organizations if country.in_area(code, "BY-BR")]
    assert answer["area"]["rating"] == rate(country, country.pool(inside), slice_)


async def test_what_nobody_said_is_empty_and_not_withheld(client: Client, country: Country) -> None:
    query = f'{{ organization(by: {{code: "BY-GOV"}}) {{ rating(slice: {{to: "1999-06-15"}}) {{ {RATING} }} }} }}'
    assert (await client.data(query))["organization"]["rating"] == country.rating([])


FIELDS = {
    "organization": 'organization(by: {code: "BY-GOV"}) { rating(slice: SLICE) { withheld } }',
    "list": "organizations(first: 1) { nodes { rating(slice: SLICE, scope: SUBTREE) { withheld } } }",
    "area": 'area(code: "BY") { rating(slice: SLICE) { withheld } }',
    "summary": "summary(slice: SLICE) { rating { withheld } }",
    "nobody": 'summary(slice: SLICE, among: {codes: ["nowhere"]}) { rating { submissions } }',
}
WRONG = {
    'from: "2026-02-01", to: "2026-01-31"': ("slice.from", 0),
    'services: ["nonsense"]': ("slice.services", 1),
    'services: ["nonsense"], criteria: ["COURTESY"], from: "2026-02-01"': ("slice.services", 1),
    'criteria: ["COURTESY", "nonsense"]': ("slice.criteria", 1),
}


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS.keys())
@pytest.mark.parametrize("conditions", WRONG)
async def test_a_wrong_slice_is_refused(client: Client, field: str, conditions: str) -> None:
    argument, statements = WRONG[conditions]
    answer = await client.query("{" + field.replace("SLICE", "{" + conditions + "}") + "}")
    assert answer.refusal == ("BAD_USER_INPUT", argument)
    assert len(client.statements) == statements


@pytest.mark.parametrize("name", ["services", "criteria"])
async def test_a_slice_has_at_most_1000_codes(client: Client, name: str) -> None:
    query = "query($slice: RatingSlice) { summary(slice: $slice) { rating { value } } }"
    answer = await client.query(query, {"slice": {name: ["COURTESY"] * 1001}})
    assert answer.refusal == ("BAD_USER_INPUT", f"slice.{name}")
    assert client.statements == []


async def test_statements_differ_by_which_dates_cut_a_month_alone(client: Client) -> None:
    selection = f'organization(by: {{code: "BY-GOV"}}) {{ rating(slice: $slice) {{ {RATING} }} }}'

    async def text(name: str) -> str:
        await client.data(f"query($slice: RatingSlice) {{ {selection} }}", slice=SLICES[name].input)
        (found,) = client.statements
        return str(found)

    kinds = [("a year", "a month"), ("a day",), ("days of a month", "days of two months", "months and days")]
    texts = [{await text(name) for name in kind} for kind in kinds]
    assert [len(each) for each in texts] == [1, 1, 1]
    assert len(set.union(*texts)) == len(kinds)
    (whole,), *_ = texts
    assert whole.count("FROM month_total") == whole.count("FROM submission ") == 1
