"""docs/permissions.md says what the code does."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from auth.permissions import GRANTING, PORTAL_WIDE, ROLES, Where
from models.clients import ClientScope
from models.grants import Role
from schema.schema import ENTITIES, executable
from tests.clients import Client

PAGE = (Path(__file__).parents[2] / "docs" / "permissions.md").read_text()


def rows(heading: str) -> Iterator[list[str]]:
    """The cells of the table below a heading."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    for line in lines[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def words(cell: str) -> list[str]:
    """What stands in code quotes."""
    return re.findall(r"`(\w[\w-]*)`", cell)


def test_each_permission_is_there_with_its_roles() -> None:
    told = {words(name)[0]: words(roles) for name, roles, *_ in rows("Permissions")}
    assert told == {each.value: sorted(role.value for role in roles) for each, roles in ROLES.items()}


def test_where_a_permission_reaches_everything_is_told() -> None:
    told = {words(name)[0]: where for name, _, where, *_ in rows("Permissions")}
    alone = {each.value for each, roles in ROLES.items() if roles <= PORTAL_WIDE}
    assert {name for name, where in told.items() if where == "everywhere"} == alone


WHERE = {"there and below": Where.THERE, "below": Where.BELOW, "everywhere": Where.EVERYWHERE}


def test_who_grants_what_where_is_there() -> None:
    told = {words(holder)[0]: (words(roles), WHERE[where]) for holder, roles, where, _ in rows("Granting")}
    assert told == {
        holder.value: (sorted(role.value for role in granted), *set(granted.values()))
        for holder, granted in GRANTING.items()
    }


def test_each_scope_of_other_systems_is_there() -> None:
    told = [re.findall(r"`([a-z:]+)`", name) for name, *_ in rows("Other systems")]
    assert told == [[scope.value] for scope in ClientScope]


async def test_the_tour_of_naming_staff_is_answered(writing_client: Client) -> None:
    """Block by block, with what the one before answers in the place of the words in capitals."""
    agree, look, name, see = re.findall(r"^```graphql\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    person, head = (writing_client.token_for(f"user-{number:06}") for number in (100, 5))
    code = (await writing_client.query(agree, token=person)).data["createAppointmentCode"]["code"]
    (own,) = (await writing_client.query(look, token=head)).data["viewer"]["grants"]["nodes"]
    assert own["role"] == "HEAD"
    name = name.replace("CODE", code).replace("ORGANIZATION", own["organization"]["code"])
    granted = (await writing_client.query(name, token=head)).data["grantRole"]["grant"]
    seen = (await writing_client.query(see, token=head)).data["grants"]["nodes"]
    assert {"id": granted["id"], "account": "user-000100", "grantedBy": "user-000005"} in seen


def test_each_role_is_there() -> None:
    assert [words(name)[0] for name, *_ in rows("Roles")] == [role.value for role in Role]


def test_each_mutation_is_somebodys() -> None:
    mutation = executable().mutation_type
    assert mutation
    assert set(mutation.fields) <= set(words(PAGE))


def test_each_type_of_nodes_says_who_sees_it() -> None:
    assert {each for name, *_ in rows("What is seen") for each in words(name)} == set(ENTITIES)


@pytest.mark.parametrize("row", list(rows("Roles")), ids=lambda row: words(row[0])[0])
def test_the_demo_has_an_account_for_each_role(seeded_url: str, row: list[str]) -> None:
    ((role,), (account,)) = words(row[0]), words(row[2])
    with psycopg.connect(seeded_url) as connection:
        query = "SELECT role::text FROM role_grant JOIN account ON account.id = account_id WHERE code = %s"
        assert connection.execute(query, [account]).fetchall() == [(role,)]
