"""How many of those who were asked to rate did so."""

import strawberry

from resolvers.systems import invitations
from schema.fields import Column, Decimals, field
from schema.scalars import Decimal


@strawberry.type(
    description="How many links other systems have sent to whom an organization served, and how many were used. Links are"
    " counted for the day on which they were sent."
)
class Responses:
    sent: int = field(Column(invitations.sent), "How many links were sent.")
    answered: int | None = field(
        Column(invitations.answered),
        "How many of them a rating was given by, withdrawn and rejected ones included; null where withheld.",
    )
    rate: Decimal | None = field(
        Decimals(invitations.rate, 4),
        "The share of those that were answered, 0.0000 to 1.0000, rounded half up; null of none, and where withheld.",
    )
    withheld: bool = field(
        Column(invitations.withheld),
        "True where fewer links were sent than a policy (5) asks raters for: who serves so few might know who answered.",
    )
