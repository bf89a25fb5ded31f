"""From received to settled: each step is seen by whom it concerns, is on the trail, and is told by mail."""

from typing import Any, LiteralString

import psycopg

from tests.voices import INPUTS, Voice, reviewed, voice

TRAIL: LiteralString = """SELECT account.code, action::text, organization.code, subject::text, details
    FROM audit_event JOIN account ON account.id = account_id JOIN organization ON organization.id = organization_id
    ORDER BY audit_event.id"""
TODAY: LiteralString = "SELECT (now() AT TIME ZONE 'Europe/Minsk')::date::text"


def rows(url: str, query: LiteralString) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


async def test_a_review_from_received_to_settled(author: Voice, head: Voice, staff: Voice) -> None:
    review = await reviewed(author)
    ((today,),) = rows(author.url, TODAY)
    received = await author.review(review)
    assert (received["stage"], received["seenOn"], received["reply"], received["measures"]) == (
        "RECEIVED",
        None,
        None,
        [],
    )
    await head.do("markReviewSeen", review=review)
    seen = await author.review(review)
    assert (seen["stage"], seen["seenOn"], seen["seenBy"]) == ("SEEN", today, None)
    assert (await head.review(review))["seenBy"] == "HEAD"
    await staff.do("replyToReview", review=review, text="We are sorry.")
    await head.do("editReply", review=review, version=1, text="We are very sorry.")
    edited = await voice(author, None).review(review)
    assert edited["stage"] == "ANSWERED"
    assert edited["reply"] == {
        "text": "We are very sorry.",
        "version": 2,
        "repliedOn": today,
        "editedOn": today,
        "hidden": False,
        "versions": [],
    }
    assert [each["text"] for each in (await head.review(review))["reply"]["versions"]] == [
        "We are sorry.",
        "We are very sorry.",
    ]
    await author.do("settleReview", review=review, settled=False)
    assert (await author.review(review))["stage"] == "UNSETTLED"
    await head.do("recordMeasure", review=review, text="The ward has a bell now.")
    done = await author.do("settleReview", review=review, settled=True)
    assert done["review"]["measures"] == [{"text": "The ward has a bell now.", "takenOn": today, "recordedOn": today}]
    assert (done["review"]["stage"], done["review"]["settled"], done["review"]["settledOn"]) == ("SETTLED", True, today)


async def test_each_step_of_an_official_is_one_event_without_its_text(author: Voice, head: Voice, staff: Voice) -> None:
    review = await reviewed(author)
    for _ in range(2):
        await head.do("markReviewSeen", review=review)
        await staff.do("replyToReview", review=review, text="Sorry.")
        await head.do("editReply", review=review, version=1, text="Very sorry.")
        await head.do("recordMeasure", review=review, text="A bell.", takenOn=None)
    assert rows(author.url, TRAIL) == [
        ("head", "REVIEW_SEEN", "HOSPITAL", "REVIEW", {}),
        ("citizen-20", "REVIEW_ANSWERED", "HOSPITAL", "REVIEW", {"version": 1}),
        ("head", "REPLY_EDITED", "HOSPITAL", "REVIEW", {"version": 2}),
        ("head", "MEASURE_RECORDED", "HOSPITAL", "REVIEW", {}),
    ]


async def test_what_each_step_asks_of_the_database(author: Voice, head: Voice) -> None:
    """The role, two locks, the review, what is there, the event, the row, whom to tell; a day and a count of measures."""
    review, asked = await reviewed(author), {}
    steps: dict[str, dict[str, Any]] = {
        "markReviewSeen": {},
        "replyToReview": {"text": "Sorry."},
        "editReply": {"version": 1, "text": "Very sorry."},
        "recordMeasure": {"text": "A bell."},
    }
    for name, given in steps.items():
        text = f"mutation($input: {INPUTS[name]}!) {{ {name}(input: $input) {{ __typename }} }}"
        await head.ask(text, input={"review": review, **given})
        asked[name] = len(head.client.statements)
    assert asked == {"markReviewSeen": 8, "replyToReview": 8, "editReply": 8, "recordMeasure": 10}
