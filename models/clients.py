"""Clients: other systems that ask the portal in their own name, and what ends their tokens."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.hierarchies import Hierarchy
from models.organizations import Organization
from models.services import Sphere

# What a client's code looks like, for PostgreSQL: it is a user name of HTTP, and so has no colon.
CLIENT_PATTERN = "^[[:alnum:]][[:alnum:]_.-]{0,63}$"


class ClientScope(enum.Enum):
    """What a client may do, by the name that tokens have it by."""

    SUBMISSIONS_WRITE = "submissions:write"
    INVITATIONS_WRITE = "invitations:write"
    TOKENS_INTROSPECT = "tokens:introspect"


class Client(Base):
    """A system that an operator has registered.

    It proves itself by a secret, of which the SHA-256 is kept (a secret is 256 random bits: nothing to guess), or by
    the private half of one of the keys in `jwks`, a JSON Web Key Set. What it may do, it may do for the organizations
    below `organization_id` in a hierarchy, itself included, and only for those that work in the sphere; without bounds,
    for all.
    """

    __tablename__ = "client"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    secret_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    jwks: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey(Organization.id))
    hierarchy: Mapped[Hierarchy | None] = mapped_column(Enum(Hierarchy, name="hierarchy"))
    sphere_id: Mapped[int | None] = mapped_column(ForeignKey(Sphere.id))
    registered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("clock_timestamp()"))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint(f"code ~ '{CLIENT_PATTERN}' AND code <> 'portal'", name="is_a_client_code"),
        CheckConstraint("btrim(name) <> '' AND char_length(name) <= 200", name="has_a_name"),
        CheckConstraint("num_nonnulls(secret_digest, jwks) = 1", name="proves_itself_in_one_way"),
        CheckConstraint("cardinality(scopes) > 0", name="has_a_scope"),
        CheckConstraint("(organization_id IS NULL) = (hierarchy IS NULL)", name="bound_has_a_hierarchy"),
    )


class RevokedToken(Base):
    """A token that was revoked before it expired; the row can go once it would have."""

    __tablename__ = "revoked_token"

    jti: Mapped[str] = mapped_column(Text, primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (Index(None, "expires_at"),)


class UsedAssertion(Base):
    """An assertion that a client has proved itself with, which is good for once; the row can go once it has expired."""

    __tablename__ = "used_assertion"

    client_id: Mapped[int] = mapped_column(ForeignKey(Client.id), primary_key=True)
    jti: Mapped[str] = mapped_column(Text, primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (Index(None, "expires_at"),)
