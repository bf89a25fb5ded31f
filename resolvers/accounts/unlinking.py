"""unlinkIdentity: an identity opens the viewer's account no more."""

from dataclasses import dataclass

from auth import identities
from auth.viewers import Viewer
from models.mail import MailKind
from resolvers.accounts import linking
from resolvers.accounts.desks import Desk
from resolvers.keys import key_of
from resolvers.problems import Conflict, Unknown


@dataclass(frozen=True)
class Unlinked:
    """The code of the provider whose identity is gone."""

    provider: str


async def unlink(desk: Desk, viewer: Viewer, identity: str) -> Unlinked:
    """Unlink one of the viewer's identities, unless nothing else opens the account; its owner is written to."""
    key = key_of(identity, "Identity", "identity")
    async with desk.database.transaction() as connection:
        provider = await identities.provider_of(connection, viewer.account_id, key)
        if provider is None:
            raise Unknown("IDENTITY_UNKNOWN", "You have no such identity.", "input", "identity")
        if not await identities.unlink(connection, viewer.account_id, key):
            message = "Nothing else opens the account: link another identity or set a password first."
            raise Conflict("LAST_MEANS_OF_SIGN_IN", message, "input", "identity")
        url = desk.sign_ins.public_url
        await linking.tell(connection, MailKind.IDENTITY_UNLINKED, viewer.account_id, desk.language, url)
    return Unlinked(provider)
