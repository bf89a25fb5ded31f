"""Who may grant which role where: all roles, all organizations, both trees."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine, literal, select

from auth.granters import may_grant
from auth.permissions import GRANTING, PORTAL_WIDE, Where
from models.database import engine_for
from models.grants import Grant, Role
from models.hierarchies import Hierarchy
from models.organizations import Organization
from models.raters import Account
from portal.scratch import ScratchServer
from tests.auth.test_permissions import EVERYWHERE, SUBORDINATION, SUPERVISION, grant

NOTHING: set[tuple[Role, str]] = set()


@pytest.fixture(scope="module")
def url(scratch: ScratchServer, stage_template: str, worker_id: str) -> Iterator[str]:
    """One country for all tests here, whose grants are taken back after each."""
    with scratch.temporary(stage_template.replace("stage", f"granters_{worker_id}"), stage_template) as url:
        yield url


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    yield engine_for(url)
    with psycopg.connect(url) as connection:
        connection.execute(
            "DELETE FROM role_grant WHERE account_id = (SELECT id FROM account WHERE code = 'citizen-9')"
        )


def granted(engine: Engine, hierarchy: Hierarchy) -> set[tuple[Role, str]]:
    """What citizen-9 may grant in a tree, and where."""
    account = select(Account.id).where(Account.code == "citizen-9").scalar_subquery()
    types, found = Grant.__table__.c, set()
    with engine.connect() as connection:
        for role in Role:
            where = may_grant(
                account,
                literal(role, types.role.type),
                Organization.__table__.c.id,
                literal(hierarchy, types.hierarchy.type),
            )
            found |= {(role, code) for code in connection.execute(select(Organization.code).where(where)).scalars()}
    return found


def each(roles: set[Role], *places: str) -> set[tuple[Role, str]]:
    return {(role, place) for role in roles for place in places}


STAFF, BOTH = {Role.STAFF}, {Role.STAFF, Role.HEAD}


@pytest.mark.parametrize(
    ("role", "place", "hierarchy", "expected"),
    [
        (Role.HEAD, "HOSPITAL", SUBORDINATION, each(STAFF, "HOSPITAL", "WARD")),
        (Role.HEAD, "WARD", SUBORDINATION, each(STAFF, "WARD")),
        (Role.HEAD, "HOSPITAL", SUPERVISION, each(STAFF, "HOSPITAL")),
        (Role.HEAD, "LONER", SUBORDINATION, each(STAFF, "LONER")),
        (Role.SUPERVISOR, "REGION", SUBORDINATION, each(BOTH, "HOSPITAL", "CLINIC", "CLOSED", "WARD")),
        (Role.SUPERVISOR, "INSPECTORATE", SUPERVISION, each(BOTH, "HOSPITAL", "CLINIC")),
        (Role.SUPERVISOR, "INSPECTORATE", SUBORDINATION, NOTHING),
        (Role.SUPERVISOR, "LONER", SUBORDINATION, NOTHING),
        (Role.STAFF, "MINISTRY", SUBORDINATION, NOTHING),
        (Role.MODERATOR, "MINISTRY", SUBORDINATION, NOTHING),
        (Role.REGISTRAR, "MINISTRY", SUBORDINATION, NOTHING),
    ],
)
def test_a_role_lets_grant_others_in_its_own_tree_alone(
    engine: Engine, role: Role, place: str, hierarchy: Hierarchy, expected: set[tuple[Role, str]]
) -> None:
    grant(engine, role, place, hierarchy)
    assert granted(engine, hierarchy) == expected
    (other,) = set(Hierarchy) - {hierarchy}
    assert granted(engine, other) == NOTHING


@pytest.mark.parametrize("hierarchy", Hierarchy)
def test_an_operator_grants_everything_everywhere(engine: Engine, hierarchy: Hierarchy) -> None:
    grant(engine, Role.OPERATOR, "LONER")
    assert granted(engine, hierarchy) == each(set(Role), *EVERYWHERE)


@pytest.mark.parametrize("days", [(1, None), (-9, -1)], ids=["from-tomorrow", "to-yesterday"])
@pytest.mark.parametrize("role", [Role.HEAD, Role.OPERATOR])
def test_a_role_that_is_not_held_today_lets_grant_nothing(
    engine: Engine, role: Role, days: tuple[int, int | None]
) -> None:
    grant(engine, role, "HOSPITAL", days=days)
    assert granted(engine, SUBORDINATION) == NOTHING


@pytest.mark.parametrize("role", [Role.HEAD, Role.OPERATOR])
def test_a_role_that_was_revoked_lets_grant_nothing(engine: Engine, role: Role) -> None:
    grant(engine, role, "HOSPITAL", days=(-9, 0), revoked="now()")
    assert granted(engine, SUBORDINATION) == NOTHING


def test_no_chain_of_grants_leads_up() -> None:
    """Whoever is not an operator grants less than they have: a lower role, or the same kind of power further down."""
    rank = [Role.STAFF, Role.HEAD, Role.SUPERVISOR]
    for holder, roles in GRANTING.items():
        if holder not in PORTAL_WIDE:
            assert all(rank.index(role) < rank.index(holder) for role in roles)
            assert Where.EVERYWHERE not in roles.values()
