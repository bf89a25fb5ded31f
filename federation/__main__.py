"""Start both graphs and a gateway over a database that is there, and tell what to try: see `scripts/federate`."""

import os
import signal
import sys
from contextlib import ExitStack
from typing import Annotated

import typer

from federation.gateway import GATEWAYS
from federation.processes import running

QUERY = (
    "{ cases(first: 5) { number openedOn service { name }"
    " organization { name waitingMinutes rating { value submissions } } } }"
)
# JSON has no line breaks in its strings.
TRY = """curl -s http://localhost:{port}/graphql -H 'Content-Type: application/json' \\
  -d '{{"query": "{query}"}}'"""

Port = Annotated[int, typer.Option(help="Where it listens.")]


def main(
    gateway: Annotated[str, typer.Option(help=" or ".join(GATEWAYS))] = "apollo",
    port: Port = 4000,
    portal_port: Port = 8000,
    one_stop_shop_port: Port = 8001,
) -> None:
    """Run until Ctrl-C; what is started is ended by its id."""
    chosen = GATEWAYS.get(gateway)
    if chosen is None:
        raise typer.BadParameter(f"There are {', '.join(GATEWAYS)}.", param_hint="--gateway")
    portal, shop = (f"http://localhost:{each}/graphql" for each in (portal_port, one_stop_shop_port))
    # Everybody believes tokens of the portal that is started here, unless told of another issuer.
    os.environ.setdefault("PORTAL_ISSUER", portal.removesuffix("/graphql"))
    serve_shop = [sys.executable, "-m", "uvicorn", "federation.one_stop_shop.app:app", "--log-level", "warning"]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ExitStack() as stack:
        stack.enter_context(running(["portal", "serve", "--port", str(portal_port)], os.environ, portal))
        stack.enter_context(running([*serve_shop, "--port", str(one_stop_shop_port)], os.environ, shop))
        told = chosen.environment(port, portal, shop)
        process = stack.enter_context(running(chosen.words, told, f"http://localhost:{port}/graphql", chosen.folder))
        typer.echo(
            f"The supergraph is at http://localhost:{port}/graphql - Ctrl-C stops. Try:\n\n{TRY.format(port=port, query=QUERY)}\n"
        )
        try:
            process.wait()
        except KeyboardInterrupt:
            typer.echo("Stopping.")


if __name__ == "__main__":
    typer.run(main)
