"""Its author has a review read by the organization alone, and takes that wish back: what everybody sees meanwhile."""

from typing import Any, LiteralString

import psycopg
import pytest

from engine.meanings.global_ids import encode, key_of
from tests.voices import Voice, contents, mutation, official, reviewed, voice

STATE: LiteralString = "SELECT state::text FROM review WHERE submission_id = %s"
PUBLIC = """query($id: ID!, $text: String) {
    node(id: $id) { ... on Review { text reply { text } } }
    _entities(representations: [{__typename: "Review", id: $id}]) { ... on Review { text } }
    organization(by: {code: "HOSPITAL"}) { reviews { totalCount } found: reviews(text: $text) { totalCount } }
    above: organization(by: {code: "MINISTRY"}) {
        reviews(scope: SUBTREE) { totalCount nodes { text reply { text } } }
        found: reviews(scope: SUBTREE, text: $text) { totalCount } } }"""
CLOSELY = "query($id: ID!) { node(id: $id) { ... on Review { text state privacyWishes { private wishedOn } } } }"
BEFORE: LiteralString = "INSERT INTO review_policy (valid_from, moderation) VALUES (now(), 'BEFORE_PUBLICATION')"


def state(who: Voice, review: str) -> str:
    with psycopg.connect(who.url) as connection:
        ((found,),) = connection.execute(STATE, [key_of(review, "Review", "review")]).fetchall()
    return str(found)


async def wishes(who: Voice, review: str) -> list[bool]:
    """What somebody is told of the author's wishes."""
    return [each["private"] for each in (await who.ask(CLOSELY, id=review)).data["node"]["privacyWishes"]]


async def seen(who: Voice, review: str) -> Any:
    """Whatever of a review that was answered is public, by five ways to it."""
    data = (await who.ask(PUBLIC, id=review, text="nobody")).data
    organization, above = data["organization"], data["above"]
    numbers = [each["totalCount"] for each in (*organization.values(), *above.values())]
    return data["node"], data["_entities"], numbers, above["reviews"]["nodes"]


async def test_the_text_is_gone_everywhere_at_once_and_comes_back(author: Voice, head: Voice) -> None:
    review, everybody = await reviewed(author), voice(author, None)
    await head.do("replyToReview", review=review, text="Sorry.")
    public = await seen(everybody, review)
    assert public[2] == [1, 1, 1, 1]
    figures = await author.figures("HOSPITAL")

    for _ in range(2):
        done = await author.do("setReviewPrivacy", review=review, private=True)
        assert done["review"]["id"] == review
    for reader in (everybody, voice(author, "citizen-8")):
        assert await seen(reader, review) == (None, [None], [0, 0, 0, 0], [])
    assert (state(author, review), await author.figures("HOSPITAL")) == ("PRIVATE", figures)
    for reader in (author, head):
        assert (await reader.review(review))["reply"]["text"] == "Sorry."
        assert await wishes(reader, review) == [True]

    for _ in range(2):
        await author.do("setReviewPrivacy", review=review, private=False)
    assert await seen(everybody, review) == public
    assert (await wishes(head, review), await wishes(everybody, review)) == ([True, False], [])


@pytest.mark.parametrize("was", ["PENDING", "PUBLISHED"])
async def test_it_becomes_what_it_was(author: Voice, was: str) -> None:
    """Whatever the policy of reviews is meanwhile: what is there stays as it is."""
    review = await reviewed(author, text="Nobody came. +375 29 123-45-67" if was == "PENDING" else "Nobody came.")
    assert state(author, review) == was
    await author.do("setReviewPrivacy", review=review, private=True)
    with psycopg.connect(author.url) as connection:
        connection.execute(BEFORE)
    await author.do("setReviewPrivacy", review=review, private=False)
    assert state(author, review) == was


@pytest.mark.parametrize(("before", "expected"), [(True, "PENDING"), (False, "PUBLISHED")])
async def test_what_never_was_public_is_as_a_new_one(author: Voice, before: bool, expected: str) -> None:
    found = await author.submit(comment="Only for you.", publishComment=False)
    review = encode("Review", key_of(found["submission"]["id"], "Submission", "id"))
    if before:
        with psycopg.connect(author.url) as connection:
            connection.execute(BEFORE)
    await author.do("setReviewPrivacy", review=review, private=False)
    assert state(author, review) == expected


async def test_a_mask_and_a_hiding_outlast_the_wish(author: Voice, moderator: Voice) -> None:
    review = await reviewed(author)
    hide = (
        "mutation($id: ID!) { hideReview(input: {review: $id, ground: INSULT}) { __typename ... on Problem { code } } }"
    )
    await author.do("setReviewPrivacy", review=review, private=True)
    assert (await moderator.ask(hide, id=review)).data["hideReview"]["code"] == "REVIEW_PRIVATE"
    await author.do("setReviewPrivacy", review=review, private=False)
    assert (await moderator.ask(hide, id=review)).data["hideReview"]["__typename"] == "HideReviewPayload"
    await refused(author, "REVIEW_HIDDEN", review, private=True)
    await author.do("setReviewPrivacy", review=review, private=False)
    assert state(author, review) == "HIDDEN"


async def refused(who: Voice, code: str, review: str, *, private: bool) -> None:
    """A wish is refused with a code and changes nothing."""
    before = contents(who.url)
    assert await who.refusal("setReviewPrivacy", review=review, private=private) == (code, ["input", "review"])
    assert contents(who.url) == before


async def test_it_is_the_authors_alone(author: Voice, head: Voice, moderator: Voice) -> None:
    review = await reviewed(author)
    operator = official(author, "citizen-22", "OPERATOR", "MINISTRY")
    for other in (head, moderator, operator, voice(author, "citizen-8")):
        await refused(other, "REVIEW_UNKNOWN", review, private=True)
    await refused(author, "REVIEW_UNKNOWN", encode("Review", 999_999), private=True)
    await refused(author, "ID_INVALID", "?", private=True)
    answer = await voice(author, None).ask(mutation("setReviewPrivacy"), input={"review": review, "private": True})
    assert answer.refusal == ("UNAUTHENTICATED", None)


async def test_what_was_taken_back_is_nobodys_to_publish(author: Voice, moderator: Voice) -> None:
    """A rejected one may be restored: its author may see to it that it is private then."""
    review = await reviewed(author)
    submission = encode("Submission", key_of(review, "Review", "id"))
    await moderator.reject(submission)
    assert (await author.do("setReviewPrivacy", review=review, private=True))["__typename"] == "SetReviewPrivacyPayload"
    await moderator.restore(submission)
    assert (await seen(voice(author, None), review))[0] is None
    await author.withdraw(submission)
    await refused(author, "REVIEW_WITHDRAWN", review, private=False)


async def test_there_is_an_end_to_it_and_that_is_private(author: Voice) -> None:
    review = await reviewed(author)
    for number in range(21):
        await author.do("setReviewPrivacy", review=review, private=number % 2 == 0)
    await refused(author, "TOO_MANY_WISHES", review, private=False)
    assert state(author, review) == "PRIVATE"
