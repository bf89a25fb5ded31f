"""`portal client`: other systems, and what each may do. What is done here is on the audit trail."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portal.changes import made
from portal.refusals import chosen, plain_errors

if TYPE_CHECKING:
    from resolvers.systems.registering import Terms

cli = typer.Typer(no_args_is_help=True)

Database = Annotated[str, typer.Option(envvar="DATABASE_URL", help="The database, as a libpq URL.")]
Code = Annotated[str, typer.Argument(help="The client's id.")]
Name = Annotated[str, typer.Option(help="What it is called.")]
Scopes = Annotated[list[str], typer.Option("--scope", help="What it may do; docs/permissions.md tells all.")]
Organization = Annotated[
    str | None, typer.Option(help="The code of the organization for which, and below which, it may do that.")
]
In = Annotated[str, typer.Option(help="The tree in which that is meant: SUBORDINATION or SUPERVISION.")]
Sphere = Annotated[str | None, typer.Option(help="The code of the sphere in which it may do that.")]
Keys = Annotated[
    Path | None,
    typer.Option("--jwks", exists=True, dir_okay=False, help="A file with its public keys, a JSON Web Key Set."),
]


@cli.command("list")
def listed(database: Database) -> None:
    """Show each client: its id, what it may do, and whether it was revoked."""
    import psycopg

    from models.database import conninfo_for

    query = "SELECT code, name, scopes, revoked_at FROM client ORDER BY id"
    with plain_errors(), psycopg.connect(conninfo_for(database, "portal-client")) as connection:
        for code, name, scopes, revoked_at in connection.execute(query):
            end = f"  revoked {revoked_at:%Y-%m-%d}" if revoked_at else ""
            typer.echo(f"{code:24} {name:32} {' '.join(scopes)}{end}")


@cli.command()
def register(
    database: Database,
    code: Code,
    name: Name,
    scopes: Scopes,
    organization: Organization = None,
    hierarchy: In = "SUBORDINATION",
    sphere: Sphere = None,
    jwks: Keys = None,
) -> None:
    """Register a client; its secret, if it has no keys, is the only line on the standard output."""
    from models.audit import Actor
    from resolvers.systems import registering

    terms = _terms(name, scopes, organization, hierarchy, sphere, jwks)
    done = made(database, lambda connection: registering.register(connection, Actor(), code, terms))
    _told(code, "is registered.", done.secret)


@cli.command()
def change(
    database: Database,
    code: Code,
    name: Name,
    scopes: Scopes,
    organization: Organization = None,
    hierarchy: In = "SUBORDINATION",
    sphere: Sphere = None,
    jwks: Keys = None,
) -> None:
    """Say what a client is to be from now on; what is left out of its bounds is none any more."""
    from models.audit import Actor
    from resolvers.systems import registering

    terms = _terms(name, scopes, organization, hierarchy, sphere, jwks)
    made(database, lambda connection: registering.change(connection, Actor(), code, terms))
    _told(code, "is changed.")


@cli.command()
def secret(database: Database, code: Code) -> None:
    """Give a client another secret, which is the only line on the standard output."""
    from models.audit import Actor
    from resolvers.systems import registering

    done = made(database, lambda connection: registering.renew(connection, Actor(), code))
    _told(code, "has another secret.", done.secret)


@cli.command()
def revoke(database: Database, code: Code) -> None:
    """Revoke a client, for good."""
    from models.audit import Actor
    from resolvers.systems import registering

    made(database, lambda connection: registering.revoke(connection, Actor(), code))
    _told(code, "is revoked.")


def _terms(
    name: str, scopes: list[str], organization: str | None, hierarchy: str, sphere: str | None, jwks: Path | None
) -> "Terms":
    from models.hierarchies import Hierarchy
    from resolvers.sets.references import OrganizationReference
    from resolvers.systems.registering import Terms

    place = None if organization is None else OrganizationReference(None, organization)
    keys = None if jwks is None else jwks.read_text()
    return Terms(name, scopes, place, chosen(Hierarchy, hierarchy, "--hierarchy"), sphere, keys)


def _told(code: str, what: str, told: str | None = None) -> None:
    typer.echo(f"{code} {what}", err=True)
    if told is not None:
        typer.echo(told)
