"""Complaints: made by anybody who reads, decided by moderators with a reason, published as counts."""

from typing import Any

import psycopg
import pytest

from engine.meanings.global_ids import encode, key_of
from models import recount
from tests.letters import letters
from tests.voices import Voice, confirm, contents, mutation, official, reviewed, voice

ALL = "query($state: [ComplaintState!]) { complaints(state: $state) { nodes { id state text } totalCount } }"
MINE = "{ viewer { complaints { nodes { id state reason review { id } } } } }"
OBJECTION = {"about": "REVIEW", "ground": "INSULT", "text": "It calls the nurse names."}
NONE = {"made": 0, "open": 0, "upheld": 0, "dismissed": 0}
TEXT = "query($id: ID!) { node(id: $id) { ... on Review { text state reply { text hidden } } } }"


@pytest.fixture
async def review(author: Voice, head: Voice) -> str:
    """A review that was answered."""
    made = await reviewed(author)
    await head.do("replyToReview", review=made, text="Who are you to say so?")
    return made


@pytest.fixture
def reader(author: Voice) -> Voice:
    """Somebody who reads what is published."""
    return voice(author, "citizen-10")


async def complained(who: Voice, review: str, **changes: Any) -> str:
    """The id of a new complaint."""
    found = await who.do("complainAboutReview", review=review, **(OBJECTION | changes))
    return str(found["complaint"]["id"])


async def refused(who: Voice, code: str, name: str, *path: str, **given: Any) -> None:
    """It is refused with a code and leaves everything as it was."""
    before = contents(who.url)
    assert await who.refusal(name, **given) == (code, ["input", *path])
    assert contents(who.url) == before


async def text(who: Voice, review: str) -> Any:
    return (await who.ask(TEXT, id=review)).data["node"]


async def test_a_review_that_is_hidden_on_a_complaint(
    author: Voice, head: Voice, moderator: Voice, reader: Voice, review: str
) -> None:
    """The public sees neither it nor its reply any more, the counts tell of it, and its scores count on."""
    complaint = await complained(reader, review)
    assert (await head.review(review))["complaints"] == NONE | {"made": 1, "open": 1}
    waiting = (await moderator.ask(ALL, state=["OPEN"])).data["complaints"]
    assert waiting["nodes"] == [{"id": complaint, "state": "OPEN", "text": OBJECTION["text"]}]
    decided = await moderator.do("decideComplaint", complaint=complaint, upheld=True, reason="It does.")
    assert (decided["complaint"]["state"], decided["complaint"]["reason"]) == ("UPHELD", "It does.")
    assert decided["review"]["complaints"] == NONE | {"made": 1, "upheld": 1}
    assert await text(voice(author, None), review) is None
    assert (await text(author, review))["state"] == "HIDDEN"
    with psycopg.connect(author.url) as connection:
        assert connection.execute("SELECT ground::text FROM review_ruling").fetchall() == [("INSULT",)]
    assert (await reader.figures("MINISTRY", scope="SUBTREE"))[1] == NONE | {"made": 1, "upheld": 1}
    mine = (await reader.ask(MINE)).data["viewer"]["complaints"]["nodes"]
    assert mine == [{"id": complaint, "state": "UPHELD", "reason": "It does.", "review": None}]
    with psycopg.connect(author.url) as connection:
        assert recount.differences(connection) == []


async def test_a_reply_that_is_hidden_until_it_is_another(
    author: Voice, head: Voice, moderator: Voice, review: str
) -> None:
    complaint = await complained(author, review, about="REPLY", ground="PRESSURE")
    await moderator.do("decideComplaint", complaint=complaint, upheld=True, reason="It threatens.")
    everybody = voice(author, None)
    assert (await text(everybody, review))["reply"] == {"text": None, "hidden": True}
    assert (await text(head, review))["reply"] == {"text": "Who are you to say so?", "hidden": True}
    await refused(
        voice(author, "citizen-11"),
        "NOT_ANSWERED",
        "complainAboutReview",
        "review",
        review=review,
        **OBJECTION | {"about": "REPLY"},
    )
    await head.do("editReply", review=review, version=1, text="We are sorry.")
    assert (await text(everybody, review))["reply"] == {"text": "We are sorry.", "hidden": False}
    versions = (await head.review(review))["reply"]["versions"]
    assert [each["hidden"] for each in versions] == [True, False]


async def test_a_dismissed_complaint_changes_nothing_but_counts(
    author: Voice, moderator: Voice, reader: Voice, review: str
) -> None:
    before = await text(voice(author, None), review)
    complaint = await complained(reader, review)
    await moderator.do("decideComplaint", complaint=complaint, upheld=False, reason="It is harsh, and no more.")
    assert await text(voice(author, None), review) == before
    assert (await reader.review(review))["complaints"] == NONE | {"made": 1, "dismissed": 1}
    assert await complained(reader, review) != complaint


async def test_each_decision_is_one_event_without_its_reason(
    author: Voice, moderator: Voice, reader: Voice, review: str
) -> None:
    complaint, trail = await complained(reader, review), len(contents(author.url)["audit_event"])
    for _ in range(2):
        await moderator.do("decideComplaint", complaint=complaint, upheld=False, reason="It is harsh.")
    events = contents(author.url)["audit_event"]
    assert len(events) == trail + 1
    assert "harsh" not in repr(events)


async def test_whoever_complained_is_told_by_mail_without_the_reason(
    author: Voice, moderator: Voice, reader: Voice, review: str
) -> None:
    address = confirm(reader, "BE")
    complaint = await complained(reader, review)
    await moderator.do("decideComplaint", complaint=complaint, upheld=False, reason="It is harsh.")
    (letter,) = letters(author.url)
    assert (letter.kind, letter.recipient, letter.subject) == ("COMPLAINT_DECIDED", address, "Рашэнне па вашай скарзе")
    assert "harsh" not in letter.body


async def test_who_complains_of_what(author: Voice, head: Voice, moderator: Voice, reader: Voice, review: str) -> None:
    name, path = "complainAboutReview", "review"
    await refused(author, "OWN_REVIEW", name, path, review=review, **OBJECTION)
    for words, code in {" ": "TEXT_BLANK", "\x07": "TEXT_INVALID", "x" * 2_001: "TEXT_TOO_LONG"}.items():
        await refused(reader, code, name, "text", review=review, **OBJECTION | {"text": words})
    await refused(reader, "REVIEW_UNKNOWN", name, path, review=encode("Review", 999_999), **OBJECTION)
    await refused(reader, "ID_INVALID", name, path, review=encode("Reply", 1), **OBJECTION)
    silent = await reviewed(voice(author, "citizen-12"))
    await refused(reader, "NOT_ANSWERED", name, path, review=silent, **OBJECTION | {"about": "REPLY"})
    private = await voice(author, "citizen-13").submit(comment="Only for you.", publishComment=False)
    hidden = encode("Review", key_of(private["submission"]["id"], "Submission", "id"))
    for who in (reader, head):
        await refused(who, "REVIEW_UNKNOWN", name, path, review=hidden, **OBJECTION)
    first = await complained(reader, review)
    assert await complained(reader, review) == first
    await refused(reader, "ALREADY_COMPLAINED", name, path, review=review, **OBJECTION | {"ground": "ADVERTISING"})
    before = contents(author.url)
    answer = await voice(author, None).ask(mutation(name), input={"review": review, **OBJECTION})
    assert answer.refusal[0] == "UNAUTHENTICATED"
    assert contents(author.url) == before


async def test_who_decides_what(author: Voice, head: Voice, moderator: Voice, reader: Voice, review: str) -> None:
    complaint, name = await complained(reader, review), "decideComplaint"
    decision = {"complaint": complaint, "upheld": True, "reason": "It does."}
    elsewhere = official(author, "citizen-14", "MODERATOR", "SCHOOL")
    await refused(elsewhere, "COMPLAINT_UNKNOWN", name, "complaint", **decision)
    await refused(
        moderator, "COMPLAINT_UNKNOWN", name, "complaint", **decision | {"complaint": encode("Complaint", 99)}
    )
    for words, code in {" ": "TEXT_BLANK", "\x07": "TEXT_INVALID", "x" * 2_001: "TEXT_TOO_LONG"}.items():
        await refused(moderator, code, name, "reason", **decision | {"reason": words})
    interested = (
        official(author, "citizen-10", "MODERATOR", "MINISTRY"),
        official(author, "citizen-9", "MODERATOR", "MINISTRY"),
    )
    for who in interested:
        await refused(who, "OWN_COMPLAINT", name, "complaint", **decision)
    for who, code in ((head, "FORBIDDEN"), (voice(author, None), "UNAUTHENTICATED")):
        before = contents(author.url)
        assert (await who.ask(mutation(name), input=decision)).refusal[0] == code
        assert contents(author.url) == before
    await moderator.do(name, **decision)
    await refused(moderator, "ALREADY_DECIDED", name, "complaint", **decision | {"upheld": False})


async def test_a_complaint_lapses_with_its_review(author: Voice, moderator: Voice, reader: Voice, review: str) -> None:
    complaint = await complained(reader, review)
    await author.withdraw(encode("Submission", key_of(review, "Review", "id")))
    assert (await reader.ask(MINE)).data["viewer"]["complaints"]["nodes"][0]["state"] == "LAPSED"
    assert (await moderator.ask(ALL, state=["OPEN"])).data["complaints"]["totalCount"] == 0
    await refused(
        moderator, "REVIEW_WITHDRAWN", "decideComplaint", "complaint", complaint=complaint, upheld=True, reason="Gone."
    )


async def test_a_complaint_is_seen_by_its_maker_and_moderators(
    author: Voice, head: Voice, moderator: Voice, reader: Voice, review: str
) -> None:
    complaint = await complained(reader, review)
    seen = "query($id: ID!) { node(id: $id) { ... on Complaint { text } } }"
    for who, sees in ((reader, True), (moderator, True), (head, False), (author, False), (voice(author, None), False)):
        assert ((await who.ask(seen, id=complaint)).data["node"] is not None) is sees
        assert (await who.ask(ALL)).data["complaints"]["totalCount"] == (who is moderator)


async def test_a_person_has_not_more_than_twenty_that_wait(author: Voice, reader: Voice) -> None:
    reviews = [await reviewed(voice(author, f"citizen-{number}")) for number in (*range(1, 10), *range(11, 23))]
    for each in reviews[:20]:
        await complained(reader, each)
    await refused(reader, "TOO_MANY_COMPLAINTS", "complainAboutReview", "review", review=reviews[20], **OBJECTION)
