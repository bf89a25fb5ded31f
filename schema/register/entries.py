"""What inputs say of organizations: names, places, all that the register holds."""

from collections.abc import Mapping
from typing import Any

import strawberry
from strawberry import UNSET

from models.hierarchies import Hierarchy
from resolvers.register.entries import Said
from resolvers.register.places import Wanted
from schema.enums.organizations import Apart
from schema.inputs import OrganizationRef, described, reference_of

LANGUAGES = ("be", "ru", "en")
# Of these, null means that there is none any more.
MAY_VANISH = {"area", "location"}


@strawberry.input(description="A text in several languages. What is left out stays as it is; null takes a text away.")
class TranslationsInput:
    be: str | None = described("In Belarusian, at most 500 characters, not blank.", default=UNSET)
    ru: str | None = described("In Russian, at most 500 characters, not blank.", default=UNSET)
    en: str | None = described("In English, at most 500 characters, not blank.", default=UNSET)


@strawberry.input(one_of=True, description="A place in a tree of organizations: exactly one of them.")
class PlaceInput:
    below: OrganizationRef | None = described(
        "Directly below this organization, which stands in the tree and is open.", default=UNSET
    )
    apart: Apart | None = described("With nothing above it.", default=UNSET)


def wanted_of(given: PlaceInput) -> Wanted:
    """The place that an input wants."""
    return Wanted(reference_of(given.below)) if given.below else Wanted(apart=given.apart or Apart.OUTSIDE)


def places_of(given: Any) -> dict[Hierarchy, Wanted]:
    """The places that an input tells of, in its fields `subordination` and `supervision`."""
    told = {hierarchy: getattr(given, hierarchy.name.lower()) for hierarchy in Hierarchy}
    return {hierarchy: wanted_of(place) for hierarchy, place in told.items() if place}


def said_of(given: Any, *fields: str) -> Said:
    """What an input says of an organization, in its `names`, its `address` and some more fields."""
    more: dict[str, Any] = {}
    for field in fields:
        value = getattr(given, field)
        if value is not UNSET and (value is not None or field in MAY_VANISH):
            more[field] = (value.latitude, value.longitude) if field == "location" and value else value
    return Said(_texts(given.names), _texts(given.address), more)


def _texts(given: TranslationsInput | None) -> Mapping[str, str | None]:
    if not given:
        return {}
    return {each: text for each in LANGUAGES if (text := getattr(given, each)) is not UNSET}
