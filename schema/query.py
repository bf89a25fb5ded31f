"""The root of all reads."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from resolvers.accounts import viewers
from resolvers.catalogue import areas, criteria, services
from resolvers.officials import audits
from resolvers.organizations import maps, organizations
from resolvers.policies import policies
from resolvers.rankings import rankings
from resolvers.ratings import summaries
from resolvers.submissions import submissions
from schema.accounts.budgets import Budgeted
from schema.accounts.identities import SignInProviders
from schema.accounts.viewers import Viewer
from schema.catalogue.areas import Area, Order, OrganizationConnection
from schema.catalogue.criteria import Criterion
from schema.catalogue.questionnaires import Questionnaires
from schema.catalogue.services import ServiceConnection, Sphere
from schema.connections import After, Before, First, Last, Node
from schema.enums.officials import AuditAction
from schema.enums.organizations import Hierarchy
from schema.enums.rankings import RankingMethod, RankingOrder
from schema.enums.ratings import Scope
from schema.enums.submissions import SubmissionStatus
from schema.federation import Federated
from schema.fields import Connection as Paged
from schema.fields import Entities, FromPlan, Nodes, Object, Objects, argument, computed
from schema.inputs import BoundingBox, Filter, GeoPointInput, OrganizationRef, Slice
from schema.integrity.blind_spots import BlindSpots
from schema.integrity.integrity import Integrity
from schema.officials.audit import AuditEventConnection
from schema.officials.grants import Grants
from schema.organizations.organizations import Counted, MapSelection, Organization, Tree
from schema.policies.policies import Policy
from schema.rankings.ranks import ComparedTo, Method, MinRaters, RankedBy, RankingConnection
from schema.ratings.editions import Editions
from schema.ratings.ratings import Summary
from schema.register.applications import Applications
from schema.scalars import Date
from schema.submissions.submissions import SubmissionConnection
from schema.systems.clients import Clients
from schema.systems.invitations import Invitations
from schema.voices.complaints import Complaints
from schema.voices.counts import CountedReviews
from schema.voices.mentions import EmployeeMentions
from schema.voices.policies import ReviewPolicies
from schema.voices.reviews import Reviews


@strawberry.type(description="Everything that can be read.")
class Query(
    Applications,
    BlindSpots,
    Budgeted,
    Clients,
    Complaints,
    CountedReviews,
    Editions,
    EmployeeMentions,
    Grants,
    Integrity,
    Invitations,
    Questionnaires,
    ReviewPolicies,
    Reviews,
    Federated,
    SignInProviders,
):
    @computed(Nodes("id"), "The object with a global id; null where there is none.")
    def node(self, id: Annotated[strawberry.ID, argument("A global id.")]) -> Node | None:
        raise FromPlan

    @computed(Nodes("ids"), "The objects with global ids, in order; null where there is none.")
    def nodes(self, ids: Annotated[list[strawberry.ID], argument("At most 100 global ids.")]) -> list[Node | None]:
        raise FromPlan

    @computed(Object(organizations.one), "An organization by id or code; null where there is none.")
    def organization(self, by: Annotated[OrganizationRef, argument("Which one.")]) -> Organization | None:
        raise FromPlan

    @computed(
        Entities("codes", organizations.by_code),
        "One entry per code, in order; null where unknown. The code of a merged organization finds who took it over. To"
        " compare a chosen few side by side, select `rating`, `rank`,"
        " `history` or `breakdown` of them, each with the same slice; `ranking(among: {codes: [...]})` puts them in order.",
    )
    def organizations_by_code(
        self, codes: Annotated[list[str], argument("At most 1,000 registry codes.")]
    ) -> list[Organization | None]:
        raise FromPlan

    @computed(Paged(organizations.everywhere), "Organizations, filtered and in order.")
    def organizations(
        self,
        filter: Filter = UNSET,
        order_by: Order = UNSET,
        slice: Slice = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> OrganizationConnection:
        raise FromPlan

    @computed(Object(maps.selection), "For maps: the best rated organizations in a box.")
    def organizations_on_map(
        self,
        within: Annotated[BoundingBox, argument("The box that the map shows.")],
        filter: Filter = UNSET,
        limit: Annotated[int | None, argument("How many at most, 1 to 500.")] = 500,
    ) -> MapSelection:
        raise FromPlan

    @computed(
        Paged(rankings.ranking),
        "A set of organizations in the order of their ranks, exact right after a submission: everyone, a sphere, a"
        " category, an area, a kind, a subtree, or a chosen few by their codes. With `comparedTo` it tells who rose and"
        " who fell: `orderBy: CHANGE_DESC` or `CHANGE_ASC` brings them first, `rank { previous change }` says how far,"
        " and `movedMost` why. All below a ministry are `among: {subordinateTo: {code: ...}}`, in the"
        " tree that its `hierarchy` names. Over an edition (`slice: {edition: ...}`) places are those of the report, or with"
        " `among` places of their own among some of its organizations.",
    )
    def ranking(
        self,
        among: Filter = UNSET,
        slice: Slice = UNSET,
        scope: Counted = Scope.OWN,
        hierarchy: Tree = Hierarchy.SUBORDINATION,
        method: Method = RankingMethod.MEAN,
        min_raters: MinRaters = UNSET,
        compared_to: ComparedTo = UNSET,
        order_by: RankedBy = RankingOrder.POSITION,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> RankingConnection:
        raise FromPlan

    @computed(Object(summaries.summary), "A set of organizations as one.")
    def summary(self, among: Filter = UNSET, slice: Slice = UNSET) -> Summary:
        raise FromPlan

    @computed(Objects(services.spheres), "All spheres, in their usual order.")
    def spheres(self) -> list[Sphere]:
        raise FromPlan

    @computed(Paged(services.listed), "Services by name.")
    def services(
        self,
        text: Annotated[str | None, argument("Words of the name, or the code.")] = UNSET,
        category: Annotated[str | None, argument("The code of a category.")] = UNSET,
        first: First = UNSET,
        after: After = UNSET,
    ) -> ServiceConnection:
        raise FromPlan

    @computed(Object(areas.one), "By code, or the smallest area whose polygon covers a point.")
    def area(
        self,
        code: Annotated[str | None, argument("The area's code.")] = UNSET,
        at: Annotated[GeoPointInput | None, argument("A point.")] = UNSET,
    ) -> Area | None:
        raise FromPlan

    @computed(Objects(areas.listed), "The areas directly below a parent, by name.")
    def areas(
        self,
        parent: Annotated[str | None, argument("The parent's code; without it, the roots.")] = UNSET,
    ) -> list[Area]:
        raise FromPlan

    @computed(Objects(criteria.listed), "The criteria in force on a date.")
    def criteria(self, on: Annotated[Date | None, argument("By default today.")] = UNSET) -> list[Criterion]:
        raise FromPlan

    @computed(
        Paged(submissions.moderated),
        "For moderators: submissions for the organizations that they moderate, the latest dates first. Everybody else"
        " finds none.",
    )
    def submissions(
        self,
        organization: Annotated[
            OrganizationRef | None, argument("Only those for this organization and for everything below it.")
        ] = UNSET,
        hierarchy: Tree = Hierarchy.SUBORDINATION,
        status: Annotated[list[SubmissionStatus] | None, argument("Only those of one of these statuses.")] = UNSET,
        from_: Annotated[Date | None, argument("The first date of submission.", name="from")] = UNSET,
        to: Annotated[Date | None, argument("The last date of submission, inclusive.")] = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> SubmissionConnection:
        raise FromPlan

    @computed(
        Paged(audits.listed),
        "For operators and supervisors: uses of privileges, the latest first. Everybody else finds none.",
    )
    def audit_events(
        self,
        organization: Annotated[
            OrganizationRef | None, argument("Only those that concern this organization or one below it.")
        ] = UNSET,
        hierarchy: Tree = Hierarchy.SUBORDINATION,
        action: Annotated[
            list[AuditAction] | None, argument("Only these; by default all but `DATA_READ`, of which there are many.")
        ] = UNSET,
        actor: Annotated[str | None, argument("Only what the account with this code did.")] = UNSET,
        from_: Annotated[Date | None, argument("The first date.", name="from")] = UNSET,
        to: Annotated[Date | None, argument("The last date, inclusive.")] = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> AuditEventConnection:
        raise FromPlan

    @computed(Objects(policies.in_force), "The rules whose values are data, each with what it is, was and will be.")
    def policies(self) -> list[Policy]:
        raise FromPlan

    @computed(Object(viewers.viewer), "Who is signed in; null for nobody.")
    def viewer(self) -> Viewer | None:
        raise FromPlan
