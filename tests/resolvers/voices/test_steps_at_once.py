"""Two who act on one review at once: one wins, the other is told why not, and nothing is done twice."""

import asyncio
from typing import Any

from tests.voices import Voice, confirm, contents, official, reviewed

BOTH = ("Sorry.", "Very sorry.")


def outcomes(found: list[Any]) -> list[str]:
    return sorted(each.get("code") or each["__typename"] for each in found)


async def test_two_replies(author: Voice, head: Voice, staff: Voice) -> None:
    confirm(author)
    review = await reviewed(author)
    found = await asyncio.gather(
        *(who.do("replyToReview", review=review, text=text) for who, text in zip((head, staff), BOTH, strict=True))
    )
    assert outcomes(found) == ["ALREADY_ANSWERED", "ReplyToReviewPayload"]
    told = contents(author.url)
    assert [len(told[each]) for each in ("reply", "audit_event", "mail")] == [1, 1, 1]
    (lost,) = (each for each in found if "code" in each)
    assert lost["__typename"] == "ConflictProblem"


async def test_the_same_reply_twice_is_one(author: Voice, head: Voice) -> None:
    review = await reviewed(author)
    found = await asyncio.gather(*(head.do("replyToReview", review=review, text="Sorry.") for _ in range(4)))
    assert outcomes(found) == ["ReplyToReviewPayload"] * 4
    assert [len(contents(author.url)[each]) for each in ("reply", "audit_event")] == [1, 1]


async def test_two_edits(author: Voice, head: Voice, staff: Voice) -> None:
    review = await reviewed(author)
    await head.do("replyToReview", review=review, text="Hm.")
    found = await asyncio.gather(
        *(
            who.do("editReply", review=review, version=1, text=text)
            for who, text in zip((head, staff), BOTH, strict=True)
        )
    )
    assert outcomes(found) == ["EditReplyPayload", "REPLY_CHANGED"]
    assert len(contents(author.url)["reply"]) == 2


async def test_an_edit_and_the_authors_last_word(author: Voice, head: Voice) -> None:
    """Whichever comes first: a settled review is edited no more."""
    review = await reviewed(author)
    await head.do("replyToReview", review=review, text="Hm.")
    edited, settled = await asyncio.gather(
        head.do("editReply", review=review, version=1, text="Sorry."),
        author.do("settleReview", review=review, settled=True),
    )
    assert settled["__typename"] == "SettleReviewPayload"
    won = edited["__typename"] == "EditReplyPayload"
    assert won or edited["code"] == "REVIEW_SETTLED"
    assert (await head.review(review))["reply"]["version"] == 1 + won


async def test_two_heads_see_it(author: Voice, head: Voice) -> None:
    """One of them has: there is one event, and one letter."""
    confirm(author)
    review, other = await reviewed(author), official(author, "citizen-22", "HEAD", "REGION")
    await asyncio.gather(*(who.do("markReviewSeen", review=review) for who in (head, other)))
    told = contents(author.url)
    assert [len(told[each]) for each in ("review_reading", "audit_event", "mail")] == [1, 1, 1]
