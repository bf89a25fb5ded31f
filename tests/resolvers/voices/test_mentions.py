"""Employees who are named: for the head and the moderator only; that somebody was praised is counted, and stays."""

from typing import Any, LiteralString

import psycopg
import pytest

from engine.meanings.global_ids import encode, key_of
from events.housekeeping import tidy
from models.database import Database
from tests.voices import Voice, official, voice

LISTED = """query($kind: EmployeeMentionKind) { employeeMentions(kind: $kind) { totalCount nodes {
    name kind organization { code } review { text employee { name } } } } }"""
COMMENDED = '{ organization(by: {code: "HOSPITAL"}) { commendations } }'
EXPIRE: LiteralString = "UPDATE employee_mention SET delete_after = current_date - 2"


async def commendations(viewer: Voice) -> int:
    return int((await viewer.ask(COMMENDED)).data["organization"]["commendations"])


async def names(viewer: Voice, **given: Any) -> list[str]:
    found = (await viewer.ask(LISTED, **given)).data["employeeMentions"]
    assert found["totalCount"] == len(found["nodes"])
    return [each["name"] for each in found["nodes"]]


async def test_the_head_and_the_moderator_read_names_and_nobody_else(
    author: Voice, head: Voice, staff: Voice, moderator: Voice
) -> None:
    await author.submit(employee="Jan Novak", employeeMention="PRAISE", comment="Fine.")
    others = [official(author, f"citizen-{n}", role, "HOSPITAL") for n, role in ((22, "SUPERVISOR"), (23, "OPERATOR"))]
    elsewhere = official(author, "citizen-24", "HEAD", "SCHOOL")
    for viewer in (head, moderator):
        (found,) = (await viewer.ask(LISTED)).data["employeeMentions"]["nodes"]
        assert found == {
            "name": "Jan Novak",
            "kind": "PRAISE",
            "organization": {"code": "HOSPITAL"},
            "review": {"text": "Fine.", "employee": {"name": "Jan Novak"}},
        }
    for viewer in (voice(author, None), author, staff, elsewhere, *others):
        assert await names(viewer) == []
    id_ = encode(
        "Review",
        key_of(
            (await author.ask("{ viewer { submissions { nodes { id } } } }")).data["viewer"]["submissions"]["nodes"][0][
                "id"
            ],
            "Submission",
            "id",
        ),
    )
    query = "query($id: ID!) { node(id: $id) { ... on Review { employee { name } } } }"
    for viewer in (voice(author, None), author, staff):
        assert (await viewer.ask(query, id=id_)).data["node"] == {"employee": None}


async def test_praise_is_counted_and_stays_when_the_name_goes(author: Voice, head: Voice) -> None:
    citizen = voice(author, "citizen-10")
    first = await author.submit(employee="Jan Novak", employeeMention="PRAISE")
    await citizen.submit(employee="Jan Novak", employeeMention="COMPLAINT")
    await voice(author, "citizen-11").submit(employee="Jan Novak")
    assert await commendations(voice(author, None)) == 1
    assert [len(await names(head, **each)) for each in ({}, {"kind": "PRAISE"}, {"kind": "COMPLAINT"})] == [3, 1, 1]
    with psycopg.connect(author.url) as connection:
        connection.execute(EXPIRE)
    assert await names(head) == []
    database = Database(author.url)
    await database.open()
    await tidy(database)
    await database.close()
    with psycopg.connect(author.url) as connection:
        assert connection.execute("SELECT DISTINCT name FROM employee_mention").fetchall() == [(None,)]
    assert await commendations(voice(author, None)) == 1
    await author.withdraw(first["submission"]["id"])
    assert await commendations(voice(author, None)) == 0


async def test_a_name_is_searched_by_nobody(author: Voice, head: Voice) -> None:
    await author.submit(employee="Zygmunt Unusual", employeeMention="PRAISE", comment="Fine.")
    query = '{ reviews(filter: {text: "zygmunt"}) { totalCount } }'
    assert (await head.ask(query)).data["reviews"]["totalCount"] == 0


@pytest.mark.parametrize("employee", [None, " "])
async def test_praise_of_nobody_is_refused(author: Voice, employee: str | None) -> None:
    found = await author.submit(employee=employee, employeeMention="PRAISE")
    assert (found["code"], found["path"]) == ("EMPLOYEE_MISSING", ["input", "employeeMention"])
    with psycopg.connect(author.url) as connection:
        assert connection.execute(
            "SELECT count(*) FROM submission JOIN account USING (rater_id) WHERE account.code = 'citizen-9'"
        ).fetchall() == [(0,)]
