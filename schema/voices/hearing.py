"""New reviews, told to officials as they come."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from models.hierarchies import Hierarchy
from resolvers.sets.references import OrganizationReference
from resolvers.voices.hearing import hear
from schema.changes import Info, signed_in
from schema.fields import Reference, argument, field, subscription
from schema.inputs import OrganizationRef
from schema.organizations.organizations import Tree
from schema.voices.reviews import Review


@strawberry.type(description="A review that came.")
class ReviewAdded:
    review: Review | None = field(
        Reference("Review"), "The review, read at this moment; null if it was taken back meanwhile, or the role was."
    )
    cursor: str = strawberry.field(
        description="Stands behind this review, or before the others that came with it: `since` resumes there, for 3 days."
    )


@strawberry.type
class Hearing:
    @subscription(
        "For officials who read its reviews: each new review of the organization, and of all that stands below it in a"
        " hierarchy, within a second of its commit. Whoever is not signed in is refused (`UNAUTHENTICATED`), and whoever holds"
        " no role for it there (`FORBIDDEN`). After a lost connection a review may be told once more, and none is missed."
    )
    async def review_added(
        self,
        info: Info,
        organization: Annotated[OrganizationRef, argument("Whose reviews, and those of all below it.")],
        hierarchy: Tree = Hierarchy.SUBORDINATION,
        since: Annotated[
            str | None, argument("The cursor of the last review that was told: all that came since are told at once.")
        ] = None,
    ) -> AsyncGenerator[ReviewAdded, None]:
        reference = OrganizationReference(organization.id or None, organization.code or None)
        context = signed_in(info)
        told = hear(
            context.database,
            context.changes,
            context.viewer,
            reference,
            hierarchy or Hierarchy.SUBORDINATION,
            since,
        )
        async for heard in told:
            yield ReviewAdded(**vars(heard))
