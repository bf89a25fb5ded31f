"""Data sets: a query of the schema each, asked page by page, and the columns that its nodes become.

So a value in a file is the one that the schema answers: there is no other way to it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schema.questions import RANKED_AT_ONCE

# A value by its path in a node.
Columns = Mapping[str, str]

PAGE = "pageInfo { hasNextPage endCursor }"
RATING = (
    "rating(slice: $slice, scope: $scope, hierarchy: $hierarchy) { value submissions raters satisfaction withheld }"
)
COUNTED = "$slice: RatingSlice, $scope: Scope = OWN, $hierarchy: Hierarchy = SUBORDINATION, $after: String"
RATING_COLUMNS = {
    "value": "rating.value",
    "submissions": "rating.submissions",
    "raters": "rating.raters",
    "satisfaction": "rating.satisfaction",
    "withheld": "rating.withheld",
}


@dataclass(frozen=True)
class Dataset:
    """What a file can be of.

    `takes` are the variables that decide what is in it. `unfolds` names a list of a node that becomes a
    row for each of its objects, beside the node's own values. `place` is the path of a point.
    """

    query: str
    takes: frozenset[str]
    columns: Columns
    unfolds: str | None = None
    place: str | None = None

    def rows(self, node: Mapping[str, Any]) -> Iterator[list[Any]]:
        """The rows of a node, in the order of the columns."""
        for part in [node] if self.unfolds is None else node[self.unfolds]:
            whole = part if self.unfolds is None else {**node, **part}
            yield [at(whole, path) for path in self.columns.values()]


def at(node: Any, path: str) -> Any:
    """The value at a dotted path; null where there is nothing on the way. A list's are joined as one text."""
    for step in path.split("."):
        if node is None:
            return None
        node = "|".join(each[step] for each in node) if isinstance(node, list) else node[step]
    return node


DATASETS: Mapping[str, Dataset] = {
    "organizations": Dataset(
        f"""query($filter: OrganizationFilter, {COUNTED}) {{
            page: organizations(filter: $filter, first: 100, after: $after) {{ {PAGE} nodes {{
                code name kind {{ code }} registration closedOn area {{ code name }} location {{ latitude longitude }}
                spheres {{ code }} parent(hierarchy: $hierarchy) {{ code }} {RATING} }} }} }}""",
        frozenset({"filter", "slice", "scope", "hierarchy"}),
        {
            "code": "code",
            "name": "name",
            "kind": "kind.code",
            "registration": "registration",
            "closedOn": "closedOn",
            "area": "area.code",
            "areaName": "area.name",
            "parent": "parent.code",
            "spheres": "spheres.code",
            "latitude": "location.latitude",
            "longitude": "location.longitude",
            **RATING_COLUMNS,
        },
        place="location",
    ),
    "ranking": Dataset(
        f"""query($among: OrganizationFilter, $method: RankingMethod = MEAN, $minRaters: Int, {COUNTED}) {{
            page: ranking(among: $among, slice: $slice, scope: $scope, hierarchy: $hierarchy, method: $method,
                minRaters: $minRaters, first: {RANKED_AT_ONCE}, after: $after) {{ {PAGE} nodes {{
                    organization {{ code name location {{ latitude longitude }} }}
                    rank {{ position outOf tied value notRanked }}
                    rating {{ value submissions raters satisfaction withheld }} }} }} }}""",
        frozenset({"among", "slice", "scope", "hierarchy", "method", "minRaters"}),
        {
            "position": "rank.position",
            "outOf": "rank.outOf",
            "tied": "rank.tied",
            "rankedBy": "rank.value",
            "notRanked": "rank.notRanked",
            "code": "organization.code",
            "name": "organization.name",
            **RATING_COLUMNS,
        },
        place="organization.location",
    ),
    "history": Dataset(
        f"""query($filter: OrganizationFilter, $interval: Interval!, {COUNTED}) {{
            page: organizations(filter: $filter, first: 100, after: $after) {{ {PAGE} nodes {{ code name
                history(interval: $interval, slice: $slice, scope: $scope, hierarchy: $hierarchy) {{ from to
                    rating {{ value submissions raters satisfaction withheld }} }} }} }} }}""",
        frozenset({"filter", "interval", "slice", "scope", "hierarchy"}),
        {"code": "code", "name": "name", "from": "from", "to": "to", **RATING_COLUMNS},
        unfolds="history",
    ),
}
