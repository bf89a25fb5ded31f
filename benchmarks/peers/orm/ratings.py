"""Ratings, by criterion too."""

from typing import Any

import strawberry
from strawberry.types import Info

from benchmarks.peers.orm.entities import name
from benchmarks.peers.orm.loaders import Loaders
from models.criteria import Criterion as CriterionEntity
from models.totals import Total

Loading = Info[Loaders, Any]


@strawberry.type
class Criterion:
    code: str
    name: str

    @classmethod
    def of(cls, entity: CriterionEntity) -> "Criterion":
        return cls(code=entity.code, name=name(entity))


@strawberry.type
class CriterionRating:
    criterion: Criterion
    value: str | None
    submissions: int


@strawberry.type
class Rating:
    total: strawberry.Private[Total]
    value: str | None
    submissions: int
    raters: int

    @classmethod
    def of(cls, total: Total) -> "Rating":
        return cls(total=total, value=hundredths(total.value), submissions=total.submissions, raters=total.raters)

    @strawberry.field
    def satisfaction(self) -> str | None:
        total = self.total
        if not total.submissions:
            return None
        return f"{(20_000 * total.satisfied + total.submissions) // (2 * total.submissions) / 10_000:.4f}"

    @strawberry.field
    async def by_criterion(self, info: Loading) -> list[CriterionRating]:
        found = await info.context.by_criterion.load((self.total.organization_id, self.total.pool))
        return [
            CriterionRating(criterion=Criterion.of(criterion), value=hundredths(value), submissions=count)
            for criterion, value, count in found
        ]


def hundredths(value: int | None) -> str | None:
    """A published value as text with two decimals."""
    return None if value is None else f"{value / 100:.2f}"
