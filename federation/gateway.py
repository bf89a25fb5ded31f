"""Gateways that serve the supergraph: how each is installed and started."""

import os
from dataclasses import dataclass
from pathlib import Path

FEDERATION = Path(__file__).parent


@dataclass(frozen=True)
class Gateway:
    """A gateway of npm's; `words` start it in its folder. It `verifies` access tokens, or leaves that to the graphs."""

    name: str
    words: tuple[str, ...]
    verifies: bool

    @property
    def folder(self) -> Path:
        """Where its packages and its configuration are."""
        return FEDERATION / "gateways" / self.name

    def environment(self, port: int, portal: str, one_stop_shop: str, **more: str) -> dict[str, str]:
        """What tells it where to listen, and where the graphs are; `more`, whose tokens it believes."""
        told = {"PORT": str(port), "PORTAL_URL": portal, "ONE_STOP_SHOP_URL": one_stop_shop}
        return {**os.environ, **told, **more}


GATEWAYS = {
    each.name: each
    for each in (
        Gateway("apollo", ("node", "gateway.js"), verifies=True),
        Gateway(
            "hive",
            (
                "node",
                "node_modules/@graphql-hive/gateway/dist/bin.js",
                "supergraph",
                "--config-path",
                "gateway.config.js",
            ),
            verifies=False,
        ),
    )
}
