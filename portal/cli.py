"""The command line `portal`. Each command imports what it needs: starting one stays quick."""

import socket
import sys
from contextlib import suppress
from typing import Annotated

import typer

from portal import client_cli, edition_cli, exchange_cli, keys_cli, open_data_cli, policy_cli, roles_cli
from portal.cluster import cli as cluster_cli
from portal.refusals import plain_errors

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(cluster_cli.app, name="cluster", help="The private PostgreSQL cluster.")
app.add_typer(client_cli.cli, name="client", help="Other systems that ask in their own name.")
app.add_typer(edition_cli.cli, name="edition", help="Ratings and ranks of a period, frozen for good.")
app.add_typer(keys_cli.cli, name="keys", help="The keys that sign tokens.")
app.add_typer(policy_cli.cli, name="policy", help="The rules whose values are data.")
app.command("grant")(roles_cli.grant)
app.command("revoke")(roles_cli.revoke)
app.command("import")(exchange_cli.import_file)
app.command("export")(exchange_cli.export)
app.command("verify")(exchange_cli.verify)
app.command("open-data")(open_data_cli.open_data)
app.command("recount")(exchange_cli.recount)

# What is being answered when the server is told to end may take so much longer.
GRACE_SECONDS = 3

Url = Annotated[str, typer.Option(envvar="DATABASE_URL", help="The database, as a libpq URL.")]


@app.command()
def migrate(database: Url) -> None:
    """Bring the database to the newest schema."""
    import migrations

    with plain_errors():
        migrations.upgrade(database)


@app.command()
def demo(
    database: Url,
    scale: Annotated[float, typer.Option(help="1 is a country of 13,600 organizations.")] = 1.0,
    seed: Annotated[int, typer.Option(help="Another seed, another country.")] = 1,
    if_empty: Annotated[bool, typer.Option(help="Do nothing if organizations are there.")] = False,
) -> None:
    """Load a made-up country."""
    from exchange import demo
    from exchange.progress import on_terminal

    with plain_errors():
        if if_empty and not demo.is_empty(database):
            return
        with on_terminal() as progress:
            summary = demo.load(database, scale, seed, progress)
    typer.echo(f"{summary.organizations} organizations, {summary.submissions} submissions.")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Instead of PORTAL_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Instead of PORTAL_PORT.")] = None,
) -> None:
    """Serve the API."""
    import uvicorn

    from portal.settings import Settings
    from portal.wire import Protocol
    from transport.requests import MAXIMUM_BODY

    with plain_errors():
        settings = Settings()  # type: ignore[call-arg]
    host, port = host or settings.host, port or settings.port
    shown = "localhost" if host in ("127.0.0.1", "::1") else host
    typer.echo(f"Open http://{shown}:{port}/graphql - Ctrl-C stops.")
    config = uvicorn.Config(
        "portal.app:serve",
        factory=True,
        host=host,
        port=port,
        log_level="warning",
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=settings.proxies or None,
        # At this level nothing is said of requests, but uvicorn would put together what it could say.
        access_log=False,
        # Nobody needs to know what answers.
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        http=Protocol,
        # Compression would keep a window of each connection in memory, for messages that are short.
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=MAXIMUM_BODY,
    )
    listening = config.bind_socket()
    # Connections inherit it: what a client has not taken for so long is not kept for it any more.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(settings.untaken_seconds * 1000))
    server = uvicorn.Server(config)
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
    if not server.started:
        raise typer.Exit(1)


@app.command()
def schema() -> None:
    """Print the schema in GraphQL's definition language."""
    from schema.schema import build
    from schema.sdl import sdl_of

    sys.stdout.write(sdl_of(build()) + "\n")


@app.command()
def token(
    database: Url,
    user: Annotated[str, typer.Option(help="The code of the account.")],
    minutes: Annotated[int, typer.Option(min=1, max=43_200, help="How long the token is good for.")] = 60,
) -> None:
    """Print an access token for an account."""
    from auth.keys import Keyring
    from auth.tokens import Tokens
    from auth.viewers import account_exists
    from portal.settings import Settings

    settings = Settings(database_url=database)
    with plain_errors():
        if not account_exists(database, user):
            typer.echo(f"portal: there is no account {user}.", err=True)
            raise typer.Exit(1)
    tokens = Tokens(Keyring(settings.keys_folder), settings.issuer, settings.audience)
    sys.stdout.write(tokens.issue(user, minutes * 60) + "\n")


def main() -> None:
    """The entry point."""
    app()
