"""Creating: an organization stands where it is to stand, is found by its code, and can be rated at once."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.citizens import Citizen
from tests.exactness import hold_totals, submissions_below
from tests.registrars import Registrar, registrar_of
from tests.stage import id_of
from tests.trails import trail

NewCitizen = Callable[[str | None], Citizen]
SEEN = """query($code: String!) { organization(by: {code: $code}) {
    name(language: BE) address(language: RU) registration kind { code } area { code } location { latitude longitude }
    spheres { code } services { nodes { code } } ancestors { code } above: ancestors(hierarchy: SUPERVISION) { code }
    rating { submissions } eligibility { allowed }
} }"""
NEW: dict[str, Any] = {
    "code": "NEW-1",
    "kind": "BODY",
    "names": {"be": "Новая", "ru": "Новая больница"},
    "address": {"ru": "ул. Первая, 1"},
    "location": {"latitude": 53.9, "longitude": 27.5},
    "area": "BY",
    "spheres": ["HEALTH", "SCHOOL", "HEALTH"],
    "services": ["VISIT"],
    "openedOn": "2020-02-29",
    "subordination": {"below": {"code": "REGION"}},
    "supervision": {"below": {"code": "INSPECTORATE"}},
}


@pytest.fixture
def operator(new_citizen: NewCitizen) -> Registrar:
    return registrar_of(new_citizen(None), "citizen-20", "OPERATOR", "LONER")


async def test_all_that_is_said_of_it_can_be_read(operator: Registrar) -> None:
    found = await operator.change("createOrganization", **NEW)
    assert (found["__typename"], found["organization"]["code"]) == ("CreateOrganizationPayload", "NEW-1")
    assert (await operator.ask(SEEN, code="NEW-1")).data["organization"] == {
        "name": "Новая",
        "address": "ул. Первая, 1",
        "registration": "STATUTORY",
        "kind": {"code": "BODY"},
        "area": {"code": "BY"},
        "location": {"latitude": 53.9, "longitude": 27.5},
        "spheres": [{"code": "HEALTH"}, {"code": "SCHOOL"}],
        "services": {"nodes": [{"code": "VISIT"}]},
        "ancestors": [{"code": "MINISTRY"}, {"code": "REGION"}],
        "above": [{"code": "INSPECTORATE"}],
        "rating": {"submissions": 0},
        "eligibility": {"allowed": True},
    }


async def test_it_can_be_rated_at_once_and_counts_above_it(operator: Registrar, new_citizen: NewCitizen) -> None:
    await operator.change("createOrganization", **NEW)
    before = submissions_below(operator.url, "MINISTRY")
    form = id_of(operator.url, "Questionnaire", "HEALTH")
    await new_citizen("citizen-9").submit("NEW-1", questionnaire=form)
    assert submissions_below(operator.url, "MINISTRY") == before + 1
    assert submissions_below(operator.url, "INSPECTORATE", "SUPERVISION") == 3
    hold_totals(operator.url)


async def test_what_is_not_said_is_not_there(operator: Registrar) -> None:
    await operator.change("createOrganization", code="BARE", kind="BODY", names={"en": "Bare"}, area="BY")
    (event,) = trail(operator.url)
    assert event[:3] == ("citizen-20", "ORGANIZATION_CREATED", "BARE")
    told = ("code", "name_en", "kind", "registration", "opened_on", "area")
    assert set(event[3]) == {f"{name}.after" for name in told}
    assert event[3]["name_en.after"] == "Bare"
    hold_totals(operator.url)


@pytest.mark.parametrize("tree", ["subordination", "supervision"])
async def test_an_operator_makes_roots(operator: Registrar, tree: str) -> None:
    root = {"code": "ROOT", "kind": "BODY", "names": {"en": "Root"}, tree: {"apart": "ROOT"}}
    await operator.change("createOrganization", **root)
    found = await operator.move("LONER", "ROOT", tree.upper())
    assert found["organization"][tree] == {"code": "ROOT"}


async def test_a_registrar_creates_below_the_own_place(operator: Registrar) -> None:
    registrar = registrar_of(operator, "citizen-21", "REGISTRAR", "REGION")
    found = await registrar.change("createOrganization", **(NEW | {"supervision": None}))
    assert found["__typename"] == "CreateOrganizationPayload"
