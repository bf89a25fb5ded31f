"""Roles of officials: listed, granted and revoked down one's own subtree."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from resolvers.officials import appointing, grants
from resolvers.officials.appointing import Wanted
from schema.changes import Info, answer, signed_in
from schema.connections import After, Before, Connection, First, Last, Node
from schema.enums.officials import GrantState, Role
from schema.enums.organizations import Hierarchy
from schema.fields import Column, FromPlan, Object, Reference, argument, computed, field, mutation
from schema.fields import Connection as Paged
from schema.inputs import OrganizationRef, described, reference_of
from schema.organizations.organizations import Organization, Tree
from schema.problems import ConflictProblem, InvalidInputProblem, UnknownReferenceProblem
from schema.scalars import Date, DateTime


@strawberry.type(
    description="A role of somebody on an organization, valid there and below. Seen by who has or had it, by whoever"
    " may grant that role there today, and by supervisors and operators, whom the audit trail tells the same."
)
class Grant(Node):
    account: str = field(Column(grants.account), "The code of the account whose role it is.")
    role: Role = field(Column(grants.role), "Which role.")
    organization: Organization = field(Object(grants.organization), "The organization that it is held on.")
    hierarchy: Hierarchy = field(Column(grants.hierarchy), "The tree in which it is valid below that organization.")
    valid_from: Date = field(Column(grants.valid_from), "Its first day, in the portal's time zone.")
    valid_to: Date | None = field(Column(grants.valid_to), "Its last day; null for no end.")
    revoked_at: DateTime | None = field(
        Column(grants.revoked_at),
        "When it was revoked, or ended because its organization was merged; null if it was not.",
    )
    state: GrantState = field(Column(grants.state), "Whether it is held today.")
    granted_by: str | None = field(
        Column(grants.granted_by),
        "The code of the account that granted it; null for the command line, and for an account that was erased.",
    )


GrantConnection = Connection[Grant]


@strawberry.type
class Grants:
    @computed(
        Paged(grants.listed),
        "Grants of others, the latest first: for operators all; for supervisors those on the organization that they"
        " supervise and below it; for heads those of staff of their organization and below it. Everybody else finds"
        " none. `Viewer.grants` are one's own.",
    )
    def grants(
        self,
        organization: Annotated[
            OrganizationRef | None, argument("Only those on this organization and on everything below it.")
        ] = UNSET,
        hierarchy: Tree = Hierarchy.SUBORDINATION,
        role: Annotated[list[Role] | None, argument("Only these roles.")] = UNSET,
        state: Annotated[list[GrantState] | None, argument("Only those of one of these states.")] = UNSET,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> GrantConnection:
        raise FromPlan


@strawberry.input(description="A role to grant.")
class GrantRoleInput:
    code: str = described(
        "The code that the person has made by `createAppointmentCode` and told: their consent. It is good for one grant."
    )
    role: Role = described("Which role.")
    organization: OrganizationRef = described("On which organization, and below it.")
    hierarchy: Hierarchy = described("In which tree it is valid below.", default=Hierarchy.SUBORDINATION)
    valid_from: Date | None = described(
        "Its first day: today by default, not earlier, at most ten years ahead.", default=None
    )
    valid_to: Date | None = described(
        "Its last day; by default there is none. Not later than the last day of the role by which it is granted.",
        default=None,
    )


@strawberry.input(description="A role to revoke.")
class RevokeRoleInput:
    grant: strawberry.ID = described("The grant of a role that the viewer may grant there.")


@strawberry.type(description="The code is made; one that was made before is good no more.")
class CreateAppointmentCodePayload:
    code: str = strawberry.field(description="16 letters and digits in groups; told this once, and kept nowhere.")
    valid_until: DateTime = strawberry.field(description="Until when it is good.")


NO_MORE = " Null where the viewer sees it no more, as the role by which it was made has ended at that very moment."


@strawberry.type(description="The role is granted; it counts from the next request on, or from its first day.")
class GrantRolePayload:
    grant: Grant | None = field(Reference("Grant"), f"The grant.{NO_MORE}")
    organization: Organization = field(Reference("Organization"), "The organization that it is held on.")


@strawberry.type(description="The role has ended. The grant stays: who held it cannot rate there for some months.")
class RevokeRolePayload:
    grant: Grant | None = field(Reference("Grant"), f"The grant.{NO_MORE}")
    organization: Organization = field(Reference("Organization"), "The organization that it was held on.")


GrantRoleResult = Annotated[
    GrantRolePayload | InvalidInputProblem | UnknownReferenceProblem,
    strawberry.union("GrantRoleResult", description="The grant, or why not."),
]
RevokeRoleResult = Annotated[
    RevokeRolePayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("RevokeRoleResult", description="The grant that has ended, or why not."),
]


@strawberry.type
class Granting:
    @mutation(
        "For everybody who is signed in: make a code that lets an official name the viewer for a role. Tell it only to"
        " whoever is to do so: it is good for one grant, for 7 days. It says nothing of the account."
    )
    async def create_appointment_code(self, info: Info) -> CreateAppointmentCodePayload:
        context = signed_in(info)
        made = await appointing.create_code(context.database, context.viewer)
        return CreateAppointmentCodePayload(**vars(made))

    @mutation(
        "Grant a role. Operators grant all roles; supervisors `HEAD` and `STAFF` below the organization that they"
        " supervise; heads `STAFF` of their organization and below it; each in the tree of the own role, and nobody to"
        " themselves. Recorded in the audit trail. Refused with `CODE_UNKNOWN`, `GRANTED_TO_ONESELF`, `ALREADY_GRANTED`,"
        " `DATES_REVERSED`, `VALID_FROM_PAST`, `VALID_FROM_TOO_FAR`, `OUTLIVES_GRANTER`, or `NOT_AT_THE_TOP` for an"
        " operator below another organization. Granting the same by the same code again answers the same."
    )
    async def grant_role(
        self, info: Info, input: Annotated[GrantRoleInput, argument("What to grant, and to whom.")]
    ) -> GrantRoleResult:
        context = signed_in(info)
        change = appointing.grant_role(context.database, context.viewer, wanted_of(input))
        found: GrantRoleResult = await answer(GrantRolePayload, change)
        return found

    @mutation(
        "Revoke a role, at once and for good: by whoever may grant it there, whoever did. Recorded in the audit trail."
        " Refused with `GRANT_UNKNOWN`, or with `GRANT_OVER` if it has ended by itself. Repeated, it answers the same."
    )
    async def revoke_role(
        self, info: Info, input: Annotated[RevokeRoleInput, argument("What to revoke.")]
    ) -> RevokeRoleResult:
        context = signed_in(info)
        change = appointing.revoke_role(context.database, context.viewer, input.grant)
        found: RevokeRoleResult = await answer(RevokeRolePayload, change)
        return found


def wanted_of(given: GrantRoleInput) -> Wanted:
    """The grant that an input wants."""
    return Wanted(
        code=given.code,
        role=given.role,
        organization=reference_of(given.organization),
        hierarchy=Hierarchy(given.hierarchy),
        valid_from=given.valid_from,
        valid_to=given.valid_to,
    )
