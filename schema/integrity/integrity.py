"""Integrity findings: where submissions look made rather than given."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from resolvers.integrity import listing
from schema.connections import After, Before, Connection, First, Last
from schema.enums.submissions import Channel
from schema.fields import Column, FromPlan, Object, Objects, argument, computed, field
from schema.fields import Connection as Paged
from schema.inputs import Filter
from schema.integrity.integrity_rules import FindingNumberName, FindingUnit, IntegrityRule
from schema.organizations.organizations import Organization
from schema.scalars import Date, Decimal

Rules = Annotated[list[IntegrityRule] | None, argument("Only these rules; by default all.")]
From = Annotated[
    Date | None,
    argument(
        f"The first date of submission that is looked at; by default {listing.USUAL_DAYS} days are. Without `among`, the"
        f" number of rules times that of days is at most {listing.MAXIMUM_RULE_DAYS}: all rules over three years, one"
        " over twenty-one.",
        name="from",
    ),
]
To = Annotated[Date | None, argument("The last date that is looked at, inclusive; by default today.")]


@strawberry.type(description="A number that explains a finding.")
class FindingNumber:
    name: FindingNumberName = field(Column(listing.name), "What it is the number of.")
    unit: FindingUnit = field(Column(listing.unit), "What one of it is.")
    value: Decimal = field(
        Column(listing.value),
        "The number, at most four decimals (two of DEVIATIONS), rounded down.",
    )
    threshold: Decimal | None = field(
        Column(listing.threshold), "What `value` has to reach for a finding; null where it only explains others."
    )


@strawberry.type(
    description="Something about an organization's counted submissions that a person should look at. It proves"
    " nothing, and nothing follows from it by itself: a moderator may look at them with `submissions(organization,"
    " from, to)`, and reject those that are fraud. A finding is made where every number that has a threshold reaches"
    " it. It names no rater and no account. What is rejected, withdrawn or outside the dates asked for is not looked"
    " at, so a finding that was dealt with is gone."
)
class IntegrityFinding:
    key: str = field(
        Column(listing.key),
        "Opaque; the same as long as rule, organization, dates and what it is about are the same.",
    )
    rule: IntegrityRule = field(Column(listing.rule), "By which rule it was made.")
    organization: Organization = field(Object(listing.organization), "Whose submissions it is about.")
    from_: Date = field(Column(listing.first_day), "The first date of submission of what it is about.", name="from")
    to: Date = field(Column(listing.last_day), "The last date of submission of what it is about.")
    channel: Channel | None = field(Column(listing.channel), "The channel, of ONE_CHANNEL.")
    hour: int | None = field(
        Column(listing.hour), "The hour, of ONE_HOUR, 0 to 23: 0 is from midnight to one in the portal's time zone."
    )
    score: int | None = field(Column(listing.score), "The score given by every criterion, of EXTREME_SCORES: 1 or 5.")
    numbers: list[FindingNumber] = field(Objects(listing.numbers), "The numbers that explain it, always all of them.")


IntegrityFindingConnection = Connection[IntegrityFinding]


@strawberry.type
class Integrity:
    @computed(
        Paged(listing.findings),
        "Where submissions look made rather than given, what happened last first. The operator sees the findings of"
        " all organizations; who holds the role SUPERVISOR those of the organizations that the role reaches, without"
        " the rule NEW_ACCOUNTS. Everybody else sees an empty list. Peers are those of the whole country, whatever is"
        " asked for.",
    )
    def integrity_findings(
        self,
        among: Filter = UNSET,
        rules: Rules = UNSET,
        from_: From = UNSET,
        to: To = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> IntegrityFindingConnection:
        raise FromPlan
