"""The kinds of files, in the order in which an empty portal takes them in."""

from collections.abc import Callable

from psycopg import Connection

from exchange.kinds import (
    areas,
    criteria,
    organization_kinds,
    organizations,
    questionnaires,
    services,
    submissions,
    survey_responses,
    users,
)
from exchange.kinds.kind import Kind
from models.errors import InputError

# Those of submissions depend on the criteria and questions that there are.
KINDS: dict[str, Callable[[Connection], Kind]] = {
    "kinds": lambda _: organization_kinds.KIND,
    "areas": lambda _: areas.KIND,
    "services": lambda _: services.KIND,
    "criteria": lambda _: criteria.KIND,
    "organizations": lambda _: organizations.KIND,
    "questionnaires": lambda _: questionnaires.KIND,
    "users": lambda _: users.KIND,
    "submissions": submissions.kind,
    "survey-responses": survey_responses.kind,
}


def kind_of(name: str, connection: Connection) -> Kind:
    """The kind with a name, as this database has it."""
    if name not in KINDS:
        raise InputError("kind", "is none of " + ", ".join(KINDS))
    return KINDS[name](connection)
