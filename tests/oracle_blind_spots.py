"""Which organizations are blind spots, worked out from the raw rows in plain Python, in whole numbers."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.oracle import Country, Organization


def judged(country: Country, peers: Mapping[str, Any], minimum: int) -> dict[str, dict[str, Any]]:
    """Every open organization as the API tells a blind spot; `reason` is None where it is none.

    `peers` gives something that peers share; `minimum` is how many raters a rank takes.
    """
    found = {each.code: _counts(country, each) for each in country.organizations.values() if each.open}
    for code, each in found.items():
        rates = sorted(other["raters"] * 10_000 // other["size"] for other in _alike(found, peers, code))
        known = len(rates) >= 10
        usual = rates[(len(rates) - 1) // 2]
        expected = usual * each["size"] // 10_000 if known else None
        each |= {
            "peers": len(rates),
            "usualRaters": f"{usual // 10_000}.{usual % 10_000:04}" if known else None,
            "expectedRaters": expected,
            "missingRaters": max(expected or 0, minimum) - each["raters"],
            "reason": _reason(each["raters"], minimum, expected),
        }
    return found


def _counts(country: Country, organization: Organization) -> dict[str, Any]:
    said = country.submissions[organization.code]
    services = len(organization.services)
    units = sum(country.organizations[child].open for child in country.children(organization.code))
    return {
        "organization": {"code": organization.code},
        "raters": len({each.rater for each in said}),
        "submissions": len(said),
        "services": services,
        "units": units,
        "size": max(1, services + units),
    }


def _alike(found: Mapping[str, Any], peers: Mapping[str, Any], code: str) -> Iterator[Any]:
    return (each for other, each in found.items() if peers[other] == peers[code])


def _reason(raters: int, minimum: int, expected: int | None) -> str | None:
    if raters == 0:
        return "NO_RATERS"
    if raters < minimum:
        return "TOO_FEW_RATERS"
    return "FEW_FOR_SIZE" if expected is not None and 4 * raters < expected else None
