"""Writing questionnaires: as drafts first, then their parts, then published, as the database demands."""

from psycopg import Connection

from exchange.load import CHANGED, NEW
from exchange.writing import id_of

# Drafts that are new or written anew. Of published forms only the retirement can be new.
WRITTEN = f"(({NEW}) OR changed = 'parts')"

RETIRE = f"""
    UPDATE questionnaire SET retired_at = incoming.retired_at
    FROM incoming WHERE form_id = id AND part = 'FORM' AND stored_publication IS NOT NULL AND {CHANGED}"""

CLEAR = (
    """DELETE FROM question_option USING question, incoming
       WHERE question_id = question.id AND questionnaire_id = form_id AND part = 'FORM' AND changed = 'parts'""",
    """DELETE FROM question USING incoming
       WHERE questionnaire_id = form_id AND part = 'FORM' AND changed = 'parts'""",
    """DELETE FROM questionnaire_criterion USING incoming
       WHERE questionnaire_id = form_id AND part = 'FORM' AND changed = 'parts'""",
)

FORMS = f"""
    INSERT INTO questionnaire (code, version, title_be, title_ru, title_en,
                               sphere_id, category_id, service_id, organization_id,
                               owner_id, hierarchy, opens_on, closes_on)
    SELECT questionnaire, version, text_be, text_ru, text_en,
           {id_of("sphere", "sphere")}, {id_of("category", "category")},
           {id_of("service", "service")}, {id_of("organization", "organization")},
           {id_of("organization", "owner")}, hierarchy::hierarchy, opens_on, closes_on
    FROM incoming WHERE part = 'FORM' AND {WRITTEN} ORDER BY number
    ON CONFLICT (code, version) DO UPDATE
    SET title_be = excluded.title_be, title_ru = excluded.title_ru, title_en = excluded.title_en,
        sphere_id = excluded.sphere_id, category_id = excluded.category_id,
        service_id = excluded.service_id, organization_id = excluded.organization_id,
        owner_id = excluded.owner_id, hierarchy = excluded.hierarchy,
        opens_on = excluded.opens_on, closes_on = excluded.closes_on"""

FORM = "questionnaire AS form ON form.code = incoming.questionnaire AND form.version = incoming.version"

CRITERIA = f"""
    INSERT INTO questionnaire_criterion (questionnaire_id, criterion_id, position)
    SELECT form.id, criterion.id, incoming.position
    FROM incoming JOIN {FORM} JOIN criterion ON criterion.code = incoming.code
    WHERE part = 'CRITERION' AND {WRITTEN}"""

QUESTIONS = f"""
    INSERT INTO question (questionnaire_id, code, text_be, text_ru, text_en, type, required, position)
    SELECT form.id, incoming.code, text_be, text_ru, text_en, type::question_type, required, position
    FROM incoming JOIN {FORM}
    WHERE part = 'QUESTION' AND {WRITTEN} ORDER BY number"""

OPTIONS = f"""
    INSERT INTO question_option (question_id, code, text_be, text_ru, text_en, position)
    SELECT question.id, incoming.code, incoming.text_be, incoming.text_ru, incoming.text_en, incoming.position
    FROM incoming JOIN {FORM} JOIN question ON question.questionnaire_id = form.id AND question.code = incoming.question
    WHERE part = 'OPTION' AND {WRITTEN}"""

PUBLISH = f"""
    UPDATE questionnaire SET published_at = incoming.published_at, retired_at = incoming.retired_at
    FROM incoming
    WHERE questionnaire.code = incoming.questionnaire AND questionnaire.version = incoming.version
      AND part = 'FORM' AND incoming.published_at IS NOT NULL AND {WRITTEN}"""


def save(connection: Connection) -> bool:
    """Forms that are retired go first, so that another version can become the current one."""
    for statement in (RETIRE, *CLEAR, FORMS, CRITERIA, QUESTIONS, OPTIONS, PUBLISH):
        connection.execute(statement)
    return False
