"""The root of all reads."""

import strawberry

from benchmarks.peers.orm import lists
from benchmarks.peers.orm.organizations import Organization, OrganizationConnection
from benchmarks.peers.orm.ratings import Loading, Rating
from models.organizations import Organization as OrganizationEntity
from models.totals import Pool
from resolvers.organizations.orders import OrganizationOrder
from resolvers.rankings.ranks import NotRankedReason


@strawberry.input
class OrganizationRef:
    code: str


@strawberry.input
class BoundingBox:
    west: float
    south: float
    east: float
    north: float


@strawberry.input
class OrganizationFilter:
    text: str | None = None
    spheres: list[str] | None = None
    areas: list[str] | None = None


@strawberry.type
class MapSelection:
    organizations: list[Organization]
    left_out: int


@strawberry.type
class Rank:
    position: int | None
    tied: int
    out_of: int
    not_ranked: NotRankedReason | None


@strawberry.type
class RankingEntry:
    organization: Organization
    rank: Rank

    @strawberry.field
    async def rating(self, info: Loading) -> Rating:
        return Rating.of(await info.context.total.load((self.organization.entity.id, Pool.OWN)))


@strawberry.type
class RankingConnection:
    nodes: list[RankingEntry]


@strawberry.type
class Query:
    @strawberry.field
    async def organization(self, info: Loading, by: OrganizationRef) -> Organization | None:
        found = await info.context.rows(lists.by_code(by.code))
        return Organization.of(found[0][0]) if found else None

    @strawberry.field
    async def organizations(
        self,
        info: Loading,
        filter: OrganizationFilter | None = None,
        order_by: OrganizationOrder | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> OrganizationConnection:
        text = filter.text if filter else None
        query = lists.by_name(first, after) if text is None else lists.by_text(text, first)
        return OrganizationConnection.of([entity for (entity,) in await info.context.rows(query)])

    @strawberry.field
    async def organizations_on_map(self, info: Loading, within: BoundingBox, limit: int = 500) -> MapSelection:
        query = lists.in_box(within.west, within.south, within.east, within.north, limit)
        rows = await info.context.rows(query)
        found = rows[0][1] if rows else 0
        return MapSelection(
            organizations=[Organization.of(entity) for entity, _ in rows], left_out=max(found - limit, 0)
        )

    @strawberry.field
    async def ranking(self, info: Loading, among: OrganizationFilter, first: int = 20) -> RankingConnection:
        rows = await info.context.rows(lists.ranked(among.spheres or [], among.areas or [], first))
        return RankingConnection(nodes=[_entry(*row) for row in rows])


def _entry(
    entity: OrganizationEntity, position: int | None, tied: int, out_of: int, reason: str | None
) -> RankingEntry:
    not_ranked = NotRankedReason[reason] if reason else None
    rank = Rank(position=position, tied=tied, out_of=out_of, not_ranked=not_ranked)
    return RankingEntry(organization=Organization.of(entity), rank=rank)
