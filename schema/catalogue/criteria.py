"""Criteria: what is scored."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from resolvers.catalogue import criteria
from resolvers.languages import translated
from schema.connections import Node
from schema.enums.languages import Language
from schema.fields import Column, FromPlan, argument, computed, field

InLanguage = Annotated[Language | None, argument("By default the viewer's language.")]


@strawberry.federation.type(keys=["id", "code"], description="What is scored, 1 to 5, in whole numbers.")
class Criterion(Node):
    code: str = field(Column(criteria.code), "Unique and stable.")
    basic: bool = field(
        Column(criteria.basic),
        "Compulsory for every organization; the others belong to a sphere or a service.",
    )

    @computed(Column(translated("name")), "Its name.")
    def name(self, language: InLanguage = UNSET) -> str:
        raise FromPlan
