"""The demo's reviews in every state of the loop: seen, answered, acted on, settled, complained about.

Organizations that have a head in the demo handle theirs; what becomes of each goes by its number, from 0
to 19 and again: the later, the further it has come. All others wait.
"""

from typing import LiteralString

from psycopg import Connection

from exchange.demo.bulk import copy
from exchange.demo.data import rows
from exchange.demo.timeline import LAST

WORDS: LiteralString = "CREATE TEMPORARY TABLE words (kind text, language text, number int, text text) ON COMMIT DROP"

# The days of each step, null for one that is not made. Some are seen late, and some replies are late. One in twenty is in English. Whoever was
# content is thanked (the tone 2), the others are told that one is sorry, or what is better now.
HANDLED: LiteralString = """
CREATE TEMPORARY TABLE handled ON COMMIT DROP AS
SELECT review.submission_id, review.organization_id, submission.rater_id, review.state, number, draw,
       CASE WHEN draw = 19 THEN 'en' WHEN review.text ~ '[іў]' THEN 'be' ELSE 'ru' END AS language,
       CASE WHEN mark >= 4 * 720720 THEN 2 ELSE 1 + draw % 2 * 2 END AS tone,
       head.account_id AS head, coalesce(staff.account_id, head.account_id) AS staff,
       CASE WHEN draw = 6 THEN review.submitted_on + 10 WHEN draw >= 1 THEN review.submitted_on + draw % 4 END AS seen_on,
       CASE WHEN draw >= 3 THEN review.submitted_on + 1 + draw * 3 % 19 END AS replied_on,
       CASE WHEN draw IN (5, 13) THEN review.submitted_on + 3 + draw * 3 % 19 END AS edited_on,
       CASE WHEN draw >= 12 THEN review.submitted_on + 4 + draw * 3 % 19 END AS acted_on,
       CASE WHEN draw >= 14 THEN review.submitted_on + 6 + draw * 3 % 19 END AS said_on,
       review.submitted_on + 5 + draw * 3 % 19 AS complained_on
FROM (
    SELECT submission_id, row_number() OVER (ORDER BY submission_id) AS number,
           (row_number() OVER (ORDER BY submission_id) % 20)::integer AS draw
    FROM review JOIN role_grant USING (organization_id)
    WHERE role = 'HEAD' AND status = 'COUNTED' AND state IN ('PUBLISHED', 'PRIVATE')
) AS drawn
JOIN review USING (submission_id)
JOIN submission ON submission.id = submission_id
JOIN role_grant AS head ON head.organization_id = review.organization_id AND head.role = 'HEAD'
LEFT JOIN role_grant AS staff ON staff.organization_id = review.organization_id AND staff.role = 'STAFF'"""

EVENTS: LiteralString = """
WITH steps AS (
    SELECT submission_id, organization_id, step.* FROM handled CROSS JOIN LATERAL (VALUES
        (seen_on, head, 'REVIEW_SEEN', NULL), (replied_on, staff, 'REVIEW_ANSWERED', 1),
        (edited_on, head, 'REPLY_EDITED', 2), (acted_on, head, 'MEASURE_RECORDED', NULL)
    ) AS step (done_on, account_id, action, version)
    WHERE done_on <= %(last)s
)
INSERT INTO audit_event (at, account_id, action, organization_id, subject, subject_id, details)
SELECT (done_on + time '12:00') AT TIME ZONE 'Europe/Minsk', account_id, action::audit_action, organization_id, 'REVIEW',
       submission_id, jsonb_strip_nulls(jsonb_build_object('version', version))
FROM steps ORDER BY done_on, submission_id, action"""

READINGS: LiteralString = """
INSERT INTO review_reading (submission_id, seen_on, role, event_id)
SELECT submission_id, seen_on, 'HEAD', audit_event.id FROM handled
JOIN audit_event ON subject = 'REVIEW' AND subject_id = submission_id AND action = 'REVIEW_SEEN'"""

REPLIES: LiteralString = """
INSERT INTO reply (submission_id, version, text, written_on, event_id)
SELECT submission_id, step.version, words.text, step.written_on, audit_event.id
FROM handled
CROSS JOIN LATERAL (VALUES (1, 'REVIEW_ANSWERED', 'REPLY', tone, replied_on), (2, 'REPLY_EDITED', 'EDIT', 1, edited_on))
    AS step (version, action, kind, number, written_on)
JOIN words ON words.kind = step.kind AND words.language = handled.language AND words.number = step.number
JOIN audit_event ON subject = 'REVIEW' AND subject_id = submission_id AND audit_event.action = step.action::audit_action
ORDER BY submission_id, version"""

MEASURES: LiteralString = """
INSERT INTO measure (submission_id, text, taken_on, recorded_on, event_id)
SELECT submission_id, words.text, acted_on - 1, acted_on, audit_event.id FROM handled
JOIN words ON kind = 'MEASURE' AND words.language = handled.language AND words.number = 1 + mod(draw, 3)
JOIN audit_event ON subject = 'REVIEW' AND subject_id = submission_id AND action = 'MEASURE_RECORDED'
ORDER BY submission_id"""

SETTLEMENTS: LiteralString = """
INSERT INTO settlement (submission_id, settled, said_on)
SELECT submission_id, draw >= 16, said_on FROM handled WHERE said_on <= %(last)s"""

# By the draw: open ones about a review and about a reply, upheld ones, dismissed ones. Only the first forty and few of
# the others are complained about, by the next one who rates.
COMPLAINTS: LiteralString = """
INSERT INTO complaint (submission_id, about, reply_version, ground, text, rater_id, made_on)
SELECT submission_id, about::complaint_about, CASE about WHEN 'REPLY' THEN 1 END, ground::complaint_ground, NULL,
       (SELECT min(id) FROM rater WHERE rater.id > handled.rater_id), complained_on
FROM handled JOIN (VALUES (3, 'REVIEW', 'INSULT'), (4, 'REPLY', 'OFF_TOPIC'), (6, 'REPLY', 'PRESSURE'),
    (7, 'REVIEW', 'PERSONAL_DATA'), (8, 'REVIEW', 'ADVERTISING'), (9, 'REPLY', 'OFF_TOPIC')
) AS complained (draw, about, ground) USING (draw)
WHERE complained_on <= %(last)s AND state = 'PUBLISHED' AND (number <= 40 OR mod(number, 400) < 20)
  AND EXISTS (SELECT FROM rater WHERE rater.id > handled.rater_id)
ORDER BY submission_id"""

DECISIONS: LiteralString = """
WITH decided AS (
    SELECT complaint.id, organization_id, about, made_on + 2 AS day, draw IN (6, 7) AS upheld,
           (ARRAY['ru', 'be', 'en'])[CASE WHEN draw IN (6, 7) THEN 1 ELSE 2 + mod(draw, 2) END] AS spoken
    FROM complaint JOIN handled USING (submission_id) WHERE draw > 5 AND made_on + 2 <= %(last)s
),
event AS (
    INSERT INTO audit_event (at, account_id, action, organization_id, subject, subject_id, details)
    SELECT (day + time '15:00') AT TIME ZONE 'Europe/Minsk', (SELECT min(account_id) FROM role_grant WHERE role = 'MODERATOR'),
           'COMPLAINT_DECIDED', organization_id, 'COMPLAINT', id, jsonb_build_object('about', about, 'upheld', upheld)
    FROM decided ORDER BY day, id RETURNING id, subject_id
)
UPDATE complaint SET upheld = decided.upheld, reason = words.text, decided_on = day, event_id = event.id
FROM decided JOIN event ON subject_id = decided.id JOIN words ON kind = 'REASON' AND language = spoken
WHERE complaint.id = decided.id"""

HIDING: LiteralString = """
UPDATE reply SET hidden = true FROM complaint
WHERE upheld AND about = 'REPLY' AND (reply.submission_id, version) = (complaint.submission_id, reply_version);
UPDATE review SET state = 'HIDDEN' FROM complaint
WHERE upheld AND about = 'REVIEW' AND review.submission_id = complaint.submission_id;
WITH event AS (
    INSERT INTO audit_event (at, account_id, action, organization_id, subject, subject_id, details)
    SELECT decision.at, decision.account_id, 'REVIEW_HIDDEN', organization_id, 'REVIEW', submission_id,
           jsonb_build_object('ground', ground)
    FROM complaint JOIN audit_event AS decision ON decision.id = event_id
    WHERE upheld AND about = 'REVIEW' ORDER BY complaint.id
    RETURNING id, subject_id, details
)
INSERT INTO review_ruling (event_id, submission_id, ground)
SELECT id, subject_id, (details ->> 'ground')::hiding_ground FROM event"""


def add_loop(connection: Connection) -> None:
    """What became of the reviews, as the portal would have recorded it."""
    connection.execute(WORDS)
    texts = ((row["kind"], row["language"], int(row["number"]), row["text"]) for row in rows("replies"))
    copy(connection, "words", "kind, language, number, text", texts)
    connection.execute(HANDLED)
    connection.execute("ANALYZE handled")
    for statement in (EVENTS, READINGS, REPLIES, MEASURES, SETTLEMENTS, COMPLAINTS, DECISIONS):
        connection.execute(statement, {"last": LAST})
    connection.execute(HIDING)
