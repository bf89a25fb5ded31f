"""Closing: not rated, not ranked, not in lists; what was said stays counted; and opening again undoes it all."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.citizens import Citizen
from tests.digests import digests
from tests.exactness import hold_totals, submissions_below
from tests.registrars import Registrar, registrar_of
from tests.trails import trail

NewCitizen = Callable[[str | None], Citizen]
SEEN = """{
    open: organizations(filter: {codes: ["CLINIC"]}) { totalCount }
    closed: organizations(filter: {codes: ["CLINIC"], closed: true}) { totalCount }
    organization(by: {code: "CLINIC"}) { closedOn rank { position notRanked } rating { submissions value }
                                         eligibility { reason } }
}"""


@pytest.fixture
def registrar(new_citizen: NewCitizen) -> Registrar:
    return registrar_of(new_citizen(None), "citizen-20", "REGISTRAR", "REGION")


async def seen(viewer: Registrar) -> Any:
    return (await viewer.ask(SEEN)).data


async def test_a_closed_one_is_not_rated_not_ranked_and_not_in_lists_and_counts(registrar: Registrar) -> None:
    before = submissions_below(registrar.url, "MINISTRY")
    found = await registrar.close("CLINIC")
    assert found["__typename"] == "CloseOrganizationPayload"
    assert await seen(registrar) == {
        "open": {"totalCount": 0},
        "closed": {"totalCount": 1},
        "organization": {
            "closedOn": found["organization"]["closedOn"],
            "rank": {"position": None, "notRanked": "CLOSED"},
            "rating": {"submissions": 1, "value": "3.67"},
            "eligibility": {"reason": "ORGANIZATION_CLOSED"},
        },
    }
    assert (await registrar.submit("CLINIC"))["code"] == "ORGANIZATION_CLOSED"
    assert submissions_below(registrar.url, "MINISTRY") == before
    hold_totals(registrar.url)


async def test_opening_again_undoes_it(registrar: Registrar, new_citizen: NewCitizen) -> None:
    before = await seen(registrar)
    closed_on = (await registrar.close("CLINIC"))["organization"]["closedOn"]
    found = await registrar.reopen("CLINIC")
    assert (found["__typename"], found["organization"]["closedOn"]) == ("ReopenOrganizationPayload", None)
    assert await seen(registrar) == before
    assert trail(registrar.url) == [
        ("citizen-20", "ORGANIZATION_CLOSED", "CLINIC", {"closed_on.before": None, "closed_on.after": closed_on}),
        ("citizen-20", "ORGANIZATION_REOPENED", "CLINIC", {"closed_on.before": closed_on, "closed_on.after": None}),
    ]
    assert (await new_citizen("citizen-9").submit("CLINIC"))["__typename"] == "SubmitQuestionnairePayload"
    hold_totals(registrar.url)


async def test_what_is_so_already_changes_nothing(registrar: Registrar) -> None:
    before = digests(registrar.url)
    assert (await registrar.close("CLOSED"))["__typename"] == "CloseOrganizationPayload"
    assert (await registrar.reopen("CLINIC"))["__typename"] == "ReopenOrganizationPayload"
    assert digests(registrar.url) == before


async def test_the_day_can_be_told_also_afterwards(registrar: Registrar) -> None:
    clinic = {"organization": {"code": "CLINIC"}}
    for on in ("2020-02-29", "2020-03-01"):
        found = await registrar.change("closeOrganization", **clinic, on=on)
        assert found["organization"]["closedOn"] == on
    assert [event[1] for event in trail(registrar.url)] == ["ORGANIZATION_CLOSED"] * 2


async def test_a_branch_closes_from_below_and_opens_from_above(registrar: Registrar) -> None:
    for code in ("WARD", "HOSPITAL"):
        assert (await registrar.close(code))["__typename"] == "CloseOrganizationPayload"
    before = digests(registrar.url)
    refused = await registrar.reopen("WARD")
    assert (refused["__typename"], refused["code"]) == ("ConflictProblem", "PARENT_CLOSED")
    assert digests(registrar.url) == before
    for code in ("HOSPITAL", "WARD"):
        assert (await registrar.reopen(code))["__typename"] == "ReopenOrganizationPayload"
    hold_totals(registrar.url)
