"""Tolls: what files and pictures take of the points of a minute, as operations do."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from auth.machines import Machine
from auth.viewers import Viewer
from transport.budgets import Budgets, headers_of
from transport.visitors import Visitors

# In points, twentieths of a millisecond. At full scale a year's bundle works for a third of a minute, a data set for a
# quarter of that, a sheet for some seconds; a picture is one small query, and a while of drawing.
BUNDLE, DATA_SET, SHEET, PICTURE = 50_000, 20_000, 10_000, 50


@dataclass(frozen=True)
class Toll:
    """Takes the points of whoever asks for a file: of strangers, those of their address."""

    budgets: Budgets
    visitors: Visitors

    async def take(self, request: Request, points: int, asks: Viewer | Machine | None = None) -> Mapping[str, str]:
        """Take points before any work is done; the headers that tell what is left. Raises BudgetSpent."""
        charge = await self.budgets.charge(asks, self.visitors.visit(request).address, points)
        return headers_of(charge)
