"""What the portal should answer, worked out from the raw rows in plain Python, in exact fractions."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from math import floor
from typing import Any

import psycopg
from psycopg.rows import class_row, dict_row

# A selection of `Rating` that `Country.rating` answers.
RATING = """value submissions raters satisfaction withheld
    byCriterion { criterion { code } value submissions } marks { mark submissions }"""

# Who closes on a date is open before it, and which date it is depends on the policies of now.
OPEN = """o.closed_on IS NULL OR o.closed_on > (now() AT TIME ZONE (
    SELECT value #>> '{}' FROM policy WHERE name = 'TIME_ZONE' AND valid_from <= now() ORDER BY valid_from DESC LIMIT 1
))::date"""
ORGANIZATIONS = f"""
SELECT o.id, o.code, o.name_be, o.name_ru, o.name_en, kind.code AS kind, area.code AS area,
       {OPEN} AS open,
       ST_X(location) AS longitude, ST_Y(location) AS latitude,
       ARRAY(SELECT code FROM organization_sphere JOIN sphere ON sphere.id = sphere_id
             WHERE organization_id = o.id) AS spheres,
       ARRAY(SELECT code FROM organization_service JOIN service ON service.id = service_id
             WHERE organization_id = o.id) AS services
FROM organization AS o JOIN organization_kind AS kind ON kind.id = kind_id LEFT JOIN area ON area.id = area_id"""  # noqa: S608 - both are the tests' own
PARENTS = """
SELECT hierarchy::text, child.code, parent.code AS parent FROM organization_position
JOIN organization AS child ON child.id = organization_id LEFT JOIN organization AS parent ON parent.id = parent_id"""
SUBMISSIONS = """
SELECT organization.code AS organization, rater_id AS rater, rater_kind::text AS kind, channel::text AS channel,
       service.code AS service, coalesce(service_id, 0) AS service_id, verified, submitted_on AS day,
       submitted_at AS moment, submission.scores,
       ARRAY(SELECT criterion.code FROM questionnaire_criterion AS place
             JOIN criterion ON criterion.id = criterion_id
             WHERE place.questionnaire_id = submission.questionnaire_id ORDER BY position) AS criteria
FROM submission JOIN organization ON organization.id = organization_id LEFT JOIN service ON service.id = service_id
WHERE status = 'COUNTED'"""
SATISFACTION = "SELECT valid_from, value::int FROM policy WHERE name = 'SATISFACTION_MARK' ORDER BY valid_from"


@dataclass(frozen=True)
class Organization:
    """A row of the register, references as codes."""

    id: int
    code: str
    name_be: str
    name_ru: str
    name_en: str
    kind: str
    area: str | None
    open: bool
    longitude: float
    latitude: float
    spheres: Sequence[str]
    services: Sequence[str]


@dataclass(frozen=True)
class Submission:
    """What one rater gave one organization, by criterion."""

    organization: str
    rater: int
    kind: str
    channel: str | None
    service: str | None
    service_id: int
    verified: bool
    day: date
    satisfying: int
    scores: Mapping[str, int]

    @property
    def mark(self) -> Fraction:
        """The mean of its scores."""
        return Fraction(sum(self.scores.values()), len(self.scores))

    def by(self, criteria: Collection[str]) -> "Submission":
        """The same with the scores of some criteria alone, of which it may have none."""
        return replace(self, scores={code: score for code, score in self.scores.items() if code in criteria})


@dataclass(frozen=True)
class Standing:
    """What the ranking says of one organization."""

    position: int | None
    tied: int
    out_of: int


class Country:
    """All that is needed of a database, read once."""

    def __init__(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            found = connection.cursor(row_factory=class_row(Organization)).execute(ORGANIZATIONS).fetchall()
            rows = connection.cursor()
            self.parents: dict[str, dict[str, str | None]] = {"SUBORDINATION": {}, "SUPERVISION": {}}
            for hierarchy, child, parent in rows.execute(PARENTS):
                self.parents[hierarchy][child] = parent
            definitions = rows.execute(SATISFACTION).fetchall()
            self._submissions = [
                Submission(**said, satisfying=_at(definitions, moment), scores=_given(criteria, scores))
                for said, moment, criteria, scores in _taken(connection)
            ]
            self.criteria = _codes(rows, "SELECT code FROM criterion ORDER BY ordinal")
            self.area_parents: dict[str, str | None] = dict(
                connection.execute(
                    "SELECT a.code, p.code FROM area a LEFT JOIN area p ON p.id = a.parent_id"
                ).fetchall()
            )
            self.service_categories: dict[str, str] = dict(
                connection.execute(
                    "SELECT s.code, c.code FROM service s JOIN category c ON c.id = category_id"
                ).fetchall()
            )
        self.organizations = {each.code: each for each in found}

    @cached_property
    def submissions(self) -> dict[str, list[Submission]]:
        """The counted submissions of each organization."""
        grouped: dict[str, list[Submission]] = {code: [] for code in self.organizations}
        for each in self._submissions:
            grouped[each.organization].append(each)
        return grouped

    def chosen(self, wanted: Callable[[Organization], bool] = lambda o: o.open) -> set[str]:
        """The codes of the organizations that a condition is true for; without one, of the open ones."""
        return {each.code for each in self.organizations.values() if wanted(each)}

    def ancestors(self, code: str, hierarchy: str = "SUBORDINATION") -> list[str]:
        """From the root down to the parent."""
        parent = self.parents[hierarchy].get(code)
        return [*self.ancestors(parent, hierarchy), parent] if parent else []

    def children(self, code: str, hierarchy: str = "SUBORDINATION") -> set[str]:
        """Directly below."""
        return {child for child, parent in self.parents[hierarchy].items() if parent == code}

    def subordinates(self, code: str, hierarchy: str = "SUBORDINATION") -> set[str]:
        """Below at any depth."""
        return {below for below in self.parents[hierarchy] if code in self.ancestors(below, hierarchy)}

    def in_area(self, code: str, area: str) -> bool:
        """Whether an organization stands in an area or below it."""
        step: str | None = self.organizations[code].area
        while step is not None and step != area:
            step = self.area_parents[step]
        return step == area

    def pool(self, codes: Iterable[str]) -> list[Submission]:
        """The submissions of several organizations together."""
        return [each for code in codes for each in self.submissions[code]]

    def rating(self, codes: Iterable[str]) -> dict[str, Any]:
        """The rating of several organizations as one, as the API answers `RATING`."""
        return rating(self.pool(codes), self.criteria)


def rating(counted: Sequence[Submission], criteria: Iterable[str], least: int = 1) -> dict[str, Any]:
    """The rating of some submissions; criteria are told from `least` submissions on, in the order given."""
    marks = Counter(floor(each.mark + Fraction(1, 2)) for each in counted)
    satisfied = sum(each.mark >= each.satisfying for each in counted)
    return {
        "value": mean([each.mark for each in counted]),
        "submissions": len(counted),
        "raters": len({each.rater for each in counted}),
        "satisfaction": decimal(Fraction(satisfied, len(counted)), 4) if counted else None,
        "withheld": False,
        "byCriterion": [
            rated for code in criteria if (rated := _by_criterion(counted, code)) and rated["submissions"] >= least
        ],
        "marks": [{"mark": mark, "submissions": marks[mark]} for mark in range(1, 6)],
    }


def ranking(ratings: Mapping[str, Any], minimum: int = 5) -> dict[str, Standing]:
    """A competition ranking (1, 2, 2, 4) by value of those who have enough raters."""
    values = {code: each["value"] for code, each in ratings.items() if each["raters"] >= minimum}
    shared, out_of = Counter(values.values()), len(values)
    return {
        code: Standing(1 + sum(other > value for other in values.values()), shared[value], out_of)
        if (value := values.get(code))
        else Standing(None, 0, out_of)
        for code in ratings
    }


def mean(numbers: Sequence[Fraction | int]) -> str | None:
    """The mean of numbers as published, None of none."""
    return decimal(Fraction(sum(numbers)) / len(numbers), 2) if numbers else None


def decimal(number: Fraction, places: int) -> str:
    """A positive number rounded half up, as text."""
    digits = floor(number * 10**places + Fraction(1, 2))
    return f"{digits // 10**places}.{digits % 10**places:0{places}}"


def _given(criteria: Sequence[str], scores: Sequence[int | None]) -> dict[str, int]:
    return {code: score for code, score in zip(criteria, scores, strict=True) if score is not None}


def _taken(connection: psycopg.Connection) -> Iterator[tuple[dict[str, Any], datetime, list[str], list[int | None]]]:
    """The rows of submissions, and what of them has yet to be worked out."""
    for row in connection.cursor(row_factory=dict_row).execute(SUBMISSIONS):
        yield row, row.pop("moment"), row.pop("criteria"), row.pop("scores")


def _at(definitions: Sequence[tuple[datetime, int]], moment: datetime) -> int:
    """What a policy was at a moment."""
    return [value for start, value in definitions if start <= moment][-1]


def _codes(cursor: Any, query: str) -> list[str]:
    return [code for (code,) in cursor.execute(query)]


def _by_criterion(counted: Sequence[Submission], code: str) -> dict[str, Any] | None:
    scores = [each.scores[code] for each in counted if code in each.scores]
    if not scores:
        return None
    return {"criterion": {"code": code}, "value": mean(scores), "submissions": len(scores)}
