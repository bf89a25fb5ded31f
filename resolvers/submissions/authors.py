"""Authors: who a submission is from. An account, a rater another system speaks for, or who was sent a link.

Each says which rater it is, having locked it, and what else has to be so before its submission may count. Whoever has
no account is a pseudonym that only the portal's secret key leads to: the same each time, and told nobody.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from auth import clients, secrets
from auth.machines import Machine
from auth.references import References
from auth.viewers import Viewer
from models import counting
from models.clients import ClientScope
from models.clock import today
from models.invitations import Invitation, ServiceCase
from models.raters import Rater, RaterKind
from models.services import Service
from resolvers.problems import Conflict, InvalidInput, Unknown
from resolvers.submissions.drafts import Draft
from resolvers.texts import check_text

MAXIMUM_REFERENCE = 200


class Identified(NamedTuple):
    """A rater, locked, with the account that it is of, if any; and the draft, completed by what is known of it."""

    rater_id: int
    kind: RaterKind
    account_id: int | None
    draft: Draft


class Author(Protocol):
    """Whoever a submission is from."""

    @property
    def verified(self) -> bool:
        """Whether a visit is vouched for."""

    async def identified(self, connection: AsyncConnection, draft: Draft) -> Identified:
        """Who it is, with the trees' lock and the rater's taken."""

    async def admitted(self, connection: AsyncConnection, organization_id: int) -> None:
        """Use up what lets it rate this organization; raises what forbids it."""


@dataclass(frozen=True)
class Account:
    """Somebody signed in."""

    viewer: Viewer
    verified: bool = False

    async def identified(self, connection: AsyncConnection, draft: Draft) -> Identified:
        await counting.lock_for(connection, self.viewer.rater_id)
        return Identified(self.viewer.rater_id, self.viewer.kind, self.viewer.account_id, draft)

    async def admitted(self, connection: AsyncConnection, organization_id: int) -> None:
        """Whatever forbids it is a matter of eligibility."""


@dataclass(frozen=True)
class Represented:
    """A rater whom another system speaks for, by its own references of the rater and of the case that it has served."""

    machine: Machine
    references: References
    reference: str
    case: str | None
    kind: RaterKind
    verified: bool = False

    def check(self) -> None:
        """Refuse references that are none."""
        for name, text in (("onBehalfOf", self.reference), ("caseReference", self.case)):
            check_reference(text, name)

    async def identified(self, connection: AsyncConnection, draft: Draft) -> Identified:
        self.check()
        parts = (str(self.machine.client_id), self.kind.value, self.reference)
        rater_id = await _pseudonymous(connection, self.references, self.kind, "client", *parts)
        return Identified(rater_id, self.kind, None, draft)

    async def admitted(self, connection: AsyncConnection, organization_id: int) -> None:
        await clients.demand(connection, self.machine, ClientScope.SUBMISSIONS_WRITE, organization_id)
        if self.case is not None:
            digest = case_digest(self.references, self.machine, self.case)
            row = {"client_id": self.machine.client_id, "digest": digest, "rated": True}
            first = insert(ServiceCase).values(row).on_conflict_do_nothing().returning(ServiceCase.id)
            if (await connection.execute(first)).one_or_none() is None:
                message = "This case was rated before, or there is a link for it."
                raise Conflict("CASE_TAKEN", message, "input", "caseReference")


@dataclass(frozen=True)
class Guest:
    """Whoever holds a link for a service that was rendered to them."""

    references: References
    token: str
    verified: bool = True

    async def identified(self, connection: AsyncConnection, draft: Draft) -> Identified:
        check_text(self.token, MAXIMUM_REFERENCE, "invitation")
        i = Invitation
        query = select(i.rater_kind, i.visited_on, Service.code).join_from(i, Service, Service.id == i.service_id)
        found = (await connection.execute(query.where(i.token_digest == secrets.digest(self.token)))).one_or_none()
        if found is None:
            raise Unknown("INVITATION_UNKNOWN", "There is no such link.", "input", "invitation")
        for name, told, known in (
            ("service", draft.service, found.code),
            ("visitedOn", draft.visited_on, found.visited_on),
        ):
            if told is not None and told != known:
                raise _for_another(name)
        completed = replace(draft, service=found.code, visited_on=found.visited_on)
        rater_id = await _pseudonymous(connection, self.references, found.rater_kind, "invitation", self.token)
        return Identified(rater_id, found.rater_kind, None, completed)

    async def admitted(self, connection: AsyncConnection, organization_id: int) -> None:
        i = Invitation
        query = select(i.case_id, i.organization_id, i.answered_on, (i.expires_at < func.now()).label("is_over"))
        found = await connection.execute(query.where(i.token_digest == secrets.digest(self.token)).with_for_update())
        link = found.one_or_none()
        if link is None:
            raise Unknown("INVITATION_UNKNOWN", "There is no such link.", "input", "invitation")
        if link.organization_id != organization_id:
            raise _for_another("organization")
        if link.answered_on is not None:
            raise Conflict("INVITATION_USED", "The link was used: it is good for one rating.", "input", "invitation")
        if link.is_over:
            raise Conflict("INVITATION_EXPIRED", "The link has expired.", "input", "invitation")
        await connection.execute(update(i).where(i.case_id == link.case_id).values(answered_on=today()))
        await connection.execute(update(ServiceCase).where(ServiceCase.id == link.case_id).values(rated=True))


def check_reference(text: str | None, *path: str) -> None:
    """Refuse another system's reference that is blank or too long."""
    check_text(text, MAXIMUM_REFERENCE, *path)
    if text is not None and not text.strip():
        raise InvalidInput("TEXT_BLANK", "The reference is blank.", "input", *path)


def case_digest(references: References, machine: Machine, case: str) -> bytes:
    """What is kept of a client's reference of a case."""
    return references.digest("case", str(machine.client_id), case)


async def _pseudonymous(connection: AsyncConnection, references: References, kind: RaterKind, *parts: str) -> int:
    """The key of the rater that some parts lead to, made if it is new, and locked.

    Two at once wait for each other here, as a pseudonym is unique.
    """
    await connection.execute(counting.SHARE_TREES)
    pseudonym = references.pseudonym(*parts)
    await connection.execute(insert(Rater).values(pseudonym=pseudonym, kind=kind).on_conflict_do_nothing())
    rater_id = (await connection.execute(select(Rater.id).where(Rater.pseudonym == pseudonym))).scalar_one()
    await connection.execute(counting.LOCK_RATER, {"rater": rater_id})
    return rater_id


def _for_another(field: str) -> InvalidInput:
    return InvalidInput("INVITATION_FOR_ANOTHER", "The link is for something else.", "input", field)
