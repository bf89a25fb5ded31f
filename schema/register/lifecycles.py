"""The life of an organization: created, changed, moved, merged, closed and opened again, by registrars."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from resolvers.register import changing, closing, creating, merging, relocating
from resolvers.register.creating import Identity
from schema.changes import Info, answer, signed_in
from schema.enums.organizations import Hierarchy, Registration
from schema.fields import Reference, argument, field, mutation
from schema.inputs import GeoPointInput, OrganizationRef, described, reference_of
from schema.organizations.organizations import Organization
from schema.problems import ConflictProblem, InvalidInputProblem, UnknownReferenceProblem
from schema.register.entries import PlaceInput, TranslationsInput, places_of, said_of, wanted_of
from schema.scalars import Date

FOR = "For registrars of what stands above it, and for operators."
CODE = "1 to 64 letters, digits or _./:-, first a letter or a digit; it never changes, and was never another's."


@strawberry.input(description="A new organization, registered by law.")
class CreateOrganizationInput:
    code: str = described(f"Its registry code: {CODE}")
    kind: str = described("The code of its kind.")
    names: TranslationsInput = described("Its name, in one language at least.")
    address: TranslationsInput | None = described("Its postal address.", default=UNSET)
    location: GeoPointInput | None = described("Where it is.", default=UNSET)
    area: str | None = described("The code of the smallest area that it stands in.", default=UNSET)
    spheres: list[str] | None = described("Codes of the spheres it works in, at most 1,000.", default=UNSET)
    services: list[str] | None = described("Codes of the services it renders, at most 1,000.", default=UNSET)
    opened_on: Date | None = described("Since when it is there, at the latest today: the default.", default=None)
    subordination: PlaceInput | None = described(
        "Whom it belongs to. Without it, it stands outside of that tree.", default=UNSET
    )
    supervision: PlaceInput | None = described(
        "Which body oversees it. Without it, it stands outside of that tree.", default=UNSET
    )


@strawberry.input(description="What is to change. What is left out stays as it is.")
class ChangeOrganizationInput:
    organization: OrganizationRef = described("Which organization.")
    names: TranslationsInput | None = described("Its name; one language at least stays.", default=UNSET)
    address: TranslationsInput | None = described("Its postal address.", default=UNSET)
    location: GeoPointInput | None = described("Where it is; null if that is not known any more.", default=UNSET)
    area: str | None = described("The code of the smallest area that it stands in, or null.", default=UNSET)
    kind: str | None = described("The code of its kind.", default=UNSET)
    registration: Registration | None = described("How it is registered.", default=UNSET)
    spheres: list[str] | None = described("Codes of all spheres it works in, at most 1,000.", default=UNSET)
    services: list[str] | None = described("Codes of all services it renders, at most 1,000.", default=UNSET)


@strawberry.input(description="Another place in one of the trees.")
class MoveOrganizationInput:
    organization: OrganizationRef = described("Which organization; all that is below it there comes along.")
    hierarchy: Hierarchy = described("In which tree.")
    to: PlaceInput = described("Where it is to stand.")


@strawberry.input(description="An organization that becomes part of another.")
class MergeOrganizationInput:
    organization: OrganizationRef = described("The one that is to be no more.")
    into: OrganizationRef = described("The one that takes it over: an open one, not below the other.")


@strawberry.input(description="An organization to close.")
class CloseOrganizationInput:
    organization: OrganizationRef = described("Which organization; nothing open stands below it.")
    on: Date | None = described(
        "The first day on which it is closed: today by default, not later, nor before it opened. Of a closed one it"
        " sets another date.",
        default=None,
    )


@strawberry.input(description="A closed organization to open again.")
class ReopenOrganizationInput:
    organization: OrganizationRef = described("Which organization; what it stands below is open.")


@strawberry.type(description="The organization is on the register.")
class CreateOrganizationPayload:
    organization: Organization = field(Reference("Organization"), "The new organization.")


@strawberry.type(description="The register says so from now on.")
class ChangeOrganizationPayload:
    organization: Organization = field(Reference("Organization"), "The organization.")


@strawberry.type(description="It stands there, and all totals are as if it always had.")
class MoveOrganizationPayload:
    organization: Organization = field(Reference("Organization"), "The organization.")


@strawberry.type(description="The one is part of the other.")
class MergeOrganizationPayload:
    organization: Organization = field(Reference("Organization"), "Who took the other over.")
    merged: Organization = field(Reference("Organization"), "Who was taken over: closed, and led to by its id alone.")


@strawberry.type(description="It is closed.")
class CloseOrganizationPayload:
    organization: Organization = field(Reference("Organization"), "The organization.")


@strawberry.type(description="It is open.")
class ReopenOrganizationPayload:
    organization: Organization = field(Reference("Organization"), "The organization.")


CreateOrganizationResult = Annotated[
    CreateOrganizationPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("CreateOrganizationResult", description="The organization, or why not."),
]
ChangeOrganizationResult = Annotated[
    ChangeOrganizationPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("ChangeOrganizationResult", description="The organization, or why not."),
]
MoveOrganizationResult = Annotated[
    MoveOrganizationPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("MoveOrganizationResult", description="The organization, or why not."),
]
MergeOrganizationResult = Annotated[
    MergeOrganizationPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("MergeOrganizationResult", description="Both organizations, or why not."),
]
CloseOrganizationResult = Annotated[
    CloseOrganizationPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("CloseOrganizationResult", description="The organization, or why not."),
]
ReopenOrganizationResult = Annotated[
    ReopenOrganizationPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("ReopenOrganizationResult", description="The organization, or why not."),
]


@strawberry.type
class Lifecycles:
    @mutation(
        "For registrars of the parents that it is to stand below, and for operators, who alone make roots: put an"
        " organization on the register. Refused with `CODE_TAKEN`, `CODE_INVALID`, `NAME_MISSING`, `OPENS_IN_FUTURE`,"
        " `NOT_IN_TREE` (the parent), `ORGANIZATION_CLOSED` (the parent) or for a value that is named."
    )
    async def create_organization(
        self, info: Info, input: Annotated[CreateOrganizationInput, argument("What it is.")]
    ) -> CreateOrganizationResult:
        context = signed_in(info)
        said = said_of(input, "kind", "area", "location", "spheres", "services")
        identity = Identity(input.code, input.opened_on)
        change = creating.create(context.database, context.viewer, identity, said, places_of(input))
        found: CreateOrganizationResult = await answer(CreateOrganizationPayload, change)
        return found

    @mutation(
        f"{FOR} Its names, address, location, area, kind, registration, spheres and services. Ratings of areas,"
        " spheres and so on are told of what they have today: what changes here restates their history."
        " Refused with `ORGANIZATION_MERGED`, `NAME_MISSING`, or for a value that is named."
    )
    async def change_organization(
        self, info: Info, input: Annotated[ChangeOrganizationInput, argument("What is to change.")]
    ) -> ChangeOrganizationResult:
        context = signed_in(info)
        said = said_of(input, "kind", "area", "location", "registration", "spheres", "services")
        change = changing.change(context.database, context.viewer, reference_of(input.organization), said)
        found: ChangeOrganizationResult = await answer(ChangeOrganizationPayload, change)
        return found

    @mutation(
        "For registrars of what it stands below and of what it is to stand below, in that tree, and for operators,"
        " who alone make roots and move them: with everything below it, to another place. All submissions stay and"
        " count for those above the new place, also those of the past: moving restates history. Where it stands"
        " already, nothing changes. Refused with `BELOW_ITSELF`, `NOT_IN_TREE` (the parent), `HAS_SUBORDINATES`"
        " (what leaves a tree leaves nothing behind), `ORGANIZATION_CLOSED` (an open one below a closed one) or"
        " `ORGANIZATION_MERGED`."
    )
    async def move_organization(
        self, info: Info, input: Annotated[MoveOrganizationInput, argument("What to move, and where.")]
    ) -> MoveOrganizationResult:
        context = signed_in(info)
        reference, to = reference_of(input.organization), wanted_of(input.to)
        change = relocating.move(context.database, context.viewer, reference, Hierarchy(input.hierarchy), to)
        found: MoveOrganizationResult = await answer(MoveOrganizationPayload, change)
        return found

    @mutation(
        "For registrars of what both stand below, and for operators: one organization becomes part of another, for"
        " good. Its submissions count for the other, also those of the past: merging restates history. What stood"
        " below it stands below the other, which works in its spheres and renders its services, too. Its code, its"
        " id, and those of all that it had taken over, mean the other wherever a code or an id is given. Roles held"
        " on it end. It does not undo. Repeated, it changes nothing. Refused with `INTO_ITSELF`, `INTO_SUBORDINATE`"
        " (the other stands below it), `ORGANIZATION_CLOSED` (the other), `ORGANIZATION_MERGED` (it is part of a"
        " third one), or `NOT_IN_TREE` (the other stands outside of a tree in which it has something below it)."
    )
    async def merge_organization(
        self, info: Info, input: Annotated[MergeOrganizationInput, argument("What to merge into what.")]
    ) -> MergeOrganizationResult:
        context = signed_in(info)
        merged, into = reference_of(input.organization), reference_of(input.into)
        change = merging.merge(context.database, context.viewer, merged, into)
        found: MergeOrganizationResult = await answer(MergeOrganizationPayload, change)
        return found

    @mutation(
        f"{FOR} It is not ranked, not in lists, and cannot be rated any more; its submissions stay counted in its own"
        " rating and in those above it. A closed one stays as it is, unless another date is told. Refused with"
        " `HAS_OPEN_SUBORDINATES` (in either tree: move or close them first), `CLOSES_IN_FUTURE`,"
        " `CLOSED_BEFORE_OPENED` or `ORGANIZATION_MERGED`."
    )
    async def close_organization(
        self, info: Info, input: Annotated[CloseOrganizationInput, argument("What to close, and when.")]
    ) -> CloseOrganizationResult:
        context = signed_in(info)
        change = closing.close(context.database, context.viewer, reference_of(input.organization), input.on)
        found: CloseOrganizationResult = await answer(CloseOrganizationPayload, change)
        return found

    @mutation(
        f"{FOR} What closing it did is undone. An open one stays as it is. Refused with `PARENT_CLOSED` or"
        " `ORGANIZATION_MERGED`."
    )
    async def reopen_organization(
        self, info: Info, input: Annotated[ReopenOrganizationInput, argument("What to open again.")]
    ) -> ReopenOrganizationResult:
        context = signed_in(info)
        change = closing.reopen(context.database, context.viewer, reference_of(input.organization))
        found: ReopenOrganizationResult = await answer(ReopenOrganizationPayload, change)
        return found
