"""The schema, assembled: types, scalars, and which of them are entities seen by whom."""

from collections.abc import Mapping

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from auth import visibility
from engine.fields import Entity
from models.organizations import Organization
from models.questionnaires import Questionnaire
from models.submissions import Submission
from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS

ENTITIES: Mapping[str, Entity] = {
    "Organization": Entity(Organization.__table__, visibility.everyone),
    "Questionnaire": Entity(Questionnaire.__table__, visibility.published_questionnaires),
    "Submission": Entity(Submission.__table__, visibility.submissions),
}

# Beside GraphQL's own rules: plain validation does not look into @oneOf.
RULES = (OneOfInputValidationRule,)


def build() -> strawberry.Schema:
    """The schema of the portal."""
    return strawberry.Schema(
        query=Query, mutation=Mutation, scalar_overrides=SCALARS, config=StrawberryConfig(auto_camel_case=True)
    )


def executable() -> GraphQLSchema:
    """The same as graphql-core executes it; Strawberry has no public name for it."""
    return build()._schema  # noqa: SLF001
