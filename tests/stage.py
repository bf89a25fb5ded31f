"""A country small enough to know by heart, with all that writing to it can run into.

Subordination: MINISTRY above REGION above HOSPITAL and CLINIC (and CLOSED), WARD below HOSPITAL; SCHOOL by itself.
Supervision: INSPECTORATE above HOSPITAL and CLINIC. LONER stands in no tree.
"""

from typing import LiteralString

import psycopg

from engine.meanings.global_ids import encode
from models import recount

REGISTER: LiteralString = """
INSERT INTO organization_kind (code, ordinal, name_en) VALUES ('BODY', 1, 'Body');
INSERT INTO area (code, name_en) VALUES ('BY', 'Country');
INSERT INTO sphere (code, ordinal, name_en) VALUES ('HEALTH', 1, 'Health'), ('SCHOOL', 2, 'School');
INSERT INTO category (code, sphere_id, ordinal, name_en)
SELECT code || '-CARE', id, 1, 'Care' FROM sphere;
INSERT INTO service (code, category_id, name_en)
SELECT service.code, category.id, 'Service' FROM category
JOIN (VALUES ('VISIT', 'HEALTH-CARE'), ('VACCINE', 'HEALTH-CARE'), ('LESSON', 'SCHOOL-CARE')) AS service (code, category)
  ON service.category = category.code;
INSERT INTO criterion (code, sphere_id, ordinal, valid_from, name_en) VALUES
    ('PLAIN', NULL, 1, '2020-01-01', 'Plain'), ('POLITE', NULL, 2, '2020-01-01', 'Polite'),
    ('CLEAN', (SELECT id FROM sphere WHERE code = 'HEALTH'), 3, '2020-01-01', 'Clean');
INSERT INTO organization (code, kind_id, area_id, registration, opened_on, closed_on, name_en)
SELECT register.code, organization_kind.id, area.id, 'STATUTORY', '2000-01-01',
       CASE register.code WHEN 'CLOSED' THEN current_date - 10 END, register.code
FROM organization_kind, area, unnest(string_to_array(
    'MINISTRY REGION HOSPITAL CLINIC CLOSED WARD SCHOOL INSPECTORATE LONER', ' ')) AS register (code);
INSERT INTO organization_sphere
SELECT organization.id, sphere.id FROM organization, sphere
WHERE (sphere.code, organization.code) IN
    (('HEALTH', 'HOSPITAL'), ('HEALTH', 'CLINIC'), ('HEALTH', 'WARD'), ('HEALTH', 'CLOSED'), ('SCHOOL', 'SCHOOL'));
INSERT INTO organization_service
SELECT organization.id, service.id FROM organization, service
WHERE (organization.code, service.code) IN
    (('HOSPITAL', 'VISIT'), ('CLINIC', 'VISIT'), ('CLINIC', 'VACCINE'), ('SCHOOL', 'LESSON'));
"""

PLACE: LiteralString = """
INSERT INTO organization_position (hierarchy, organization_id, parent_id, parent_path)
SELECT %s, child.id, parent.organization_id, parent.path
FROM organization AS child
LEFT JOIN organization_position AS parent
       ON parent.hierarchy = %s AND parent.organization_id = (SELECT id FROM organization WHERE code = %s)
WHERE child.code = ANY (%s)"""
TREES = {
    "SUBORDINATION": {
        None: ["MINISTRY", "SCHOOL", "INSPECTORATE"],
        "MINISTRY": ["REGION"],
        "REGION": ["HOSPITAL", "CLINIC", "CLOSED"],
        "HOSPITAL": ["WARD"],
    },
    "SUPERVISION": {None: ["INSPECTORATE"], "INSPECTORATE": ["HOSPITAL", "CLINIC"]},
}

# Each form's code and version, what it is for, and how many hours ago it was published and retired. GENERAL asks
# one question of each type, and the WARD's own form a required one.
FORMS: LiteralString = """
CREATE TEMPORARY TABLE plan (code, version, sphere, service, organization, published, retired) AS VALUES
    ('GENERAL', 1, NULL, NULL, NULL, 90, 50), ('GENERAL', 2, NULL, NULL, NULL, 50, 1),
    ('GENERAL', 3, NULL, NULL, NULL, 1, NULL), ('HEALTH', 1, 'HEALTH', NULL, NULL, 90, NULL),
    ('VACCINE', 1, NULL, 'VACCINE', NULL, 90, NULL), ('WARD', 1, NULL, NULL, 'WARD', 90, NULL),
    ('DRAFT', 1, NULL, NULL, NULL, NULL, NULL), ('PLANNED', 1, NULL, NULL, NULL, -24, NULL);
INSERT INTO questionnaire (code, version, title_en, sphere_id, service_id, organization_id)
SELECT plan.code, version, plan.code, sphere.id, service.id, organization.id FROM plan
LEFT JOIN sphere ON sphere.code = sphere LEFT JOIN service ON service.code = service
LEFT JOIN organization ON organization.code = organization;
INSERT INTO questionnaire_criterion
SELECT questionnaire.id, criterion.id, criterion.ordinal FROM questionnaire, criterion
WHERE criterion.code <> 'CLEAN' OR questionnaire.code = 'HEALTH';
INSERT INTO question (questionnaire_id, code, type, required, position, text_en)
SELECT questionnaire.id, lower(type::text), type, false, row_number() OVER (PARTITION BY questionnaire.id), 'Why?'
FROM questionnaire, unnest(enum_range(NULL::question_type)) AS type WHERE questionnaire.code = 'GENERAL';
INSERT INTO question (questionnaire_id, code, type, required, position, text_en)
SELECT id, 'solved', 'YES_NO', true, 1, 'Solved?' FROM questionnaire WHERE code = 'WARD';
INSERT INTO question_option (question_id, code, position, text_en)
SELECT question.id, option.code, option.position, option.code
FROM question, (VALUES ('A', 1), ('B', 2)) AS option (code, position) WHERE type IN ('CHOICE', 'MULTIPLE_CHOICE');
"""

PUBLISH: LiteralString = """
UPDATE questionnaire SET published_at = now() - plan.published * interval '1 hour',
                         retired_at = now() - plan.retired * interval '1 hour'
FROM plan WHERE questionnaire.code = plan.code AND questionnaire.version = plan.version"""

# Whether somebody with a role may rate, is one account for each case; the months are since the role ended.
ACCOUNTS: LiteralString = """
CREATE TEMPORARY TABLE person (code, kind, organization, hierarchy, months) AS
SELECT 'citizen-' || number, 'PERSON', NULL, NULL, NULL::int FROM generate_series(1, 24) AS number
UNION ALL VALUES
    ('company', 'BUSINESS', NULL, NULL, NULL),
    ('head', 'PERSON', 'HOSPITAL', 'SUBORDINATION', NULL), ('regional', 'PERSON', 'REGION', 'SUBORDINATION', NULL),
    ('minister', 'PERSON', 'MINISTRY', 'SUBORDINATION', NULL), ('nurse', 'PERSON', 'WARD', 'SUBORDINATION', NULL),
    ('inspector', 'PERSON', 'INSPECTORATE', 'SUPERVISION', NULL), ('overseen', 'PERSON', 'CLINIC', 'SUPERVISION', NULL),
    ('left-11-months-ago', 'PERSON', 'HOSPITAL', 'SUBORDINATION', 11),
    ('left-13-months-ago', 'PERSON', 'HOSPITAL', 'SUBORDINATION', 13);
INSERT INTO rater (pseudonym, kind) SELECT md5(code)::uuid, kind::rater_kind FROM person;
INSERT INTO account (code, rater_id) SELECT code, rater.id FROM person JOIN rater ON pseudonym = md5(code)::uuid;
INSERT INTO role_grant (account_id, role, organization_id, hierarchy, valid_from, valid_to)
SELECT account.id, 'HEAD', organization.id, hierarchy::hierarchy, '2015-01-01',
       current_date - make_interval(months => months)
FROM person JOIN account USING (code) JOIN organization ON organization.code = person.organization;
"""

# What was said before: four by as many people, and one taken back. One rater is enough to be ranked.
SUBMISSIONS: LiteralString = """
INSERT INTO submission (organization_id, rater_id, rater_kind, questionnaire_id, scores, submitted_at, submitted_on,
                        status, status_at)
SELECT organization.id, account.rater_id, 'PERSON', questionnaire.id, scores::smallint[], now() - interval '3 days',
       current_date - 3, status::submission_status, CASE WHEN status <> 'COUNTED' THEN now() END
FROM (VALUES ('citizen-1', 'HOSPITAL', '{5,4,NULL}', 'COUNTED'), ('citizen-2', 'CLINIC', '{4,4,3}', 'COUNTED'),
             ('citizen-3', 'WARD', '{2,1,1}', 'COUNTED'), ('citizen-4', 'CLOSED', '{5,5,5}', 'COUNTED'),
             ('citizen-5', 'HOSPITAL', '{1,1,1}', 'WITHDRAWN')) AS said (account, organization, scores, status)
JOIN account ON account.code = account JOIN organization ON organization.code = organization
JOIN questionnaire ON questionnaire.code = 'HEALTH';
INSERT INTO policy (name, valid_from, value) VALUES ('MIN_RATERS', '2020-01-01', '1');
"""


def build(url: str) -> None:
    """Make the country in a database that the migrations have built."""
    with psycopg.connect(url) as connection:
        connection.execute(REGISTER)
        for hierarchy, levels in TREES.items():
            for parent, children in levels.items():
                connection.execute(PLACE, [hierarchy, hierarchy, parent, children])
        connection.execute(FORMS)
        connection.execute(PUBLISH)
        connection.execute(ACCOUNTS)
        connection.execute(SUBMISSIONS)
        recount.rebuild(connection)


def id_of(url: str, typename: str, code: str, version: int = 1) -> str:
    """The global id of what has a code; a version is that of a questionnaire."""
    tables: dict[str, LiteralString] = {
        "Organization": "SELECT id FROM organization WHERE code = %s AND %s = 1",
        "Questionnaire": "SELECT id FROM questionnaire WHERE code = %s AND version = %s",
    }
    with psycopg.connect(url) as connection:
        ((key,),) = connection.execute(tables[typename], [code, version]).fetchall()
    return encode(typename, key)
