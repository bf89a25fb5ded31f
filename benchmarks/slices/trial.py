"""A trial: a question's statements, ours and the one by hand, found to answer the same, then timed in turn."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from datetime import date
from statistics import median
from typing import Any

import orjson
import psycopg

from benchmarks.pgbench import literal
from benchmarks.slices.figures import OF_BY_HAND, OF_LOOK_UP, Figures, Touched
from benchmarks.slices.questions import LOOK_UP, Question, Variables, by_hand
from benchmarks.statements import Statement, asked
from models.database import conninfo_for

SEED, POOL = "portal", 20
HAND = "by hand"


class Differs(Exception):
    """The SQL by hand answers something else than the portal."""


class Trial:
    """One question over one database, on one connection with the settings of the portal's own."""

    def __init__(self, database_url: str, question: Question, pool: int = POOL) -> None:
        self._url = database_url
        self._question = question
        self._drawn = question.draw(database_url, pool, SEED)
        if not self._drawn:
            raise LookupError(f"{question.name} finds nothing to ask for: the country is too small.")
        self._asked = asyncio.run(asked(database_url, question.document, [_sent(each) for each in self._drawn]))
        self._by_hand = [question.by_hand(each) for each in self._drawn]

    def compare(self) -> None:
        """Hold each answer to that of the SQL by hand: all values, in order, exactly."""
        with self._connection() as connection:
            for variables, ours, by_hand_ in zip(self._drawn, self._asked, self._by_hand, strict=True):
                expected, found = list(leaves(ours.data)), list(leaves(_executed(connection, by_hand_)))
                if expected != found:
                    place = next(
                        at for at, pair in enumerate([*zip(expected, found, strict=False), ()]) if len({*pair}) != 1
                    )
                    raise Differs(
                        f"{self._question.name} {variables}: by hand {found[place : place + 5]}, not "
                        f"{expected[place : place + 5]} at {place} of {len(expected)} and {len(found)}"
                    )

    def measure(self, rounds: int) -> Figures:
        """Times of whole journeys to the database, medians over all variables; and what is touched."""
        of_totals = self._question.of_totals
        its = [by_hand(LOOK_UP, each) for each in self._drawn] if of_totals else self._by_hand
        held_to, at_most = ("look-up", OF_LOOK_UP) if of_totals else (HAND, OF_BY_HAND)
        with self._connection() as connection:
            times = [self._round(connection, its, number) for number in range(-1, rounds)][1:]
            ours, theirs = zip(*times, strict=True)
            touched = [touched_by(connection, each) for each in (self._asked[0].statements[0], self._by_hand[0])]
        return Figures(held_to, at_most, ours, theirs, *touched)

    def _round(self, connection: psycopg.Connection[Any], its: Sequence[Statement], number: int) -> tuple[float, float]:
        """Ours and the other in turn, for each set of variables; another one goes first each time."""
        times: tuple[list[float], list[float]] = [], []
        for at, (ours, other) in enumerate(zip(self._asked, its, strict=True)):
            pair = [(times[0], ours.statements), (times[1], [other])]
            for found, statements in pair if (at + number) % 2 else reversed(pair):
                begin = time.perf_counter()
                for each in statements:
                    _executed(connection, each)
                found.append(1000 * (time.perf_counter() - begin))
        return median(times[0]), median(times[1])

    def _connection(self) -> psycopg.Connection[Any]:
        return psycopg.connect(conninfo_for(self._url, "benchmark"), autocommit=True, prepare_threshold=0)


def _sent(variables: Variables) -> dict[str, Any]:
    """As JSON has them; the key of a row is for the SQL by hand alone."""
    return {name: str(value) if isinstance(value, date) else value for name, value in variables.items() if name != "id"}


def _executed(connection: psycopg.Connection[Any], statement: Statement) -> list[Any]:
    text, values = statement
    return psycopg.RawCursor(connection).execute(text.encode(), values, binary=True).fetchall()


def leaves(answer: Any) -> Iterator[str]:
    """The values of an answer in their order, as text: of JSON, and of rows with arrays in them."""
    if isinstance(answer, dict):
        answer = list(answer.values())
    if isinstance(answer, (list, tuple)):
        for each in answer:
            yield from leaves(each)
    else:
        yield str(answer)


def touched_by(connection: psycopg.Connection[Any], statement: Statement) -> Touched:
    """What EXPLAIN (ANALYZE, BUFFERS) tells of a statement, planned as the portal's connections plan."""
    text, values = statement
    connection.execute("DEALLOCATE ALL")
    connection.execute(f"PREPARE explained AS {text}".encode())
    given = f"({', '.join(map(literal, values))})" if values else ""
    explain = f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) EXECUTE explained{given}"
    ((told,),) = connection.execute(explain.encode()).fetchall()
    plan = (orjson.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    connection.execute("DEALLOCATE ALL")
    return Touched(_read(plan), plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def _read(plan: dict[str, Any]) -> int:
    """The rows that scans of tables and indexes have looked at."""
    below = sum(_read(each) for each in plan.get("Plans", ()))
    if "Relation Name" not in plan:
        return below
    removed = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
    return below + int((plan["Actual Rows"] + removed) * plan["Actual Loops"])
