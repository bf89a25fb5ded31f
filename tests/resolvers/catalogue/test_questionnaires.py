"""Which form applies to an organization now, and what it asks."""

from typing import LiteralString

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.clients import Client

POLYCLINIC, SERVICE = "BY-HO-06-HEALTH-POLYCLINIC-1", "HEALTH-POLYCLINIC-CARE"
FORM = "query($service: String) { organization(by: {code: CODE}) { questionnaire(service: $service) { title } } }"
CRITERIA: LiteralString = """
INSERT INTO questionnaire_criterion (questionnaire_id, criterion_id, position)
SELECT %s, id, row_number() OVER (ORDER BY id) FROM criterion WHERE sphere_id IS NULL AND service_id IS NULL"""
PUBLISH: LiteralString = "UPDATE questionnaire SET published_at = now() WHERE id = %s"


def add(url: str, title: str, target: str, code: str, *, published: bool = True) -> None:
    """A form for whatever has a code in the target's table."""
    insert = SQL(
        """INSERT INTO questionnaire (code, version, title_ru, {column})
           SELECT %s, 1, %s, id FROM {table} WHERE code = %s RETURNING id"""
    ).format(column=Identifier(f"{target}_id"), table=Identifier(target))
    with psycopg.connect(url) as connection:
        row = connection.execute(insert, [title, title, code]).fetchone()
        assert row is not None
        connection.execute(CRITERIA, row)
        if published:
            connection.execute(PUBLISH, row)


async def title(client: Client, code: str = POLYCLINIC, service: str | None = None) -> str:
    answer = await client.data(FORM.replace("CODE", f'"{code}"'), service=service)
    found: str = answer["organization"]["questionnaire"]["title"]
    return found


@pytest.mark.parametrize(("code", "form"), [(POLYCLINIC, "HEALTH"), ("BY-GOV", "GENERAL")])
async def test_a_form_asks_its_criteria_and_questions_in_their_order(
    client: Client, seeded_url: str, code: str, form: str
) -> None:
    query = f"""{{ organization(by: {{code: "{code}"}}) {{ questionnaire {{
        version criteria {{ code }} questions {{ code type required options {{ code }} }} }} }} }}"""
    found = (await client.data(query))["organization"]["questionnaire"]
    with psycopg.connect(seeded_url) as connection:
        chosen = "FROM questionnaire AS form WHERE code = %s AND retired_at IS NULL"
        expected = connection.execute(
            f"""SELECT version,
                ARRAY(SELECT criterion.code FROM questionnaire_criterion JOIN criterion ON criterion.id = criterion_id
                      WHERE questionnaire_id = form.id ORDER BY position),
                ARRAY(SELECT ARRAY[code, type::text, required::text] FROM question
                      WHERE questionnaire_id = form.id ORDER BY position) {chosen}""",  # noqa: S608 - fixed texts
            [form],
        ).fetchall()
    questions = [[each["code"], each["type"], str(each["required"]).lower()] for each in found["questions"]]
    assert [(found["version"], [each["code"] for each in found["criteria"]], questions)] == expected
    assert all(bool(each["options"]) is ("CHOICE" in each["type"]) for each in found["questions"])


async def test_the_most_specific_form_wins(writing_client: Client, clone_url: str) -> None:
    general, sphere = await title(writing_client, "BY-GOV"), await title(writing_client)
    assert general != sphere
    add(clone_url, "for-the-category", "category", "HEALTH-POLYCLINIC")
    assert await title(writing_client, service=SERVICE) == "for-the-category"
    add(clone_url, "for-the-service", "service", SERVICE)
    assert await title(writing_client, service=SERVICE) == "for-the-service"
    assert await title(writing_client) == sphere
    add(clone_url, "for-the-organization", "organization", POLYCLINIC)
    assert await title(writing_client, service=SERVICE) == "for-the-organization"
    assert await title(writing_client) == "for-the-organization"
    assert await title(writing_client, "BY-GOV") == general


async def test_a_draft_applies_to_nobody(writing_client: Client, clone_url: str) -> None:
    before = await title(writing_client)
    add(clone_url, "draft", "organization", POLYCLINIC, published=False)
    assert await title(writing_client) == before


async def test_a_retired_form_applies_no_more(writing_client: Client, clone_url: str) -> None:
    before = await title(writing_client)
    add(clone_url, "short-lived", "organization", POLYCLINIC)
    with psycopg.connect(clone_url) as connection:
        connection.execute("UPDATE questionnaire SET retired_at = now() WHERE code = 'short-lived'")
    assert await title(writing_client) == before


async def test_without_any_form_that_is_said_clearly(writing_client: Client, clone_url: str) -> None:
    with psycopg.connect(clone_url) as connection:
        connection.execute(
            "UPDATE questionnaire SET retired_at = now() WHERE published_at IS NOT NULL AND retired_at IS NULL"
        )
    answer = await writing_client.query(FORM.replace("CODE", f'"{POLYCLINIC}"'))
    assert answer.refusal == ("NOT_FOUND", None)
    assert answer.data == {"organization": None}
