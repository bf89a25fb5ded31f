"""`portal keys`: the keys that sign access tokens."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from portal.refusals import plain_errors

if TYPE_CHECKING:
    from auth.keys import Keyring

cli = typer.Typer(no_args_is_help=True)


@cli.command("list")
def listed() -> None:
    """Show each key: its id, its state, and since when."""
    with plain_errors():
        for each in _keyring().keys:
            since = datetime.fromtimestamp(each.since, UTC)
            typer.echo(f"{each.kid}  {each.state.value:8}  since {since.isoformat()}")


@cli.command()
def rotate() -> None:
    """Let the next key sign from now on; what the last one signed stays good until it expires."""
    with plain_errors():
        typer.echo(f"{_keyring().rotate().kid} signs from now on.")


# Of 64 ids one begins with a hyphen, as options do.
@cli.command(context_settings={"ignore_unknown_options": True})
def retire(kid: Annotated[str, typer.Argument(help="The id of a key, as `portal keys list` tells.")]) -> None:
    """Trust a key no more, at once, whatever it signed: for one that somebody else may have."""
    with plain_errors():
        _keyring().retire(kid)
    typer.echo(f"{kid} is trusted no more.")


def _keyring() -> "Keyring":
    from auth.keys import Keyring
    from portal.settings import Settings

    # Keys are files: no database is asked.
    return Keyring(Settings(database_url="").keys_folder)
