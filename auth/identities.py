"""Identities: whom a provider's person is here, and how an account gains and loses them.

Only the provider's own subject opens an account. An e-mail address, even a verified one, never
does: whoever once had it, or has it at a careless provider, would walk into somebody else's account
(account pre-hijacking). Where it belongs to an account already, its owner signs in there and links.
"""

from sqlalchemy import Row, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import accounts
from auth.providers.people import Person
from auth.providers.refusals import SignInError, SignInRefused
from models.credentials import Credential
from models.identities import LinkedIdentity
from models.raters import Account, Rater, RaterKind


async def sign_in(connection: AsyncConnection, person: Person, *, email_required: bool) -> int:
    """The key of the account that a person's identity opens; at the first time, of one made for it."""
    await _one_at_a_time(connection, person)
    owner = await _owner(connection, person)
    if owner is not None:
        _must_be_of_kind(owner.kind, person)
        return int(owner.id)
    return await _register(connection, person, email_required=email_required)


async def link(connection: AsyncConnection, account_id: int, person: Person) -> bool:
    """Let an identity open an account beside what opens it now; False, and nothing done, where it does already."""
    await accounts.hold(connection, account_id)
    await _one_at_a_time(connection, person)
    owner = await _owner(connection, person)
    if owner is not None and owner.id != account_id:
        raise SignInRefused(SignInError.IDENTITY_IN_USE, "the identity opens another account")
    kind = select(Rater.kind).join(Account, Account.rater_id == Rater.id).where(Account.id == account_id)
    _must_be_of_kind((await connection.execute(kind)).scalar_one(), person)
    if owner is not None:
        return False
    await _add(connection, account_id, person)
    return True


async def unlink(connection: AsyncConnection, account_id: int, identity_id: int) -> bool:
    """Take an identity from an account; False, and nothing done, where nothing else would open it.

    The account's row is locked: of two that are taken at once, the second one is seen to be the last.
    """
    await accounts.hold(connection, account_id)
    if await _means(connection, account_id) < 2:
        return False
    taken = delete(LinkedIdentity).where(LinkedIdentity.id == identity_id, LinkedIdentity.account_id == account_id)
    await connection.execute(taken)
    return True


async def provider_of(connection: AsyncConnection, account_id: int, identity_id: int) -> str | None:
    """The provider of one of an account's identities, or None where it has no such one."""
    query = select(LinkedIdentity.provider).where(
        LinkedIdentity.id == identity_id, LinkedIdentity.account_id == account_id
    )
    return (await connection.execute(query)).scalar_one_or_none()


async def _means(connection: AsyncConnection, account_id: int) -> int:
    """How many things open an account: its identities, and its password."""
    identities = select(func.count()).where(LinkedIdentity.account_id == account_id).scalar_subquery()
    passwords = select(func.count()).where(Credential.account_id == account_id).scalar_subquery()
    return int((await connection.execute(select(identities + passwords))).scalar_one())


async def _one_at_a_time(connection: AsyncConnection, person: Person) -> None:
    """Two first sign-ins at once, of a button pressed twice, make one account."""
    key = func.hashtextextended(f"identity {person.provider} {person.subject}", 0)
    await connection.execute(select(func.pg_advisory_xact_lock(key)))


async def _owner(connection: AsyncConnection, person: Person) -> Row[int, RaterKind] | None:
    query = (
        select(Account.id, Rater.kind)
        .join(LinkedIdentity, LinkedIdentity.account_id == Account.id)
        .join(Rater, Rater.id == Account.rater_id)
        .where(LinkedIdentity.provider == person.provider, LinkedIdentity.subject == person.subject)
    )
    return (await connection.execute(query.with_for_update(of=Account.__table__, key_share=True))).one_or_none()


def _must_be_of_kind(kind: RaterKind, person: Person) -> None:
    """Who comes for a business must not rate as a person, nor the other way round."""
    if person.kind is not None and person.kind is not kind:
        raise SignInRefused(SignInError.OTHER_KIND, "the account is of another kind of rater")


async def _register(connection: AsyncConnection, person: Person, *, email_required: bool) -> int:
    """A new account, with its rater, for somebody who comes for the first time."""
    if person.email is None and email_required:
        raise SignInRefused(SignInError.EMAIL_NOT_VERIFIED, "the provider tells no verified address")
    account_id = await accounts.create(connection, person.kind or RaterKind.PERSON, person.email)
    if account_id is None:
        raise SignInRefused(SignInError.EMAIL_IN_USE, "the address belongs to another account")
    await _add(connection, account_id, person)
    return account_id


async def _add(connection: AsyncConnection, account_id: int, person: Person) -> None:
    row = {"account_id": account_id, "provider": person.provider, "subject": person.subject}
    await connection.execute(insert(LinkedIdentity).values(row))
