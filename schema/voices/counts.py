"""Reviews in numbers, for officials."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from resolvers.voices import counts
from schema.enums.organizations import Hierarchy
from schema.fields import Column, FromPlan, Object, argument, computed, field
from schema.inputs import OrganizationRef
from schema.organizations.organizations import Tree
from schema.voices.filters import Reviewed


@strawberry.type(description="How many reviews there are, as of one moment.")
class ReviewCounts:
    total: int = field(Column(counts.total), "All of them.")
    pending: int = field(Column(counts.pending), "That await a moderator.")
    published: int = field(
        Column(counts.published), "That a moderator or the policy has published; those that do not count among them."
    )
    hidden: int = field(Column(counts.hidden), "That a moderator has hidden.")
    private: int = field(Column(counts.private), "That are for the organization only.")
    masked: int = field(Column(counts.masked), "In which a moderator has masked something.")
    unseen: int = field(Column(counts.unseen), "That no head has marked as seen.")
    seen_late: int = field(
        Column(counts.seen_late),
        "That were not seen within the days of the policy `SEEN_DAYS`: marked later, or not yet though somebody has to.",
    )
    unanswered: int = field(Column(counts.unanswered), "That have no reply.")
    overdue: int = field(Column(counts.overdue), "That are unanswered beyond the days of the policy `REPLY_DAYS`.")


@strawberry.type
class CountedReviews:
    @computed(
        Object(counts.of_officials),
        "For officials: the same reviews in numbers. Everybody else finds zeros.",
    )
    def review_counts(
        self,
        organization: Annotated[
            OrganizationRef | None, argument("Only those of this organization and of everything below it.")
        ] = UNSET,
        hierarchy: Tree = Hierarchy.SUBORDINATION,
        filter: Reviewed = UNSET,
    ) -> ReviewCounts:
        raise FromPlan
