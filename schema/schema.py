"""The schema, assembled: types, scalars, and which of them are entities seen by whom."""

from collections.abc import Mapping

import strawberry
from graphql import GraphQLInputObjectType, GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from auth import visibility
from engine.fields import Entity
from models.applications import Application
from models.audit import AuditEvent
from models.clients import Client
from models.editions import Edition
from models.grants import Grant
from models.organizations import Organization
from models.questionnaires import Questionnaire
from models.sessions import Session
from models.submissions import Submission
from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS

ENTITIES: Mapping[str, Entity] = {
    "Organization": Entity(Organization.__table__, visibility.everyone),
    "Questionnaire": Entity(Questionnaire.__table__, visibility.published_questionnaires),
    "Application": Entity(Application.__table__, visibility.applications),
    "Edition": Entity(Edition.__table__, visibility.everyone),
    "AuditEvent": Entity(AuditEvent.__table__, visibility.audit_events),
    "Session": Entity(Session.__table__, visibility.sessions),
    "Grant": Entity(Grant.__table__, visibility.grants),
    "Client": Entity(Client.__table__, visibility.clients),
    "Submission": Entity(Submission.__table__, visibility.submissions),
}


def build() -> strawberry.Schema:
    """The schema of the portal."""
    return strawberry.Schema(
        query=Query, mutation=Mutation, scalar_overrides=SCALARS, config=StrawberryConfig(auto_camel_case=True)
    )


def executable() -> GraphQLSchema:
    """The same as graphql-core executes it; Strawberry has no public name for it.

    graphql-core is told which inputs are @oneOf, and sees to it itself: Strawberry keeps that to
    its own validation rule, which fails on variables in fragments that come before their operation.
    """
    schema = build()._schema  # noqa: SLF001
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLInputObjectType):
            type_.is_one_of = type_.extensions["strawberry-definition"].is_one_of
    return schema
