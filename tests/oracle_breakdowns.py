"""What a breakdown should answer, worked out from the raw rows in plain Python, in exact fractions."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import partial
from math import floor
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from tests.oracle import OPEN, decimal, mean

# What `Breakdowns.cells` answers.
CELLS = """keys { dimension code organization { code } }
    rating { value submissions raters satisfaction withheld
        byCriterion { criterion { code } value submissions } marks { mark submissions } }"""

DIMENSIONS = [
    "SUBORDINATE",
    "SPHERE",
    "CATEGORY",
    "SERVICE",
    "AREA",
    "KIND",
    "CHANNEL",
    "RATER_KIND",
    "VERIFIED",
    "CRITERION",
    "DAY",
    "WEEK",
    "MONTH",
    "QUARTER",
    "YEAR",
]
INTERVALS = DIMENSIONS[-5:]
FINE = {"CATEGORY", "SERVICE", "CHANNEL", "RATER_KIND", "VERIFIED", "DAY", "WEEK"}
AROUND = {"DAY": "MONTH", "MONTH": "QUARTER", "QUARTER": "YEAR"}
NOT_TOLD = "-"

ORGANIZATIONS = f"""
SELECT o.code, kind.code AS kind, area.code AS area, ARRAY(
    SELECT code FROM organization_sphere JOIN sphere ON sphere.id = sphere_id WHERE organization_id = o.id) AS spheres,
    {OPEN} AS open
FROM organization AS o JOIN organization_kind AS kind ON kind.id = kind_id LEFT JOIN area ON area.id = area_id"""  # noqa: S608 - both are the tests' own
POSITIONS = """
SELECT hierarchy::text, child.code, parent.code FROM organization_position
JOIN organization AS child ON child.id = organization_id LEFT JOIN organization AS parent ON parent.id = parent_id"""
SUBMISSIONS = """
SELECT organization.code AS organization, rater_id AS rater, rater_kind::text, service.code AS service, channel::text,
       CASE WHEN verified THEN 'VERIFIED' ELSE 'UNVERIFIED' END AS visit, submitted_at AS moment, submitted_on AS day,
       submission.scores, ARRAY(
           SELECT criterion.code FROM questionnaire_criterion AS place JOIN criterion ON criterion.id = criterion_id
           WHERE place.questionnaire_id = submission.questionnaire_id ORDER BY position) AS criteria
FROM submission JOIN organization ON organization.id = organization_id LEFT JOIN service ON service.id = service_id
WHERE status = 'COUNTED'"""
AREAS = "SELECT area.code, parent.code FROM area LEFT JOIN area AS parent ON parent.id = area.parent_id"
CATEGORIES = "SELECT service.code, category.code FROM service JOIN category ON category.id = category_id"
MEMBERS = """
SELECT 'CHANNEL', code::text FROM unnest(enum_range(NULL::channel)) AS code
UNION ALL SELECT 'RATER_KIND', code::text FROM unnest(enum_range(NULL::rater_kind)) AS code
UNION ALL SELECT 'VERIFIED', code FROM unnest(ARRAY['VERIFIED', 'UNVERIFIED']) AS code"""
POLICIES = "SELECT name::text, valid_from, value FROM policy ORDER BY valid_from"

# The codes of each dimension in the order of its cells, and their ids.
BY_NAME = "SELECT code, id FROM {} ORDER BY coalesce(name_ru, name_be, name_en), id"
BY_ORDINAL = "SELECT code, id FROM {} ORDER BY ordinal, id"
ORDERS = {
    "SUBORDINATE": BY_NAME.format("organization"),
    "AREA": BY_NAME.format("area"),
    "SERVICE": BY_NAME.format("service"),
    "SPHERE": BY_ORDINAL.format("sphere"),
    "KIND": BY_ORDINAL.format("organization_kind"),
    "CRITERION": BY_ORDINAL.format("criterion"),
    "CATEGORY": """SELECT category.code, category.id FROM category JOIN sphere ON sphere.id = sphere_id
                   ORDER BY sphere.ordinal, category.ordinal, category.id""",
}

Keys = tuple[str, ...]
# The dimension that the cells of a line differ in, and whether only those within something coarser are a line.
Along = tuple[str, bool]
Slice = Mapping[str, Any]

# What a slice asks for of a submission, beside its date and its criteria.
COLUMNS = {"services": "service", "channels": "channel", "raterKinds": "rater_kind", "verified": "visit"}
OWN_CONDITIONS = {"SERVICE": "services", "CHANNEL": "channels", "RATER_KIND": "raterKinds", "VERIFIED": "verified"}


@dataclass(frozen=True)
class Said:
    """A submission, or one of its scores, as a slice has it: by whom, with which mark, whether that satisfied."""

    submission: Any
    mark: Fraction
    satisfied: bool
    scores: Mapping[str, int]

    @property
    def rater(self) -> int:
        """Who said it."""
        return int(self.submission.rater)


class Breakdowns:
    """All that is needed of a database, read once."""

    def __init__(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            rows: Any = connection.cursor(row_factory=namedtuple_row)
            self.organizations: dict[str, Any] = {each.code: each for each in rows.execute(ORGANIZATIONS)}
            self.submissions = rows.execute(SUBMISSIONS).fetchall()
            self.areas: dict[str, str | None] = dict(connection.execute(AREAS).fetchall())
            self.categories: dict[str, str] = dict(connection.execute(CATEGORIES).fetchall())
            self.parents: dict[str, dict[str, str | None]] = {"SUBORDINATION": {}, "SUPERVISION": {}}
            for hierarchy, child, parent in connection.execute(POSITIONS):
                self.parents[hierarchy][child] = parent
            found = {name: connection.execute(query).fetchall() for name, query in ORDERS.items()}
            for name, code in connection.execute(MEMBERS):
                members = found.setdefault(name, [])
                members.append((code, len(members)))
            self.policies = connection.execute(POLICIES).fetchall()
        # What was not told comes last.
        self.order = {name: [*(code for code, _ in codes), NOT_TOLD] for name, codes in found.items()}
        self.ids: dict[str, dict[str, int]] = {name: dict(codes) for name, codes in found.items()}

    def branches(self, code: str, scope: str, hierarchy: str, by: Sequence[str]) -> dict[str, str]:
        """Whose submissions count for an organization, and the subordinate that each is below."""
        parents = self.parents[hierarchy]
        found = {code: code}
        if scope == "SUBTREE" or "SUBORDINATE" in by:
            found |= {child: child for child, parent in parents.items() if parent == code}
        if scope == "SUBTREE":
            for each in parents:
                way = [each, *self._above(each, hierarchy)]
                if code in way[1:]:
                    found[each] = way[way.index(code) - 1]
        return found

    def _above(self, code: str, hierarchy: str) -> Iterator[str]:
        parent = self.parents[hierarchy].get(code)
        while parent:
            yield parent
            parent = self.parents[hierarchy][parent]

    def chosen(self, sphere: str | None) -> dict[str, str]:
        """The open organizations, of a sphere if there is one, each for itself."""
        every = self.organizations.values()
        return {each.code: each.code for each in every if each.open and (sphere is None or sphere in each.spheres)}

    def cells(self, branches: Mapping[str, str], by: Sequence[str], given: Slice) -> list[dict[str, Any]]:
        """The cells of a set of organizations as `CELLS` answers them, in Russian."""
        if "verified" in given:
            given = {**given, "verified": ["VERIFIED" if given["verified"] else "UNVERIFIED"]}
        wide = widened(by, given)
        said: dict[Keys, list[Said]] = {}
        around = self._common_area(branches)
        for each in self.submissions:
            if each.organization in branches:
                for found, criterion in self._said(each, by, given):
                    for keys in self._keys(each, by, branches, around, criterion):
                        said.setdefault(keys, []).append(found)
        cells = {
            keys: [one for one in found if in_period(one, wide) and fits(one, wide)] for keys, found in said.items()
        }
        cells = {keys: found for keys, found in cells.items() if found}
        withheld = self._withheld(cells, said, by, wide)
        shown = [keys for keys in cells if self._is_shown(keys, by, given)]
        ordered = sorted(shown, key=lambda keys: [self._place(name, key) for name, key in zip(by, keys, strict=True)])
        least = self._enough if is_fine(by, wide) else 1
        return [self._cell(by, keys, cells[keys], keys in withheld, least) for keys in ordered]

    @property
    def _enough(self) -> int:
        return self._policy("SMALL_GROUP_RATERS")

    def _is_few(self, found: Iterable[Said]) -> bool:
        return 0 < len({said.rater for said in found}) < self._enough

    def _is_shown(self, keys: Keys, by: Sequence[str], given: Slice) -> bool:
        """Whether a slice asks for a cell, by a dimension that it has a condition on."""
        for name, key in zip(by, keys, strict=True):
            condition = OWN_CONDITIONS.get(name, "")
            if condition in given and key not in given[condition]:
                return False
            if (
                name == "DAY"
                and not given.get("from", date.min).isoformat() <= key <= given.get("to", date.max).isoformat()
            ):
                return False
        return True

    def _said(self, each: Any, by: Sequence[str], given: Slice) -> Iterator[tuple[Said, str]]:
        """What a submission says by the criteria of a slice: all of them together, or each alone."""
        scored = {code: score for code, score in zip(each.criteria, each.scores, strict=True) if score is not None}
        scores = {code: score for code, score in scored.items() if code in given.get("criteria", [code])}
        if "CRITERION" in by:
            for code, score in scores.items():
                yield self._of(each, {code: score}), code
        elif scores:
            yield self._of(each, scores), ""

    def _of(self, each: Any, scores: Mapping[str, int]) -> Said:
        mark = Fraction(sum(scores.values()), len(scores))
        return Said(each, mark, mark >= self._policy("SATISFACTION_MARK", each.moment), scores)

    def _policy(self, name: str, moment: datetime | None = None) -> int:
        """The value of a policy at a moment, or the last one."""
        found = [value for each, start, value in self.policies if each == name and (not moment or start <= moment)]
        return int(found[-1])

    def _keys(
        self, each: Any, by: Sequence[str], branches: Mapping[str, str], around: str | None, criterion: str
    ) -> Iterator[Keys]:
        """The cells of a submission: one for each sphere of its organization, if these are told apart."""
        organization = self.organizations[each.organization]
        told: dict[str, Callable[[], str]] = {
            "SUBORDINATE": lambda: branches[each.organization],
            "CATEGORY": lambda: self.categories.get(each.service, NOT_TOLD),
            "SERVICE": lambda: each.service or NOT_TOLD,
            "AREA": lambda: self._area_below(organization.area, around),
            "KIND": lambda: organization.kind,
            "CHANNEL": lambda: each.channel or NOT_TOLD,
            "RATER_KIND": lambda: each.rater_kind,
            "VERIFIED": lambda: each.visit,
            "CRITERION": lambda: criterion,
            **{unit: partial(_day, unit, each.day) for unit in INTERVALS},
        }
        spheres = (organization.spheres or [NOT_TOLD]) if "SPHERE" in by else [NOT_TOLD]
        yield from (tuple(sphere if name == "SPHERE" else told[name]() for name in by) for sphere in spheres)

    def _way(self, area: str | None) -> list[str]:
        """From the root down to an area."""
        return [*self._way(self.areas[area]), area] if area else []

    def _common_area(self, members: Iterable[str]) -> str | None:
        """The smallest area that all of them stand in."""
        ways = [way for code in members if (way := self._way(self.organizations[code].area))]
        common = [steps[0] for steps in zip(*ways, strict=False) if len(set(steps)) == 1]
        return common[-1] if common else None

    def _area_below(self, area: str | None, around: str | None) -> str:
        way = self._way(area)
        if not way:
            return NOT_TOLD
        below = way[way.index(around) + 1 :] if around else way
        return below[0] if below else way[-1]

    def _withheld(
        self, cells: Mapping[Keys, list[Said]], said: Mapping[Keys, list[Said]], by: Sequence[str], given: Slice
    ) -> set[Keys]:
        """The cells that tell of few raters, and those that would as the rest of a total."""
        few = set()
        if is_fine(by, given) or cut_months(given):
            few = {keys for keys, found in cells.items() if self._is_few(found)}
        withheld = few | {keys for keys in cells if self._is_hidden(said[keys], by, given)}
        raters = {keys: {one.rater for one in found} for keys, found in cells.items()}
        lines: list[Along] = []
        for name in (each for each in DIMENSIONS if each in by and each != "CRITERION"):
            lines += [(name, True), (name, False)] if name == "SERVICE" or name in AROUND else [(name, False)]
        for along in lines * (3 if len(lines) > 1 else 1):
            withheld |= self._next(raters, few, withheld, along, by)
        return withheld

    def _is_hidden(self, said: Sequence[Said], by: Sequence[str], given: Slice) -> bool:
        """Whether a slice like a cell would be withheld, for what else was said where the cell is."""
        conditions = COLUMNS.keys() & given.keys()
        if conditions and self._splits(conditions, [one for one in said if in_period(one, given)], given):
            return True
        for month in () if "WEEK" in by else cut_months(given):
            of_month = [one for one in said if first_day("MONTH", one.submission.day) == month and fits(one, given)]
            if any(
                self._is_few(one for one in of_month if in_period(one, given) == inside) for inside in (True, False)
            ):
                return True
        return False

    def _splits(self, conditions: Iterable[str], said: Sequence[Said], given: Slice) -> bool:
        """Whether conditions leave a few raters out, or take in some of the small groups of a kind but not all."""
        if any(self._is_few(one for one in said if fits(one, given) == inside) for inside in (True, False)):
            return True
        for name in conditions:
            others = {other: given[other] for other in given if other != name}
            values: dict[Any, list[Said]] = {}
            for one in said:
                if fits(one, others):
                    values.setdefault(getattr(one.submission, COLUMNS[name]), []).append(one)
            if len({value in given[name] for value in self._small(name, values)}) == 2:
                return True
        return False

    def _small(self, name: str, values: Mapping[Any, list[Said]]) -> set[Any]:
        """Of the values of a condition those with few raters, and the next if these are few together."""
        small = {value for value, found in values.items() if self._is_few(found)}
        if self._is_few(one for value in small for one in values[value]):
            dimension = {condition: dimension for dimension, condition in OWN_CONDITIONS.items()}[name]
            others = [value for value in values if value not in small]
            small |= set(
                sorted(
                    others,
                    key=lambda each: (len({one.rater for one in values[each]}), self._tie(dimension, each or NOT_TOLD)),
                )[:1]
            )
        return small

    def _next(
        self,
        raters: Mapping[Keys, set[int]],
        few: set[Keys],
        withheld: set[Keys],
        along: Along,
        by: Sequence[str],
    ) -> set[Keys]:
        """In each line along a dimension that needs it, the next cell to withhold."""
        lines: dict[Keys, list[Keys]] = {}
        for keys in raters:
            lines.setdefault(self._line(keys, by, along), []).append(keys)
        found = set()
        for own in lines.values():
            hidden, others = [each for each in own if each in withheld], [each for each in own if each not in withheld]
            together = set().union(*(raters[each] for each in hidden))
            too_few = few.issuperset(hidden) and len(together) < self._enough
            if hidden and others and (len(hidden) == 1 or too_few):
                found.add(min(others, key=lambda each: (len(raters[each]), self._ties(each, by))))
        return found

    def _line(self, keys: Keys, by: Sequence[str], along: Along) -> Keys:
        """What cells of a line have in common, that differ in a dimension only, all or within something."""
        name, within = along
        place = by.index(name)
        key, around = keys[place], ""
        if within and name in AROUND:
            around = _day(AROUND[name], date.fromisoformat(key))
        elif within:
            around = self.categories.get(key, NOT_TOLD)
        return (*keys[:place], around, *keys[place + 1 :])

    def _ties(self, keys: Keys, by: Sequence[str]) -> list[Any]:
        """What tells which of two cells is next where as many have rated: ids, whatever the order of the dimensions."""
        return [self._tie(name, keys[by.index(name)]) for name in DIMENSIONS if name in by]

    def _tie(self, name: str, key: str) -> Any:
        return (key == NOT_TOLD, self.ids.get(name, {}).get(key, 0 if name in self.ids else key))

    def _place(self, name: str, key: str) -> Any:
        return self.order[name].index(key) if name in self.order else key

    def _cell(self, by: Sequence[str], keys: Keys, found: Sequence[Said], withheld: bool, least: int) -> dict[str, Any]:
        return {
            "keys": [
                {"dimension": name, "code": key, "organization": {"code": key} if name == "SUBORDINATE" else None}
                for name, key in zip(by, keys, strict=True)
            ],
            "rating": _hidden(found) if withheld else self._rating(found, least),
        }

    def _rating(self, found: Sequence[Said], least: int) -> dict[str, Any]:
        rounded = Counter(floor(said.mark + Fraction(1, 2)) for said in found)
        scores = {
            code: [said.scores[code] for said in found if code in said.scores] for code in self.order["CRITERION"]
        }
        return {
            "value": mean([said.mark for said in found]),
            "submissions": len(found),
            "raters": len({said.rater for said in found}),
            "satisfaction": decimal(Fraction(sum(said.satisfied for said in found), len(found)), 4),
            "withheld": False,
            "byCriterion": [
                {"criterion": {"code": code}, "value": mean(given), "submissions": len(given)}
                for code, given in scores.items()
                if len(given) >= least
            ],
            "marks": [{"mark": mark, "submissions": rounded[mark]} for mark in range(1, 6)],
        }


def _hidden(found: Sequence[Said]) -> dict[str, Any]:
    """All that is told where a cell is withheld."""
    lists: dict[str, list[Any]] = {"byCriterion": [], "marks": []}
    return {"value": None, "submissions": len(found), "raters": 0, "satisfaction": None, "withheld": True, **lists}


def _day(unit: str, day: date) -> str:
    return first_day(unit, day).isoformat()


def first_day(unit: str, day: date) -> date:
    """The first day of the interval that a day is in."""
    match unit:
        case "WEEK":
            return day - timedelta(days=day.weekday())
        case "MONTH":
            return day.replace(day=1)
        case "QUARTER":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case "YEAR":
            return day.replace(month=1, day=1)
    return day


def widened(by: Sequence[str], given: Slice) -> Slice:
    """What is counted of a slice: all cells of a dimension that it has a condition on, and of days whole months."""
    own = {condition for dimension, condition in OWN_CONDITIONS.items() if dimension in by}
    wide = {name: value for name, value in given.items() if name not in own}
    if "DAY" in by:
        wide |= {name: BORDERS[name](wide[name]) for name in BORDERS if name in wide}
    return wide


def _month_end(day: date) -> date:
    return first_day("MONTH", first_day("MONTH", day) + timedelta(days=31)) - timedelta(days=1)


BORDERS: Mapping[str, Callable[[date], date]] = {"from": partial(first_day, "MONTH"), "to": _month_end}


def cut_months(given: Slice) -> set[date]:
    """The first days of the months of which a slice has some days only."""
    return {
        first_day("MONTH", given[name])
        for name in BORDERS
        if name in given and BORDERS[name](given[name]) != given[name]
    }


def in_period(said: Said, given: Slice) -> bool:
    """Whether it was said on a date of a slice."""
    return bool(given.get("from", date.min) <= said.submission.day <= given.get("to", date.max))


def fits(said: Said, given: Slice) -> bool:
    """Whether a slice asks for its service, channel and kind of rater."""
    return all(getattr(said.submission, COLUMNS[name]) in given[name] for name in COLUMNS if name in given)


def is_fine(by: Sequence[str], given: Slice) -> bool:
    """Whether few raters could be recognised in a cell, however long its period is."""
    return bool(FINE.intersection(by) or COLUMNS.keys() & given.keys())
