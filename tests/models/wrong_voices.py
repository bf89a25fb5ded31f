"""What the database refuses of replies, measures and complaints: a statement or more a rule."""

from typing import LiteralString

# ruff: noqa: S608 - the statements are put together from this file's own constants.

REVIEW: LiteralString = "INSERT INTO review (submission_id, text) VALUES (1, 'Text');"
EVENT: LiteralString = """WITH event AS (
    INSERT INTO audit_event (action, subject) VALUES ('REVIEW_SEEN', 'REVIEW') RETURNING id)"""
TOMORROW, LONG = "current_date + 1", "repeat('x', 10001)"


def reply(version: str = "1", text: str = "'Text'") -> str:
    """A statement that answers a review."""
    return f"""{REVIEW} {EVENT} INSERT INTO reply (submission_id, version, text, written_on, event_id)
        SELECT 1, {version}, {text}, current_date, id FROM event"""


def measure(text: str = "'Text'", taken: str = "current_date") -> str:
    """A statement that tells what was done."""
    return f"""{REVIEW} {EVENT} INSERT INTO measure (submission_id, text, taken_on, recorded_on, event_id)
        SELECT 1, {text}, {taken}, current_date, id FROM event"""


def complaint(**changes: str) -> str:
    """A statement that complains about a review, some of its columns changed."""
    columns = {
        "submission_id": "1",
        "about": "'REVIEW'",
        "reply_version": "NULL",
        "ground": "'INSULT'",
        "text": "NULL",
        "rater_id": "(SELECT min(id) FROM rater)",
        "made_on": "current_date",
    } | changes
    return f"""{EVENT} INSERT INTO complaint ({", ".join(columns)})
        SELECT {", ".join(columns.values())} FROM event;"""


def decided(reason: str = "'Reason'", day: str = "current_date", event: str = "id") -> str:
    """A statement that makes a complaint that is decided."""
    return REVIEW + complaint(upheld="false", reason=reason, decided_on=day, event_id=event)


def ruling(note: str) -> str:
    """A statement that hides a review with a note."""
    return f"""{REVIEW} {EVENT} INSERT INTO review_ruling SELECT id, 1, 'INSULT', {note} FROM event"""


POLICY = "INSERT INTO review_policy (valid_from, moderation) VALUES ('2000-01-01 00:00+00', 'BEFORE_PUBLICATION');"
PLANNED_POLICY = POLICY.replace("'2000-01-01 00:00+00'", "now() + interval '1 day'")

WISH = REVIEW + "INSERT INTO privacy_wish (submission_id, private, was, wished_on) VALUES (1, {}, {}, current_date)"

WRONG_VOICES = {
    "ck_privacy_wish_changes_something": [WISH.format("true", "'PRIVATE'"), WISH.format("false", "'PENDING'")],
    "ck_review_ruling_has_a_note": [ruling("' '"), ruling("repeat('x', 2001)")],
    "uq_review_policy_sphere_id_valid_from": [POLICY],
    "review_policy_stays": [
        "UPDATE review_policy SET moderation = 'BEFORE_PUBLICATION'",
        "DELETE FROM review_policy",
        PLANNED_POLICY + "UPDATE review_policy SET valid_from = now() - interval '1 s' WHERE valid_from > now()",
    ],
    "ck_reply_has_a_version": [reply(version="0")],
    "ck_reply_has_a_text": [reply(text="' '"), reply(text=LONG)],
    "pk_reply": [f"{reply()}; {reply().removeprefix(REVIEW)}"],
    "ck_measure_has_a_text": [measure(text="' '"), measure(text=LONG)],
    "ck_measure_taken_before": [measure(taken=TOMORROW)],
    "ck_complaint_names_a_version": [
        REVIEW + complaint(reply_version="1"),
        REVIEW + complaint(about="'REPLY'"),
    ],
    "ck_complaint_has_a_text": [REVIEW + complaint(text="' '"), REVIEW + complaint(text=LONG)],
    "ck_complaint_has_a_reason": [decided(reason="' '"), decided(reason=LONG)],
    "ck_complaint_decided_with_a_reason": [decided(reason="NULL"), decided(day="NULL"), decided(event="NULL")],
    "ck_complaint_decided_after": [decided(day="current_date - 1")],
    "fk_complaint_submission_id_reply_version": [REVIEW + complaint(about="'REPLY'", reply_version="1")],
    "uq_complaint_open": [REVIEW + complaint() + complaint()],
    "ck_account_speaks": ["UPDATE account SET language = 'ru'"],
}
