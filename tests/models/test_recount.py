"""Recounted totals, of all time and by month, are what counting by hand, in Python and by fractions, gives."""

from collections import defaultdict
from fractions import Fraction

import psycopg
import pytest

from models import locks, recount
from models.submissions import MARK_UNITS

SUBMISSIONS = """
    SELECT organization_id, rater_id, to_char(submitted_on, 'YYYY-MM'), submitted_at, scores,
           ARRAY(SELECT criterion_id FROM questionnaire_criterion AS place
                 WHERE place.questionnaire_id = submission.questionnaire_id ORDER BY position)
    FROM submission WHERE status = 'COUNTED'"""

PARENTS = "SELECT hierarchy::text, organization_id, parent_id FROM organization_position"

# Of a month nobody knows how many raters it has.
TOTALS = """
    SELECT pool::text, organization_id, 'all', submissions, mark_sum, satisfied, raters, marks,
           criterion_sums, criterion_counts
    FROM total WHERE submissions > 0
    UNION ALL
    SELECT pool::text, organization_id, to_char(month, 'YYYY-MM'), submissions, mark_sum, satisfied, NULL, marks,
           criterion_sums, criterion_counts
    FROM month_total WHERE submissions > 0"""
SATISFACTION = "SELECT valid_from, value::int FROM policy WHERE name = 'SATISFACTION_MARK' ORDER BY 1"

Key = tuple[str, int, str]


class Hand:
    """One total, counted one submission at a time."""

    def __init__(self) -> None:
        self.marks: list[Fraction] = []
        self.satisfied = 0
        self.raters: set[int] = set()
        self.scores: dict[int, list[int]] = defaultdict(list)

    def add(self, rater: int, scores: list[int | None], criteria: list[int], satisfying: int) -> None:
        given = [score for score in scores if score is not None]
        self.marks.append(Fraction(sum(given), len(given)))
        self.satisfied += self.marks[-1] >= satisfying
        self.raters.add(rater)
        for criterion, score in zip(criteria, scores, strict=True):
            if score is not None:
                self.scores[criterion].append(score)

    def row(self, period: str) -> tuple[object, ...]:
        rounded = [int(mark + Fraction(1, 2)) for mark in self.marks]
        places = range(1, max(self.scores) + 1)
        return (
            len(self.marks),
            sum(self.marks) * MARK_UNITS,
            self.satisfied,
            len(self.raters) if period == "all" else None,
            [rounded.count(mark) for mark in range(1, 6)],
            [sum(self.scores.get(place, [])) for place in places],
            [len(self.scores.get(place, [])) for place in places],
        )


def by_hand(connection: psycopg.Connection) -> dict[Key, tuple[object, ...]]:
    parents = {(tree, child): parent for tree, child, parent in connection.execute(PARENTS)}
    definitions = connection.execute(SATISFACTION).fetchall()
    totals: dict[Key, Hand] = defaultdict(Hand)
    for organization, rater, month, at, scores, criteria in connection.execute(SUBMISSIONS):
        satisfying = [mark for begin, mark in definitions if begin <= at][-1]
        for key in [("OWN", organization, "all"), ("OWN", organization, month)]:
            totals[key].add(rater, scores, criteria, satisfying)
        for tree in ("SUBORDINATION", "SUPERVISION"):
            above = organization
            while above is not None:
                totals[tree, above, "all"].add(rater, scores, criteria, satisfying)
                above = parents.get((tree, above))
                if above is not None:
                    # A month of a tree has what is below.
                    totals[tree, above, month].add(rater, scores, criteria, satisfying)
    return {key: total.row(key[-1]) for key, total in totals.items()}


def stored(connection: psycopg.Connection) -> dict[Key, tuple[object, ...]]:
    rows = connection.execute(TOTALS).fetchall()
    return {(row[0], row[1], row[2]): (*row[3:8], *map(without_zeros, row[8:])) for row in rows}


def without_zeros(tally: list[int]) -> list[int]:
    """A tally up to the last criterion that somebody scored."""
    return tally[: max(place for place, number in enumerate(tally, 1) if number)]


def test_a_recount_is_what_counting_by_hand_gives(clone_url: str) -> None:
    with psycopg.connect(clone_url) as connection:
        connection.execute(
            "UPDATE total SET submissions = 0, mark_sum = 0, satisfied = 0, raters = 0, marks = '{0,0,0,0,0}'"
        )
        connection.execute("UPDATE month_total SET criterion_sums = '{}' WHERE organization_id % 2 = 0")
        connection.execute("DELETE FROM month_total WHERE organization_id % 3 = 0")
        assert recount.differences(connection) != []
        recount.rebuild(connection)
        assert stored(connection) == by_hand(connection)
        assert recount.differences(connection) == []


def test_what_does_not_count_is_not_counted(clone_url: str) -> None:
    with psycopg.connect(clone_url) as connection:
        connection.execute("UPDATE submission SET status = 'WITHDRAWN', status_at = now() WHERE id % 3 = 0")
        assert recount.differences(connection) != []
        recount.rebuild(connection)
        assert stored(connection) == by_hand(connection)


def test_a_submission_satisfied_by_the_policy_of_its_time(clone_url: str) -> None:
    with psycopg.connect(clone_url) as connection:
        connection.execute("INSERT INTO policy VALUES ('SATISFACTION_MARK', '2024-01-01', '5')")
        assert {each.field for each in recount.differences(connection)} == {"satisfied"}
        recount.rebuild(connection)
        assert stored(connection) == by_hand(connection)


def test_another_policy_from_now_on_changes_no_total(clone_url: str) -> None:
    with psycopg.connect(clone_url) as connection:
        connection.execute("INSERT INTO policy VALUES ('SATISFACTION_MARK', now(), '5')")
        assert recount.differences(connection) == []


def test_a_missing_total_is_made(clone_url: str) -> None:
    with psycopg.connect(clone_url) as connection:
        before = stored(connection)
        connection.execute("DELETE FROM total")
        connection.execute("DELETE FROM month_total")
        recount.rebuild(connection)
        assert stored(connection) == before


def test_nobody_writes_while_totals_are_rebuilt(clone_url: str) -> None:
    with psycopg.connect(clone_url) as connection, psycopg.connect(clone_url) as other:
        recount.rebuild(connection)
        for table in ("submission", "organization_position", "total", "month_total"):
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE NOWAIT".encode())
            other.rollback()
        assert other.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [locks.TREES]).fetchone() == (False,)
        assert other.execute("SELECT count(*) FROM total").fetchone()


def test_rebuilding_what_is_right_writes_nothing(clone_url: str) -> None:
    versions = "SELECT (SELECT sum(xmin::text::bigint) FROM total), (SELECT sum(xmin::text::bigint) FROM month_total)"
    with psycopg.connect(clone_url) as connection:
        before = connection.execute(versions).fetchone()
        recount.rebuild(connection)
        assert connection.execute(versions).fetchone() == before
