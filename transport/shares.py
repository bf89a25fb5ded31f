"""Shares: how much of what all use together each who asks may have."""

from dataclasses import dataclass

from auth.machines import Machine
from auth.viewers import Viewer


@dataclass(frozen=True)
class Shares:
    """What each address of strangers may have, each account, and each other system; 0 is no limit."""

    strangers: int
    accounts: int
    systems: int

    def of(self, asks: Viewer | Machine | None, address: str) -> tuple[str, int]:
        """Under which name somebody is counted, and how much they may have."""
        if asks is None:
            return f"address:{address}", self.strangers
        if isinstance(asks, Viewer):
            return f"account:{asks.account_id}", self.accounts
        return f"system:{asks.client_id}", self.systems
