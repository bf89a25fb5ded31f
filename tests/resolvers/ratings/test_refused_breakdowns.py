"""Breakdowns that cannot be answered: told which argument, and why, before anything is read where that can be."""

import pytest

from tests.clients import Client

OF = {
    "organization": 'organization(by: {code: "BY-GOV"}) { breakdown(ARGUMENTS) { rating { value } } }',
    "list": "organizations(first: 1) { nodes { breakdown(ARGUMENTS) { rating { value } } } }",
    "summary": "summary { breakdown(ARGUMENTS) { rating { value } } }",
}
WRONG = {
    "by: []": ("by", "must name one to three dimensions"),
    "by: [SPHERE, KIND, CHANNEL, YEAR]": ("by", "must name at most 3 dimensions, not 4"),
    "by: [KIND, CHANNEL, KIND]": ("by", "names KIND twice"),
    "by: [MONTH, KIND, YEAR]": ("by", "must name at most one interval, not MONTH and YEAR"),
    "by: [KIND], first: 0": ("first", "must be between 1 and 1000"),
    "by: [KIND], first: 1001": ("first", "must be between 1 and 1000"),
    "by: [KIND], first: -1": ("first", "must be between 1 and 1000"),
}


@pytest.mark.parametrize("of", OF)
@pytest.mark.parametrize("arguments", WRONG)
async def test_a_wrong_argument_is_named(client: Client, arguments: str, of: str) -> None:
    answer = await client.query("{" + OF[of].replace("ARGUMENTS", arguments) + "}")
    (error,) = answer.errors
    assert (error["extensions"]["argument"], error["extensions"]["reason"]) == WRONG[arguments]
    assert answer.refusal == ("BAD_USER_INPUT", WRONG[arguments][0])
    assert client.statements == []


UNKNOWN = {
    'services: ["NOWHERE"]': ("slice.services", 1),
    'criteria: ["COURTESY", "NOWHERE"]': ("slice.criteria", 1),
    'from: "2026-02-01", to: "2026-01-31"': ("slice.from", 0),
}


# A ministry that nobody has rated: an unknown code is told all the same.
@pytest.mark.parametrize("code", ["BY-GOV", "BY-GOV-HEALTH"])
@pytest.mark.parametrize("by", ["YEAR", "SERVICE", "CRITERION", "DAY"])
@pytest.mark.parametrize("slice_", UNKNOWN)
async def test_a_wrong_slice_is_told(client: Client, slice_: str, by: str, code: str) -> None:
    field = f"breakdown(by: [{by}], slice: {{{slice_}}}) {{ rating {{ value }} }}"
    answer = await client.query(f'{{ organization(by: {{code: "{code}"}}) {{ {field} }} }}')
    argument, statements = UNKNOWN[slice_]
    assert answer.refusal == ("BAD_USER_INPUT", argument)
    assert len(client.statements) == statements


async def test_no_number_of_cells_is_a_hundred(client: Client) -> None:
    query = "query($first: Int) { summary { breakdown(by: [SUBORDINATE, YEAR], first: $first) { rating { value } } } }"
    assert len((await client.data(query, first=None))["summary"]["breakdown"]) == 100
    assert len((await client.data(query))["summary"]["breakdown"]) == 100


async def test_nobody_has_no_cells(client: Client) -> None:
    query = '{ summary(among: {codes: ["nowhere"]}) { breakdown(by: [AREA, CHANNEL, DAY]) { rating { value } } } }'
    assert (await client.data(query))["summary"]["breakdown"] == []
