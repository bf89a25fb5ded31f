"""The words of organizations: triggers keep them with the names, whatever changes these."""

import psycopg
import pytest

# What stands in the rows, and what the names say: each as (code, word, length).
STORED = """SELECT code, text, length FROM organization_word
    JOIN organization ON organization.id = organization_id JOIN word ON word.id = word_id"""
SAID = """SELECT DISTINCT code, each, length(search) FROM organization,
    regexp_split_to_table(search, ' ') AS each WHERE each <> ''"""

CHANGES = {
    "nothing": "SELECT",
    "added": """INSERT INTO organization (code, kind_id, registration, name_en, name_ru)
        SELECT 'NEW-' || number, kind_id, 'STATUTORY', 'New ward', 'Новая палата ' || number
        FROM organization, generate_series(1, 3) AS number WHERE code = 'CLINIC'""",
    "renamed": "UPDATE organization SET name_en = 'Quite another Name' WHERE code = 'CLINIC'",
    "every code changed": "UPDATE organization SET code = 'X' || code",
    "one word twice": "UPDATE organization SET name_en = 'Ward, ward: ward!', name_ru = NULL, name_be = NULL",
    "closed": "UPDATE organization SET closed_on = current_date",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_the_words_of_organizations_are_those_of_their_names(stage_url: str, change: str) -> None:
    with psycopg.connect(stage_url) as connection:
        connection.execute(change.encode())
        stored, said = (sorted(connection.execute(query.encode()).fetchall()) for query in (STORED, SAID))
        assert stored == said != []


def test_what_is_only_closed_keeps_its_rows(stage_url: str) -> None:
    rows = "SELECT ctid, * FROM organization_word ORDER BY 1"
    with psycopg.connect(stage_url) as connection:
        before = connection.execute(rows).fetchall()
        connection.execute(CHANGES["closed"].encode())
        assert connection.execute(rows).fetchall() == before
