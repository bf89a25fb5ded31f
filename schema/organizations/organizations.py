"""Organizations: the objects of evaluation."""

from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from resolvers.catalogue import questionnaires, surveys
from resolvers.integrity import blind_spots
from resolvers.languages import translated
from resolvers.organizations import maps, organizations
from resolvers.rankings import ranks
from resolvers.ratings import breakdowns, histories, ratings
from resolvers.submissions import eligibility, keeping, placements, qr_codes
from resolvers.systems import invitations
from resolvers.voices import mentions, reviews
from schema.catalogue.areas import Area, Order, OrganizationConnection
from schema.catalogue.criteria import InLanguage
from schema.catalogue.questionnaires import Eligibility, ForService, ForSurvey, Questionnaire
from schema.catalogue.services import ServiceConnection, Sphere
from schema.connections import After, Before, Connection, First, Last, Node
from schema.enums.organizations import Hierarchy, Registration
from schema.enums.rankings import RankingMethod
from schema.enums.ratings import Scope
from schema.fields import Column, FromPlan, Object, Objects, argument, computed, field
from schema.fields import Connection as Paged
from schema.inputs import Filter, GeoPointInput, Slice
from schema.organizations.coverage import Coverage
from schema.organizations.responses import Responses
from schema.rankings.ranks import ComparedTo, Method, MinRaters, Rank
from schema.ratings.ratings import HISTORY, By, Cell, Cells, Every, Rating, RatingPoint
from schema.scalars import Date
from schema.submissions.qr_codes import Placement, PlacementFigures, QrCode
from schema.submissions.unfinished import SubmissionDraft
from schema.voices.filters import TEXT
from schema.voices.responsiveness import Answering

if TYPE_CHECKING:
    from schema.voices.reviews import Review

Tree = Annotated[Hierarchy | None, argument("Which tree is meant.")]
Counted = Annotated[Scope | None, argument("Whose submissions are counted.")]
Place = Annotated[GeoPointInput, argument("From where.")]


@strawberry.type(description="Ministry, regional authority, organization, unit ...: kinds are data.")
class OrganizationKind:
    code: str = field(Column(organizations.code), "Unique and stable.")

    @computed(Column(translated("name")), "Its name.")
    def name(self, language: InLanguage = UNSET) -> str:
        raise FromPlan


@strawberry.federation.type(shareable=True, description="A point on the Earth in degrees, WGS 84.")
class GeoPoint:
    latitude: float = field(Column(organizations.latitude), "Degrees north.")
    longitude: float = field(Column(organizations.longitude), "Degrees east.")


@strawberry.federation.type(
    keys=["id", "code"], description="An object of evaluation, from a ministry to a post office."
)
class Organization(Answering, Node):
    code: str = field(
        Column(organizations.code), "Registry code, unique and stable, also after it was merged into another."
    )
    kind: OrganizationKind = field(Object(organizations.kind), "What kind of body it is.")
    registration: Registration = field(Column(organizations.registration), "How it came onto the portal.")
    closed_on: Date | None = field(Column(organizations.closed_on), "Since when it is closed; null while it is open.")
    merged_into: Annotated["Organization", strawberry.lazy("schema.organizations.organizations")] | None = field(
        Object(organizations.merged_into), "Who took it over, if it is part of another: its code leads there."
    )
    merged_from: list[Annotated["Organization", strawberry.lazy("schema.organizations.organizations")]] = field(
        Objects(organizations.merged_from), "Whom it has taken over, by code: their codes lead here."
    )
    area: Area | None = field(Object(organizations.area), "The smallest area that it stands in.")
    location: GeoPoint | None = field(Object(organizations.location), "Where it is.")
    spheres: list[Sphere] = field(Objects(organizations.spheres), "The spheres it works in.")

    @computed(Column(organizations.name), "Its name.")
    def name(self, language: InLanguage = UNSET) -> str:
        raise FromPlan

    @computed(Column(organizations.address), "Its postal address.")
    def address(self, language: InLanguage = UNSET) -> str | None:
        raise FromPlan

    @computed(Object(organizations.parent), "Directly above it; null at a root.")
    def parent(
        self, hierarchy: Tree = Hierarchy.SUBORDINATION
    ) -> Annotated["Organization", strawberry.lazy("schema.organizations.organizations")] | None:
        raise FromPlan

    @computed(Objects(organizations.ancestors), "From the root down to the parent.")
    def ancestors(
        self, hierarchy: Tree = Hierarchy.SUBORDINATION
    ) -> list[Annotated["Organization", strawberry.lazy("schema.organizations.organizations")]]:
        raise FromPlan

    @computed(Paged(organizations.children), "Directly below it.")
    def children(
        self,
        hierarchy: Tree = Hierarchy.SUBORDINATION,
        filter: Filter = UNSET,
        order_by: Order = UNSET,
        slice: Slice = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> OrganizationConnection:
        raise FromPlan

    @computed(Paged(organizations.subordinates), "Below it at any depth.")
    def subordinates(
        self,
        hierarchy: Tree = Hierarchy.SUBORDINATION,
        filter: Filter = UNSET,
        order_by: Order = UNSET,
        slice: Slice = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> OrganizationConnection:
        raise FromPlan

    @computed(Column(organizations.distance), "Metres from a point; null without a location.")
    def distance(self, from_: Annotated[GeoPointInput, argument("From where.", name="from")]) -> float | None:
        raise FromPlan

    @computed(Paged(organizations.services), "The services that it renders, by name.")
    def services(self, first: First = UNSET, after: After = UNSET) -> ServiceConnection:
        raise FromPlan

    @computed(Object(ratings.of_organization), "Its rating.")
    def rating(
        self,
        slice: Slice = UNSET,
        scope: Counted = Scope.OWN,
        hierarchy: Tree = Hierarchy.SUBORDINATION,
    ) -> Rating:
        raise FromPlan

    @computed(Object(ranks.of_organization), "Its place among a set of organizations.")
    def rank(
        self,
        among: Filter = UNSET,
        slice: Slice = UNSET,
        scope: Counted = Scope.OWN,
        hierarchy: Tree = Hierarchy.SUBORDINATION,
        method: Method = RankingMethod.MEAN,
        min_raters: MinRaters = UNSET,
        compared_to: ComparedTo = UNSET,
    ) -> Rank:
        raise FromPlan

    @computed(Objects(histories.of_organization), HISTORY)
    def history(
        self,
        interval: Every,
        slice: Slice = UNSET,
        scope: Counted = Scope.OWN,
        hierarchy: Tree = Hierarchy.SUBORDINATION,
    ) -> list[RatingPoint]:
        raise FromPlan

    @computed(
        Objects(breakdowns.of_organization),
        "Its rating by dimensions: a cell for each combination of keys that has submissions. Periods are computed on"
        " today's trees.",
    )
    def breakdown(
        self,
        by: By,
        slice: Slice = UNSET,
        scope: Counted = Scope.OWN,
        hierarchy: Tree = Hierarchy.SUBORDINATION,
        first: Cells = 100,
    ) -> list[Cell]:
        raise FromPlan

    @computed(Object(blind_spots.coverage), "How many organizations at and below it have raters, and how many too few.")
    def coverage(self, hierarchy: Tree = Hierarchy.SUBORDINATION) -> Coverage:
        raise FromPlan

    @computed(
        Object(invitations.of_organization),
        "How many of those whom other systems know to have been served, and sent a link, have rated, by the months in"
        " which links were sent.",
    )
    def invitations(
        self,
        from_: Annotated[Date | None, argument("The first day of a month.", name="from")] = UNSET,
        to: Annotated[Date | None, argument("The last day of a month, inclusive.")] = UNSET,
        scope: Counted = Scope.OWN,
        hierarchy: Tree = Hierarchy.SUBORDINATION,
    ) -> Responses:
        raise FromPlan

    @computed(
        Object(qr_codes.of_organization),
        "The QR code that opens its rating form, perhaps for a service that it renders. Of a closed organization there is"
        " none: an error says so.",
    )
    def qr_code(self, service: ForService = UNSET, placement: Placement = UNSET) -> QrCode | None:
        raise FromPlan

    @computed(
        Objects(placements.of_organization),
        "For whoever is head there or above: which QR codes work, those that brought most submissions first. Everybody"
        " else finds none.",
    )
    def placements(
        self,
        from_: Annotated[Date | None, argument("The first day of a month.", name="from")] = UNSET,
        to: Annotated[Date | None, argument("The last day of a month, inclusive.")] = UNSET,
        scope: Counted = Scope.OWN,
        hierarchy: Tree = Hierarchy.SUBORDINATION,
    ) -> list[PlacementFigures]:
        raise FromPlan

    @computed(
        Paged(reviews.of_organization),
        "What was said of it in words, or of it and of everything below it: published reviews, the latest dates first.",
    )
    def reviews(
        self,
        text: Annotated[str | None, argument(TEXT)] = UNSET,
        scope: Annotated[Scope | None, argument("Whose reviews are listed.")] = Scope.OWN,
        hierarchy: Tree = Hierarchy.SUBORDINATION,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> Connection[Annotated["Review", strawberry.lazy("schema.voices.reviews")]]:
        raise FromPlan

    commendations: int = field(
        Column(mentions.commendations), "How many counted submissions praise an employee; whom, nobody is told here."
    )

    @computed(Object(questionnaires.of_organization), "The form that applies now.")
    def questionnaire(self, service: ForService = UNSET) -> Questionnaire:
        raise FromPlan

    @computed(Object(eligibility.of_organization), "Whether the viewer may submit, or answer a survey.")
    def eligibility(self, service: ForService = UNSET, survey: ForSurvey = UNSET) -> Eligibility:
        raise FromPlan

    draft: SubmissionDraft | None = field(
        Object(keeping.of_organization), "What the viewer has filled in and not submitted, if there is anything."
    )
    surveys: list[Questionnaire] = field(
        Objects(surveys.of_organization),
        "The surveys that may be answered about it today, by the days on which they end.",
    )


@strawberry.type(description="The organizations in a box, as many as a map can show.")
class MapSelection:
    organizations: list[Organization] = field(Objects(maps.organizations), "The best rated ones, up to the limit.")
    left_out: int = field(Column(maps.left_out), "How many more the box holds.")
