"""Organizations, and where they are and what they do."""

import struct
from typing import Annotated

import strawberry

from benchmarks.peers.orm import lists
from benchmarks.peers.orm.entities import name
from benchmarks.peers.orm.ratings import Loading, Rating
from models.hierarchies import Hierarchy
from models.organizations import Organization as OrganizationEntity
from models.totals import Pool
from resolvers.organizations.orders import OrganizationOrder
from resolvers.ratings.ratings import Scope


@strawberry.type
class Area:
    code: str
    name: str


@strawberry.type
class Sphere:
    code: str
    name: str


@strawberry.type
class GeoPoint:
    latitude: float
    longitude: float


@strawberry.type
class PageInfo:
    end_cursor: str | None


@strawberry.type
class Organization:
    entity: strawberry.Private[OrganizationEntity]
    code: str
    name: str

    @classmethod
    def of(cls, entity: OrganizationEntity) -> "Organization":
        return cls(entity=entity, code=entity.code, name=name(entity))

    @strawberry.field
    def location(self) -> GeoPoint | None:
        if self.entity.location is None:
            return None
        # The coordinates of a point are the end of its binary form.
        longitude, latitude = struct.unpack("<dd", bytes(self.entity.location.data)[-16:])
        return GeoPoint(latitude=latitude, longitude=longitude)

    @strawberry.field
    async def area(self, info: Loading) -> Area | None:
        if self.entity.area_id is None:
            return None
        area = await info.context.area.load(self.entity.area_id)
        return Area(code=area.code, name=name(area))

    @strawberry.field
    async def spheres(self, info: Loading) -> list[Sphere]:
        found = await info.context.spheres.load(self.entity.id)
        return [Sphere(code=each.code, name=name(each)) for each in found]

    @strawberry.field
    async def rating(
        self, info: Loading, scope: Scope = Scope.OWN, hierarchy: Hierarchy = Hierarchy.SUBORDINATION
    ) -> Rating:
        pool = Pool.OWN if scope is Scope.OWN else Pool[hierarchy.name]
        return Rating.of(await info.context.total.load((self.entity.id, pool)))

    @strawberry.field
    async def children(
        self,
        info: Loading,
        hierarchy: Hierarchy = Hierarchy.SUBORDINATION,
        order_by: OrganizationOrder = OrganizationOrder.NAME,
        first: int = 20,
    ) -> Annotated["OrganizationConnection", strawberry.lazy("benchmarks.peers.orm.organizations")]:
        return OrganizationConnection.of(await info.context.children.load((self.entity.id, hierarchy, first)))


@strawberry.type
class OrganizationConnection:
    nodes: list[Organization]
    page_info: PageInfo

    @classmethod
    def of(cls, entities: list[OrganizationEntity]) -> "OrganizationConnection":
        end = lists.cursor(entities[-1]) if entities else None
        return cls(nodes=[Organization.of(each) for each in entities], page_info=PageInfo(end_cursor=end))
