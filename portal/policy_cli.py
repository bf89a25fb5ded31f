"""`portal policy`: the rules whose values are data. What is set here is on the audit trail."""

from datetime import datetime
from typing import Annotated

import typer

from portal.changes import made
from portal.refusals import chosen, plain_errors

cli = typer.Typer(no_args_is_help=True)

Database = Annotated[str, typer.Option(envvar="DATABASE_URL", help="The database, as a libpq URL.")]
Name = Annotated[str, typer.Argument(help="The policy's name; `portal policy list` tells them.")]
Moment = Annotated[str | None, typer.Option("--from", help="A moment with its offset, such as 2027-01-01T00:00+03:00.")]


@cli.command("list")
def listed(database: Database) -> None:
    """Show each policy: its value now and its values to come."""
    from sqlalchemy import func, select

    from models.database import engine_for
    from models.policies import RULES, Policy

    query = select(Policy.name, Policy.valid_from, Policy.value, Policy.valid_from <= func.now())
    with plain_errors(), engine_for(database).connect() as connection:
        begun = set()
        for name, valid_from, value, has_begun in connection.execute(
            query.order_by(Policy.name, Policy.valid_from.desc())
        ):
            if name not in begun:
                typer.echo(f"{name.value:28}{value!s:20}{RULES[name].unit:18}from {valid_from.isoformat()}")
            if has_begun:
                begun.add(name)


@cli.command("set")
def set_value(
    database: Database,
    name: Name,
    value: Annotated[str, typer.Argument(help="A whole number, or the name of a time zone.")],
    begins: Moment = None,
) -> None:
    """Set a policy, from now on unless from later."""
    from models.audit import Actor
    from models.policies import PolicyName
    from resolvers.policies import setting_policies

    policy, moment = chosen(PolicyName, name, "NAME"), _moment(begins)
    done = made(database, lambda connection: setting_policies.change(connection, Actor(), policy, value, moment))
    typer.echo(f"{name} is {done.value} from {done.valid_from.isoformat()} on; it was {done.previous}.")


@cli.command("withdraw")
def withdraw(
    database: Database,
    name: Name,
    begins: Annotated[str, typer.Option("--from", help="When the value would begin, as `portal policy list` tells.")],
) -> None:
    """Take back a value that has not begun yet."""
    from models.audit import Actor
    from models.policies import PolicyName
    from resolvers.policies import setting_policies

    policy, moment = chosen(PolicyName, name, "NAME"), _moment(begins)
    assert moment is not None
    done = made(database, lambda connection: setting_policies.take_back(connection, Actor(), policy, moment))
    typer.echo(f"{name} stays {done.value}, and does not become {done.previous}.")


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise typer.BadParameter("is written as 2027-01-01T00:00+03:00", param_hint="--from")
    return moment
