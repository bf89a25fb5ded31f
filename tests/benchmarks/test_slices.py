"""The SQL by hand: it answers what the portal answers, or it is no measure."""

import pytest

from benchmarks.slices.figures import OF_BY_HAND, Figures, Touched, as_markdown
from benchmarks.slices.questions import QUESTIONS, Question, by_hand
from benchmarks.slices.trial import Trial, leaves

# A sphere in a region has fewer than fifty organizations in a small country.
SMALL = [each for each in QUESTIONS if each.pool != "places"]


@pytest.mark.parametrize("question", SMALL, ids=lambda each: each.name)
def test_by_hand_is_answered_what_the_portal_answers(seeded_url: str, question: Question) -> None:
    Trial(seeded_url, question, 6).compare()


def test_parameters_of_a_statement_by_hand_are_numbered() -> None:
    text, values = by_hand("own_period", {"code": "A", "from": "2026-01-01", "to": "2026-01-31"})
    assert values == ["A", "2026-01-01", "2026-01-31"]
    assert "$3::date" in text
    assert "%(" not in text


def test_values_of_answers_and_rows_are_compared_in_their_order() -> None:
    assert list(leaves({"a": [{"b": "1.50"}, None], "c": True})) == list(leaves([("1.50", None, True)]))


def test_a_ratio_is_that_of_the_middle_round() -> None:
    found = Figures("by hand", OF_BY_HAND, [1.0, 8.0, 3.0], [1.0, 2.0, 2.0], Touched(1, 2), Touched(3, 4))
    assert found.ratio == 1.5
    assert "missed" not in as_markdown({"it": found})
