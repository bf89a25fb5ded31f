"""What officials read by a privilege is on the trail: who, what and where; what everybody may read is not."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
from graphql import GraphQLObjectType, get_named_type

from auth.keys import Keyring
from auth.readings import FIELDS, KINDS, TOLD_SECONDS, TYPES, Reading, Readings
from auth.tokens import Tokens
from auth.viewers import viewer_of
from engine.meanings.global_ids import encode
from exchange.exporting import export
from models.database import Database
from schema.schema import ENTITIES, executable
from schema.sdl import TAKE_A_ROLE
from tests.citizens import Citizen
from tests.clients import client_of
from tests.matrix.table import Row, rows
from tests.officials import Official, appointed
from transport.readings import BY_ID, OWN

# HOSPITAL is below REGION below MINISTRY.
MODERATOR, SUPERVISOR, OPERATOR, HEAD, CITIZEN = "citizen-11", "citizen-12", "citizen-16", "citizen-17", "citizen-9"
OFFICES = {
    MODERATOR: ("MODERATOR", "REGION"),
    SUPERVISOR: ("SUPERVISOR", "MINISTRY"),
    OPERATOR: ("OPERATOR", "LONER"),
    HEAD: ("HEAD", "HOSPITAL"),
}
READ: LiteralString = """SELECT account.code, details->>'field', organization.code, subject::text, request_id IS NOT NULL
    FROM audit_event JOIN account ON account.id = account_id JOIN organization ON organization.id = organization_id
    WHERE action = 'DATA_READ' ORDER BY audit_event.id"""
ROOTS = ("Query", "Subscription")
# What a cell of the matrix says where nothing is told.
UNTOLD = ("null", "empty", "-", "forbidden", "sign in")
SUBMISSIONS = """query($organization: OrganizationRef) {
    submissions(organization: $organization) { nodes { mark } } }"""


@pytest.fixture
async def citizen(stage_url: str, tmp_path: Path) -> AsyncIterator[Official]:
    """Somebody without a role, in a country of the test's own with officials."""
    async with client_of(stage_url, tmp_path) as client:
        for account, (role, place) in OFFICES.items():
            appointed(Citizen(client, stage_url, None), account, role, place)
        yield Official(client, stage_url, CITIZEN)


def with_ids(operation: str) -> str:
    """An operation in which ids are told by their types in capitals."""
    for typename in ("Submission", "Review", "Organization"):
        operation = operation.replace(f'"{typename.upper()}"', f'"{encode(typename, 3)}"')
    return operation


def be(other: Official, account: str | None) -> Official:
    return Official(other.client, other.url, account)


def read(url: str) -> list[tuple[Any, ...]]:
    """Who read what, concerning which organization."""
    with psycopg.connect(url) as connection:
        return [row[:3] for row in connection.execute(READ).fetchall()]


async def test_an_event_tells_all_of_it_and_is_read_by_who_oversees(citizen: Official) -> None:
    answer = await be(citizen, MODERATOR).ask(SUBMISSIONS, organization={"code": "HOSPITAL"})
    assert answer.data["submissions"]["nodes"]
    listed = """{ auditEvents(action: [DATA_READ], actor: "citizen-11") { nodes {
        action actor subject organization { code } details { name value } requestId } } }"""
    event = {
        "action": "DATA_READ",
        "actor": MODERATOR,
        "subject": "SUBMISSION",
        "organization": {"code": "HOSPITAL"},
        "details": [{"name": "field", "value": "submissions"}],
        "requestId": answer.response.headers["x-request-id"],
    }
    assert (await be(citizen, SUPERVISOR).ask(listed)).data["auditEvents"]["nodes"] == [event]
    assert (await be(citizen, MODERATOR).ask(listed)).data["auditEvents"]["nodes"] == []


async def test_who_names_no_organization_reads_where_the_role_is_held(citizen: Official) -> None:
    both = appointed(citizen, MODERATOR, "MODERATOR", "SCHOOL")
    await both.ask(SUBMISSIONS)
    assert sorted(read(citizen.url)) == [(MODERATOR, "submissions", code) for code in ("REGION", "SCHOOL")]


@pytest.mark.parametrize(
    ("account", "operation", "field"),
    [
        (MODERATOR, "{ all: submissions { totalCount } }", "submissions"),
        (MODERATOR, "query { ...It } fragment It on Query { submissions { totalCount } }", "submissions"),
        (MODERATOR, "{ reviews { totalCount } }", "reviews"),
        (MODERATOR, '{ node(id: "SUBMISSION") { id } }', "submissions"),
        (MODERATOR, '{ nodes(ids: ["SUBMISSION"]) { id } }', "submissions"),
        (
            MODERATOR,
            '{ _entities(representations: [{__typename: "Submission", id: "SUBMISSION"}]) { __typename } }',
            "submissions",
        ),
        (SUPERVISOR, "{ auditEvents { totalCount } }", "auditEvents"),
        (SUPERVISOR, "{ grants { totalCount } }", "grants"),
        (SUPERVISOR, "{ integrityFindings { totalCount } }", "integrityFindings"),
        (OPERATOR, "{ clients { totalCount } }", "clients"),
        (OPERATOR, "{ applications { totalCount } }", "applications"),
        (HEAD, "{ organizations { nodes { placements { submissions } } } }", "placements"),
        (HEAD, "{ viewer { grants { nodes { organization { placements { submissions } } } } } }", "placements"),
        (HEAD, "{ organizations { nodes { reviews { nodes { text original } } } } }", "reviews"),
        (HEAD, "{ organizations { nodes { reviews { nodes { reply { versions { text } } } } } } }", "reviews"),
        (HEAD, "{ organizations { nodes { reviews { nodes { employee { name } } } } } }", "employeeMentions"),
        (MODERATOR, "{ organizations { nodes { reviews { nodes { submission { mark } } } } } }", "submissions"),
        (SUPERVISOR, "{ questionnaires { nodes { results { responses } } } }", "results"),
        (
            HEAD,
            """mutation { markReviewSeen(input: {review: "REVIEW"}) {
                ... on MarkReviewSeenPayload { review { employee { name } } } } }""",
            "employeeMentions",
        ),
    ],
)
async def test_each_way_to_read_is_told(citizen: Official, account: str, operation: str, field: str) -> None:
    assert not (await be(citizen, account).ask(with_ids(operation))).errors
    assert read(citizen.url) == [(account, field, OFFICES[account][1])]


@pytest.mark.parametrize(
    ("account", "operation"),
    [
        (None, "{ submissions { totalCount } auditEvents { totalCount } }"),
        (CITIZEN, "{ submissions { totalCount } grants { totalCount } applications { totalCount } }"),
        (CITIZEN, "{ viewer { submissions { totalCount } grants { totalCount } myData } }"),
        (MODERATOR, "{ viewer { submissions { totalCount } grants { totalCount } } organizations { totalCount } }"),
        (
            MODERATOR,
            "{ viewer { submissions { nodes { review { original employee { name } submission { mark } } } } } }",
        ),
        (MODERATOR, "{ organizations { nodes { reviews { nodes { text published: submittedOn } } } } }"),
        (HEAD, '{ organization(by: {code: "SCHOOL"}) { placements { value } reviews { nodes { original } } } }'),
        (HEAD, "{ organizations { nodes { ... on Organization @include(if: false) { placements { value } } } } }"),
        (
            HEAD,
            """mutation { settleReview(input: {review: "REVIEW", settled: true}) {
            ... on SettleReviewPayload { review { original employee { name } } } } }""",
        ),
        (HEAD, '{ node(id: "ORGANIZATION") { ... on Submission { mark } ... on Organization { code } } }'),
        (MODERATOR, "{ auditEvents { totalCount } clients { totalCount } }"),
        (MODERATOR, '{ submissions(organization: {code: "SCHOOL"}) { totalCount } }'),
        (MODERATOR, '{ submissions(organization: {code: "NOWHERE"}) { totalCount } }'),
        (MODERATOR, '{ submissions(organization: {id: "?"}) { totalCount } }'),
        (MODERATOR, '{ node(id: "?") { id } }'),
        (MODERATOR, "query($yes: Boolean = false) { submissions @include(if: $yes) { totalCount } __typename }"),
    ],
)
async def test_what_is_no_use_of_a_privilege_is_not(citizen: Official, account: str | None, operation: str) -> None:
    await be(citizen, account).ask(with_ids(operation))
    assert read(citizen.url) == []


@pytest.mark.parametrize(
    "operation",
    [
        '{ organization(by: {code: "HOSPITAL"}) { placements { value } } }',
        '{ node(id: "ORGANIZATION") { ... on Organization { placements { value } } } }',
        """query($yes: Boolean = true) { organization(by: {code: "HOSPITAL"}) { ...It @include(if: $yes) } }
            fragment It on Organization { placements { value } }""",
        '{ organization(by: {code: "HOSPITAL"}) { parent { code } placements { value } } }',
        '{ reviews(organization: {code: "HOSPITAL"}) { nodes { original submission { mark } organization { code } } } }',
    ],
)
async def test_what_is_read_within_an_organization_concerns_it(citizen: Official, operation: str) -> None:
    head = appointed(citizen, HEAD, "HEAD", "SCHOOL")
    await head.ask(with_ids(operation))
    assert [code for _, _, code in read(citizen.url)] == ["HOSPITAL"]


async def test_what_cannot_be_asked_is_refused_and_not_told(citizen: Official) -> None:
    """Null overrides the default, and nobody can say then what is read."""
    query = "query($yes: Boolean = true) { submissions @include(if: $yes) { totalCount } }"
    answer = await be(citizen, MODERATOR).ask(query, yes=None)
    assert [each["extensions"]["code"] for each in answer.errors] == ["BAD_USER_INPUT"]
    assert read(citizen.url) == []


async def test_an_export_is_told_before_it_is_written(citizen: Official, tmp_path: Path) -> None:
    export(citizen.url, "submissions", tmp_path / "all.csv")
    query: LiteralString = "SELECT account_id, subject::text, details FROM audit_event WHERE action = 'DATA_READ'"
    with psycopg.connect(citizen.url) as connection:
        assert connection.execute(query).fetchall() == [(None, "IMPORT", {"kind": "submissions"})]
        connection.execute("ALTER TABLE audit_event ADD CONSTRAINT full_disk CHECK (action <> 'DATA_READ') NOT VALID")
    with pytest.raises(psycopg.errors.CheckViolation):
        export(citizen.url, "users", tmp_path / "users.csv")
    assert not (tmp_path / "users.csv").exists()


async def test_what_everybody_may_read_costs_no_statement(citizen: Official) -> None:
    for account in (None, CITIZEN, MODERATOR):
        await be(citizen, account).ask("{ organizations { nodes { rating { submissions } } } }")
        assert len(citizen.client.statements) == 1


async def test_the_same_is_told_once_an_hour(citizen: Official) -> None:
    moderator = be(citizen, MODERATOR)
    await moderator.ask(SUBMISSIONS)
    first = len(citizen.client.statements)
    await moderator.ask(SUBMISSIONS)
    assert (first, len(citizen.client.statements)) == (2, 1)
    await moderator.ask(SUBMISSIONS, organization={"code": "HOSPITAL"})
    assert read(citizen.url) == [(MODERATOR, "submissions", code) for code in ("REGION", "HOSPITAL")]


async def test_after_an_hour_it_is_told_again(citizen: Official, tmp_path: Path) -> None:
    moments = [0.0, TOLD_SECONDS - 1, TOLD_SECONDS]
    database, tokens = Database(citizen.url), Tokens(Keyring(tmp_path))
    await database.open()
    viewer = await viewer_of(database, tokens.verified(tokens.issue(MODERATOR, 60)))
    readings = Readings(database, lambda: moments[0])
    while moments:
        await readings.tell(viewer, Reading("submissions", "HOSPITAL"))
        moments.pop(0)
    await database.close()
    assert len(read(citizen.url)) == 2


async def test_what_cannot_be_told_is_not_read(citizen: Official) -> None:
    with psycopg.connect(citizen.url) as connection:
        connection.execute("ALTER TABLE audit_event ADD CONSTRAINT full_disk CHECK (action <> 'DATA_READ') NOT VALID")
    answer = await be(citizen, MODERATOR).ask(SUBMISSIONS)
    assert answer.refusal[0] == "INTERNAL_SERVER_ERROR"
    assert answer.data is None
    assert (await be(citizen, MODERATOR).ask("{ organizations { totalCount } }")).data
    assert (await be(citizen, CITIZEN).ask(SUBMISSIONS)).data == {"submissions": {"nodes": []}}


def test_whatever_takes_a_role_to_be_read_is_known() -> None:
    """A list that takes a role, or a type that not everybody sees, is on the trail, too."""
    read = {name.partition(".") for name in TAKE_A_ROLE if name.startswith(("Query.", "Subscription."))}
    assert {field for _, _, field in read} <= KINDS.keys()
    assert set(TYPES) <= ENTITIES.keys()
    coordinates = {f"{type_}.{field}" for type_, fields in FIELDS.items() for field in fields}
    assert coordinates <= {f"{type_.name}.{field}" for type_ in objects() for field in type_.fields}
    assert {kind for fields in FIELDS.values() for kind in fields.values()} <= KINDS.keys()


def test_no_official_is_shown_more_than_others_without_a_reading() -> None:
    """By the matrix: what a role shows is led to by a reading, or it is one's own."""
    shown = {row.key for row in rows("Fields") if takes_a_role(row)}
    assert {"Review.original", "Organization.placements", "SurveyText.text", "Score.score"} <= shown
    # Why the viewer may not rate is the viewer's own.
    assert shown & set(reached_untold()) == {"Eligibility.reason"}
    lists = {row.key for row in rows("Queries") + rows("Subscriptions") if takes_a_role(row)}
    by_id = {key for key in lists if key.split(" ")[0] in BY_ID}
    # Drafts of questionnaires are what officials write themselves: they tell of nobody.
    assert lists - by_id - KINDS.keys() == {"questionnaires"}
    assert {key.split(" ")[1] for key in by_id} - TYPES.keys() == {"Questionnaire"}


def takes_a_role(row: Row) -> bool:
    """Whether some official is told what another citizen is not."""
    officials = ("staff", "head", "supervisor", "moderator", "registrar", "operator")
    return row.cells["another"] in UNTOLD and any(row.cells[each] not in UNTOLD for each in officials)


def reached_untold() -> Iterator[str]:
    """The fields that can be selected where no reading leads to, and that are none themselves."""
    schema, known = executable(), set[str]()
    assert schema.query_type
    assert schema.subscription_type
    waiting: list[Any] = [schema.query_type, schema.subscription_type]
    waiting += [schema.type_map[each] for each in ENTITIES if each not in TYPES]
    while waiting:
        type_ = waiting.pop()
        for name, field in type_.fields.items() if type_.name not in known else ():
            coordinate = f"{type_.name}.{name}"
            is_read = name in KINDS if type_.name in ROOTS else name in FIELDS.get(type_.name, {})
            if is_read or coordinate in OWN or (type_.name in ROOTS and name in BY_ID):
                continue
            yield coordinate
            if isinstance(named := get_named_type(field.type), GraphQLObjectType):
                waiting.append(named)
        known.add(type_.name)


def objects() -> list[GraphQLObjectType]:
    return [each for each in executable().type_map.values() if isinstance(each, GraphQLObjectType)]
