"""Applications: handed in by anybody, seen by those who may answer alone, and accepted once."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tests.citizens import Citizen
from tests.digests import digests
from tests.exactness import hold_totals
from tests.officials import appointed
from tests.registrars import Registrar, operation, registrar_of
from tests.trails import trail

NewCitizen = Callable[[str | None], Citizen]
ASKED: dict[str, Any] = {
    "kind": "BODY",
    "names": {"ru": "Частная клиника", "en": "Private clinic"},
    "address": {"en": "2, Main St."},
    "location": {"latitude": 53.9, "longitude": 27.5},
    "area": "BY",
    "spheres": ["HEALTH"],
    "services": ["VISIT", "VACCINE"],
    "supervisedBy": {"code": "INSPECTORATE"},
    "comment": "Call me.",
    "idempotencyKey": "once",
}
SEEN = """query($id: ID!) { node(id: $id) { ... on Application {
    name(language: RU) address(language: EN) kind { code } area { code } location { latitude longitude }
    spheres { code } services { code } subordinateTo { code } supervisedBy { code } comment isOwn status
    decidedAt reason organization { code registration spheres { code } services { totalCount }
                                    ancestors(hierarchy: SUPERVISION) { code } location { latitude } }
} } }"""
LISTED = "query($status: ApplicationStatus) { applications(status: $status) { totalCount nodes { id isOwn } } }"


@pytest.fixture
def applicant(new_citizen: NewCitizen) -> Registrar:
    rater = new_citizen("citizen-9")
    return Registrar(rater.client, rater.url, "citizen-9")


@pytest.fixture
def inspector(applicant: Citizen) -> Registrar:
    """Who registers what the inspectorate oversees."""
    return registrar_of(applicant, "citizen-20", "REGISTRAR", "INSPECTORATE", "SUPERVISION")


async def handed_in(applicant: Registrar, **changes: Any) -> str:
    """The id of a new application."""
    found = await applicant.change("applyForRegistration", **(ASKED | changes))
    assert found["__typename"] == "ApplyForRegistrationPayload", found
    id_: str = found["application"]["id"]
    return id_


async def seen(viewer: Registrar, id_: str) -> Any:
    return (await viewer.ask(SEEN, id=id_)).data["node"]


async def test_the_applicant_and_the_registrar_see_all_that_is_asked(
    applicant: Registrar, inspector: Registrar
) -> None:
    id_ = await handed_in(applicant)
    found = await seen(applicant, id_)
    assert await seen(inspector, id_) == found | {"isOwn": False}
    assert sorted(each["code"] for each in found.pop("services")) == ["VACCINE", "VISIT"]
    assert found == {
        "name": "Частная клиника",
        "address": "2, Main St.",
        "kind": {"code": "BODY"},
        "area": {"code": "BY"},
        "location": {"latitude": 53.9, "longitude": 27.5},
        "spheres": [{"code": "HEALTH"}],
        "subordinateTo": None,
        "supervisedBy": {"code": "INSPECTORATE"},
        "comment": "Call me.",
        "isOwn": True,
        "status": "PENDING",
        "decidedAt": None,
        "reason": None,
        "organization": None,
    }


async def test_nobody_else_knows_that_somebody_applied(applicant: Registrar) -> None:
    id_ = await handed_in(applicant)
    others: dict[str | None, tuple[str, ...]] = {
        "citizen-21": ("REGISTRAR", "REGION", "SUBORDINATION"),
        "citizen-22": ("REGISTRAR", "INSPECTORATE", "SUBORDINATION"),
        "citizen-23": ("REGISTRAR", "HOSPITAL", "SUPERVISION"),
        "citizen-24": ("MODERATOR", "INSPECTORATE", "SUPERVISION"),
        "head": ("HEAD", "INSPECTORATE", "SUPERVISION"),
        None: (),
    }
    for account, role in others.items():
        if role:
            appointed(applicant, account, *role)
        other = Registrar(applicant.client, applicant.url, account)
        assert await seen(other, id_) is None
        assert (await other.ask(LISTED)).data["applications"] == {"totalCount": 0, "nodes": []}


async def test_without_a_parent_operators_answer(applicant: Registrar, inspector: Registrar) -> None:
    id_ = await handed_in(applicant, supervisedBy=None)
    assert await seen(inspector, id_) is None
    before = digests(applicant.url)
    refused = await inspector.change("acceptApplication", application=id_, code="NEW")
    assert (refused["__typename"], refused["code"]) == ("UnknownReferenceProblem", "APPLICATION_UNKNOWN")
    assert digests(applicant.url) == before
    operator = registrar_of(applicant, "citizen-22", "OPERATOR", "LONER")
    found = await operator.change("acceptApplication", application=id_, code="NEW")
    assert found["organization"]["supervision"] is None
    hold_totals(applicant.url)


async def test_the_list_is_of_one_s_own_and_of_those_one_answers(applicant: Registrar, inspector: Registrar) -> None:
    first = await handed_in(applicant)
    own = await handed_in(inspector, idempotencyKey="another", supervisedBy=None)
    assert (await inspector.ask(LISTED)).data["applications"]["nodes"] == [
        {"id": own, "isOwn": True},
        {"id": first, "isOwn": False},
    ]
    assert (await applicant.ask(LISTED, status="PENDING")).data["applications"]["totalCount"] == 1
    assert (await applicant.ask(LISTED, status="DECLINED")).data["applications"]["totalCount"] == 0


async def test_what_is_accepted_is_on_the_register_and_can_be_rated(applicant: Registrar, inspector: Registrar) -> None:
    id_ = await handed_in(applicant)
    found = await inspector.change("acceptApplication", application=id_, code="PRIVATE")
    assert (found["__typename"], found["organization"]["code"]) == ("AcceptApplicationPayload", "PRIVATE")
    assert found["application"]["status"] == "ACCEPTED"
    told = await seen(applicant, id_)
    assert told["organization"] == {
        "code": "PRIVATE",
        "registration": "VOLUNTARY",
        "spheres": [{"code": "HEALTH"}],
        "services": {"totalCount": 2},
        "ancestors": [{"code": "INSPECTORATE"}],
        "location": {"latitude": 53.9},
    }
    assert told["decidedAt"] is not None
    hold_totals(applicant.url)
    applied, accepted = trail(applicant.url)
    assert applied == ("citizen-9", "ORGANIZATION_APPLIED", "INSPECTORATE", {})
    assert accepted[:3] == ("citizen-20", "ORGANIZATION_ACCEPTED", "PRIVATE")
    assert (accepted[3]["name_en.after"], accepted[3]["supervision.after"]) == ("Private clinic", "below INSPECTORATE")


async def test_accepted_again_it_is_the_same_organization(applicant: Registrar, inspector: Registrar) -> None:
    id_ = await handed_in(applicant)
    first = await inspector.change("acceptApplication", application=id_, code="PRIVATE")
    before = digests(applicant.url)
    assert await inspector.change("acceptApplication", application=id_, code="PRIVATE") == first
    other = await inspector.change("acceptApplication", application=id_, code="OTHER")
    assert (other["__typename"], other["code"]) == ("ConflictProblem", "APPLICATION_DECIDED")
    assert digests(applicant.url) == before


async def test_the_applicant_reads_why_it_was_declined(applicant: Registrar, inspector: Registrar) -> None:
    id_ = await handed_in(applicant)
    for _ in range(2):
        found = await inspector.change("declineApplication", application=id_, reason="It is on the register.")
        assert found["__typename"] == "DeclineApplicationPayload"
    told = await seen(applicant, id_)
    assert (told["status"], told["reason"]) == ("DECLINED", "It is on the register.")
    assert [event[1] for event in trail(applicant.url)] == ["ORGANIZATION_APPLIED", "ORGANIZATION_DECLINED"]
    before = digests(applicant.url)
    for mutation, more in (("declineApplication", {"reason": "Another."}), ("acceptApplication", {"code": "NEW"})):
        refused = await inspector.change(mutation, application=id_, **more)
        assert (refused["__typename"], refused["code"]) == ("ConflictProblem", "APPLICATION_DECIDED")
    assert digests(applicant.url) == before


async def test_a_retry_is_the_same_application_and_another_content_is_refused(applicant: Registrar) -> None:
    first = await handed_in(applicant)
    before = digests(applicant.url)
    assert await handed_in(applicant) == first
    refused = await applicant.change("applyForRegistration", **(ASKED | {"comment": "Write to me."}))
    assert (refused["__typename"], refused["code"]) == ("IdempotencyKeyProblem", "IDEMPOTENCY_KEY_REUSED")
    assert digests(applicant.url) == before


async def test_ten_applications_wait_at_most(applicant: Registrar, inspector: Registrar) -> None:
    ids = [await handed_in(applicant, idempotencyKey=str(number)) for number in range(10)]
    before = digests(applicant.url)
    refused = await applicant.change("applyForRegistration", **ASKED)
    assert (refused["__typename"], refused["code"]) == ("ConflictProblem", "TOO_MANY_APPLICATIONS")
    assert digests(applicant.url) == before
    await inspector.change("declineApplication", application=ids[0], reason="No.")
    await handed_in(applicant)


async def test_who_asked_to_be_overseen_by_one_asks_for_who_took_it_over(
    applicant: Registrar, inspector: Registrar
) -> None:
    id_ = await handed_in(applicant, supervisedBy={"code": "CLINIC"})
    await registrar_of(applicant, "citizen-22", "OPERATOR", "LONER").merge("CLINIC", "HOSPITAL")
    found = await inspector.change("acceptApplication", application=id_, code="PRIVATE")
    assert found["organization"]["supervision"] == {"code": "HOSPITAL"}
    hold_totals(applicant.url)


async def test_an_erased_account_leaves_the_application_without_an_applicant(
    applicant: Registrar, inspector: Registrar
) -> None:
    id_ = await handed_in(applicant)
    with psycopg.connect(applicant.url) as connection:
        connection.execute("DELETE FROM account WHERE code = 'citizen-9'")
    assert (await seen(inspector, id_))["comment"] == "Call me."


async def test_nobody_applies_without_an_account(applicant: Registrar) -> None:
    before = digests(applicant.url)
    stranger = Registrar(applicant.client, applicant.url, None)
    answer = await stranger.ask(operation("applyForRegistration"), input=ASKED)
    assert answer.refusal[0] == "UNAUTHENTICATED"
    assert digests(applicant.url) == before
