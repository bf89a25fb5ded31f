"""Wrong data is refused by the database itself, whoever writes it: each rule is broken once, in SQL."""

from collections.abc import Iterator
from typing import LiteralString

import psycopg
import pytest

from portal.scratch import ScratchServer
from tests.models.wrong_access import WRONG_ACCESS
from tests.models.wrong_voices import WRONG_VOICES

# ruff: noqa: S608 - the statements are put together from this file's own constants.

# The beginnings of statements that say something; the rest is what is wrong with it.
SUBMIT = """INSERT INTO submission (organization_id, rater_id, rater_kind, questionnaire_id, submitted_at, submitted_on,
    scores, {columns}) SELECT organization_id, rater_id, rater_kind, questionnaire_id, now(), current_date,
    {scores}, {values} FROM submission WHERE id = 2"""
PUBLISH = "UPDATE questionnaire SET published_at = now() WHERE code = 'DRAFT'"
SURVEY = "UPDATE questionnaire SET opens_on = '2024-01-01', closes_on = '2024-01-31' WHERE code = 'DRAFT';"
ONE: LiteralString = "(SELECT id FROM questionnaire WHERE code = 'HEALTH')"
DRAFT: LiteralString = "(SELECT id FROM questionnaire WHERE code = 'DRAFT')"
# An event of the trail with a ruling, and a policy that is to come.
AUDITED = """WITH event AS (INSERT INTO audit_event (action, subject, details)
    VALUES ('SUBMISSION_REJECTED', 'SUBMISSION', '{}') RETURNING id)
    INSERT INTO ruling SELECT id, 1, 'DUPLICATE_RATER', 'note' FROM event;"""
PLANNED = "INSERT INTO policy VALUES ('MIN_RATERS', now() + interval '1 day', '7');"
NAMED = ("organization_kind", "area", "sphere", "category", "service", "criterion", "organization")
CODED = (*NAMED, "account", "submission")


def submit(scores: str = "'{5,5,5}'", columns: str = "status", values: str = "'COUNTED'") -> str:
    """A statement that submits once more what is in the country already."""
    return SUBMIT.format(scores=scores, columns=columns, values=values)


def place(child: str, parent: str, hierarchy: str, parents_hierarchy: str = "") -> str:
    """A statement that puts an organization below another one."""
    return f"""UPDATE organization_position AS place SET (parent_id, parent_path) = (
        SELECT organization_id, path FROM organization_position JOIN organization ON id = organization_id
        WHERE hierarchy = '{parents_hierarchy or hierarchy}' AND code = '{parent}')
        FROM organization WHERE id = organization_id AND code = '{child}' AND hierarchy = '{hierarchy}'"""


def ask(code: str = "'new'", position: int = 1, text: str = "'New?'") -> str:
    """A statement that adds a question to the draft of a form."""
    return f"""INSERT INTO question (questionnaire_id, code, type, required, position, text_en)
        VALUES ({DRAFT}, {code}, 'CHOICE', false, {position}, {text});"""


def offer(code: str = "'A'", position: int = 1, text: str = "'A'") -> str:
    """A statement that adds an option to that question."""
    return f"""INSERT INTO question_option (question_id, code, position, text_en)
        SELECT id, {code}, {position}, {text} FROM question WHERE questionnaire_id = {DRAFT};"""


def apply(names: str = "name_en", values: str = "'New'") -> str:
    """A statement that applies for an organization."""
    return f"""INSERT INTO organization_application (kind_id, idempotency_key, request_digest, {names})
        SELECT id, 'key', '', {values} FROM organization_kind"""


def link(provider: str = "'one'", subject: str = "'a'") -> str:
    """A statement that links an identity to an account."""
    return f"INSERT INTO identity (account_id, provider, subject) SELECT min(id), {provider}, {subject} FROM account;"


def edition(**changes: str) -> str:
    """A statement that adds an edition, some of its columns changed."""
    columns = {
        "code": "'E'",
        "title_en": "'Edition'",
        "first_day": "'2024-01-01'",
        "last_day": "'2024-12-31'",
        "published_at": "now()",
        "method_version": "1",
        "method": "''",
        "policies": "'{}'",
        "criteria": "'{}'",
        "organizations": "0",
        "submissions": "0",
        "raters": "0",
        "digest": "repeat('0', 64)",
    } | changes
    return f"INSERT INTO edition ({', '.join(columns)}) VALUES ({', '.join(columns.values())});"


def listed(name: str = "'Ward'") -> str:
    """A statement that adds an organization to it."""
    return f"""INSERT INTO edition_organization (edition_id, organization_id, code, is_open, name_en)
        SELECT edition.id, organization.id, 'WARD', true, {name} FROM edition, organization
        WHERE organization.code = 'WARD';"""


def rated(not_ranked: str, position: str = "NULL") -> str:
    """A statement that adds the rating of that organization."""
    return f"""INSERT INTO edition_rating (edition_id, organization_id, pool, submissions, mark_sum, satisfied, raters,
            marks, criterion_sums, criterion_counts, not_ranked, position, tied, credible_position, credible_tied, out_of)
        SELECT edition_id, organization_id, 'OWN', 0, 0, 0, 0, '{{0,0,0,0,0}}', '{{}}', '{{}}', {not_ranked}, {position},
            0, {position}, 0, 0 FROM edition_organization"""


HAND_OVER: LiteralString = """UPDATE submission SET {} FROM organization
    WHERE organization.id = organization_id AND organization.code = 'CLINIC'"""


def merge(code: str, into: str) -> str:
    """A statement that lets an organization lead to another one."""
    return f"""UPDATE organization SET closed_on = current_date,
        merged_into_id = (SELECT id FROM organization WHERE code = '{into}') WHERE code = '{code}';"""


WRONG: dict[str, list[str]] = {
    "ck_organization_merged_is_closed": [merge("CLINIC", "HOSPITAL").replace("current_date", "NULL")],
    "organization_merged": [
        f"""{merge("CLINIC", "HOSPITAL")} INSERT INTO organization (code, kind_id, registration, name_en, closed_on, merged_into_id)
        SELECT 'NEW', kind_id, 'STATUTORY', 'New', current_date, id FROM organization WHERE code = 'CLINIC'""",
    ],
    "organization_merged_later": [
        merge("CLINIC", "CLINIC"),
        merge("CLINIC", "HOSPITAL") + merge("WARD", "CLINIC"),
        merge("CLINIC", "HOSPITAL") + merge("HOSPITAL", "WARD"),
        merge("CLINIC", "HOSPITAL") + merge("CLINIC", "NOBODY"),
    ],
    "ck_organization_application_has_a_name": [apply("name_en", "' '"), apply("comment", "'Hello!'")],
    "ck_organization_application_decided_has_a_time": [
        apply("name_en, decided_at", "'New', now()"),
        apply("name_en, status, reason", "'New', 'DECLINED', 'No.'"),
    ],
    "ck_organization_application_declined_has_a_reason": [
        apply("name_en, status, decided_at", "'New', 'DECLINED', now()"),
        apply("name_en, reason", "'New', 'No.'"),
    ],
    "ck_organization_application_accepted_is_there": [
        apply("name_en, status, decided_at", "'New', 'ACCEPTED', now()"),
        apply("name_en, organization_id", "'New', 1"),
    ],
    "ck_organization_application_location_in_degrees": [
        apply("name_en, location", "'New', ST_SetSRID(ST_MakePoint(181, 0), 4326)"),
    ],
    "uq_organization_application_account_id_idempotency_key": [2 * (apply("account_id, name_en", "1, 'New'") + ";")],
    "ck_submission_scores_1_to_5": [
        submit("'{5,0,5}'"),
        submit("'{5,6,5}'"),
        submit("'{5,-1,NULL}'"),
        submit("'{{5,5,5}}'"),
        submit("'[0:2]={5,5,5}'"),
        submit("array_fill(5::smallint, ARRAY[17])"),
    ],
    "submission_fits_form": [
        submit("'{5,5}'"),
        submit("'{5,5,5,5}'"),
        submit("'{5,NULL,5}'"),
        submit("'{5,5}'").replace(" questionnaire_id, now()", f" {DRAFT}, now()"),
    ],
    "ck_submission_visited_before": [submit(columns="visited_on", values="current_date + 1")],
    "ck_submission_is_a_placement": [
        submit(columns="placement", values=value) for value in ("''", "'a b'", "'-a'", "repeat('a', 33)")
    ],
    "ck_submission_status_has_a_time": [submit(values="'WITHDRAWN'")],
    "ck_submission_key_has_a_digest": [submit(columns="idempotency_key", values="'key'")],
    "uq_submission_rater_id_idempotency_key": [
        submit(
            columns="idempotency_key, request_digest", values="'key', '' FROM generate_series(1, 2), LATERAL ("
        ).replace("FROM submission WHERE id = 2", "SELECT) AS twice, submission WHERE submission.id = 2")
    ],
    "uq_submission_code": [submit(columns="code", values="code")],
    "submission_stays": [
        f"UPDATE submission SET {change}"
        for change in (
            "scores = '{1,1,1}'",
            "organization_id = organization_id + 1",
            "rater_id = rater_id + 1",
            f"questionnaire_id = {DRAFT}",
            "submitted_at = now()",
            "submitted_on = current_date",
            "given_to_id = organization_id",
        )
    ]
    + [
        f"{merge('CLINIC', 'HOSPITAL')} {HAND_OVER.format(change)}"
        for change in (
            "organization_id = merged_into_id",
            "organization_id = merged_into_id, given_to_id = merged_into_id",
            "organization_id = merged_into_id, given_to_id = organization_id, submitted_on = current_date",
            "organization_id = 1, given_to_id = organization_id",
        )
    ],
    "questionnaire_published": [
        "UPDATE questionnaire SET title_en = 'Other' WHERE code = 'HEALTH'",
        "UPDATE questionnaire SET sphere_id = NULL WHERE code = 'HEALTH'",
        "UPDATE questionnaire SET published_at = NULL WHERE code = 'HEALTH'",
        "INSERT INTO questionnaire (code, version, title_en, published_at) VALUES ('NEW', 1, 'New', now())",
        f"INSERT INTO questionnaire_criterion VALUES ({ONE}, 4, 4)",
        f"UPDATE questionnaire_criterion SET position = 5 WHERE questionnaire_id = {ONE} AND position = 3",
        f"UPDATE questionnaire_criterion SET questionnaire_id = {DRAFT}, position = 9 WHERE position = 3",
        f"DELETE FROM questionnaire_criterion WHERE questionnaire_id = {ONE}",
        f"""INSERT INTO question (questionnaire_id, code, type, required, position, text_en)
            VALUES ({ONE}, 'new', 'TEXT', false, 9, 'New?')""",
        "UPDATE question SET required = true",
        f"UPDATE question SET questionnaire_id = {DRAFT} WHERE code = 'solved'",
        "DELETE FROM question WHERE code = 'solved'",
        "INSERT INTO question_option (question_id, code, position, text_en) SELECT question_id, 'C', 3, 'C' FROM question_option",
        "UPDATE question_option SET text_en = 'Other'",
        "DELETE FROM question_option",
        f"DELETE FROM questionnaire_criterion WHERE questionnaire_id = {DRAFT} AND position = 2; {PUBLISH}",
        # The new year begins at 21:00 UTC in Minsk, whatever the session believes.
        f"""INSERT INTO criterion (code, ordinal, valid_from, name_en) VALUES ('LATE', 9, '2024-01-01', 'Late');
            SET LOCAL TimeZone = 'UTC'; {PUBLISH.replace("now()", "'2023-12-31 21:00+00'")}""",
    ],
    "ck_questionnaire_owned_in_a_tree": ["UPDATE questionnaire SET owner_id = 1 WHERE code = 'DRAFT'"],
    "ck_questionnaire_closes_after_opening": [
        "UPDATE questionnaire SET opens_on = '2024-01-01' WHERE code = 'DRAFT'",
        "UPDATE questionnaire SET opens_on = '2024-01-02', closes_on = '2024-01-01' WHERE code = 'DRAFT'",
    ],
    "questionnaire_places": [
        f"{SURVEY} {PUBLISH}",
        f"{SURVEY} {ask()} {PUBLISH}",
        f"{SURVEY} DELETE FROM questionnaire_criterion WHERE questionnaire_id = {DRAFT}; {PUBLISH}",
        f"UPDATE questionnaire_criterion SET position = 3 WHERE questionnaire_id = {DRAFT} AND position = 2; {PUBLISH}",
    ],
    "uq_questionnaire_current": [
        f"UPDATE questionnaire SET code = 'HEALTH', version = 2 WHERE code = 'DRAFT'; {PUBLISH.replace('DRAFT', 'HEALTH')} AND version = 2"
    ],
    "ck_questionnaire_retired_after_published": ["UPDATE questionnaire SET retired_at = published_at - interval '1 s'"],
    "ck_questionnaire_drafts_stay": ["UPDATE questionnaire SET retired_at = now() WHERE code = 'DRAFT'"],
    "ck_questionnaire_applies_to_one": [
        "UPDATE questionnaire SET sphere_id = 1, organization_id = 1 WHERE code = 'DRAFT'"
    ],
    "ck_questionnaire_has_a_title": ["UPDATE questionnaire SET title_en = NULL WHERE code = 'DRAFT'"],
    "ck_questionnaire_version_from_1": ["UPDATE questionnaire SET version = 0 WHERE code = 'DRAFT'"],
    "uq_questionnaire_code_version": ["UPDATE questionnaire SET code = 'GENERAL' WHERE code = 'DRAFT'"],
    "ck_questionnaire_criterion_at_most_16": [
        f"UPDATE questionnaire_criterion SET position = 17 WHERE questionnaire_id = {DRAFT}"
    ],
    "uq_questionnaire_criterion_questionnaire_id_position": [
        f"UPDATE questionnaire_criterion SET position = 2 WHERE questionnaire_id = {DRAFT}"
    ],
    "pk_organization_position": [
        "INSERT INTO organization_position (hierarchy, organization_id) SELECT hierarchy, organization_id FROM organization_position"
    ],
    "fk_organization_position_parent": [
        place("CLINIC", "WARD", "SUPERVISION", "SUBORDINATION"),
        place("SCHOOL", "MINISTRY", "SUBORDINATION").replace("organization_id, path", "organization_id, '77'::ltree"),
    ],
    "ck_organization_position_not_below_itself": [
        place("REGION", "REGION", "SUBORDINATION"),
        place("REGION", "WARD", "SUBORDINATION"),
        place("INSPECTORATE", "CLINIC", "SUPERVISION"),
    ],
    "ck_organization_position_parent_has_a_path": ["UPDATE organization_position SET parent_path = NULL"],
    "ck_organization_closed_after_opened": ["UPDATE organization SET closed_on = '1999-12-31'"],
    "ck_organization_location_in_degrees": [
        "UPDATE organization SET location = ST_Point(181, 53, 4326)",
        "UPDATE organization SET location = ST_Point(27, -91, 4326)",
    ],
    "ck_area_not_below_itself": [
        "UPDATE area SET parent_id = id, parent_path = path",
        """INSERT INTO area (code, name_en, parent_id, parent_path) SELECT 'X', 'X', id, path FROM area;
           UPDATE area SET (parent_id, parent_path) = (SELECT id, path FROM area WHERE code = 'X') WHERE code = 'BY'""",
    ],
    "ck_area_parent_has_a_path": ["UPDATE area SET parent_id = id"],
    "ck_criterion_belongs_to_one": ["UPDATE criterion SET sphere_id = 1, service_id = 1"],
    "ck_criterion_valid_to_after_from": ["UPDATE criterion SET valid_to = '2019-12-31'"],
    "ck_role_grant_valid_to_after_from": ["UPDATE role_grant SET valid_to = '2014-12-31'"],
    "ck_role_grant_revoked_is_over": ["UPDATE role_grant SET revoked_at = now(), valid_to = NULL"],
    # Of the trail nothing changes: not what is there, and not what an import or a replica would bring about.
    "append_only": [
        AUDITED + change
        for change in (
            "UPDATE audit_event SET details = '{}'",
            "UPDATE audit_event SET at = now() WHERE false",
            "DELETE FROM audit_event",
            "DELETE FROM audit_event WHERE false",
            "TRUNCATE audit_event CASCADE",
            "TRUNCATE organization CASCADE",
            "INSERT INTO audit_event SELECT * FROM audit_event ON CONFLICT (id) DO UPDATE SET account_id = NULL",
            "SET LOCAL session_replication_role = replica; DELETE FROM audit_event",
            "UPDATE ruling SET ground = 'AUTOMATED'",
            "UPDATE ruling SET submission_id = 2",
            "DELETE FROM ruling",
            "TRUNCATE ruling",
            "TRUNCATE policy",
            "UPDATE edition SET title_en = 'Other'",
            "DELETE FROM edition",
            "TRUNCATE edition CASCADE",
            "UPDATE edition_organization SET is_open = false",
            "DELETE FROM edition_organization",
            "TRUNCATE edition_organization CASCADE",
            "UPDATE edition_rating SET value = 500",
            "DELETE FROM edition_rating",
            "TRUNCATE edition_rating",
            "SET session_replication_role = replica; UPDATE edition_rating SET value = 500",
        )
    ],
    "ck_edition_is_a_code": [edition(code="'-'")],
    "uq_edition_code": [edition() + edition()],
    "ck_edition_has_a_title": [edition(title_en="NULL"), edition(title_be="' '")],
    "ck_edition_is_of_whole_months": [
        edition(first_day="'2024-01-02'"),
        edition(last_day="'2024-12-30'"),
        edition(first_day="'2025-01-01'"),
    ],
    "ck_edition_has_a_digest": [edition(digest="repeat('0', 63)"), edition(digest="repeat('A', 64)")],
    "ck_edition_organization_has_a_name": [edition() + listed("NULL"), edition() + listed("' '")],
    "ck_edition_rating_is_not_ranked_for_a_reason": [edition() + listed() + rated("'BAD_LUCK'")],
    "ck_edition_rating_is_ranked_or_not": [
        edition() + listed() + rated("NULL"),
        edition() + listed() + rated("'CLOSED'", "1"),
    ],
    # What comes after a part of the transaction comes too late, as in another one.
    "edition_complete": [
        f"SAVEPOINT part; {edition()} RELEASE part; {listed()}",
        f"SAVEPOINT part; {edition()}{listed()} RELEASE part; " + rated("'CLOSED'"),
    ],
    "ck_audit_event_details_are_an_object": [AUDITED.replace("'{}'", "'[]'")],
    "ck_ruling_has_a_note": [AUDITED.replace("'note'", "' '"), AUDITED.replace("'note'", "repeat('x', 2001)")],
    "policy_stays": [
        "UPDATE policy SET value = '6' WHERE name = 'MIN_RATERS'",
        "DELETE FROM policy WHERE name = 'MIN_RATERS'",
        PLANNED + "UPDATE policy SET valid_from = now() - interval '1 s' WHERE valid_from > now()",
    ],
    "ck_question_has_a_text": [ask(text="NULL")],
    "uq_question_questionnaire_id_code": [ask() + ask(position=2)],
    "uq_question_questionnaire_id_position": [ask() + ask("'other'")],
    "ck_question_option_has_a_text": [ask() + offer(text="NULL")],
    "pk_question_option": [ask() + offer() + offer(position=2)],
    "uq_question_option_question_id_position": [ask() + offer() + offer("'other'")],
    "ck_questionnaire_is_a_code": ["UPDATE questionnaire SET code = '-' WHERE code = 'DRAFT'"],
    "ck_question_is_a_code": [ask("'-'")],
    "ck_question_option_is_a_code": [ask() + offer("'-'")],
    "ck_unfinished_submission_holds_lists": [
        """INSERT INTO unfinished_submission (account_id, organization_id, questionnaire_id, scores, answers, expires_at)
            SELECT id, 1, 1, '{}', '[]', now() FROM account""",
    ],
    "ck_survey_answer_has_a_value": [
        """WITH response AS (INSERT INTO survey_response (questionnaire_id, organization_id, rater_id, answered_on)
            SELECT id, 1, 1, current_date FROM questionnaire WHERE code = 'GENERAL' AND version = 3 RETURNING id)
            INSERT INTO survey_answer SELECT question.id, response.id, '{}' FROM question, response"""
    ],
    "ck_answer_has_a_value": ["INSERT INTO answer SELECT 1, id, '{}' FROM question"],
    "ck_review_has_a_text": [
        "INSERT INTO review VALUES (1, ' ')",
        "INSERT INTO review VALUES (1, repeat('x', 10001))",
    ],
    "ck_review_has_a_masked_text": [
        "INSERT INTO review (submission_id, text, masked) VALUES (1, 'x', ' ')",
        "INSERT INTO review (submission_id, text, masked) VALUES (1, 'x', repeat('x', 10001))",
    ],
    "ck_employee_mention_has_a_name": [
        "INSERT INTO employee_mention VALUES (1, ' ', current_date)",
        "INSERT INTO employee_mention VALUES (1, repeat('x', 201), current_date)",
    ],
    "ck_total_adds_up": [
        f"UPDATE total SET {change}"
        for change in (
            "submissions = submissions + 1",
            "submissions = -1, marks = '{0,0,0,0,-1}'",
            "mark_sum = mark_sum + 5 * 720720",
            "mark_sum = 0",
            "raters = submissions + 1",
            "satisfied = submissions + 1",
            "raters = -1",
            "marks = marks || 0::bigint",
            "marks[1] = marks[1] + 1",
        )
    ],
    "ck_month_total_adds_up": [
        f"UPDATE month_total SET {change}"
        for change in (
            "submissions = submissions + 1",
            "submissions = -1, marks = '{0,0,0,0,-1}'",
            "mark_sum = mark_sum + 5 * 720720",
            "mark_sum = 0",
            "satisfied = submissions + 1",
            "marks = marks || 0",
            "marks[1] = marks[1] + 1",
        )
    ],
    "ck_month_total_begins_a_month": ["UPDATE month_total SET month = month + 1"],
    "ck_identity_provider_is_a_code": [link("'One'"), link("''"), link("repeat('x', 33)")],
    "ck_identity_subject_has_a_length": [link(subject="''"), link(subject="repeat('x', 256)")],
    "uq_identity_provider_subject": [link() + link()],
    **WRONG_ACCESS,
    **WRONG_VOICES,
    "uq_account_rater_id": ["UPDATE account SET rater_id = 1"],
    "uq_account_email": ["UPDATE account SET email = CASE id WHEN 1 THEN 'a@example.org' ELSE 'A@example.org' END"],
    "uq_rater_pseudonym": ["UPDATE rater SET pseudonym = md5('')::uuid"],
    **{
        f"ck_{table}_has_a_name": [f"UPDATE {table} SET name_en = NULL", f"UPDATE {table} SET name_be = ' '"]
        for table in NAMED
    },
    **{
        f"ck_{table}_is_a_code": [f"UPDATE {table} SET code = '-'", f"UPDATE {table} SET code = repeat('x', 65)"]
        for table in CODED
    },
    **{
        f"uq_{table}_code": [f"UPDATE {table} SET code = 'SAME'"]
        for table in ("sphere", "category", "service", "criterion", "organization", "account")
    },
}
CASES = [(name, statement) for name, statements in WRONG.items() for statement in statements]


@pytest.fixture(scope="module")
def url(scratch: ScratchServer, stage_template: str, worker_id: str) -> Iterator[str]:
    """One country for all tests here: none of them changes anything."""
    name = stage_template.replace("stage", f"constraints_{worker_id}")
    with scratch.temporary(name, stage_template) as url:
        yield url


@pytest.mark.parametrize(("name", "statement"), CASES)
def test_a_rule_that_is_broken_refuses_by_its_name(url: str, name: str, statement: str) -> None:
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.IntegrityError) as refused:
        connection.execute(statement.encode())
    assert refused.value.diag.constraint_name == name


@pytest.mark.parametrize("scores", ["'{}'", "'{NULL,NULL,NULL}'", "NULL"])
def test_a_submission_without_scores_has_no_mark(url: str, scores: str) -> None:
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.NotNullViolation):
        connection.execute(submit(scores).encode())


def test_an_organization_has_its_totals_from_its_first_moment(url: str) -> None:
    add: LiteralString = """INSERT INTO organization (code, kind_id, registration, name_en)
        SELECT 'NEW', id, 'VOLUNTARY', 'New' FROM organization_kind RETURNING id"""
    with psycopg.connect(url) as connection:
        ((added,),) = connection.execute(add).fetchall()
        totals = connection.execute("SELECT submissions, value FROM total WHERE organization_id = %s", [added])
        assert totals.fetchall() == [(0, None)] * 3
        connection.rollback()


def test_a_criterion_is_not_compulsory_before_midnight_in_the_portals_time_zone(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("SET LOCAL TimeZone = 'Asia/Tokyo'")
        connection.execute(
            "INSERT INTO criterion (code, ordinal, valid_from, name_en) VALUES ('LATE', 9, '2024-01-01', 'Late')"
        )
        connection.execute(PUBLISH.replace("now()", "'2023-12-31 20:59:59+00'").encode())
        connection.rollback()


def test_a_form_may_be_retired_and_a_draft_changed(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE questionnaire SET retired_at = now() WHERE code = 'HEALTH'")
        connection.execute("UPDATE questionnaire SET title_en = 'Other' WHERE code = 'DRAFT'")
        connection.rollback()


def test_every_check_of_the_migrations_is_broken_here(url: str) -> None:
    query: LiteralString = "SELECT conname::text FROM pg_constraint WHERE contype = 'c' AND conname LIKE 'ck\\_%'"
    with psycopg.connect(url) as connection:
        found = {name for (name,) in connection.execute(query)}
    assert found - set(WRONG) == set()


def test_every_rule_of_the_migrations_is_broken_here(url: str) -> None:
    query: LiteralString = "SELECT DISTINCT tgname::text FROM pg_trigger WHERE NOT tgisinternal"
    with psycopg.connect(url) as connection:
        found = {name for (name,) in connection.execute(query)}
    # Totals, their changes, words, positions' names, spheres' areas and what reviews repeat are made, not refused; and a form's parts are refused by the form's own name.
    made = {"organization_totals", "total_changed", "organization_words_added", "organization_words_changed"}
    made |= {"organization_position_named", "organization_renamed", "review_follows", "submission_leads_review"}
    made |= {"review_words_added", "review_words_changed", "organization_sphere_placed", "organization_placed"}
    made |= {f"{step}_leads_review" for step in ("review_reading", "reply", "measure", "settlement")}
    assert found - set(WRONG) == {*made, "questionnaire_parts"}


def test_a_policy_to_come_may_change_and_vanish_and_a_rulings_note_be_taken_away(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(PLANNED.encode())
        for change in ("UPDATE policy SET value = '8'", "DELETE FROM policy"):
            assert connection.execute(f"{change} WHERE valid_from > now()".encode()).rowcount == 1
        connection.execute(AUDITED.encode())
        assert connection.execute("UPDATE ruling SET note = NULL").rowcount == 1
        connection.rollback()
