"""Recounted totals are what counting by hand, in Python and by fractions, gives."""

from collections import defaultdict
from fractions import Fraction

import psycopg
import pytest

from models import locks, recount
from models.submissions import MARK_UNITS

SUBMISSIONS = """
    SELECT organization_id, rater_id, scores,
           ARRAY(SELECT criterion_id FROM questionnaire_criterion AS place
                 WHERE place.questionnaire_id = submission.questionnaire_id ORDER BY position)
    FROM submission WHERE status = 'COUNTED'"""

PARENTS = "SELECT hierarchy::text, organization_id, parent_id FROM organization_position"

TOTALS = """
    SELECT pool::text, organization_id, submissions, mark_sum, satisfied, raters, marks, criterion_sums, criterion_counts
    FROM total WHERE submissions > 0"""

Key = tuple[str, int]


class Hand:
    """One total, counted one submission at a time."""

    def __init__(self) -> None:
        self.marks: list[Fraction] = []
        self.raters: set[int] = set()
        self.scores: dict[int, list[int]] = defaultdict(list)

    def add(self, rater: int, scores: list[int | None], criteria: list[int]) -> None:
        given = [score for score in scores if score is not None]
        self.marks.append(Fraction(sum(given), len(given)))
        self.raters.add(rater)
        for criterion, score in zip(criteria, scores, strict=True):
            if score is not None:
                self.scores[criterion].append(score)

    def row(self) -> tuple[object, ...]:
        rounded = [int(mark + Fraction(1, 2)) for mark in self.marks]
        places = range(1, max(self.scores) + 1)
        return (
            len(self.marks),
            sum(self.marks) * MARK_UNITS,
            sum(mark >= 4 for mark in self.marks),
            len(self.raters),
            [rounded.count(mark) for mark in range(1, 6)],
            [sum(self.scores.get(place, [])) for place in places],
            [len(self.scores.get(place, [])) for place in places],
        )


def by_hand(connection: psycopg.Connection) -> dict[Key, tuple[object, ...]]:
    parents = {(tree, child): parent for tree, child, parent in connection.execute(PARENTS)}
    totals: dict[Key, Hand] = defaultdict(Hand)
    for organization, rater, scores, criteria in connection.execute(SUBMISSIONS):
        totals["OWN", organization].add(rater, scores, criteria)
        for tree in ("SUBORDINATION", "SUPERVISION"):
            above = organization
            while above is not None:
                totals[tree, above].add(rater, scores, criteria)
                above = parents.get((tree, above))
    return {key: total.row() for key, total in totals.items()}


def stored(connection: psycopg.Connection) -> dict[Key, tuple[object, ...]]:
    return {(row[0], row[1]): row[2:] for row in connection.execute(TOTALS)}


def test_a_recount_is_what_counting_by_hand_gives(clone_url: str) -> None:
    with psycopg.connect(clone_url) as connection:
        connection.execute(
            "UPDATE total SET submissions = 0, mark_sum = 0, satisfied = 0, raters = 0, marks = '{0,0,0,0,0}'"
        )
        recount.rebuild(connection)
        assert stored(connection) == by_hand(connection)
        assert recount.differences(connection) == []


def test_what_does_not_count_is_not_counted(clone_url: str) -> None:
    with psycopg.connect(clone_url) as connection:
        connection.execute("UPDATE submission SET status = 'WITHDRAWN', status_at = now() WHERE id % 3 = 0")
        assert recount.differences(connection) != []
        recount.rebuild(connection)
        assert stored(connection) == by_hand(connection)


def test_satisfaction_follows_its_policy(clone_url: str) -> None:
    with psycopg.connect(clone_url) as connection:
        connection.execute("INSERT INTO policy VALUES ('SATISFACTION_MARK', now() - interval '1 hour', '5')")
        recount.rebuild(connection)
        (satisfied, perfect) = connection.execute("""
            SELECT (SELECT sum(satisfied) FROM total WHERE pool = 'OWN'),
                   (SELECT count(*) FROM submission WHERE status = 'COUNTED' AND mark = 5 * 720720)""").fetchone() or (
            0,
            1,
        )
        assert satisfied == perfect


def test_a_missing_total_is_made(clone_url: str) -> None:
    with psycopg.connect(clone_url) as connection:
        before = stored(connection)
        connection.execute("DELETE FROM total")
        recount.rebuild(connection)
        assert stored(connection) == before


def test_nobody_writes_while_totals_are_rebuilt(clone_url: str) -> None:
    with psycopg.connect(clone_url) as connection, psycopg.connect(clone_url) as other:
        recount.rebuild(connection)
        for table in ("submission", "organization_position", "total"):
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE NOWAIT".encode())
            other.rollback()
        assert other.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [locks.TREES]).fetchone() == (False,)
        assert other.execute("SELECT count(*) FROM total").fetchone()


def test_rebuilding_what_is_right_writes_nothing(clone_url: str) -> None:
    versions = "SELECT sum(xmin::text::bigint) FROM total"
    with psycopg.connect(clone_url) as connection:
        before = connection.execute(versions).fetchone()
        recount.rebuild(connection)
        assert connection.execute(versions).fetchone() == before
