"""Who holds which permission where: grants, their trees, their dates."""

from collections.abc import Iterator
from typing import LiteralString

import psycopg
import pytest
from sqlalchemy import BigInteger, Engine, literal, select

from auth.permissions import PORTAL_WIDE, ROLES, Permission, held, held_anywhere, held_in
from models.database import engine_for
from models.grants import Role
from models.hierarchies import Hierarchy
from models.organizations import Organization
from models.raters import Account
from portal.scratch import ScratchServer

SUBORDINATION, SUPERVISION = Hierarchy.SUBORDINATION, Hierarchy.SUPERVISION
EVERYWHERE = {"MINISTRY", "REGION", "HOSPITAL", "CLINIC", "CLOSED", "WARD", "SCHOOL", "INSPECTORATE", "LONER"}
GRANT: LiteralString = """INSERT INTO role_grant (account_id, role, organization_id, hierarchy, valid_from, valid_to, revoked_at)
    SELECT account.id, %s::role, organization.id, %s::hierarchy, today + %s::int, today + %s::int, {revoked}
    FROM account, organization, date(now() AT TIME ZONE 'Europe/Minsk') AS today
    WHERE account.code = 'citizen-9' AND organization.code = %s"""


@pytest.fixture(scope="module")
def url(scratch: ScratchServer, stage_template: str, worker_id: str) -> Iterator[str]:
    """One country for all tests here, whose grants are taken back after each."""
    with scratch.temporary(stage_template.replace("stage", f"permissions_{worker_id}"), stage_template) as url:
        yield url


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    yield engine_for(url)
    with psycopg.connect(url) as connection:
        connection.execute(
            "DELETE FROM role_grant WHERE account_id = (SELECT id FROM account WHERE code = 'citizen-9')"
        )


def grant(
    engine: Engine,
    role: Role,
    organization: str,
    hierarchy: Hierarchy = SUBORDINATION,
    days: tuple[int, int | None] = (0, None),
    revoked: LiteralString = "NULL",
) -> None:
    """Give citizen-9 a role, from and to so many days from today on."""
    with engine.begin() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        driver.execute(GRANT.replace("{revoked}", revoked), [role.value, hierarchy.value, *days, organization])


def where(engine: Engine, permission: Permission, account: str = "citizen-9") -> set[str]:
    """The organizations on which an account holds a permission."""
    holder = select(Account.id).where(Account.code == account).scalar_subquery()
    with engine.connect() as connection:
        query = select(Organization.code).where(held(holder, permission, Organization.__table__.c.id))
        return set(connection.execute(query).scalars())


@pytest.mark.parametrize(
    ("organization", "hierarchy", "reached"),
    [
        ("MINISTRY", SUBORDINATION, {"MINISTRY", "REGION", "HOSPITAL", "CLINIC", "CLOSED", "WARD"}),
        ("HOSPITAL", SUBORDINATION, {"HOSPITAL", "WARD"}),
        ("WARD", SUBORDINATION, {"WARD"}),
        ("INSPECTORATE", SUPERVISION, {"INSPECTORATE", "HOSPITAL", "CLINIC"}),
        ("INSPECTORATE", SUBORDINATION, {"INSPECTORATE"}),
        ("HOSPITAL", SUPERVISION, {"HOSPITAL"}),
        ("LONER", SUBORDINATION, {"LONER"}),
        ("MINISTRY", SUPERVISION, {"MINISTRY"}),
    ],
)
def test_a_role_is_held_there_and_below_in_its_own_tree(
    engine: Engine, organization: str, hierarchy: Hierarchy, reached: set[str]
) -> None:
    grant(engine, Role.MODERATOR, organization, hierarchy)
    assert where(engine, Permission.MODERATE) == reached
    assert where(engine, Permission.MODERATE, "citizen-8") == set()


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", Role)
def test_only_its_own_roles_give_a_permission(engine: Engine, role: Role, permission: Permission) -> None:
    grant(engine, role, "WARD")
    reached = EVERYWHERE if role in PORTAL_WIDE else {"WARD"}
    assert where(engine, permission) == (reached if role in ROLES[permission] else set())


@pytest.mark.parametrize(
    ("days", "revoked", "is_held"),
    [
        ((0, None), "NULL", True),
        ((-9, 0), "NULL", True),
        ((0, 0), "NULL", True),
        ((1, None), "NULL", False),
        ((-9, -1), "NULL", False),
        ((-9, 0), "now()", False),
    ],
    ids=["from-today", "to-today", "today", "from-tomorrow", "to-yesterday", "revoked-today"],
)
def test_a_grant_is_good_on_its_dates(
    engine: Engine, days: tuple[int, int | None], revoked: LiteralString, is_held: bool
) -> None:
    grant(engine, Role.MODERATOR, "WARD", days=days, revoked=revoked)
    assert where(engine, Permission.MODERATE) == ({"WARD"} if is_held else set())
    with engine.connect() as connection:
        holder = select(Account.id).where(Account.code == "citizen-9").scalar_subquery()
        assert connection.execute(select(held_anywhere(holder, Permission.MODERATE))).scalar_one() is is_held


@pytest.mark.parametrize(
    ("hierarchy", "above", "reached"),
    [
        (None, False, {"HOSPITAL", "WARD"}),
        (None, True, {"WARD"}),
        (SUBORDINATION, True, {"WARD"}),
        (SUBORDINATION, False, {"HOSPITAL", "WARD"}),
        (SUPERVISION, False, set()),
    ],
)
def test_what_decides_over_an_organization_can_be_asked_from_above_it(
    engine: Engine, hierarchy: Hierarchy | None, above: bool, reached: set[str]
) -> None:
    grant(engine, Role.MODERATOR, "HOSPITAL")
    holder = select(Account.id).where(Account.code == "citizen-9").scalar_subquery()
    condition = held_in(holder, Permission.MODERATE, Organization.__table__.c.id, hierarchy, above=above)
    with engine.connect() as connection:
        assert set(connection.execute(select(Organization.code).where(condition)).scalars()) == reached


def test_nobody_holds_nothing_and_nothing_is_held_on_nothing(engine: Engine) -> None:
    grant(engine, Role.MODERATOR, "MINISTRY")
    with engine.connect() as connection:
        nobody = literal(None, BigInteger())
        everything = select(Organization.id).where(held(nobody, Permission.MODERATE, Organization.__table__.c.id))
        assert connection.execute(everything).all() == []
        holder = select(Account.id).where(Account.code == "citizen-9").scalar_subquery()
        on_nothing = select(held(holder, Permission.MODERATE, literal(None, BigInteger())))
        assert connection.execute(on_nothing).scalar_one() is False
