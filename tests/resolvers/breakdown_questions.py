"""Questions that breakdowns can be asked, drawn by hypothesis: dimensions, slices, organizations, sets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.clients import Client
from tests.oracle_breakdowns import CELLS, DIMENSIONS, INTERVALS, Breakdowns

OF_ORGANIZATION = f"""
query($code: String!, $by: [Dimension!]!, $slice: RatingSlice, $scope: Scope, $hierarchy: Hierarchy) {{
    asked: organization(by: {{code: $code}}) {{
        breakdown(by: $by, slice: $slice, scope: $scope, hierarchy: $hierarchy, first: 1000) {{ {CELLS} }} }} }}"""
OF_SUMMARY = f"""
query($among: OrganizationFilter, $by: [Dimension!]!, $slice: RatingSlice) {{
    asked: summary(among: $among, slice: $slice) {{ breakdown(by: $by, first: 1000) {{ {CELLS} }} }} }}"""


@dataclass(frozen=True)
class Question:
    """What is asked: of an organization by its code, or else of the set of a sphere, or of everyone."""

    by: Sequence[str]
    slice: Mapping[str, Any]
    code: str | None = None
    scope: str = "OWN"
    hierarchy: str = "SUBORDINATION"
    sphere: str | None = None

    async def answer(self, client: Client) -> list[dict[str, Any]]:
        """The cells that the portal answers."""
        slice_ = {name: value.isoformat() if isinstance(value, date) else value for name, value in self.slice.items()}
        variables: dict[str, Any] = {"by": self.by, "slice": slice_ or None}
        if self.code is None:
            among = {"spheres": [self.sphere]} if self.sphere else None
            data = await client.data(OF_SUMMARY, among=among, **variables)
        else:
            where = {"code": self.code, "scope": self.scope, "hierarchy": self.hierarchy}
            data = await client.data(OF_ORGANIZATION, **where, **variables)
        found: list[dict[str, Any]] = data["asked"]["breakdown"]
        return found

    def expected(self, breakdowns: Breakdowns) -> list[dict[str, Any]]:
        """The cells that there should be."""
        if self.code is None:
            branches = breakdowns.chosen(self.sphere)
        else:
            branches = breakdowns.branches(self.code, self.scope, self.hierarchy, self.by)
        return breakdowns.cells(branches, self.by, self.slice)[:1000]


def questions(
    codes: Sequence[str], spheres: Sequence[str], slices: st.SearchStrategy[Any]
) -> st.SearchStrategy[Question]:
    """Questions about some organizations and some spheres, over some slices."""
    of_organizations = st.builds(
        Question,
        dimensions(),
        slices,
        st.sampled_from(codes),
        st.sampled_from(["OWN", "SUBTREE", "SUBTREE"]),
        st.sampled_from(["SUBORDINATION", "SUPERVISION"]),
    )
    of_sets = st.builds(Question, dimensions(), slices, sphere=st.none() | st.sampled_from(spheres))
    return of_organizations | of_sets


def dimensions() -> st.SearchStrategy[list[str]]:
    """One to three of them, one interval at most, in any order."""
    others = st.lists(st.sampled_from([each for each in DIMENSIONS if each not in INTERVALS]), max_size=2, unique=True)
    interval = st.lists(st.sampled_from(INTERVALS), max_size=1)
    return st.tuples(others, interval).map(sum_of).filter(bool).flatmap(st.permutations)


def sum_of(parts: tuple[list[str], list[str]]) -> list[str]:
    return [*parts[0], *parts[1]]


def slices(days: Sequence[date], services: Sequence[str], criteria: Sequence[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Slices with a period, or with something else, or both, or none."""
    period = st.lists(st.sampled_from(days), min_size=2, max_size=2).map(lambda two: {"from": min(two), "to": max(two)})
    part = st.sampled_from([("from",), ("to",), ("from", "to")])
    dated = st.builds(lambda whole, names: {name: whole[name] for name in names}, period, part)
    conditions: dict[str, st.SearchStrategy[Any]] = {
        "services": some(services),
        "channels": some(["IN_PERSON", "ONLINE", "PHONE", "POST"]),
        "raterKinds": some(["PERSON", "BUSINESS"]),
        "criteria": some(criteria),
        "verified": st.booleans(),
    }
    other = st.sampled_from(sorted(conditions)).flatmap(lambda name: st.fixed_dictionaries({name: conditions[name]}))
    nothing: st.SearchStrategy[dict[str, Any]] = st.just({})
    return st.builds(lambda one, two: {**one, **two}, nothing | dated, nothing | nothing | other)


def some(values: Sequence[str]) -> st.SearchStrategy[list[str]]:
    """One to three of them."""
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)
