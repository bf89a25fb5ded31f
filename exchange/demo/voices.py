"""What becomes of the demo's reviews, and whom they name: told by a submission's number alone, without any dice."""

from datetime import timedelta
from typing import LiteralString, NamedTuple

from psycopg import Connection

from exchange.demo.schemes import HONEST, Honest
from exchange.demo.timeline import DAYS, LAST, day

REVIEW = "submission_id, organization_id, submitted_on, status, state, text, masked"
MENTION = "submission_id, name, delete_after, kind"
NULL = r"\N"
# One in so many; the last days of what awaits a moderator.
NAMING, HIDDEN, AWAITING, MENTIONING, LATEST = 89, 131, 4, 61, 14
KEPT = timedelta(days=365)
MASK = "[…]"
NAMED = (
    ("Принимала нас {}.", "Анна Ивановна Козлова"),
    ("Прыём вёў {}, дзякуй.", "Пятро Сяргеевіч Жук"),
    ("We were seen by {}, room 4.", "Dr. Jan Novak"),
    ("Перезвоните мне: {}.", "+375 29 000-00-00"),
)
EMPLOYEES = (
    "Анна К., окно 2",
    "Пётр Жук",
    "Марыя Іванаўна",
    "Ольга из регистратуры",
    "Jan Novak",
    "дежурный инспектор",
)


class Voice(NamedTuple):
    """A review's state, its text, and what is published in its place, as COPY has them."""

    state: str
    text: str
    masked: str


def voice(number: int, day_: int, text: str, scheme: Honest, *, private: bool) -> Voice:
    """What became of a review. Those of schemes stay as they are, as findings look for them."""
    if private:
        return Voice("PRIVATE", text, NULL)
    awaits = day_ >= DAYS - LATEST and number % AWAITING == 0
    if scheme is HONEST and number % NAMING == 0:
        sentence, name = NAMED[number // NAMING % len(NAMED)]
        masked = NULL if awaits else f"{text} {sentence.format(MASK)}"
        return Voice("PENDING" if awaits else "PUBLISHED", f"{text} {sentence.format(name)}", masked)
    hidden = number % HIDDEN == 0
    return Voice("PENDING" if awaits else "HIDDEN" if hidden else "PUBLISHED", text, NULL)


def mention(number: int, day_: int, *, good: bool) -> str | None:
    """The line about an employee whom a submission names, if it does; a name that is too old is gone."""
    if number % MENTIONING:
        return None
    until = day(day_) + KEPT
    name = EMPLOYEES[number // MENTIONING % len(EMPLOYEES)] if until > LAST else NULL
    return f"{number}\t{name}\t{until.isoformat()}\t{'PRAISE' if good else 'COMPLAINT'}\n"


# Health and education look at reviews first.
POLICIES: LiteralString = """
INSERT INTO review_policy (sphere_id, valid_from, moderation)
SELECT id, '2021-01-01 00:00+03', 'BEFORE_PUBLICATION' FROM sphere WHERE code IN ('HEALTH', 'EDUCATION')"""

# What was hidden or masked was so by the moderator, each ground in its turn.
RULINGS: LiteralString = """
WITH decided AS (
    SELECT *, CASE WHEN state = 'HIDDEN' THEN (enum_range(NULL::hiding_ground))[1 + submission_id % 5] END AS ground
    FROM review WHERE state = 'HIDDEN' OR masked IS NOT NULL
),
event AS (
    INSERT INTO audit_event (at, account_id, action, organization_id, subject, subject_id, details)
    SELECT (submitted_on + 1) + interval '9 hours', (SELECT min(account_id) FROM role_grant WHERE role = 'MODERATOR'),
           CASE WHEN ground IS NULL THEN 'REVIEW_PUBLISHED' ELSE 'REVIEW_HIDDEN' END::audit_action, organization_id,
           'REVIEW', submission_id,
           CASE WHEN ground IS NULL THEN '{"masked": true}' ELSE jsonb_build_object('ground', ground) END
    FROM decided ORDER BY submitted_on, submission_id
    RETURNING id, subject_id, details
)
INSERT INTO review_ruling (event_id, submission_id, ground)
SELECT id, subject_id, (details ->> 'ground')::hiding_ground FROM event"""


def add_moderation(connection: Connection) -> None:
    """The policies of two spheres, and what a moderator decided so far, as the portal would have recorded it."""
    connection.execute(POLICIES)
    connection.execute(RULINGS)
