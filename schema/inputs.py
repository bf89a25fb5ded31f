"""Inputs: places, references, slices and filters."""

from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from resolvers.sets.references import OrganizationReference
from schema.enums.accounts import RaterKind
from schema.enums.organizations import Hierarchy
from schema.enums.submissions import Channel
from schema.fields import argument
from schema.scalars import Date


def described(description: str, **options: Any) -> Any:
    """An input field with its description."""
    return strawberry.field(description=description, **options)


@strawberry.input(description="A point on the Earth in degrees, WGS 84.")
class GeoPointInput:
    latitude: float = described("Degrees north, -90 to 90.")
    longitude: float = described("Degrees east, -180 to 180.")


@strawberry.input(description="A box in degrees, WGS 84. West greater than east crosses the antimeridian.")
class BoundingBox:
    west: float = described("Degrees east of its western edge, -180 to 180.")
    south: float = described("Degrees north of its southern edge, less than north.")
    east: float = described("Degrees east of its eastern edge, other than west.")
    north: float = described("Degrees north of its northern edge, at most 90.")


@strawberry.input(description="Near a point.")
class Near:
    point: GeoPointInput = described("The point.")
    radius_meters: float | None = described(
        "At most so many metres away, above 0. Without it, anything that has a location.",
        default=UNSET,
    )


@strawberry.input(
    one_of=True,
    description="An organization by its id or by its registry code: exactly one. The id or code of one that was merged"
    " into another means who took it over.",
)
class OrganizationRef:
    id: strawberry.ID | None = described("Its global id.", default=UNSET)
    code: str | None = described("Its registry code.", default=UNSET)


@strawberry.input(
    description="What is counted. Conditions are joined by AND, values in a list by OR; an empty list"
    " fits nothing, an unknown code is an error. Without conditions, everything of all time. Dates are"
    " those of submission, in the portal's time zone. Whole months are quick, as their totals are kept."
)
class RatingSlice:
    from_: Date | None = described("The first date of submission, not after `to`.", name="from", default=UNSET)
    to: Date | None = described("The last date of submission, inclusive.", default=UNSET)
    services: list[str] | None = described("Codes of services, at most 1,000.", default=UNSET)
    channels: list[Channel] | None = described("How the service was rendered.", default=UNSET)
    rater_kinds: list[RaterKind] | None = described("Kinds of raters.", default=UNSET)
    criteria: list[str] | None = described(
        "Codes of criteria, at most 1,000. Marks are recomputed from these alone; submissions without any of"
        " them drop out.",
        default=UNSET,
    )
    verified: bool | None = described(
        "True: only ratings of visits that another system has vouched for; false: only the others.", default=UNSET
    )
    edition: str | None = described(
        "The code of an edition (`Query.editions`), with nothing else: ratings, ranks, rankings and the summary are those"
        " that were published in it, whatever has changed since. Places are those among all that were open then; with"
        " conditions in `among`, places among those of them that fit by today's register, by the published values and"
        " the policies of then. An edition has no histories, no breakdowns, and no summary of a part.",
        default=UNSET,
    )


@strawberry.input(
    description="Which organizations. Conditions are joined by AND, values in a list by OR; an"
    " unknown code is an error."
)
class OrganizationFilter:
    text: str | None = described(
        "Words of the name in any language, in any order, or beginnings of them, or the code; ё"
        " is е, і is и, ў is у, and small typing errors are forgiven. At most 200 characters.",
        default=UNSET,
    )
    codes: list[str] | None = described(
        "Registry codes, at most 1,000; unknown ones are left out, those of merged organizations mean who took them over.",
        default=UNSET,
    )
    kinds: list[str] | None = described("Codes of kinds of organizations.", default=UNSET)
    spheres: list[str] | None = described("Codes of spheres they work in.", default=UNSET)
    categories: list[str] | None = described("Codes of categories of which they render a service.", default=UNSET)
    services: list[str] | None = described("Codes of services they render.", default=UNSET)
    areas: list[str] | None = described("Codes of areas: these and all below them.", default=UNSET)
    subordinate_to: OrganizationRef | None = described(
        "Everything below this organization, itself excluded.", default=UNSET
    )
    hierarchy: Hierarchy | None = described("The tree that `subordinateTo` means.", default=Hierarchy.SUBORDINATION)
    max_depth: int | None = described("At most so many levels below `subordinateTo`, 1 to 100.", default=UNSET)
    within: BoundingBox | None = described("Located in this box.", default=UNSET)
    near: Near | None = described("Located near a point.", default=UNSET)
    rated: bool | None = described(
        "True: with at least one counted submission of its own; false: without.", default=UNSET
    )
    closed: bool | None = described(
        "False: only open ones (the default); true: only closed ones; null: both. What was merged into another"
        " organization is in no list.",
        default=False,
    )


@strawberry.input(description="A score by a criterion.")
class ScoreInput:
    criterion: str = described("The criterion's code.")
    score: int = described("1 to 5.")


@strawberry.input(description="The answer to a further question.")
class AnswerInput:
    question: str = described("The question's code.")
    values: list[str] = described(
        "Codes of options, `true` or `false`, a number, or a text of at most 2,000 characters."
    )


Slice = Annotated[RatingSlice | None, argument("What is counted; by default everything.")]
Filter = Annotated[OrganizationFilter | None, argument("Which organizations; by default all.")]


def reference_of(given: OrganizationRef) -> OrganizationReference:
    """The reference in an input."""
    return OrganizationReference(given.id or None, None if given.id else given.code or "")
