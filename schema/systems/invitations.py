"""Links for whoever was served: made by other systems, read by their holders, counted by organization."""

from typing import Annotated

import strawberry

from models.clients import ClientScope
from resolvers.sets.references import OrganizationReference
from resolvers.systems import invitations, inviting
from resolvers.systems.inviting import Visit
from schema.catalogue.services import Service
from schema.changes import Info, answer, by_machine
from schema.enums.accounts import RaterKind
from schema.fields import Column, FromPlan, Object, argument, computed, field, mutation
from schema.inputs import OrganizationRef, described
from schema.organizations.organizations import Organization
from schema.problems import ConflictProblem, InvalidInputProblem, UnknownReferenceProblem
from schema.scalars import Date, DateTime


@strawberry.type(
    description="A link that asks to rate one service that was rendered, made by another system that knows of it. Seen by"
    " whoever holds its token, and nobody else. No account is needed to use it, and none is known."
)
class Invitation:
    organization: Organization = field(Object(invitations.organization), "Who is to be rated.")
    service: Service = field(Object(invitations.service), "The service.")
    visited_on: Date = field(Column(invitations.visited_on), "When it was rendered.")
    rater_kind: RaterKind = field(Column(invitations.rater_kind), "For whom its holder speaks.")
    expires_at: DateTime = field(Column(invitations.expires_at), "Until when it is good.")
    is_open: bool = field(Column(invitations.is_open), "Whether it can be used: it was not yet, and has not expired.")


@strawberry.type
class Invitations:
    @computed(
        Object(invitations.of_token),
        "The link that a token makes, for its holder: what `submitQuestionnaire(input: {invitation: ...})` would rate."
        " Null where there is none.",
    )
    def invitation(self, token: Annotated[str, argument("The token of the link.")]) -> Invitation | None:
        raise FromPlan


@strawberry.input(description="A service that was rendered, to be rated by whoever it was rendered to.")
class InviteToRateInput:
    organization: OrganizationRef = described("Who rendered it, within the client's bounds.")
    service: str = described("The code of the service, one that the organization renders.")
    visited_on: Date = described("When it was rendered, not in the future.")
    case_reference: str = described(
        "The client's own reference of the case, at most 200 characters. It is kept only as a keyed hash. A case is rated"
        " once; asked again for one that was not rated yet, another link takes the place of the one before."
    )
    rater_kind: RaterKind = described("For whom its holder will speak.", default=RaterKind.PERSON)


@strawberry.type(description="There is a link, good for one rating.")
class InviteToRatePayload:
    token: str = strawberry.field(
        description="What makes the link, told just this once: the portal keeps a hash. Whoever has it may rate the visit."
    )
    expires_at: DateTime = strawberry.field(description="Until when it is good: the policy `INVITATION_DAYS` from now.")


InviteToRateResult = Annotated[
    InviteToRatePayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("InviteToRateResult", description="What makes the link, or why not."),
]


@strawberry.type
class Inviting:
    @mutation(
        "For other systems with the scope `invitations:write`: a link by which whoever was served rates the visit without"
        " an account. Such a rating is verified. Refused with `SERVICE_UNKNOWN`, `SERVICE_NOT_RENDERED`,"
        " `VISIT_IN_FUTURE`, `ORGANIZATION_UNKNOWN`, `ORGANIZATION_CLOSED`, `CASE_TAKEN`, `TEXT_BLANK` or"
        " `TEXT_TOO_LONG`.",
        scope=ClientScope.INVITATIONS_WRITE.value,
    )
    async def invite_to_rate(
        self, info: Info, input: Annotated[InviteToRateInput, argument("What was rendered.")]
    ) -> InviteToRateResult:
        context = by_machine(info, ClientScope.INVITATIONS_WRITE)
        place = OrganizationReference(input.organization.id or None, input.organization.code or None)
        visit = Visit(place, input.service, input.visited_on, input.case_reference, input.rater_kind)
        change = inviting.invite(context.database, context.machine, context.references, visit)
        found: InviteToRateResult = await answer(InviteToRatePayload, change)
        return found
