"""changePassword: for who is signed in, and knows the password that is to be changed."""

from auth import sessions
from auth.viewers import Viewer
from resolvers.accounts import desks, proving
from resolvers.accounts.desks import Desk
from resolvers.accounts.resetting import set_password, tell
from resolvers.accounts.signing_out import SignedOut


async def change(desk: Desk, viewer: Viewer, current: str | None, new: str) -> SignedOut:
    """Set another password, and end all other sessions."""
    with desk.sign_ins.passwords.turn() as turn:
        found = await proving.prove(desk, turn, viewer, current, "currentPassword")
        await desks.check_new(turn, new, found.email, "newPassword")
        hash_ = await turn.hash(new)
    async with desk.database.transaction() as connection:
        await proving.still(connection, viewer, found)
        await set_password(connection, viewer.account_id, hash_)
        ended = await sessions.end_all(connection, viewer.account_id, but=viewer.session_id)
        await tell(connection, desk, found.email)
    return SignedOut(ended)
