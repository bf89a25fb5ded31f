"""What a ministry asks in the demo: a draft, a questionnaire that is shown, a survey that runs and one that is over.

The Ministry of Health asks those it oversees. Answers are by numbers, not drawn: few at the first organizations, so
that some results are withheld, and many at the last ones.
"""

from typing import LiteralString

from psycopg import Connection

FORMS: LiteralString = """
CREATE TEMPORARY TABLE plan (code, category, opens_on, closes_on, published, title_be, title_ru, title_en)
ON COMMIT DROP AS VALUES
    ('HEALTH-DENTAL', 'HEALTH-DENTAL', NULL::date, NULL::date, NULL::timestamptz,
     'Анкета пацыента стаматалогіі', 'Анкета пациента стоматологии', 'Dental patient questionnaire'),
    ('HEALTH-AMBULANCE', 'HEALTH-AMBULANCE', NULL, NULL, '2026-11-15 12:00+03',
     'Анкета пра хуткую дапамогу', 'Анкета о скорой помощи', 'Ambulance questionnaire'),
    ('BOOKING-2026', NULL, '2026-09-01', '2027-08-31', '2026-08-25 12:00+03',
     'Апытанне пра запіс да ўрача', 'Опрос о записи к врачу', 'Survey on booking a doctor'),
    ('HOURS-2025', NULL, '2025-02-01', '2025-03-31', '2025-01-27 12:00+03',
     'Апытанне пра гадзіны работы', 'Опрос о часах работы', 'Survey on opening hours');
INSERT INTO questionnaire (code, version, title_be, title_ru, title_en, category_id, sphere_id, owner_id, hierarchy,
                           opens_on, closes_on)
SELECT plan.code, 1, title_be, title_ru, title_en, category.id, CASE WHEN plan.category IS NULL THEN sphere.id END,
       organization.id, 'SUPERVISION', opens_on, closes_on
FROM plan JOIN organization ON organization.code = 'BY-GOV-HEALTH' JOIN sphere ON sphere.code = 'HEALTH'
LEFT JOIN category ON category.code = plan.category ORDER BY plan.code;
INSERT INTO questionnaire_criterion (questionnaire_id, criterion_id, position)
SELECT questionnaire.id, criterion.id, row_number() OVER (PARTITION BY questionnaire.id ORDER BY criterion.id)
FROM plan JOIN questionnaire USING (code), criterion
WHERE plan.opens_on IS NULL AND criterion.sphere_id IS NULL AND criterion.service_id IS NULL;
INSERT INTO question (questionnaire_id, code, type, required, position, text_be, text_ru, text_en)
SELECT questionnaire.id, asked.code, asked.type::question_type, asked.code = 'WAY', place, be, ru, en
FROM plan JOIN questionnaire USING (code), (VALUES
    (1, 'WAY', 'CHOICE', 'Як вам зручней?', 'Как вам удобнее?', 'Which way suits you best?'),
    (2, 'DAYS', 'MULTIPLE_CHOICE', 'У якія дні?', 'В какие дни?', 'On which days?'),
    (3, 'EASY', 'YES_NO', 'Ці было проста?', 'Было ли просто?', 'Was it easy?'),
    (4, 'MINUTES', 'NUMBER', 'Колькі хвілін гэта заняло?', 'Сколько минут это заняло?', 'How many minutes did it take?'),
    (5, 'WISH', 'TEXT', 'Што палепшыць?', 'Что улучшить?', 'What should be better?')
) AS asked (place, code, type, be, ru, en);
INSERT INTO question_option (question_id, code, position, text_be, text_ru, text_en)
SELECT question.id, option.code, place, be, ru, en
FROM plan JOIN questionnaire USING (code) JOIN question ON question.questionnaire_id = questionnaire.id
JOIN (VALUES
    ('WAY', 1, 'ONLINE', 'Праз інтэрнэт', 'Через интернет', 'Online'),
    ('WAY', 2, 'PHONE', 'Па тэлефоне', 'По телефону', 'By telephone'),
    ('WAY', 3, 'DESK', 'У рэгістратуры', 'В регистратуре', 'At the desk'),
    ('DAYS', 1, 'WORKDAY', 'Будні', 'Будни', 'Workdays'),
    ('DAYS', 2, 'SATURDAY', 'Субота', 'Суббота', 'Saturdays'),
    ('DAYS', 3, 'SUNDAY', 'Нядзеля', 'Воскресенье', 'Sundays')
) AS option (question, place, code, be, ru, en) ON option.question = question.code;
UPDATE questionnaire SET published_at = plan.published FROM plan
WHERE questionnaire.code = plan.code AND plan.published IS NOT NULL"""

RESPONSES: LiteralString = """
INSERT INTO survey_response (code, questionnaire_id, organization_id, rater_id, answered_on)
SELECT md5(concat_ws(' ', form.code, place.id, person.id))::uuid, form.id, place.id, person.rater_id,
       form.opens_on + (person.id % 50)::int
FROM questionnaire AS form,
     (SELECT organization.id, row_number() OVER (ORDER BY organization.id) AS number
      FROM organization JOIN organization_sphere ON organization_id = organization.id
      JOIN sphere ON sphere.id = sphere_id
      JOIN organization_position AS position ON position.organization_id = organization.id
       AND position.hierarchy = 'SUPERVISION' AND position.parent_id IS NOT NULL
      WHERE sphere.code = 'HEALTH' AND organization.closed_on IS NULL ORDER BY organization.id LIMIT 20) AS place,
     (SELECT id, rater_id FROM account
      WHERE NOT EXISTS (SELECT FROM role_grant WHERE account_id = account.id) ORDER BY id DESC LIMIT 200) AS person
WHERE form.opens_on IS NOT NULL AND (person.id * 31 + place.id * 17) % 100 < place.number * 2
ORDER BY form.id, place.id, person.id"""

ANSWERS: LiteralString = """
INSERT INTO survey_answer (question_id, response_id, "values")
SELECT question.id, response.id, CASE question.code
    WHEN 'WAY' THEN ARRAY[(ARRAY['ONLINE', 'ONLINE', 'PHONE', 'DESK'])[1 + response.id % 4]]
    WHEN 'DAYS' THEN (ARRAY['SATURDAY', 'WORKDAY', 'SUNDAY'])[1:1 + response.id % 3]
    WHEN 'EASY' THEN ARRAY[CASE WHEN response.id % 5 = 0 THEN 'false' ELSE 'true' END]
    WHEN 'MINUTES' THEN ARRAY[(3 + response.id * 7 % 55)::text]
    ELSE ARRAY[(ARRAY['Больш талонаў увечары.', 'Больше талонов вечером.', 'More evening appointments.'])[1 + response.id % 3]]
    END
FROM survey_response AS response JOIN question USING (questionnaire_id)
WHERE question.code = 'WAY' OR (response.id + question.position) % 3 > 0"""


def add_surveys(connection: Connection) -> None:
    """The forms of a ministry in every state, and what was answered to its surveys."""
    for statement in (FORMS, RESPONSES, ANSWERS):
        connection.execute(statement)
