"""What the one-stop shop knows: its counters, and cases handled there. It is kept in memory, and made up."""

from dataclasses import dataclass
from datetime import date, timedelta

# The portal knows organizations and services by these codes; the last of each it does not know.
ORGANIZATIONS = (
    "BY-HO-06-HEALTH-POLYCLINIC-1",
    "BY-BR-03-PHARMACY-CHEMIST-1",
    "BY-VI-22-SANITARY-HYGIENE-1",
    "BY-HR-03-PRESCHOOL-NURSERY-1",
    "BY-MA-17-SCHOOL-SECONDARY-1",
    "BY-GOV-HEALTH",
    "BY-NOT-REGISTERED-YET",
)
SERVICES = (
    "HEALTH-POLYCLINIC-APPOINTMENT",
    "HEALTH-POLYCLINIC-CERTIFICATE",
    "HEALTH-HOSPITAL-EXTRACT",
    "NOT-REGISTERED-YET",
)
FIRST_DAY = date(2026, 9, 1)
MINUTES_EACH = 12


@dataclass(frozen=True)
class Counter:
    """A counter where cases of an organization are taken, and how many people wait in front of it."""

    number: int
    waiting: int


@dataclass(frozen=True)
class Case:
    """Somebody's matter with an organization, handled at one of its counters."""

    number: str
    opened_on: date
    counter: int
    organization: str
    service: str
    visitor: str


COUNTERS = {
    code: tuple(Counter(number, (place + number) % 5) for number in range(1, 2 + place % 3))
    for place, code in enumerate(ORGANIZATIONS)
}


def _case(place: int) -> Case:
    organization = ORGANIZATIONS[place % len(ORGANIZATIONS)]
    return Case(
        number=f"2026-{place + 1:04}",
        opened_on=FIRST_DAY + timedelta(days=place // 3),
        counter=1 + place % len(COUNTERS[organization]),
        organization=organization,
        service=SERVICES[place % len(SERVICES)],
        visitor=f"visitor-{place * 7919 % 100_000:05}",
    )


CASES = tuple(_case(place) for place in range(120))


def minutes_to_wait(organization: str) -> int | None:
    """How long somebody who comes now waits at an organization's counters; none, where it has no counters."""
    counters = COUNTERS.get(organization, ())
    return MINUTES_EACH * sum(each.waiting for each in counters) // len(counters) if counters else None
