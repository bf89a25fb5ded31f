"""The root of what is told as it happens."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from models.hierarchies import Hierarchy
from resolvers.ratings.ratings import Scope
from resolvers.ratings.watching import Watched, watch
from resolvers.sets.references import OrganizationReference
from schema.changes import Info
from schema.fields import Reference, argument, field, subscription
from schema.inputs import OrganizationRef
from schema.organizations.organizations import Counted, Organization, Tree
from schema.scalars import DateTime
from schema.voices.hearing import Hearing


@strawberry.type(description="That a rating changed. What it is now is read at this moment, for who subscribed.")
class RatingChange:
    organization: Organization = field(Reference("Organization"), "Whose rating changed.")
    at: DateTime = strawberry.field(description="When it changed last; several changes may come as one.")
    cursor: str = strawberry.field(
        description="Stands behind this change: `since` begins there after the connection was lost, for 3 days."
    )


@strawberry.type(
    description="What is told as it happens, over WebSockets (graphql-transport-ws) or server-sent events."
)
class Subscription(Hearing):
    @subscription(
        "Fires after every change of the organization's rating, and of anything below it when the scope is"
        " `SUBTREE`: within a second of the commit, whichever server made it. Several changes in a short time, or while"
        " the client is slow, may come as one; none is lost. A move or merge changes the ratings of those above, too."
    )
    async def rating_changed(
        self,
        info: Info,
        organization: Annotated[OrganizationRef, argument("Whose rating.")],
        scope: Counted = Scope.OWN,
        hierarchy: Tree = Hierarchy.SUBORDINATION,
        since: Annotated[
            str | None,
            argument(
                "The cursor of the last change that was seen: if there were more since, one comes at once. Kept for 3 days."
            ),
        ] = None,
    ) -> AsyncGenerator[RatingChange, None]:
        reference = OrganizationReference(organization.id or None, organization.code or None)
        watched = Watched(reference, scope or Scope.OWN, hierarchy or Hierarchy.SUBORDINATION)
        context = info.context
        async for changed in watch(context.database, context.changes, watched, since):
            yield RatingChange(**vars(changed))
