"""The schema, assembled: types, scalars, and which of them are entities seen by whom."""

from collections.abc import Mapping

import strawberry
from graphql import GraphQLInputObjectType, GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from auth import visibility
from engine.meanings.fields import ById, ByText, Entity
from models.applications import Application
from models.areas import Area
from models.audit import AuditEvent
from models.clients import Client
from models.complaints import Complaint
from models.criteria import Criterion
from models.editions import Edition
from models.grants import Grant
from models.identities import LinkedIdentity
from models.organizations import Organization
from models.questionnaires import Questionnaire
from models.reviews import REVIEWS
from models.services import Category, Service, Sphere
from models.sessions import Session
from models.submissions import Submission
from resolvers import codes
from schema.federation import ANY
from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS
from schema.subscription import Subscription

BY_ID: Mapping[str, ById | ByText] = {"id": ById()}
BY_CODE: Mapping[str, ById | ByText] = {"id": ById(), "code": ByText("code")}
# Whom a code means today: of a merged organization, who took it over.
BY_CODE_TODAY: Mapping[str, ById | ByText] = {"id": ById(), "code": ByText("code", codes.organizations_known_as)}

ENTITIES: Mapping[str, Entity] = {
    "Organization": Entity(Organization.__table__, visibility.everyone, BY_CODE_TODAY),
    "Service": Entity(Service.__table__, visibility.everyone, BY_CODE),
    "Sphere": Entity(Sphere.__table__, visibility.everyone, BY_CODE),
    "Category": Entity(Category.__table__, visibility.everyone, BY_CODE),
    "Criterion": Entity(Criterion.__table__, visibility.everyone, BY_CODE),
    "Area": Entity(Area.__table__, visibility.everyone, BY_CODE),
    "Questionnaire": Entity(Questionnaire.__table__, visibility.questionnaires, BY_ID),
    "Submission": Entity(Submission.__table__, visibility.submissions, BY_ID),
    "Review": Entity(REVIEWS, visibility.reviews, BY_ID),
    "Application": Entity(Application.__table__, visibility.applications),
    "Edition": Entity(Edition.__table__, visibility.everyone),
    "AuditEvent": Entity(AuditEvent.__table__, visibility.audit_events),
    "Identity": Entity(LinkedIdentity.__table__, visibility.identities),
    "Session": Entity(Session.__table__, visibility.sessions),
    "Grant": Entity(Grant.__table__, visibility.grants),
    "Client": Entity(Client.__table__, visibility.clients),
    "Complaint": Entity(Complaint.__table__, visibility.complaints),
}


def build() -> strawberry.federation.Schema:
    """The schema of the portal, a subgraph of Federation 2."""
    return strawberry.federation.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        scalar_overrides={**SCALARS, **ANY},
        config=StrawberryConfig(auto_camel_case=True),
        federation_version="2.9",
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
