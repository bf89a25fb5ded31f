"""Changing what the register says: what is told of changes, the rest stays, and the trail has both."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.citizens import Citizen
from tests.digests import digests
from tests.registrars import Registrar, registrar_of
from tests.trails import trail

NewCitizen = Callable[[str | None], Citizen]
HOSPITAL = {"organization": {"code": "HOSPITAL"}}
FOUND = "query($text: String!) { organizations(filter: {text: $text}) { nodes { code } } }"
RATED = '{ area(code: "BY") { rating { submissions } } }'


@pytest.fixture
def registrar(new_citizen: NewCitizen) -> Registrar:
    return registrar_of(new_citizen(None), "citizen-20", "REGISTRAR", "REGION")


async def test_what_is_said_is_on_the_register_and_on_the_trail(registrar: Registrar) -> None:
    changes: list[tuple[dict[str, Any], dict[str, tuple[Any, Any]]]] = [
        ({"names": {"be": "Бальніца"}}, {"name_be": (None, "Бальніца")}),
        ({"names": {"ru": "Больница", "en": None}}, {"name_ru": (None, "Больница"), "name_en": ("HOSPITAL", None)}),
        ({"address": {"en": "1, Main St."}}, {"address_en": (None, "1, Main St.")}),
        ({"location": {"latitude": 53.5, "longitude": -27}}, {"location": (None, "53.5 -27")}),
        ({"location": None}, {"location": ("53.5 -27", None)}),
        ({"area": None}, {"area": ("BY", None)}),
        ({"registration": "VOLUNTARY"}, {"registration": ("STATUTORY", "VOLUNTARY")}),
        ({"spheres": ["SCHOOL", "HEALTH"]}, {"spheres": ("HEALTH", "HEALTH SCHOOL")}),
        ({"spheres": []}, {"spheres": ("HEALTH SCHOOL", None)}),
        ({"services": ["LESSON"]}, {"services": ("VISIT", "LESSON")}),
    ]
    for number, (said, told) in enumerate(changes):
        found = await registrar.change("changeOrganization", **HOSPITAL, **said)
        assert found["__typename"] == "ChangeOrganizationPayload"
        event = trail(registrar.url)[number]
        assert event[:3] == ("citizen-20", "ORGANIZATION_RENAMED", "HOSPITAL")
        assert event[3] == {
            f"{name}.{when}": value
            for name, values in told.items()
            for when, value in zip(("before", "after"), values, strict=True)
        }


async def test_it_is_found_by_its_new_name_and_counts_no_more_for_the_area_that_it_left(registrar: Registrar) -> None:
    before = (await registrar.ask(RATED)).data["area"]["rating"]["submissions"]
    await registrar.change("changeOrganization", **HOSPITAL, names={"en": "Infirmary"}, area=None)
    assert (await registrar.ask(FOUND, text="infirmary")).data["organizations"]["nodes"] == [{"code": "HOSPITAL"}]
    assert (await registrar.ask(RATED)).data["area"]["rating"]["submissions"] == before - 1


async def test_what_the_register_says_already_changes_nothing(registrar: Registrar) -> None:
    before = digests(registrar.url)
    said: list[dict[str, Any]] = [
        {},
        {"names": {"en": "HOSPITAL"}},
        {"names": None, "kind": None, "spheres": None},
        {"area": "BY", "spheres": ["HEALTH"]},
    ]
    for each in said:
        found = await registrar.change("changeOrganization", **HOSPITAL, **each)
        assert found["__typename"] == "ChangeOrganizationPayload"
    assert digests(registrar.url) == before
