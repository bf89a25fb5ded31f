"""Applications to be put on the register: handed in by anybody, answered by registrars."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from resolvers.register import applications, applying, deciding
from resolvers.register.applying import Request
from resolvers.register.creating import Identity
from schema.catalogue.areas import Area
from schema.catalogue.criteria import InLanguage
from schema.catalogue.services import Service, Sphere
from schema.changes import Info, answer, signed_in
from schema.connections import After, Before, Connection, First, Last, Node
from schema.enums.organizations import ApplicationStatus
from schema.fields import Column, FromPlan, Object, Objects, Reference, argument, computed, field, mutation
from schema.fields import Connection as Paged
from schema.inputs import GeoPointInput, OrganizationRef, described, reference_of
from schema.organizations.organizations import GeoPoint, Organization, OrganizationKind
from schema.problems import ConflictProblem, IdempotencyKeyProblem, InvalidInputProblem, UnknownReferenceProblem
from schema.register.entries import PlaceInput, TranslationsInput, places_of, said_of
from schema.scalars import Date, DateTime


@strawberry.type(
    description="Somebody asks for an organization to be put on the register, on its own wish. Seen by who applied, by"
    " registrars of the parents that it asks for, and by operators. Nobody is told who applied."
)
class Application(Node):
    kind: OrganizationKind = field(Object(applications.kind), "What kind of body it is.")
    area: Area | None = field(Object(applications.area), "The smallest area that it stands in.")
    location: GeoPoint | None = field(Object(applications.location), "Where it is.")
    spheres: list[Sphere] = field(Objects(applications.spheres), "The spheres it would work in.")
    services: list[Service] = field(Objects(applications.services), "The services it would render, by name.")
    subordinate_to: Organization | None = field(Object(applications.subordinate_to), "Whom it asks to belong to.")
    supervised_by: Organization | None = field(Object(applications.supervised_by), "Who is asked to oversee it.")
    comment: str | None = field(Column(applications.comment), "What else the applicant tells the registrar.")
    is_own: bool = field(Column(applications.is_own), "Whether the viewer applied.")
    status: ApplicationStatus = field(Column(applications.status), "What became of it.")
    applied_at: DateTime = field(Column(applications.applied_at), "When it was handed in.")
    decided_at: DateTime | None = field(Column(applications.decided_at), "When it was answered; null while it waits.")
    reason: str | None = field(Column(applications.reason), "Why it was declined.")
    organization: Organization | None = field(Object(applications.organization), "The organization it has become.")

    @computed(Column(applications.name), "The name of the organization.")
    def name(self, language: InLanguage = UNSET) -> str:
        raise FromPlan

    @computed(Column(applications.address), "Its postal address.")
    def address(self, language: InLanguage = UNSET) -> str | None:
        raise FromPlan


ApplicationConnection = Connection[Application]
OfStatus = Annotated[ApplicationStatus | None, argument("Only those of this status.")]


@strawberry.type
class Applications:
    @computed(
        Paged(applications.listed),
        "Applications to be put on the register, the latest first: one's own, and those that one may answer.",
    )
    def applications(
        self,
        status: OfStatus = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> ApplicationConnection:
        raise FromPlan


@strawberry.input(description="An organization that wishes to be on the register.")
class ApplyForRegistrationInput:
    kind: str = described("The code of its kind.")
    names: TranslationsInput = described("Its name, in one language at least.")
    address: TranslationsInput | None = described("Its postal address.", default=UNSET)
    location: GeoPointInput | None = described("Where it is.", default=UNSET)
    area: str | None = described("The code of the smallest area that it stands in.", default=UNSET)
    spheres: list[str] | None = described("Codes of the spheres it works in, at most 1,000.", default=UNSET)
    services: list[str] | None = described("Codes of the services it renders, at most 1,000.", default=UNSET)
    subordinate_to: OrganizationRef | None = described(
        "Whom it belongs to. Registrars of the parents that are named answer; without any, operators do.", default=UNSET
    )
    supervised_by: OrganizationRef | None = described("Which body is to oversee it.", default=UNSET)
    comment: str | None = described("Anything else for the registrar, at most 2,000 characters.", default=None)
    idempotency_key: str = described(
        "Any string of at most 200 characters that the client makes once for this application; a retry with the same"
        " one answers the same application."
    )


@strawberry.input(description="An application to accept.")
class AcceptApplicationInput:
    application: strawberry.ID = described("One that the viewer may answer.")
    code: str = described(
        "The registry code of the new organization: 1 to 64 letters, digits or _./:-, first a letter or a digit; it"
        " never changes, and was never another's."
    )
    opened_on: Date | None = described("Since when it is there, at the latest today: the default.", default=None)
    subordination: PlaceInput | None = described("Its place there; by default below whom it asks for.", default=UNSET)
    supervision: PlaceInput | None = described("Its place there; by default below whom it asks for.", default=UNSET)


@strawberry.input(description="An application to decline.")
class DeclineApplicationInput:
    application: strawberry.ID = described("One that the viewer may answer.")
    reason: str = described("Why, for the applicant to read: at most 2,000 characters.")


@strawberry.type(description="The application waits for a registrar.")
class ApplyForRegistrationPayload:
    application: Application = field(Reference("Application"), "The application.")


@strawberry.type(description="The organization is on the register, and can be rated.")
class AcceptApplicationPayload:
    application: Application = field(Reference("Application"), "The application.")
    organization: Organization = field(Reference("Organization"), "The new organization, registered on its own wish.")


@strawberry.type(description="The application is declined.")
class DeclineApplicationPayload:
    application: Application = field(Reference("Application"), "The application.")


ApplyForRegistrationResult = Annotated[
    ApplyForRegistrationPayload
    | InvalidInputProblem
    | UnknownReferenceProblem
    | ConflictProblem
    | IdempotencyKeyProblem,
    strawberry.union("ApplyForRegistrationResult", description="The application, or why not."),
]
AcceptApplicationResult = Annotated[
    AcceptApplicationPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("AcceptApplicationResult", description="The organization, or why not."),
]
DeclineApplicationResult = Annotated[
    DeclineApplicationPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("DeclineApplicationResult", description="The application, or why not."),
]


@strawberry.type
class Applying:
    @mutation(
        "For everybody who is signed in: ask for an organization to be put on the register. At most 10 applications of"
        " one account wait at once (`TOO_MANY_APPLICATIONS`). Parents that are named are open (`ORGANIZATION_CLOSED`)"
        " and stand in their tree (`NOT_IN_TREE`)."
    )
    async def apply_for_registration(
        self, info: Info, input: Annotated[ApplyForRegistrationInput, argument("What is asked for.")]
    ) -> ApplyForRegistrationResult:
        context = signed_in(info)
        change = applying.apply(context.database, context.viewer, request_of(input))
        found: ApplyForRegistrationResult = await answer(ApplyForRegistrationPayload, change)
        return found

    @mutation(
        "For registrars of the parents that it is to stand below, and for operators: put on the register what is"
        " applied for. Refused as `createOrganization` is, or with `APPLICATION_DECIDED`. Accepting it again under the"
        " same code answers the same."
    )
    async def accept_application(
        self, info: Info, input: Annotated[AcceptApplicationInput, argument("What to accept.")]
    ) -> AcceptApplicationResult:
        context = signed_in(info)
        identity = Identity(input.code, input.opened_on)
        change = deciding.accept(context.database, context.viewer, input.application, identity, places_of(input))
        found: AcceptApplicationResult = await answer(AcceptApplicationPayload, change)
        return found

    @mutation(
        "For registrars of the parents that it asks for, and for operators: answer why not. Refused with"
        " `APPLICATION_DECIDED`; declining it again for the same reason answers the same."
    )
    async def decline_application(
        self, info: Info, input: Annotated[DeclineApplicationInput, argument("What to decline, and why.")]
    ) -> DeclineApplicationResult:
        context = signed_in(info)
        change = deciding.decline(context.database, context.viewer, input.application, input.reason)
        found: DeclineApplicationResult = await answer(DeclineApplicationPayload, change)
        return found


def request_of(given: ApplyForRegistrationInput) -> Request:
    """The request in an input."""
    return Request(
        said=said_of(given, "kind", "area", "location", "spheres", "services"),
        subordinate_to=reference_of(given.subordinate_to) if given.subordinate_to else None,
        supervised_by=reference_of(given.supervised_by) if given.supervised_by else None,
        comment=given.comment,
        idempotency_key=given.idempotency_key,
    )
