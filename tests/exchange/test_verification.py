"""Every number that is wrong is found and named, and nothing else is."""

from datetime import date

import psycopg
import pytest

from exchange.verification import verify
from models.recount import Difference
from models.submissions import MARK_UNITS
from tests.digests import digests

# What is changed behind everybody's back, and what verifying has to say of it.
CORRUPTIONS: dict[str, tuple[str, Difference]] = {
    "raters": ("raters = raters - 1", Difference("U", "OWN", "raters", 1, 2)),
    "satisfied": ("satisfied = satisfied - 1", Difference("U", "OWN", "satisfied", 0, 1)),
    "criterion sum": ("criterion_sums[3] = 4", Difference("U", "OWN", "criterion_sums[X]", 4, 3)),
    "criterion count": ("criterion_counts[1] = 5", Difference("U", "OWN", "criterion_counts[A]", 5, 2)),
    "more criteria": (
        "criterion_sums = criterion_sums || 9::bigint",
        Difference("U", "OWN", "criterion_sums[4]", 9, 0),
    ),
    "fewer criteria": (
        "criterion_counts = criterion_counts[1:2]",
        Difference("U", "OWN", "criterion_counts[X]", 0, 1),
    ),
}


def corrupt(url: str, *statements: str) -> None:
    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def falsify(url: str, organization: str, pool: str, assignments: str) -> None:
    """Write another number into a total, where no trigger would."""
    statement = "UPDATE total SET {} FROM organization WHERE id = organization_id AND code = %s AND pool = %s"
    with psycopg.connect(url) as connection:
        connection.execute(statement.format(assignments).encode(), [organization, pool])


def test_what_is_right_is_found_right(small_url: str) -> None:
    found = verify(small_url)
    assert found.agrees
    assert (found.submissions, found.totals) == (5, 12)


def test_the_demo_is_right(seeded_url: str) -> None:
    assert verify(seeded_url).agrees


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_wrong_number_is_named(name: str, small_url: str) -> None:
    assignment, difference = CORRUPTIONS[name]
    falsify(small_url, "U", "OWN", assignment)
    found = verify(small_url)
    assert found.differences == [difference]
    assert not found.agrees


def test_a_wrong_sum_of_marks_is_named_with_the_value_it_gives(small_url: str) -> None:
    falsify(small_url, "R", "OWN", f"mark_sum = mark_sum + {MARK_UNITS // 2}")
    assert [difference.field for difference in verify(small_url).differences] == ["mark_sum", "value"]


def test_a_wrong_count_is_named_in_every_place(small_url: str) -> None:
    one_more = f"submissions = submissions + 1, marks[5] = marks[5] + 1, mark_sum = mark_sum + {5 * MARK_UNITS}"
    falsify(small_url, "M", "SUPERVISION", one_more)
    found = [(each.organization, each.pool, each.field) for each in verify(small_url).differences]
    assert found == [("M", "SUPERVISION", field) for field in ("mark_sum", "marks[5]", "submissions", "value")]


# Organization U was rated twice, in one month.
MONTHS: dict[str, tuple[str, list[tuple[str, int, int]]]] = {
    "wrong": ("UPDATE month_total SET satisfied = satisfied - 1 WHERE {}", [("satisfied", 0, 1)]),
    "moved": (
        "UPDATE month_total SET criterion_counts[1] = 0 WHERE {}",
        [("criterion_counts[A]", 0, 2)],
    ),
    "empty": (
        "UPDATE month_total SET submissions = 0, mark_sum = 0, satisfied = 0, marks = '{{0,0,0,0,0}}' WHERE {}",
        [
            ("mark_sum", 0, 13 * MARK_UNITS // 2),
            ("marks[3]", 0, 1),
            ("marks[4]", 0, 1),
            ("satisfied", 0, 1),
            ("submissions", 0, 2),
        ],
    ),
}


@pytest.mark.parametrize("name", MONTHS)
def test_a_wrong_month_is_named(name: str, small_url: str) -> None:
    statement, wrong = MONTHS[name]
    own = "pool = 'OWN' AND organization_id = (SELECT id FROM organization WHERE code = 'U')"
    corrupt(small_url, statement.format(own))
    differences = verify(small_url).differences
    assert [(each.field, each.stored, each.recomputed) for each in differences] == wrong
    assert {(each.organization, each.pool, each.month) for each in differences} == {("U", "OWN", date(2024, 5, 1))}


def test_a_month_that_is_missing_or_that_nobody_rated_in_is_named(small_url: str) -> None:
    corrupt(
        small_url,
        "UPDATE month_total SET month = month + interval '1 month'"
        " WHERE pool = 'OWN' AND organization_id = (SELECT id FROM organization WHERE code = 'R')",
    )
    found = [each for each in verify(small_url).differences if each.field == "submissions"]
    assert [(each.month, each.stored, each.recomputed) for each in found] == [
        (date(2024, 5, 1), 0, 1),
        (date(2024, 6, 1), 1, 0),
    ]


def test_a_month_of_zeros_is_as_good_as_none(small_url: str) -> None:
    corrupt(
        small_url,
        "INSERT INTO month_total SELECT organization_id, pool, '1999-01-01', 0, 0, 0, '{0,0,0,0,0}', '{0}', '{0}'"
        " FROM month_total GROUP BY organization_id, pool",
    )
    assert verify(small_url).agrees


def test_zeros_at_the_end_of_a_tally_are_no_difference(small_url: str) -> None:
    corrupt(small_url, "UPDATE total SET criterion_sums = criterion_sums || '{0,0}'::bigint[]")
    assert verify(small_url).agrees


def test_a_missing_total_is_named(small_url: str) -> None:
    corrupt(
        small_url, "DELETE FROM total USING organization WHERE id = organization_id AND pool = 'OWN' AND code = 'M'"
    )
    found = verify(small_url)
    assert found.missing == [("M", "OWN")]
    assert found.differences == []
    assert not found.agrees


def test_a_mark_that_its_scores_do_not_give_is_named(small_url: str) -> None:
    """Marks are checked without the function that makes them, so a wrong function is found."""
    corrupt(
        small_url,
        "CREATE OR REPLACE FUNCTION mark_of(scores smallint[]) RETURNS integer LANGUAGE sql IMMUTABLE"
        f" AS 'SELECT {MARK_UNITS}'",
        "ALTER TABLE submission DISABLE TRIGGER submission_stays",
        "UPDATE submission SET scores = '{5,5}' WHERE code = 's3'",
    )
    found = verify(small_url)
    assert found.wrong_marks == [("s3", MARK_UNITS)]
    assert not found.agrees


def test_verifying_changes_nothing(small_url: str) -> None:
    corrupt(small_url, "UPDATE total SET raters = 0")
    before = digests(small_url)
    assert not verify(small_url).agrees
    assert digests(small_url) == before
