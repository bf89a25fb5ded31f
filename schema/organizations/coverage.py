"""Coverage: how many organizations of a subtree people rate at all."""

import strawberry

from resolvers.integrity import blind_spots
from schema.fields import Column, Decimals, field
from schema.scalars import Decimal


@strawberry.type(
    description="How many organizations of a subtree have raters: the organization itself and everything below"
    " it, as far as it is open. Own raters of all time; everybody may see it. The three groups do not overlap."
)
class Coverage:
    organizations: int = field(Column(blind_spots.organizations), "How many open organizations there are.")
    without_raters: int = field(Column(blind_spots.no_raters), "How many of them nobody has rated.")
    too_few_raters: int = field(
        Column(blind_spots.too_few_raters),
        "How many of them have raters, but fewer than a rank takes (the policy MIN_RATERS, 5 by default).",
    )
    few_for_size: int = field(
        Column(blind_spots.few_for_size), "How many of them have enough to be ranked, but few for their size."
    )
    share_without_raters: Decimal | None = field(
        Decimals(blind_spots.share_without_raters, 4),
        "`withoutRaters` / `organizations`, 0.0000 to 1.0000, rounded half up; null where nothing is open.",
    )
    share_not_ranked: Decimal | None = field(
        Decimals(blind_spots.share_not_ranked, 4),
        "(`withoutRaters` + `tooFewRaters`) / `organizations`, 0.0000 to 1.0000, rounded half up; null where"
        " nothing is open.",
    )
