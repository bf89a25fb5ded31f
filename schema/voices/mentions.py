"""Employees that submissions name, for heads and moderators."""

from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from resolvers.voices import mentions
from schema.connections import After, Before, Connection, First, Last
from schema.enums.organizations import Hierarchy
from schema.enums.submissions import EmployeeMentionKind
from schema.fields import Column, FromPlan, Object, argument, computed, field
from schema.fields import Connection as Paged
from schema.inputs import OrganizationRef
from schema.organizations.organizations import Organization, Tree
from schema.scalars import Date

if TYPE_CHECKING:
    from schema.voices.reviews import Review


@strawberry.type(
    description="An employee whom a submission names. Seen by heads and moderators of the organization and of those above"
    " it; never searched, exported or sent, and deleted after 12 months (a policy)."
)
class EmployeeMention:
    name: str = field(Column(mentions.name), "The name, as the author typed it: plain text, at most 200 characters.")
    kind: EmployeeMentionKind | None = field(Column(mentions.kind), "Why, if told.")
    organization: Organization = field(Object(mentions.organization), "Who was rated.")
    submitted_on: Date = field(Column(mentions.submitted_on), "The date on which it was submitted.")
    delete_after: Date = field(Column(mentions.delete_after), "The date from which on the name is kept no more.")
    review: Annotated["Review", strawberry.lazy("schema.voices.reviews")] | None = field(
        Object(mentions.review), "What else was said, if there is a text."
    )


EmployeeMentionConnection = Connection[EmployeeMention]


@strawberry.type
class EmployeeMentions:
    @computed(
        Paged(mentions.listed),
        "For heads and moderators: the employees whom submissions for their organizations name, the latest dates first."
        " Everybody else finds none.",
    )
    def employee_mentions(
        self,
        organization: Annotated[
            OrganizationRef | None, argument("Only those of this organization and of everything below it.")
        ] = UNSET,
        hierarchy: Tree = Hierarchy.SUBORDINATION,
        kind: Annotated[EmployeeMentionKind | None, argument("Only those named for this.")] = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> EmployeeMentionConnection:
        raise FromPlan
