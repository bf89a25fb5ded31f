"""Spheres, categories and services: what organizations do."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from resolvers.catalogue import services
from resolvers.languages import translated
from schema.catalogue.criteria import InLanguage
from schema.connections import Connection, Node
from schema.fields import Column, FromPlan, Object, Objects, computed, field


@strawberry.federation.type(keys=["id", "code"], description="A direction of services, such as health care.")
class Sphere(Node):
    code: str = field(Column(services.code), "Unique and stable.")
    categories: list[Annotated["Category", strawberry.lazy("schema.catalogue.services")]] = field(
        Objects(services.categories), "The parts of the sphere, in their usual order."
    )

    @computed(Column(translated("name")), "Its name.")
    def name(self, language: InLanguage = UNSET) -> str:
        raise FromPlan


@strawberry.federation.type(keys=["id", "code"], description="A part of a sphere, such as polyclinics.")
class Category(Node):
    code: str = field(Column(services.code), "Unique and stable.")
    sphere: Sphere = field(Object(services.sphere), "The sphere that it belongs to.")

    @computed(Column(translated("name")), "Its name.")
    def name(self, language: InLanguage = UNSET) -> str:
        raise FromPlan


@strawberry.federation.type(keys=["id", "code"], description="A service or an administrative procedure.")
class Service(Node):
    code: str = field(Column(services.code), "Unique and stable.")
    category: Category = field(Object(services.category), "The category that it belongs to.")

    @computed(Column(translated("name")), "Its name.")
    def name(self, language: InLanguage = UNSET) -> str:
        raise FromPlan


ServiceConnection = Connection[Service]
