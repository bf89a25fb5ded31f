"""Fields for the gateway that makes one graph of several: what this one is, and its objects by their keys."""

from typing import Annotated, Any

import strawberry
from strawberry.federation.schema import FederationAny

from engine.plans.representations import Representation
from schema.catalogue.areas import Area
from schema.catalogue.criteria import Criterion
from schema.catalogue.questionnaires import Questionnaire
from schema.catalogue.services import Category, Service, Sphere
from schema.fields import FromPlan, Representations, argument, computed
from schema.organizations.organizations import Organization
from schema.scalars import output_only
from schema.sdl import sdl_of
from schema.submissions.submissions import Submission
from schema.voices.reviews import Review

ANY: dict[object, Any] = {
    FederationAny: strawberry.scalar(
        name="_Any",
        description="An object of this graph as another one represents it: its `__typename`, and the fields of a key.",
        serialize=output_only,
        parse_value=Representation,
    )
}

AnyEntity = Annotated[
    Organization | Service | Sphere | Category | Criterion | Area | Questionnaire | Submission | Review,
    strawberry.union("_Entity", description="What other graphs can refer to by a key."),
]
Referred = Annotated[
    list[FederationAny],
    argument("At most 1,000, of any types, each with its `__typename` and a key: `id`, or `code` where there is one."),
]


@strawberry.type(name="_Service", description="This graph, as a part of a larger one.")
class ServiceDefinition:
    sdl: str = strawberry.field(description="Its schema, with the directives of Apollo Federation 2.")


def service_definition(info: strawberry.Info[Any, Any]) -> ServiceDefinition:
    """The schema that answers, as it is published."""
    return ServiceDefinition(sdl=sdl_of(info.schema))


@strawberry.type
class Federated:
    _service: ServiceDefinition = strawberry.field(
        name="_service", resolver=service_definition, description="For gateways: this graph's schema."
    )

    @computed(
        Representations("representations"),
        "For gateways: the objects that other graphs refer to, in order; null where there is none, or none that the"
        " viewer may see. What is malformed is an error in its place. As everywhere, the code of a merged organization"
        " finds who took it over.",
        name="_entities",
    )
    def _entities(self, representations: Referred) -> list[AnyEntity | None]:
        raise FromPlan
