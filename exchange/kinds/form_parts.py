"""The parts of questionnaires, each a row of one flat file."""

import enum


class Part(enum.Enum):
    """What a row tells of."""

    FORM = "FORM"
    CRITERION = "CRITERION"
    QUESTION = "QUESTION"
    OPTION = "OPTION"


# Every part in the columns of the file; what a part does not have is null.
CURRENT = """
    SELECT form.code AS questionnaire, form.version, part, parts.question, parts.code, parts.position,
           text_be, text_ru, text_en, type::text, required, parts.sphere, parts.category, parts.service,
           parts.organization, parts.owner, parts.hierarchy, parts.opens_on, parts.closes_on,
           parts.published_at, parts.retired_at, rank, parts.question_position
    FROM questionnaire AS form
    CROSS JOIN LATERAL (
        SELECT 1 AS rank, 'FORM' AS part, NULL AS question, 0 AS question_position, NULL AS code, NULL AS position,
               title_be AS text_be, title_ru AS text_ru, title_en AS text_en,
               NULL::question_type AS type, NULL::boolean AS required,
               (SELECT code FROM sphere WHERE id = form.sphere_id) AS sphere,
               (SELECT code FROM category WHERE id = form.category_id) AS category,
               (SELECT code FROM service WHERE id = form.service_id) AS service,
               (SELECT code FROM organization WHERE id = form.organization_id) AS organization,
               (SELECT code FROM organization WHERE id = form.owner_id) AS owner, form.hierarchy::text AS hierarchy,
               form.opens_on, form.closes_on, form.published_at, form.retired_at
        UNION ALL
        SELECT 2, 'CRITERION', NULL, 0, criterion.code, place.position,
               NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
        FROM questionnaire_criterion AS place JOIN criterion ON criterion.id = criterion_id
        WHERE questionnaire_id = form.id
        UNION ALL
        SELECT 3, 'QUESTION', NULL, position, code, position,
               text_be, text_ru, text_en, type, required,
               NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
        FROM question WHERE questionnaire_id = form.id
        UNION ALL
        SELECT 4, 'OPTION', question.code, question.position, option.code, option.position,
               option.text_be, option.text_ru, option.text_en, NULL, NULL,
               NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
        FROM question JOIN question_option AS option ON option.question_id = question.id
        WHERE questionnaire_id = form.id
    ) AS parts"""
