"""Checks of questionnaires that look at a whole form.

What is wrong with a form as a whole is noted at its row FORM; then every other row of it goes too,
because a published form could never be mended.
"""

from exchange.kinds.form_parts import CURRENT
from exchange.load import Load

# Rows of the file that belong to a form, by what the file calls it.
SAME_FORM = "(other.questionnaire, other.version) = (incoming.questionnaire, incoming.version)"

NO_FORM = f"""
    SELECT number, 'part', 'has no row FORM in this file' FROM incoming
    WHERE NOT EXISTS (SELECT FROM incoming AS other WHERE {SAME_FORM} AND other.part = 'FORM')"""

NO_CHOICE = f"""
    SELECT number, 'question', 'is no choice of this questionnaire' FROM incoming
    WHERE part = 'OPTION' AND NOT EXISTS (
        SELECT FROM incoming AS other
        WHERE {SAME_FORM} AND other.part = 'QUESTION' AND other.code = incoming.question AND other.type LIKE '%CHOICE')"""

NO_OPTION = f"""
    SELECT number, 'type', 'offers no option' FROM incoming
    WHERE type LIKE '%CHOICE' AND NOT EXISTS (
        SELECT FROM incoming AS other WHERE {SAME_FORM} AND other.part = 'OPTION' AND other.question = incoming.code)"""

SAME_PLACE = """
    SELECT number, 'position', 'is taken by another part of its kind' FROM (
        SELECT number, row_number() OVER (
            PARTITION BY questionnaire, version, part, question, position ORDER BY number) AS use
        FROM incoming WHERE position IS NOT NULL) AS placed
    WHERE use > 1"""

GAP = f"""
    SELECT number, 'part', 'has criteria whose positions are not 1, 2, 3 and so on' FROM incoming
    WHERE part = 'FORM' AND published_at IS NOT NULL AND opens_on IS NULL AND (
        SELECT count(*) = 0 OR max(other.position) <> count(*)
        FROM incoming AS other WHERE {SAME_FORM} AND other.part = 'CRITERION')"""

SURVEY = f"""
    SELECT number, 'opens_on', 'is for surveys, which have questions and no criteria' FROM incoming
    WHERE part = 'FORM' AND published_at IS NOT NULL AND opens_on IS NOT NULL AND (
        EXISTS (SELECT FROM incoming AS other WHERE {SAME_FORM} AND other.part = 'CRITERION')
        OR NOT EXISTS (SELECT FROM incoming AS other WHERE {SAME_FORM} AND other.part = 'QUESTION'))"""

# The date of a publication is one of the portal's calendar, whatever time zone a session has.
PUBLISHED_ON = "(published_at AT TIME ZONE (policy_value('TIME_ZONE') #>> '{}'))::date"

NO_BASIC = f"""
    SELECT number, 'part', 'lacks a basic criterion' FROM incoming
    WHERE part = 'FORM' AND opens_on IS NULL AND EXISTS (
        SELECT FROM criterion
        WHERE sphere_id IS NULL AND service_id IS NULL
          AND {PUBLISHED_ON} BETWEEN valid_from AND coalesce(valid_to, 'infinity')
          AND NOT EXISTS (SELECT FROM incoming AS other
                          WHERE {SAME_FORM} AND other.part = 'CRITERION' AND other.code = criterion.code))"""

# Parts that are new, other than stored, or no longer in the file.
OTHER_CONTENT = f"""(
    EXISTS (SELECT FROM incoming AS other
            WHERE {SAME_FORM} AND (other.changed IS NULL OR other.changed NOT IN ('', 'retired_at')))
    OR (SELECT count(*) FROM incoming AS other WHERE {SAME_FORM}) < (
        SELECT count(*) FROM ({CURRENT}) AS stored
        WHERE (stored.questionnaire, stored.version) = (incoming.questionnaire, incoming.version)))"""

# Of a published form, only its retirement may be told later.
PUBLISHED = f"""
    SELECT number, 'published_at', 'is published already with other content, and does not change' FROM incoming
    WHERE part = 'FORM' AND stored_publication IS NOT NULL AND {OTHER_CONTENT}"""

TWO_CURRENT = """
    SELECT number, 'retired_at', 'is missing: another version is current' FROM incoming
    WHERE part = 'FORM' AND published_at IS NOT NULL AND retired_at IS NULL AND (
        EXISTS (SELECT FROM incoming AS other
                WHERE other.questionnaire = incoming.questionnaire AND other.version > incoming.version
                  AND other.part = 'FORM' AND other.published_at IS NOT NULL AND other.retired_at IS NULL)
        OR EXISTS (SELECT FROM questionnaire AS stored
                   WHERE stored.code = incoming.questionnaire
                     AND stored.published_at IS NOT NULL AND stored.retired_at IS NULL
                     AND NOT EXISTS (SELECT FROM incoming AS other
                                     WHERE other.form_id = stored.id AND other.part = 'FORM')))"""

# A rejected row that does not tell its form might belong to any.
WHOLE = """
    WITH wrong AS (SELECT questionnaire, version FROM staged WHERE number IN (SELECT number FROM rejection))
    SELECT number, 'questionnaire', 'has another row that is wrong' FROM incoming
    WHERE EXISTS (SELECT FROM wrong
                  WHERE coalesce(wrong.questionnaire, incoming.questionnaire) = incoming.questionnaire
                    AND coalesce(wrong.version, incoming.version) = incoming.version)"""

# A draft that differs anywhere is written anew as a whole.
REWRITTEN = f"""
    UPDATE incoming SET changed = 'parts'
    WHERE form_id IS NOT NULL AND stored_publication IS NULL AND {OTHER_CONTENT}"""


def settle(load: Load) -> None:
    """Reject what does not make a form, and every form that lacks a row."""
    load.reject(WHOLE)
    for faults in (NO_FORM, NO_CHOICE, NO_OPTION, SAME_PLACE, GAP, SURVEY, NO_BASIC, PUBLISHED, TWO_CURRENT):
        load.reject(faults)
    load.reject(WHOLE)
    load.connection.execute(REWRITTEN)
