"""`portal grant` and `portal revoke`: who holds which role, where. What they do is on the audit trail."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from portal.changes import made
from portal.refusals import chosen

if TYPE_CHECKING:
    from resolvers.officials.granting import Office


Database = Annotated[str, typer.Option(envvar="DATABASE_URL", help="The database, as a libpq URL.")]
User = Annotated[str, typer.Option(help="The code of the account.")]
Role = Annotated[str, typer.Option(help="The role; docs/permissions.md tells what each may do.")]
Organization = Annotated[
    str, typer.Option(help="The code of the organization on which, and below which, the role is held.")
]
In = Annotated[str, typer.Option(help="The tree in which it is held below: SUBORDINATION or SUPERVISION.")]


def grant(
    database: Database,
    user: User,
    role: Role,
    organization: Organization,
    hierarchy: In = "SUBORDINATION",
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day; by default today.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day; by default there is none.")
    ] = None,
) -> None:
    """Grant a role to an account."""
    from models.audit import Actor
    from resolvers.officials import granting

    office, days = _office(user, role, organization, hierarchy), [day and day.date() for day in (first, last)]
    made(database, lambda connection: granting.grant(connection, Actor(), office, *days))
    typer.echo(f"{user} is {role} of {organization}.")


def revoke(
    database: Database,
    user: User,
    role: Role,
    organization: Organization,
    hierarchy: In = "SUBORDINATION",
) -> None:
    """End a role at once."""
    from models.audit import Actor
    from resolvers.officials import granting

    office = _office(user, role, organization, hierarchy)
    made(database, lambda connection: granting.revoke(connection, Actor(), office))
    typer.echo(f"{user} is not {role} of {organization} any more.")


def _office(user: str, role: str, organization: str, hierarchy: str) -> "Office":
    from models.grants import Role
    from models.hierarchies import Hierarchy
    from resolvers.officials.granting import Office
    from resolvers.sets.references import OrganizationReference

    tree = chosen(Hierarchy, hierarchy, "--hierarchy")
    return Office(user, chosen(Role, role, "--role"), OrganizationReference(None, organization), tree)
