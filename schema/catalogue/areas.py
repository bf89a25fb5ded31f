"""Areas: the territory's tree."""

from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from resolvers.catalogue import areas
from resolvers.languages import translated
from resolvers.organizations import organizations
from resolvers.ratings import ratings
from schema.catalogue.criteria import InLanguage
from schema.connections import After, Before, Connection, First, Last, Node
from schema.enums.organizations import OrganizationOrder
from schema.fields import Column, FromPlan, Object, argument, computed, field
from schema.fields import Connection as Paged
from schema.inputs import Filter, Slice
from schema.ratings.ratings import Rating
from schema.scalars import GeoJSON

if TYPE_CHECKING:
    from schema.organizations.organizations import Organization

Order = Annotated[
    OrganizationOrder | None,
    argument("By default RELEVANCE with `filter.text`, DISTANCE with `filter.near`, else NAME."),
]
OrganizationConnection = Connection[Annotated["Organization", strawberry.lazy("schema.organizations.organizations")]]
Tolerance = Annotated[float | None, argument("Simplify the boundary by up to so many metres, 0 to 1,000,000.")]


@strawberry.federation.type(keys=["id", "code"], description="A country, region, district or locality.")
class Area(Node):
    code: str = field(Column(areas.code), "Unique and stable; ISO 3166-2 where there is one.")
    parent: Annotated["Area", strawberry.lazy("schema.catalogue.areas")] | None = field(
        Object(areas.parent), "The area that it belongs to."
    )

    @computed(Column(translated("name")), "Its name.")
    def name(self, language: InLanguage = UNSET) -> str:
        raise FromPlan

    @computed(Column(areas.boundary), "Its polygon, where one is known.")
    def boundary(self, tolerance_meters: Tolerance = UNSET) -> GeoJSON | None:
        raise FromPlan

    @computed(Paged(organizations.of_area), "The organizations in it and in the areas below it.")
    def organizations(
        self,
        filter: Filter = UNSET,
        order_by: Order = UNSET,
        slice: Slice = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> OrganizationConnection:
        raise FromPlan

    @computed(Object(ratings.of_area), "All submissions of the organizations in it, pooled.")
    def rating(self, slice: Slice = UNSET) -> Rating:
        raise FromPlan
