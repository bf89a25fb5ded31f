"""Each thing that may be wrong with a change of the register has its own answer, and changes nothing."""

from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest

from engine.meanings.global_ids import encode
from portal.scratch import ScratchServer
from tests.citizens import Citizen
from tests.clients import client_of
from tests.digests import digests
from tests.registrars import Registrar, operation, registrar_of

Input = dict[str, Any]
HOSPITAL = {"code": "HOSPITAL"}
NEW: Input = {"code": "NEW", "kind": "BODY", "names": {"en": "New"}}
ASKED: Input = {"kind": "BODY", "names": {"en": "New"}, "idempotencyKey": "key"}
LATER = "2099-01-01"
REVOKE = """UPDATE role_grant SET revoked_at = now(), valid_to = current_date FROM account
    WHERE account.id = account_id AND account.code = 'citizen-23'"""


@pytest.fixture(scope="module")
async def operator(
    scratch: ScratchServer, stage_template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Registrar]:
    """One for all tests here, in a country where OLD was merged into LONER: none of them changes anything."""
    name = stage_template.replace("stage", f"unchanged_{worker_id}")
    with scratch.temporary(name, stage_template) as url:
        async with client_of(url, tmp_path_factory.mktemp("home")) as client:
            operator = registrar_of(Citizen(client, url, None), "citizen-20", "OPERATOR", "LONER")
            registrar_of(operator, "citizen-21", "REGISTRAR", "REGION")
            registrar_of(operator, "citizen-22", "REGISTRAR", "INSPECTORATE", "SUPERVISION")
            registrar_of(operator, "citizen-23", "REGISTRAR", "MINISTRY")
            with psycopg.connect(url) as connection:
                assert connection.execute(REVOKE.encode()).rowcount == 1
            await operator.change("createOrganization", **(NEW | {"code": "OLD"}))
            await operator.merge("OLD", "LONER")
            yield operator


async def refusal(operator: Registrar, mutation: str, input_: Input) -> tuple[str, str, str]:
    """The type, code and dotted path of the problem; proves that nothing has changed."""
    before = digests(operator.url)
    problem = await operator.change(mutation, **input_)
    assert digests(operator.url) == before
    return problem["__typename"], problem["code"], ".".join(problem["path"])


def of(code: str, **more: Any) -> Input:
    """An input about the organization with a code."""
    return {"organization": {"code": code}, **more}


def new(**more: Any) -> Input:
    """An input that creates an organization, or would if nothing were wrong with it."""
    return NEW | more


def below(code: str, **more: Any) -> Input:
    """A place below an organization."""
    return {"below": {"code": code}, **more}


def moving(code: str, to: Input, hierarchy: str = "SUBORDINATION") -> Input:
    """An input that moves an organization."""
    return of(code, to=to, hierarchy=hierarchy)


def merging(code: str, into: str) -> Input:
    """An input that merges an organization into another."""
    return of(code, into={"code": into})


ROOT, OUTSIDE = {"apart": "ROOT"}, {"apart": "OUTSIDE"}


@pytest.mark.parametrize(
    ("mutation", "input_", "code", "path"),
    [
        ("createOrganization", new(code="HOSPITAL"), "CODE_TAKEN", "code"),
        ("createOrganization", new(code="OLD"), "CODE_TAKEN", "code"),
        ("createOrganization", new(subordination=below("LONER")), "NOT_IN_TREE", "subordination.below"),
        ("createOrganization", new(supervision=below("WARD")), "NOT_IN_TREE", "supervision.below"),
        ("createOrganization", new(subordination=below("CLOSED")), "ORGANIZATION_CLOSED", "subordination.below"),
        ("changeOrganization", of("OLD"), "ORGANIZATION_MERGED", "organization"),
        ("moveOrganization", moving("HOSPITAL", below("HOSPITAL")), "BELOW_ITSELF", "to.below"),
        ("moveOrganization", moving("HOSPITAL", below("WARD")), "BELOW_ITSELF", "to.below"),
        ("moveOrganization", moving("MINISTRY", below("WARD")), "BELOW_ITSELF", "to.below"),
        ("moveOrganization", moving("HOSPITAL", below("CLOSED")), "ORGANIZATION_CLOSED", "to.below"),
        ("moveOrganization", moving("HOSPITAL", below("LONER")), "NOT_IN_TREE", "to.below"),
        ("moveOrganization", moving("HOSPITAL", below("OLD")), "NOT_IN_TREE", "to.below"),
        ("moveOrganization", moving("HOSPITAL", below("WARD"), "SUPERVISION"), "NOT_IN_TREE", "to.below"),
        ("moveOrganization", moving("HOSPITAL", OUTSIDE), "HAS_SUBORDINATES", "to"),
        ("moveOrganization", moving("OLD", below("WARD")), "ORGANIZATION_MERGED", "organization"),
        ("mergeOrganization", merging("HOSPITAL", "WARD"), "INTO_SUBORDINATE", "into"),
        ("mergeOrganization", merging("INSPECTORATE", "HOSPITAL"), "INTO_SUBORDINATE", "into"),
        ("mergeOrganization", merging("HOSPITAL", "CLOSED"), "ORGANIZATION_CLOSED", "into"),
        ("mergeOrganization", merging("HOSPITAL", "LONER"), "NOT_IN_TREE", "into"),
        ("mergeOrganization", merging("INSPECTORATE", "SCHOOL"), "NOT_IN_TREE", "into"),
        ("mergeOrganization", merging("OLD", "HOSPITAL"), "ORGANIZATION_MERGED", "organization"),
        ("closeOrganization", of("HOSPITAL"), "HAS_OPEN_SUBORDINATES", "organization"),
        ("closeOrganization", of("INSPECTORATE"), "HAS_OPEN_SUBORDINATES", "organization"),
        ("closeOrganization", of("OLD"), "ORGANIZATION_MERGED", "organization"),
        ("reopenOrganization", of("OLD"), "ORGANIZATION_MERGED", "organization"),
        ("applyForRegistration", ASKED | {"subordinateTo": {"code": "CLOSED"}}, "ORGANIZATION_CLOSED", "subordinateTo"),
        ("applyForRegistration", ASKED | {"supervisedBy": {"code": "SCHOOL"}}, "NOT_IN_TREE", "supervisedBy"),
    ],
)
async def test_what_the_register_forbids(
    operator: Registrar, mutation: str, input_: Input, code: str, path: str
) -> None:
    assert await refusal(operator, mutation, input_) == ("ConflictProblem", code, f"input.{path}")


@pytest.mark.parametrize(
    ("mutation", "input_", "code", "path"),
    [
        ("createOrganization", new(code=""), "CODE_INVALID", "code"),
        ("createOrganization", new(code="-N"), "CODE_INVALID", "code"),
        ("createOrganization", new(code="N W"), "CODE_INVALID", "code"),
        ("createOrganization", new(code="x" * 65), "CODE_INVALID", "code"),
        ("createOrganization", new(code="x" * 201), "TEXT_TOO_LONG", "code"),
        ("createOrganization", new(code="N\0"), "TEXT_INVALID", "code"),
        ("createOrganization", new(names={}), "NAME_MISSING", "names"),
        ("createOrganization", new(names={"be": None}), "NAME_MISSING", "names"),
        ("createOrganization", new(names={"be": " \n"}), "TEXT_BLANK", "names.be"),
        ("createOrganization", new(names={"ru": "x" * 501}), "TEXT_TOO_LONG", "names.ru"),
        ("createOrganization", new(address={"en": "a\0"}), "TEXT_INVALID", "address.en"),
        ("createOrganization", new(openedOn=LATER), "OPENS_IN_FUTURE", "openedOn"),
        (
            "createOrganization",
            new(location={"latitude": 90.5, "longitude": 0}),
            "DEGREES_OUT_OF_RANGE",
            "location.latitude",
        ),
        (
            "createOrganization",
            new(location={"latitude": 0, "longitude": -180.5}),
            "DEGREES_OUT_OF_RANGE",
            "location.longitude",
        ),
        ("createOrganization", new(subordination={"below": {"id": "?"}}), "ID_INVALID", "subordination.below"),
        ("changeOrganization", of("HOSPITAL", names={"en": None}), "NAME_MISSING", "names"),
        ("changeOrganization", {"organization": {"id": encode("Area", 1)}}, "ID_INVALID", "organization"),
        ("changeOrganization", of("a\0"), "TEXT_INVALID", "organization"),
        ("changeOrganization", of("HOSPITAL", spheres=["a\0"]), "TEXT_INVALID", "spheres.0"),
        ("changeOrganization", of("HOSPITAL", services=["x"] * 1001), "TOO_MANY_CODES", "services"),
        ("mergeOrganization", merging("HOSPITAL", "HOSPITAL"), "INTO_ITSELF", "into"),
        ("mergeOrganization", merging("LONER", "OLD"), "INTO_ITSELF", "into"),
        ("closeOrganization", of("WARD", on=LATER), "CLOSES_IN_FUTURE", "on"),
        ("closeOrganization", of("WARD", on="1999-12-31"), "CLOSED_BEFORE_OPENED", "on"),
        ("applyForRegistration", ASKED | {"idempotencyKey": " "}, "TEXT_BLANK", "idempotencyKey"),
        ("applyForRegistration", ASKED | {"idempotencyKey": "x" * 201}, "TEXT_TOO_LONG", "idempotencyKey"),
        ("applyForRegistration", ASKED | {"comment": "x" * 2001}, "TEXT_TOO_LONG", "comment"),
        ("applyForRegistration", ASKED | {"names": {}}, "NAME_MISSING", "names"),
        ("declineApplication", {"application": encode("Application", 1), "reason": " "}, "TEXT_BLANK", "reason"),
        ("declineApplication", {"application": encode("Area", 1), "reason": "No."}, "ID_INVALID", "application"),
    ],
)
async def test_a_value_that_cannot_be_used_is_named(
    operator: Registrar, mutation: str, input_: Input, code: str, path: str
) -> None:
    assert await refusal(operator, mutation, input_) == ("InvalidInputProblem", code, f"input.{path}")


@pytest.mark.parametrize(
    ("mutation", "input_", "code", "path"),
    [
        ("createOrganization", new(kind="?"), "KIND_UNKNOWN", "kind"),
        ("createOrganization", new(area="?"), "AREA_UNKNOWN", "area"),
        ("createOrganization", new(spheres=["HEALTH", "?"]), "SPHERE_UNKNOWN", "spheres.1"),
        ("createOrganization", new(services=["?"]), "SERVICE_UNKNOWN", "services.0"),
        ("createOrganization", new(supervision=below("?")), "ORGANIZATION_UNKNOWN", "supervision.below"),
        ("changeOrganization", of("?"), "ORGANIZATION_UNKNOWN", "organization"),
        ("moveOrganization", moving("?", below("WARD")), "ORGANIZATION_UNKNOWN", "organization"),
        ("moveOrganization", moving("HOSPITAL", below("?")), "ORGANIZATION_UNKNOWN", "to.below"),
        ("mergeOrganization", of("WARD", into={"id": encode("Organization", 999)}), "ORGANIZATION_UNKNOWN", "into"),
        ("closeOrganization", of(""), "ORGANIZATION_UNKNOWN", "organization"),
        ("reopenOrganization", of("?"), "ORGANIZATION_UNKNOWN", "organization"),
        ("applyForRegistration", ASKED | {"subordinateTo": {"code": "?"}}, "ORGANIZATION_UNKNOWN", "subordinateTo"),
        (
            "acceptApplication",
            {"application": encode("Application", 999), "code": "NEW"},
            "APPLICATION_UNKNOWN",
            "application",
        ),
    ],
)
async def test_a_reference_to_nothing_is_unknown(
    operator: Registrar, mutation: str, input_: Input, code: str, path: str
) -> None:
    assert await refusal(operator, mutation, input_) == ("UnknownReferenceProblem", code, f"input.{path}")


EVERYTHING: list[tuple[str, Input]] = [
    ("createOrganization", new(subordination=below("REGION"))),
    ("changeOrganization", of("HOSPITAL", names={"ru": "Больница"})),
    ("moveOrganization", moving("WARD", below("CLINIC"))),
    ("mergeOrganization", merging("HOSPITAL", "CLINIC")),
    ("closeOrganization", of("WARD")),
    ("reopenOrganization", of("CLOSED")),
    ("acceptApplication", {"application": encode("Application", 1), "code": "NEW"}),
    ("declineApplication", {"application": encode("Application", 1), "reason": "No."}),
]
# Who holds no such role, or held it once.
POWERLESS = ("head", "minister", "citizen-23")
REGION, INSPECTOR = "citizen-21", "citizen-22"
BOTH = {"subordination": below("REGION"), "supervision": below("INSPECTORATE")}


@pytest.mark.parametrize(
    ("account", "mutation", "input_"),
    [
        *((account, *each) for account in POWERLESS for each in EVERYTHING),
        (REGION, "changeOrganization", of("REGION", names={"ru": "Регион"})),
        (REGION, "closeOrganization", of("SCHOOL")),
        (REGION, "closeOrganization", of("LONER")),
        (REGION, "createOrganization", NEW),
        (REGION, "createOrganization", new(subordination=ROOT)),
        (REGION, "createOrganization", new(subordination=below("SCHOOL"))),
        (REGION, "createOrganization", new(**BOTH)),
        (REGION, "createOrganization", new(supervision=below("HOSPITAL"))),
        (REGION, "moveOrganization", moving("HOSPITAL", below("SCHOOL"))),
        (REGION, "moveOrganization", moving("HOSPITAL", below("MINISTRY"))),
        (REGION, "moveOrganization", moving("HOSPITAL", ROOT)),
        (REGION, "moveOrganization", moving("SCHOOL", below("REGION"))),
        (REGION, "moveOrganization", moving("LONER", below("REGION"))),
        (REGION, "moveOrganization", moving("CLINIC", OUTSIDE, "SUPERVISION")),
        (REGION, "moveOrganization", moving("WARD", below("CLINIC"), "SUPERVISION")),
        (REGION, "mergeOrganization", merging("HOSPITAL", "SCHOOL")),
        (REGION, "mergeOrganization", merging("SCHOOL", "HOSPITAL")),
        (INSPECTOR, "changeOrganization", of("WARD", names={"ru": "Палата"})),
        (INSPECTOR, "moveOrganization", moving("CLINIC", OUTSIDE)),
        (INSPECTOR, "moveOrganization", moving("HOSPITAL", below("CLINIC"))),
        (INSPECTOR, "closeOrganization", of("INSPECTORATE")),
    ],
)
async def test_who_does_not_stand_above_may_not(
    operator: Registrar, account: str, mutation: str, input_: Input
) -> None:
    before = digests(operator.url)
    answer = await Registrar(operator.client, operator.url, account).ask(operation(mutation), input=input_)
    assert answer.refusal[0] == "FORBIDDEN"
    assert digests(operator.url) == before


@pytest.mark.parametrize(("mutation", "input_"), EVERYTHING)
async def test_nobody_changes_the_register_without_an_account(
    operator: Registrar, mutation: str, input_: Input
) -> None:
    before = digests(operator.url)
    answer = await Registrar(operator.client, operator.url, None).ask(operation(mutation), input=input_)
    assert answer.refusal[0] == "UNAUTHENTICATED"
    assert digests(operator.url) == before
