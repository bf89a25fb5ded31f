"""Clients: other systems, which operators register and read."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from resolvers.sets.references import OrganizationReference
from resolvers.systems import clients, registering
from resolvers.systems.registering import Terms
from schema.catalogue.services import Sphere
from schema.changes import Info, answer, signed_in
from schema.connections import After, Before, Connection, First, Last, Node
from schema.enums.organizations import Hierarchy
from schema.fields import Column, FromPlan, Object, Reference, argument, computed, field, mutation
from schema.fields import Connection as Paged
from schema.inputs import OrganizationRef, described
from schema.organizations.organizations import Organization
from schema.problems import ConflictProblem, InvalidInputProblem, UnknownReferenceProblem
from schema.scalars import DateTime

SCOPES = (
    "`submissions:write` (submit on a rater's behalf), `invitations:write` (links that ask whoever was served to rate),"
    " `tokens:introspect` (learn of any token whether it is good)"
)


@strawberry.type(
    description="Another system that asks in its own name, by OAuth 2.0 (`/.well-known/oauth-authorization-server` tells"
    " where). Seen by operators only."
)
class Client(Node):
    code: str = field(Column(clients.code), "Its client id.")
    name: str = field(Column(clients.name), "What it is called.")
    scopes: list[str] = field(Column(clients.scopes), f"What it may do, by the names that tokens have: {SCOPES}.")
    organization: Organization | None = field(
        Object(clients.organization), "It may do that for this organization and those below it only; null: for all."
    )
    hierarchy: Hierarchy | None = field(Column(clients.hierarchy), "The tree in which `organization` is meant.")
    sphere: Sphere | None = field(
        Object(clients.sphere), "It may do that for organizations that work in this sphere only; null: in any."
    )
    has_secret: bool = field(
        Column(clients.has_secret),
        "Whether it proves itself by a secret (`client_secret_basic`, `client_secret_post`); if not, by a key of its own"
        " (`private_key_jwt`). A secret is never told again.",
    )
    registered_at: DateTime = field(Column(clients.registered_at), "Since when it is registered.")
    revoked_at: DateTime | None = field(Column(clients.revoked_at), "Since when it may do nothing any more.")


ClientConnection = Connection[Client]


@strawberry.type
class Clients:
    @computed(
        Paged(clients.listed), "For operators: other systems, the latest registered first. Everybody else finds none."
    )
    def clients(
        self, first: First = UNSET, after: After = UNSET, last: Last = UNSET, before: Before = UNSET
    ) -> ClientConnection:
        raise FromPlan


NAMED = "What it is called, 1 to 200 characters."
MAY = f"What it may do, at least one of {SCOPES}."
BELOW = "It may do that for this organization and those below it only; without it, for all."
WITHIN = "The code of a sphere: it may do that for organizations that work in it only; without it, in any."
KEYS = (
    "A JSON Web Key Set as JSON text, 1 to 10 public keys (EC or RSA, each with a `kid`), one of which signs what it"
    " proves itself with (`private_key_jwt`, RFC 7523)."
)


@strawberry.input(description="A client to register.")
class RegisterClientInput:
    code: str = described("Its client id: 1 to 64 letters, digits or `_.-`; unique for good, and not `portal`.")
    name: str = described(NAMED)
    scopes: list[str] = described(MAY)
    organization: OrganizationRef | None = described(BELOW, default=None)
    hierarchy: Hierarchy | None = described("The tree in which that is meant.", default=Hierarchy.SUBORDINATION)
    sphere: str | None = described(WITHIN, default=None)
    jwks: str | None = described(f"{KEYS} Without it, the client is given a secret.", default=None)


@strawberry.input(description="What a client is to be from now on; what is left out of its bounds is none any more.")
class ChangeClientInput:
    client: str = described("The client's code.")
    name: str = described(NAMED)
    scopes: list[str] = described(f"{MAY} Tokens that it has lose what is not among them, within 5 seconds.")
    organization: OrganizationRef | None = described(BELOW, default=None)
    hierarchy: Hierarchy | None = described("The tree in which that is meant.", default=Hierarchy.SUBORDINATION)
    sphere: str | None = described(WITHIN, default=None)
    jwks: str | None = described(f"{KEYS} Without it, it proves itself as before.", default=None)


@strawberry.input(description="A client to give another secret.")
class RotateClientSecretInput:
    client: str = described("The client's code.")


@strawberry.input(description="A client to revoke.")
class RevokeClientInput:
    client: str = described("The client's code.")


@strawberry.type(description="The client is registered.")
class RegisterClientPayload:
    client: Client = field(Reference("Client"), "The client.")
    secret: str | None = strawberry.field(
        description="Its secret, told just this once: the portal keeps a hash. Null for a client with keys."
    )


@strawberry.type(description="The client has these terms.")
class ChangeClientPayload:
    client: Client = field(Reference("Client"), "The client.")


@strawberry.type(description="The client has another secret.")
class RotateClientSecretPayload:
    client: Client = field(Reference("Client"), "The client.")
    secret: str = strawberry.field(description="The secret, told just this once.")


@strawberry.type(description="The client may do nothing any more.")
class RevokeClientPayload:
    client: Client = field(Reference("Client"), "The client.")


RegisterClientResult = Annotated[
    RegisterClientPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("RegisterClientResult", description="The client, or why not."),
]
ChangeClientResult = Annotated[
    ChangeClientPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("ChangeClientResult", description="The client, or why not."),
]
RotateClientSecretResult = Annotated[
    RotateClientSecretPayload | InvalidInputProblem | UnknownReferenceProblem | ConflictProblem,
    strawberry.union("RotateClientSecretResult", description="The client, or why not."),
]
RevokeClientResult = Annotated[
    RevokeClientPayload | InvalidInputProblem | UnknownReferenceProblem,
    strawberry.union("RevokeClientResult", description="The client, or why not."),
]


def terms_of(given: RegisterClientInput | ChangeClientInput) -> Terms:
    """The terms in an input."""
    ref = given.organization
    organization = None if ref is None else OrganizationReference(ref.id or None, ref.code or None)
    hierarchy = given.hierarchy or Hierarchy.SUBORDINATION
    return Terms(given.name, given.scopes, organization, hierarchy, given.sphere, given.jwks)


@strawberry.type
class ClientChanges:
    @mutation(
        "For operators: register another system as a client. Recorded in the audit trail. Refused with `CODE_INVALID`,"
        " `CODE_TAKEN`, `TEXT_BLANK`, `TEXT_TOO_LONG`, `SCOPE_MISSING`, `SCOPE_UNKNOWN`, `ORGANIZATION_UNKNOWN`,"
        " `SPHERE_UNKNOWN` or `KEYS_INVALID`."
    )
    async def register_client(
        self, info: Info, input: Annotated[RegisterClientInput, argument("What to register.")]
    ) -> RegisterClientResult:
        context = signed_in(info)
        change = registering.on_behalf(
            context.database, context.viewer, registering.register, input.code, terms_of(input)
        )
        found: RegisterClientResult = await answer(RegisterClientPayload, change)
        return found

    @mutation(
        "For operators: change what a client is called, may do, where, and by which keys it proves itself. Recorded in"
        " the audit trail. Refused as `registerClient` is, and with `CLIENT_UNKNOWN` or `CLIENT_REVOKED`."
    )
    async def change_client(
        self, info: Info, input: Annotated[ChangeClientInput, argument("What it is to be.")]
    ) -> ChangeClientResult:
        context = signed_in(info)
        change = registering.on_behalf(
            context.database, context.viewer, registering.change, input.client, terms_of(input)
        )
        found: ChangeClientResult = await answer(ChangeClientPayload, change)
        return found

    @mutation(
        "For operators: give a client another secret; the one before is good no more, tokens that it has stay good."
        " Recorded in the audit trail. Refused with `CLIENT_UNKNOWN`, `CLIENT_REVOKED` or `CLIENT_HAS_KEYS`."
    )
    async def rotate_client_secret(
        self, info: Info, input: Annotated[RotateClientSecretInput, argument("Whose.")]
    ) -> RotateClientSecretResult:
        context = signed_in(info)
        change = registering.on_behalf(context.database, context.viewer, registering.renew, input.client)
        found: RotateClientSecretResult = await answer(RotateClientSecretPayload, change)
        return found

    @mutation(
        "For operators: revoke a client, for good: within 5 seconds every server refuses its tokens. Recorded in the"
        " audit trail; again changes nothing. Refused with `CLIENT_UNKNOWN`."
    )
    async def revoke_client(
        self, info: Info, input: Annotated[RevokeClientInput, argument("Which one.")]
    ) -> RevokeClientResult:
        context = signed_in(info)
        change = registering.on_behalf(context.database, context.viewer, registering.revoke, input.client)
        found: RevokeClientResult = await answer(RevokeClientPayload, change)
        return found
