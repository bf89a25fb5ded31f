"""QR codes: the short way from a counter to a questionnaire."""

from typing import Annotated

import strawberry

from resolvers.submissions import placements, qr_codes
from schema.fields import Column, Decimals, argument, field
from schema.scalars import Decimal

Placement = Annotated[
    str | None,
    argument(
        "A tag of your own for where the code will be, such as a counter or a leaflet: 1 to 32 Latin letters, digits, `_`,"
        " `.` and `-`, beginning with a letter or digit. What is submitted through the code tells it."
    ),
]


@strawberry.type(
    description="A QR code that opens the rating form of an organization at once. Of a merged one it is the code of who"
    " took it over; codes that were printed before lead there as well."
)
class QrCode:
    link: str = field(
        Column(qr_codes.link),
        "What the code holds: an address below that of the portal as configured, `/rate` with the query parameters"
        " `organization`, `service` and `placement`, of which the front end opens the form.",
    )
    svg: str = field(
        Column(qr_codes.svg),
        "Where this server has it as SVG, as a path with a query; `&size=` is its side in millimetres, 20 to 500, by"
        " default 40.",
    )
    png: str = field(
        Column(qr_codes.png), "Where this server has it as PNG, in the same sizes, with 300 dots an inch or a few more."
    )


@strawberry.type(
    description="How many came by the QR codes with one placement. For whoever is head there or above; only tags by which"
    " as many people came as a policy says (5), as a tag could be made for one person."
)
class PlacementFigures:
    placement: str = field(Column(placements.placement), "The tag.")
    submissions: int = field(Column(placements.submissions), "How many counted submissions came by it.")
    raters: int = field(Column(placements.raters), "How many people they are from.")
    value: Decimal = field(
        Decimals(placements.value, 2), "Their rating: the mean of their marks, 1.00 to 5.00, rounded half up."
    )
