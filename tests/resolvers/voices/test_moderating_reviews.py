"""Publishing, masking and hiding: by moderators of the place alone, on the trail, harmless twice, no score touched."""

import asyncio
from typing import Any, LiteralString

import psycopg
import pytest

from engine.meanings.global_ids import encode, key_of
from resolvers.problems import InvalidInput
from resolvers.voices.moderating import MASK, Span, masked
from tests.citizens import result
from tests.resolvers.submissions.test_withdrawing import totals
from tests.voices import Voice, contents, official, reviewed, voice

PROBLEM = "__typename ... on Problem { code path }"
PUBLISH = f"""mutation($input: PublishReviewInput!) {{ publishReview(input: $input) {{ {PROBLEM}
    ... on PublishReviewPayload {{ review {{ text state isMasked ground }} organization {{ code }} }} }} }}"""
HIDE = f"""mutation($input: HideReviewInput!) {{ hideReview(input: $input) {{ {PROBLEM}
    ... on HideReviewPayload {{ review {{ text state ground }} organization {{ code }} }} }} }}"""
TRAIL: LiteralString = """SELECT action::text, subject::text, subject_id, details, account.code FROM audit_event
    JOIN account ON account.id = account_id WHERE action IN ('REVIEW_PUBLISHED', 'REVIEW_HIDDEN') ORDER BY audit_event.id"""
TEXT = "Ask Jan Novak, he knows 🙂 everything."
PERSON = {"start": 4, "end": 13}


async def published(viewer: Voice, review: str, **given: Any) -> Any:
    return result(await viewer.ask(PUBLISH, input={"review": review, **given}))


async def hidden(viewer: Voice, review: str, ground: str = "INSULT", **given: Any) -> Any:
    return result(await viewer.ask(HIDE, input={"review": review, "ground": ground, **given}))


def trail(viewer: Voice) -> list[Any]:
    with psycopg.connect(viewer.url) as connection:
        return connection.execute(TRAIL).fetchall()


def refusal(found: Any) -> tuple[str, list[str]]:
    assert found["__typename"].endswith("Problem"), found
    return found["code"], found["path"]


async def test_a_hidden_review_is_read_by_its_own_and_counts_as_before(
    author: Voice, head: Voice, moderator: Voice
) -> None:
    id_ = await reviewed(author, text=TEXT)
    before = totals(author)
    found = await hidden(moderator, id_, note="Names somebody.")
    assert found["review"] == {"text": TEXT, "state": "HIDDEN", "ground": "INSULT"}
    assert found["organization"] == {"code": "HOSPITAL"}
    assert [await each.review(id_) is not None for each in (voice(author, None), author, head)] == [False, True, True]
    assert totals(author) == before
    key = key_of(id_, "Review", "id")
    assert trail(author) == [("REVIEW_HIDDEN", "REVIEW", key, {"ground": "INSULT"}, "citizen-21")]


async def test_a_mask_takes_characters_away_and_adds_none(author: Voice, moderator: Voice) -> None:
    id_ = await reviewed(author, text=TEXT)
    found = await published(moderator, id_, mask=[PERSON, {"start": 24, "end": 25}])
    shown = {"text": "Ask […], he knows […] everything.", "state": "PUBLISHED", "isMasked": True, "ground": None}
    assert found["review"] == shown
    unmasked = await published(moderator, id_)
    assert unmasked["review"]["text"] == TEXT
    assert [event[3] for event in trail(author)] == [{"masked": True}, {"masked": False}]


async def test_hidden_and_published_again_with_its_mask(author: Voice, moderator: Voice) -> None:
    id_ = await reviewed(author, text=TEXT)
    await published(moderator, id_, mask=[PERSON])
    await hidden(moderator, id_, "OFF_TOPIC")
    assert (await published(moderator, id_, mask=[PERSON]))["review"]["state"] == "PUBLISHED"
    assert (await voice(author, None).review(id_)) is not None


async def test_the_same_again_changes_nothing_more(author: Voice, moderator: Voice) -> None:
    id_ = await reviewed(author, text=TEXT)
    for act, given in ((hidden, {"note": "So."}), (published, {"mask": [PERSON]})):
        first = await act(moderator, id_, **given)
        once = contents(author.url)
        assert await act(moderator, id_, **given) == first
        assert contents(author.url) == once


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"mask": [{"start": 0, "end": 99}]}, "SPAN_OUT_OF_TEXT", ["input", "mask", "0"]),
        ({"mask": [PERSON, {"start": 5, "end": 5}]}, "SPAN_OUT_OF_TEXT", ["input", "mask", "1"]),
        ({"mask": [{"start": -1, "end": 5}]}, "SPAN_OUT_OF_TEXT", ["input", "mask", "0"]),
        ({"mask": [PERSON] * 201}, "SPANS_TOO_MANY", ["input", "mask"]),
        ({"note": "x" * 2001}, "TEXT_TOO_LONG", ["input", "note"]),
        ({"note": "\0"}, "TEXT_INVALID", ["input", "note"]),
        ({}, "ALREADY_PUBLISHED", ["input", "review"]),
        ({"review": "?"}, "ID_INVALID", ["input", "review"]),
        ({"review": encode("Submission", 1)}, "ID_INVALID", ["input", "review"]),
        ({"review": encode("Review", 10**12)}, "REVIEW_UNKNOWN", ["input", "review"]),
    ],
)
async def test_bad_input_is_refused_and_nothing_changes(
    author: Voice, moderator: Voice, given: dict[str, Any], code: str, path: list[str]
) -> None:
    id_ = await reviewed(author, text=TEXT)
    before = contents(author.url)
    assert refusal(await published(moderator, **{"review": id_, **given})) == (code, path)
    assert contents(author.url) == before


async def test_only_the_places_moderators_decide(author: Voice, head: Voice, moderator: Voice) -> None:
    id_ = await reviewed(author, text=TEXT)
    elsewhere = official(author, "citizen-22", "MODERATOR", "SCHOOL")
    before = contents(author.url)
    for viewer, code in ((voice(author, None), "UNAUTHENTICATED"), (author, "FORBIDDEN"), (head, "FORBIDDEN")):
        for text, given in ((PUBLISH, {}), (HIDE, {"ground": "INSULT"})):
            assert (await viewer.ask(text, input={"review": id_, **given})).refusal[0] == code
    assert refusal(await hidden(elsewhere, id_)) == ("REVIEW_UNKNOWN", ["input", "review"])
    assert contents(author.url) == before


async def test_a_private_one_and_one_taken_back_are_nobodys_to_publish(author: Voice, moderator: Voice) -> None:
    private = await author.submit(comment=TEXT, publishComment=False)
    back = await author.submit("CLINIC", comment=TEXT)
    await author.withdraw(back["submission"]["id"])
    before = contents(author.url)
    for submitted, code in ((private, "REVIEW_PRIVATE"), (back, "REVIEW_WITHDRAWN")):
        id_ = encode("Review", key_of(submitted["submission"]["id"], "Submission", "id"))
        assert refusal(await published(moderator, id_))[0] == code
        assert refusal(await hidden(moderator, id_))[0] == code
    assert contents(author.url) == before


async def test_moderators_at_once_leave_one_state_and_all_their_rulings(author: Voice, moderator: Voice) -> None:
    id_ = await reviewed(author, text=TEXT)
    other = official(author, "citizen-22", "MODERATOR", "HOSPITAL")
    await asyncio.gather(*(hidden(each, id_) for each in (moderator, other) for _ in range(4)))
    state: LiteralString = "SELECT state::text, (SELECT count(*) FROM review_ruling) > 0 FROM review"
    with psycopg.connect(author.url) as connection:
        assert connection.execute(state).fetchall() == [("HIDDEN", True)]
        rulings = connection.execute("SELECT count(*) FROM review_ruling").fetchall()
    assert [len(trail(author))] == [number for (number,) in rulings]


@pytest.mark.parametrize(
    ("spans", "text"),
    [
        ([], None),
        ([(0, 3)], f"{MASK}def"),
        ([(3, 6), (0, 1)], f"{MASK}bc{MASK}"),
        ([(0, 3), (2, 4)], f"{MASK}ef"),
        ([(0, 2), (2, 3)], f"{MASK}def"),
        ([(0, 6), (1, 2)], MASK),
    ],
)
def test_masked(spans: list[tuple[int, int]], text: str | None) -> None:
    assert masked("abcdef", [Span(*each) for each in spans]) == text


def test_a_span_beyond_the_text_is_refused() -> None:
    with pytest.raises(InvalidInput):
        masked("abc", [Span(0, 4)])
