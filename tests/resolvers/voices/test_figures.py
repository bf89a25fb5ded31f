"""How organizations answer, as everybody is told: counted anew from the rows, up the trees, and by days."""

from typing import Any

import psycopg

from engine.meanings.global_ids import encode, key_of
from tests.registrars import registrar_of
from tests.voices import Voice, official, reviewed, shift, voice

NOTHING = {
    "reviews": 0,
    "seen": 0,
    "answered": 0,
    "answeredInTime": 0,
    "overdue": 0,
    "rate": None,
    "medianDays": None,
    "actedOn": 0,
    "settled": 0,
    "unsettled": 0,
}
POLICY = """INSERT INTO policy (name, valid_from, value) VALUES ('REPLY_DAYS', now() - interval '20 days', '30')"""


async def test_nothing_was_said(author: Voice) -> None:
    assert (await author.figures("SCHOOL"))[0] == NOTHING


async def answered(author: Voice, head: Voice, number: int, days: int) -> str:
    """The id of a review by another citizen, which was answered within so many days."""
    review = await reviewed(voice(author, f"citizen-{number}"))
    shift(author.url, review, days)
    await head.do("replyToReview", review=review, text="Sorry.")
    return review


async def test_what_is_counted(author: Voice, head: Voice) -> None:
    """Answered within 1, 2, 15 and 16 days, of which 15 are the policy; one is late, one has time."""
    first, second, *_ = [await answered(author, head, 10 + place, days) for place, days in enumerate((1, 2, 15, 16))]
    for number, days in ((14, 16), (15, 15)):
        shift(author.url, await reviewed(voice(author, f"citizen-{number}")), days)
    await head.do("markReviewSeen", review=first)
    await head.do("recordMeasure", review=first, text="A bell.")
    await head.do("recordMeasure", review=first, text="Another.")
    await voice(author, "citizen-10").do("settleReview", review=first, settled=True)
    await voice(author, "citizen-11").do("settleReview", review=second, settled=False)
    wanted = NOTHING | {
        "reviews": 6,
        "seen": 1,
        "answered": 4,
        "answeredInTime": 3,
        "overdue": 1,
        "rate": "0.8000",
        "medianDays": 2,
        "actedOn": 1,
        "settled": 1,
        "unsettled": 1,
    }
    assert (await author.figures("HOSPITAL"))[0] == wanted
    for code, hierarchy in (("MINISTRY", "SUBORDINATION"), ("INSPECTORATE", "SUPERVISION")):
        assert (await author.figures(code, scope="SUBTREE", hierarchy=hierarchy))[0] == wanted
        assert (await author.figures(code))[0] == NOTHING
    with psycopg.connect(author.url) as connection:
        ((day,),) = connection.execute("SELECT (max(submitted_on) - 2)::text FROM review").fetchall()
    assert (await author.figures("HOSPITAL", to=day))[0]["reviews"] == 4


async def overdue(who: Voice, review: str) -> Any:
    found = await who.review(review)
    return found["overdue"], found["stage"]


async def test_the_days_are_those_of_the_policy_on_the_day_it_came(author: Voice) -> None:
    """It was 15 days until 20 days ago, and is 30 since."""
    with psycopg.connect(author.url) as connection:
        connection.execute(POLICY)
    old, new = [await reviewed(voice(author, f"citizen-{number}")) for number in (10, 11)]
    for review, days in ((old, 25), (new, 18)):
        shift(author.url, review, days)
    assert (await overdue(author, old), await overdue(author, new)) == ((True, "RECEIVED"), (False, "RECEIVED"))
    assert (await author.figures("HOSPITAL"))[0]["overdue"] == 1


async def test_what_nobody_can_or_need_answer_is_not_overdue(author: Voice, moderator: Voice) -> None:
    hidden, rejected, late = [await reviewed(voice(author, f"citizen-{number}")) for number in (10, 11, 12)]
    closed = await reviewed(voice(author, "citizen-13"), "CLINIC")
    for review in (hidden, rejected, late, closed):
        shift(author.url, review, 100)
    complaint = await author.do("complainAboutReview", review=hidden, about="REVIEW", ground="INSULT")
    await moderator.do("decideComplaint", complaint=complaint["complaint"]["id"], upheld=True, reason="It is one.")
    await moderator.reject(encode("Submission", key_of(rejected, "Review", "id")))
    with psycopg.connect(author.url) as connection:
        connection.execute("UPDATE organization SET closed_on = current_date - 1 WHERE code = 'CLINIC'")
    figures = (await author.figures("REGION", scope="SUBTREE"))[0]
    assert (figures["reviews"], figures["overdue"]) == (2, 1)
    assert [(await overdue(moderator, each))[0] for each in (hidden, rejected, late, closed)] == [
        False,
        False,
        True,
        False,
    ]


async def test_a_merge_hands_over_the_reviews_with_all_that_became_of_them(author: Voice, head: Voice) -> None:
    """Whoever runs the one that took over goes on; whoever ran the other does not; and the figures are theirs."""
    review, late = await reviewed(author), await reviewed(voice(author, "citizen-10"))
    await head.do("replyToReview", review=review, text="Sorry.")
    before = (await author.figures("HOSPITAL"))[0]
    await registrar_of(author, "citizen-22", "REGISTRAR", "MINISTRY").merge("HOSPITAL", "CLINIC")
    assert (await author.figures("CLINIC"))[0] == before
    assert (await head.ask("{ viewer { kind } }")).data
    runs = official(author, "citizen-23", "HEAD", "CLINIC")
    assert (await runs.do("editReply", review=review, version=1, text="Very sorry."))["review"]["reply"]["version"] == 2
    assert (await runs.do("replyToReview", review=late, text="Sorry, too."))["review"]["stage"] == "ANSWERED"
    answer = await head.ask("mutation($id: ID!) { markReviewSeen(input: {review: $id}) { __typename } }", id=late)
    assert answer.refusal[0] == "FORBIDDEN"


async def test_figures_beside_the_rating_are_one_statement(author: Voice) -> None:
    text = '{ organization(by: {code: "HOSPITAL"}) { rating { value } responsiveness { rate medianDays } complaints { made } } }'
    await author.ask(text)
    assert len(author.client.statements) == 1
