"""HTML and scripts in texts are text: kept as they were typed, and answered as that."""

import json

from tests.voices import Voice, reviewed, voice

MARKUP = "<script>alert('1')</script> <b onclick=\"x()\">Sorry</b> &amp; <!-- --> \u202e {{7*7}} ${x} '; DROP TABLE reply; --"
NAMED = "query($id: ID!) { node(id: $id) { ... on Review { text reply { text } measures { text } } } }"


async def test_markup_comes_back_as_it_was_typed(author: Voice, head: Voice) -> None:
    review = await reviewed(author, text=MARKUP)
    await head.do("replyToReview", review=review, text=MARKUP)
    await head.do("recordMeasure", review=review, text=MARKUP)
    answer = await voice(author, None).ask(NAMED, id=review)
    assert answer.data["node"] == {"text": MARKUP, "reply": {"text": MARKUP}, "measures": [{"text": MARKUP}]}
    assert answer.response.headers["content-type"].startswith("application/")
    assert json.loads(answer.response.text)["data"]["node"]["text"] == MARKUP


async def test_line_breaks_and_tabs_are_no_control_characters(author: Voice, head: Voice) -> None:
    review, text = await reviewed(author), "Dear citizen,\n\n\t1. Sorry.\r\n"
    await head.do("replyToReview", review=review, text=text)
    assert (await author.review(review))["reply"]["text"] == text
