"""Steps of a loop that are refused: each time nothing has changed, no event is on the trail, and no letter waits."""

from collections.abc import Mapping
from typing import Any

import psycopg
import pytest

from engine.meanings.global_ids import encode, key_of
from tests.voices import Voice, confirm, contents, mutation, official, reviewed, voice

STEPS: Mapping[str, Mapping[str, Any]] = {
    "markReviewSeen": {},
    "replyToReview": {"text": "Sorry."},
    "editReply": {"version": 1, "text": "Very sorry."},
    "recordMeasure": {"text": "A bell."},
}
OF_HEADS = ("markReviewSeen", "recordMeasure")
LONG = "x" * 10_001
NO_WORDS = {"": "BLANK", " \n\t": "BLANK", "\0": "INVALID", "A\x1b[2J": "INVALID", "A\x7f": "INVALID", LONG: "TOO_LONG"}


@pytest.fixture
async def review(author: Voice) -> str:
    """A new review of the hospital, whose author has a confirmed address."""
    confirm(author)
    return await reviewed(author)


async def refused(who: Voice, code: str, name: str, *path: str, **given: Any) -> None:
    """A step is refused with a code and leaves everything as it was."""
    before = contents(who.url)
    assert await who.refusal(name, **given) == (code, ["input", *path])
    assert contents(who.url) == before


async def stopped(who: Voice, code: str, name: str, review: str) -> None:
    """A step is an error, and leaves everything as it was."""
    before = contents(who.url)
    answer = await who.ask(mutation(name), input={"review": review, **STEPS.get(name, {"settled": True})})
    assert answer.refusal[0] == code
    assert contents(who.url) == before


async def test_the_review_of_another_is_not_there(author: Voice, review: str) -> None:
    """For heads of what is beside or below it, and for staff elsewhere."""
    others = [official(author, "citizen-20", "HEAD", "CLINIC"), voice(author, "nurse")]
    for name, given in STEPS.items():
        for other in others:
            await refused(other, "REVIEW_UNKNOWN", name, "review", review=review, **given)
    elsewhere = official(author, "citizen-21", "STAFF", "SCHOOL")
    await refused(elsewhere, "REVIEW_UNKNOWN", "replyToReview", "review", review=review, text="Sorry.")


async def test_whose_role_is_another_does_nothing(author: Voice, staff: Voice, review: str) -> None:
    readers = [
        official(author, f"citizen-{number}", role, "MINISTRY")
        for number, role in enumerate(("SUPERVISOR", "MODERATOR", "REGISTRAR", "OPERATOR"), 21)
    ]
    for name in STEPS:
        for reader in [*readers, *([staff] if name in OF_HEADS else [])]:
            await stopped(reader, "FORBIDDEN", name, review)
    for name in (*STEPS, "settleReview"):
        await stopped(voice(author, None), "UNAUTHENTICATED", name, review)


async def test_nobody_acts_on_an_own_review(author: Voice, review: str) -> None:
    """Who has become head since."""
    own = official(author, "citizen-9", "HEAD", "HOSPITAL")
    for name, given in STEPS.items():
        await refused(own, "OWN_REVIEW", name, "review", review=review, **given)


async def test_what_is_no_review(head: Voice) -> None:
    ids = {"x": "ID_INVALID", encode("Submission", 1): "ID_INVALID", encode("Review", 999_999): "REVIEW_UNKNOWN"}
    for name, given in STEPS.items():
        for id_, code in ids.items():
            await refused(head, code, name, "review", review=id_, **given)


async def test_a_second_reply(head: Voice, staff: Voice, review: str) -> None:
    await staff.do("replyToReview", review=review, text="Sorry.")
    for who, text in ((staff, "Very sorry."), (head, "Sorry.")):
        await refused(who, "ALREADY_ANSWERED", "replyToReview", "review", review=review, text=text)


async def test_an_edit_of_nothing_and_of_what_has_changed_since(head: Voice, staff: Voice, review: str) -> None:
    edit = {"review": review, "text": "Most sorry."}
    await refused(head, "NOT_ANSWERED", "editReply", "review", version=1, **edit)
    await staff.do("replyToReview", review=review, text="Sorry.")
    await staff.do("editReply", review=review, version=1, text="Very sorry.")
    for version in (0, 1, 3, -1, 2**31 - 1):
        await refused(head, "REPLY_CHANGED", "editReply", "version", version=version, **edit)


async def test_texts_that_say_nothing_or_too_much(head: Voice, review: str) -> None:
    for name in ("replyToReview", "editReply", "recordMeasure"):
        for text, code in NO_WORDS.items():
            await refused(head, f"TEXT_{code}", name, "text", review=review, **{**STEPS[name], "text": text})


async def test_measures_of_other_days_and_too_many(head: Voice, review: str) -> None:
    for day, code in (("2999-01-01", "TAKEN_IN_FUTURE"), ("2001-01-01", "TAKEN_BEFORE_REVIEW")):
        await refused(head, code, "recordMeasure", "takenOn", review=review, text="A bell.", takenOn=day)
    for number in range(20):
        await head.do("recordMeasure", review=review, text=f"Bell {number}.")
    await refused(head, "TOO_MANY_MEASURES", "recordMeasure", "review", review=review, text="One more.")


async def test_nothing_goes_on_once_it_is_settled(author: Voice, head: Voice, review: str) -> None:
    await head.do("replyToReview", review=review, text="Sorry.")
    await author.do("settleReview", review=review, settled=True)
    for name in ("editReply", "recordMeasure", "markReviewSeen"):
        await refused(head, "REVIEW_SETTLED", name, "review", review=review, **STEPS[name])
    await refused(author, "REVIEW_SETTLED", "settleReview", "review", review=review, settled=False)


async def test_the_last_word_is_the_authors_and_comes_last(author: Voice, head: Voice, review: str) -> None:
    await head.do("markReviewSeen", review=review)
    for settled in (True, False):
        await refused(author, "NOT_ANSWERED", "settleReview", "review", review=review, settled=settled)
    await head.do("replyToReview", review=review, text="Sorry.")
    for who in (head, voice(author, "citizen-10")):
        await refused(who, "REVIEW_UNKNOWN", "settleReview", "review", review=review, settled=True)


async def test_the_head_of_a_closed_organization(author: Voice, head: Voice, review: str) -> None:
    await head.do("replyToReview", review=review, text="Sorry.")
    other = await reviewed(voice(author, "citizen-10"))
    with psycopg.connect(author.url) as connection:
        connection.execute("UPDATE organization SET closed_on = current_date - 1 WHERE code = 'HOSPITAL'")
    for name, given in STEPS.items():
        about = review if name == "editReply" else other
        await refused(head, "ORGANIZATION_CLOSED", name, "review", review=about, **given)
    assert (await author.do("settleReview", review=review, settled=False))["review"]["stage"] == "UNSETTLED"


@pytest.mark.parametrize("ended", ["REVIEW_WITHDRAWN", "REVIEW_REJECTED"])
async def test_a_review_that_ended(author: Voice, head: Voice, moderator: Voice, review: str, ended: str) -> None:
    await head.do("replyToReview", review=review, text="Sorry.")
    submission = encode("Submission", key_of(review, "Review", "id"))
    if ended == "REVIEW_WITHDRAWN":
        await author.withdraw(submission)
    else:
        await moderator.reject(submission)
    for name in ("markReviewSeen", "editReply", "recordMeasure"):
        await refused(head, ended, name, "review", review=review, **STEPS[name])
    await refused(author, ended, "settleReview", "review", review=review, settled=True)
    assert await voice(author, None).review(review) is None


async def test_a_restored_review_goes_on(author: Voice, head: Voice, moderator: Voice, review: str) -> None:
    submission = encode("Submission", key_of(review, "Review", "id"))
    await head.do("replyToReview", review=review, text="Sorry.")
    await moderator.reject(submission)
    await moderator.restore(submission)
    assert (await voice(author, None).review(review))["reply"]["text"] == "Sorry."
    assert (await head.do("editReply", review=review, version=1, text="Very sorry."))["review"]["reply"]["version"] == 2
