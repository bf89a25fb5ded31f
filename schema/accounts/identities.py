"""Sign-in through providers: which there are, and the viewer's identities there."""

import strawberry
from strawberry import UNSET

from resolvers.accounts import identities, providers
from schema.catalogue.criteria import InLanguage
from schema.connections import Node
from schema.fields import Column, FromPlan, Objects, computed, field
from schema.scalars import DateTime


@strawberry.type(
    description="Somebody else who vouches for who somebody is: send a browser to `/sign-in/{code}?next=/page` of the"
    " portal. It comes back to that page, signed in, or with `error` in its address (docs/sign-in.md tells the codes)."
)
class SignInProvider:
    code: str = field(Column(providers.code), "Its code, stable: part of the address that sign-in begins at.")

    @computed(Column(providers.name), "What it is called.")
    def name(self, language: InLanguage = UNSET) -> str:
        raise FromPlan


@strawberry.type(
    description="What a provider knows the viewer by, and opens the viewer's account with. Seen by the account's owner"
    " alone; the provider's own key of the person is not told."
)
class Identity(Node):
    provider: str = field(
        Column(identities.provider),
        "The provider's code, as in `signInProviders`; one that is not configured any more signs nobody in.",
    )
    linked_at: DateTime = field(Column(identities.linked_at), "Since when it opens the account.")


@strawberry.type
class SignInProviders:
    @computed(
        Objects(providers.listed),
        "Who may be signed in through, in the order to show them. None are configured by default.",
    )
    def sign_in_providers(self) -> list[SignInProvider]:
        raise FromPlan


@strawberry.type
class Linked:
    identities: list[Identity] = field(
        Objects(identities.of_viewer),
        "The viewer's identities at providers of sign-in, the first linked one first. One more is linked, while signed"
        " in, by a link or form of the portal's own page to `/sign-in/{code}?link=1&next=/page`.",
    )
