"""Through a gateway: the same slice asked of the portal itself, and of each gateway before it.

    scripts/bench --gateways [--rounds N] [--seconds S]

`page` is 50 organizations with their ratings, which a gateway only passes on. `references` is 50 cases of the one-stop
shop with organizations and services of the portal. Asked of the portal itself, it is these alone, in one request as a
gateway makes of them; asked of the one-stop shop itself, the cases with the codes alone.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.countries import country
from benchmarks.server import BUDGETS, free_port
from benchmarks.wrk import load
from federation.gateway import GATEWAYS
from federation.one_stop_shop.cases import CASES
from federation.processes import running

NUMBER = 50
RATED = "code name rating { value submissions }"
PAGE = f"{{ organizations(first: {NUMBER}) {{ nodes {{ {RATED} }} }} }}"
JOINED = f"{{ cases(first: {NUMBER}) {{ number organization {{ {RATED} }} service {{ code name }} }} }}"
REFERENCES = f"""query($them: [_Any!]!) {{ _entities(representations: $them) {{
    ... on Organization {{ {RATED} }} ... on Service {{ code name }} }} }}"""
REPRESENTATIONS = [
    *({"__typename": "Organization", "code": code} for code in dict.fromkeys(each.organization for each in CASES)),
    *({"__typename": "Service", "code": code} for code in dict.fromkeys(each.service for each in CASES)),
]
CASES_ALONE = f"{{ cases(first: {NUMBER}) {{ number organization {{ code }} service {{ code }} }} }}"
CONNECTIONS = 8
PORTAL, SHOP = "the portal itself", "the one-stop shop itself"

console = Console()


@contextmanager
def contestants(database_url: str, home: Path) -> Iterator[dict[str, str]]:
    """The addresses of the portal and of each gateway before it and the one-stop shop."""
    portal_port, shop_port = free_port(), free_port()
    portal, shop = (f"http://127.0.0.1:{port}/graphql" for port in (portal_port, shop_port))
    environment = os.environ | BUDGETS | {"DATABASE_URL": database_url, "PORTAL_HOME": str(home)}
    serve_shop = [sys.executable, "-m", "uvicorn", "federation.one_stop_shop.app:app", "--log-level", "warning"]
    addresses = {PORTAL: portal, SHOP: shop}
    with ExitStack() as stack:
        stack.enter_context(running(["portal", "serve", "--port", str(portal_port)], environment, portal))
        stack.enter_context(running([*serve_shop, "--port", str(shop_port)], environment, shop))
        for gateway in GATEWAYS.values():
            port = free_port()
            url = f"http://127.0.0.1:{port}/graphql"
            told = gateway.environment(port, portal, shop, NODE_ENV="production")
            stack.enter_context(running(gateway.words, told, url, gateway.folder))
            addresses[gateway.name] = url
        yield addresses


def questions(name: str) -> Mapping[str, Any]:
    """The bodies that a contestant is asked with."""
    page = {"query": PAGE}
    if name == SHOP:
        return {"references": {"query": CASES_ALONE}}
    if name == PORTAL:
        return {"page": page, "references": {"query": REFERENCES, "variables": {"them": REPRESENTATIONS}}}
    return {"page": page, "references": {"query": JOINED}}


def measured(addresses: Mapping[str, str], rounds: int, seconds: float, directory: Path) -> dict[tuple[str, str], Any]:
    """By question and contestant the loads of all rounds, in which everybody takes turns."""
    found: dict[tuple[str, str], Any] = {}
    for _ in range(rounds):
        for name, address in addresses.items():
            for question, body in questions(name).items():
                bodies = directory / f"{name}.{question}".replace(" ", "_")
                bodies.write_text(json.dumps(body) + "\n")
                load(address, bodies, 1, CONNECTIONS)
                found.setdefault((question, name), []).append(load(address, bodies, seconds, CONNECTIONS))
    return found


def main(
    server: Annotated[str, typer.Option(envvar="DATABASE_URL", help="A server to make the database on.")],
    rounds: Annotated[int, typer.Option(min=1, help="How often each is measured.")] = 5,
    seconds: Annotated[float, typer.Option(min=1, help="How long each time.")] = 5,
    scale: Annotated[float, typer.Option(help="1 is a country of 13,600 organizations.")] = 1,
    keep: Annotated[bool, typer.Option(help="Keep the database for the next run.")] = False,
) -> None:
    """Measure what a gateway costs."""
    with (
        country(server, scale, keep=keep, say=console.print) as url,
        TemporaryDirectory() as directory,
        contestants(url, Path(directory) / "home") as addresses,
    ):
        found = measured(addresses, rounds, seconds, Path(directory))
    table = Table("question", "asked of", "requests a second", "p50 ms", "p95 ms", "errors")
    for (question, name), loads in sorted(found.items()):
        rate = median(each.requests / each.seconds for each in loads)
        p50, p95 = (median(getattr(each, part) for each in loads) for part in ("p50_ms", "p95_ms"))
        table.add_row(
            question, name, f"{rate:.0f}", f"{p50:.1f}", f"{p95:.1f}", str(sum(each.errors for each in loads))
        )
    console.print(table)


if __name__ == "__main__":
    typer.run(main)
