"""Moving: the organization stands there, everything below it came along, and all totals are as if it always had."""

from collections.abc import Callable

import pytest

from tests.citizens import Citizen
from tests.digests import digests
from tests.exactness import hold_totals, submissions_below
from tests.registrars import Registrar, registrar_of
from tests.trails import trail

NewCitizen = Callable[[str | None], Citizen]


@pytest.fixture
def operator(new_citizen: NewCitizen) -> Registrar:
    return registrar_of(new_citizen(None), "citizen-20", "OPERATOR", "LONER")


async def test_what_moves_leaves_its_old_ancestors_and_joins_its_new_ones(operator: Registrar) -> None:
    found = await operator.move("HOSPITAL", "SCHOOL")
    assert found["__typename"] == "MoveOrganizationPayload"
    assert found["organization"]["subordination"] == {"code": "SCHOOL"}
    assert found["organization"]["supervision"] == {"code": "INSPECTORATE"}
    assert [submissions_below(operator.url, code) for code in ("SCHOOL", "HOSPITAL", "REGION", "MINISTRY")] == [
        2,
        2,
        2,
        2,
    ]
    hold_totals(operator.url)


async def test_wherever_it_moves_all_totals_are_exact(operator: Registrar) -> None:
    moves = [
        ("HOSPITAL", "MINISTRY", "SUBORDINATION", "ROOT"),
        ("WARD", "CLINIC", "SUBORDINATION", "ROOT"),
        ("REGION", None, "SUBORDINATION", "ROOT"),
        ("MINISTRY", "SCHOOL", "SUBORDINATION", "ROOT"),
        ("WARD", None, "SUBORDINATION", "OUTSIDE"),
        ("LONER", "HOSPITAL", "SUBORDINATION", "ROOT"),
        ("LONER", None, "SUPERVISION", "ROOT"),
        ("WARD", "CLINIC", "SUPERVISION", "ROOT"),
        ("CLINIC", "LONER", "SUPERVISION", "ROOT"),
        ("HOSPITAL", None, "SUPERVISION", "OUTSIDE"),
        ("CLOSED", "SCHOOL", "SUBORDINATION", "ROOT"),
    ]
    for code, below, tree, apart in moves:
        found = await operator.move(code, below, tree, apart)
        assert found["organization"][tree.lower()] == (below and {"code": below})
        hold_totals(operator.url)


async def test_there_and_back_again_nothing_has_changed_but_the_trail(operator: Registrar) -> None:
    before = submissions_below(operator.url, "REGION")
    await operator.move("WARD", "SCHOOL")
    await operator.move("WARD", "HOSPITAL")
    assert submissions_below(operator.url, "REGION") == before
    hold_totals(operator.url)
    events = trail(operator.url)
    assert [each[:3] for each in events] == [("citizen-20", "ORGANIZATION_MOVED", "WARD")] * 2
    assert events[0][3] == {"subordination.before": "below HOSPITAL", "subordination.after": "below SCHOOL"}


async def test_where_it_stands_already_nothing_changes(operator: Registrar) -> None:
    before = digests(operator.url)
    for code, below, tree, apart in (
        ("WARD", "HOSPITAL", "SUBORDINATION", "ROOT"),
        ("SCHOOL", None, "SUBORDINATION", "ROOT"),
        ("SCHOOL", None, "SUPERVISION", "OUTSIDE"),
    ):
        assert (await operator.move(code, below, tree, apart))["__typename"] == "MoveOrganizationPayload"
    assert digests(operator.url) == before


async def test_a_registrar_moves_within_the_own_branch(operator: Registrar) -> None:
    registrar = registrar_of(operator, "citizen-21", "REGISTRAR", "REGION")
    assert (await registrar.move("WARD", "CLINIC"))["__typename"] == "MoveOrganizationPayload"
    assert (await registrar.move("WARD", "REGION"))["__typename"] == "MoveOrganizationPayload"
