"""Organizations that a mutation's input refers to."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from models.organizations import Organization
from resolvers import codes
from resolvers.keys import key_of
from resolvers.problems import Conflict, Unknown
from resolvers.sets import filters
from resolvers.texts import check_text

MAXIMUM_CODE = 200


@dataclass(frozen=True)
class OrganizationReference:
    """By its global id or by its code: exactly one."""

    id: str | None
    code: str | None


class Registered(NamedTuple):
    """An organization on the register; `merged_into` is the code of who took it over."""

    id: int
    code: str
    is_open: bool
    merged_into: str | None

    def must_be_open(self, *path: str | int) -> None:
        """Refuse a closed one."""
        if not self.is_open:
            raise Conflict("ORGANIZATION_CLOSED", f"{self.code} is closed.", "input", *path)

    def must_not_be_merged(self, *path: str | int) -> None:
        """Refuse one that was merged: the register knows it by another name now."""
        if self.merged_into is not None:
            message = f"{self.code} was merged into {self.merged_into}."
            raise Conflict("ORGANIZATION_MERGED", message, "input", *path)


async def named(connection: AsyncConnection, reference: OrganizationReference, *path: str | int) -> Registered:
    """The very organization that a reference names, merged or not; refuses a reference to nothing."""
    o = Organization.__table__.alias()
    return await _one(connection, o, _names(o, reference, *path), *path)


async def meant(connection: AsyncConnection, reference: OrganizationReference, *path: str | int) -> Registered:
    """Whom a reference means today: of a merged one, who took it over; refuses a reference to nothing."""
    o, name = Organization.__table__.alias(), Organization.__table__.alias()
    standing = select(codes.standing_for(name)).where(_names(name, reference, *path)).scalar_subquery()
    return await _one(connection, o, o.c.id == standing, *path)


def _names(o: Any, reference: OrganizationReference, *path: str | int) -> Any:
    if reference.id is not None:
        return o.c.id == key_of(reference.id, "Organization", *path)
    check_text(reference.code, MAXIMUM_CODE, *path)
    return o.c.code == reference.code


async def _one(connection: AsyncConnection, o: Any, condition: Any, *path: str | int) -> Registered:
    successor = Organization.__table__.alias()
    query = (
        select(o.c.id, o.c.code, filters.is_open(o).label("is_open"), successor.c.code.label("merged_into"))
        .select_from(o.outerjoin(successor, successor.c.id == o.c.merged_into_id))
        .where(condition)
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise Unknown("ORGANIZATION_UNKNOWN", "There is no such organization.", "input", *path)
    return Registered(*row)
