"""Blind spots: organizations that few people rate."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from resolvers.integrity import blind_spots
from resolvers.integrity.blind_spots import BlindSpotReason
from schema.connections import After, Before, Connection, First, Last
from schema.fields import Column, Decimals, FromPlan, Object, argument, computed, described, field
from schema.fields import Connection as Paged
from schema.inputs import Filter
from schema.organizations.organizations import Organization
from schema.scalars import Decimal

described(
    BlindSpotReason,
    "Why an organization is a blind spot.",
    NO_RATERS="Nobody has rated it.",
    TOO_FEW_RATERS="It has raters, but fewer than a rank takes (the policy MIN_RATERS, 5 by default).",
    FEW_FOR_SIZE=f"It has less than 1/{blind_spots.ONE_IN} of the raters that its peers would have at its size.",
)

Reasons = Annotated[list[BlindSpotReason] | None, argument("Only these reasons; by default all.")]


@strawberry.type(
    description="An open organization with no raters, or with few for its size. Size is the number of services"
    " that it renders and of open organizations directly below it in SUBORDINATION, at least 1. Its peers are the"
    " open organizations of the same kind that have the same first sphere, itself included. All counts are of all"
    " time and public."
)
class BlindSpot:
    organization: Organization = field(Object(blind_spots.organization), "The organization.")
    reason: BlindSpotReason = field(Column(blind_spots.reason), "Why it is a blind spot: the first reason that holds.")
    raters: int = field(Column(blind_spots.raters), "How many distinct raters it has.")
    submissions: int = field(Column(blind_spots.submissions), "How many counted submissions it has.")
    services: int = field(Column(blind_spots.services), "How many services it renders.")
    units: int = field(Column(blind_spots.units), "How many open organizations stand directly below it.")
    size: int = field(Column(blind_spots.size), "`services` + `units`, at least 1.")
    peers: int = field(Column(blind_spots.peer_number), "How many peers it has, itself included.")
    usual_raters: Decimal | None = field(
        Decimals(blind_spots.usual, 4),
        "Raters for one of size: the median of its peers (the lower one of two), rounded down to four decimals;"
        f" null with fewer than {blind_spots.PEERS} peers, of whom a median says nothing.",
    )
    expected_raters: int | None = field(
        Column(blind_spots.expected), "`usualRaters` times `size`, rounded down; null where that is null."
    )
    missing_raters: int = field(
        Column(blind_spots.missing),
        "How many more raters would make `expectedRaters`, or the number that a rank takes, whichever is more.",
    )


BlindSpotConnection = Connection[BlindSpot]


@strawberry.type
class BlindSpots:
    @computed(
        Paged(blind_spots.blind_spots),
        "Organizations with no raters, or with few for their size, those that lack most raters first. Everybody"
        " may see it. `Organization.coverage` tells how many there are in a subtree.",
    )
    def blind_spots(
        self,
        among: Filter = UNSET,
        reasons: Reasons = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> BlindSpotConnection:
        raise FromPlan
