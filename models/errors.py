"""The exceptions that the portal raises on purpose. Everything else is a fault, and is masked.

PortalError
+-- InputError           a value that cannot be used: names the field and the reason
+-- NotFound             nothing there, or nothing that the viewer may see
+-- Unauthenticated      a token that is bad, or none where one is needed
+-- Forbidden            a viewer who may not
+-- DatabaseUnavailable  PostgreSQL is away; trying again later helps
+-- TookTooLong          a statement ran into its time limit; asking for less helps
+-- Overloaded           too many ask for what takes long; trying again in some seconds helps
"""

import enum
from typing import ClassVar


class ErrorCode(enum.Enum):
    """What `errors[].extensions.code` can be."""

    BAD_USER_INPUT = "BAD_USER_INPUT"
    NOT_FOUND = "NOT_FOUND"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    DATABASE_UNAVAILABLE = "DATABASE_UNAVAILABLE"
    TIMEOUT = "TIMEOUT"
    OVERLOADED = "OVERLOADED"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    OPERATION_RESOLUTION_FAILURE = "OPERATION_RESOLUTION_FAILURE"
    BAD_REQUEST = "BAD_REQUEST"
    # A limit each: docs/limits.md tells how much there may be.
    TOKEN_LIMIT = "TOKEN_LIMIT"  # noqa: S105 - those of a document
    DEPTH_LIMIT = "DEPTH_LIMIT"
    FIELD_LIMIT = "FIELD_LIMIT"
    ROOT_FIELD_LIMIT = "ROOT_FIELD_LIMIT"
    ALIAS_LIMIT = "ALIAS_LIMIT"
    DIRECTIVE_LIMIT = "DIRECTIVE_LIMIT"
    ROW_LIMIT = "ROW_LIMIT"
    COST_LIMIT = "COST_LIMIT"
    RATE_LIMIT = "RATE_LIMIT"
    BODY_LIMIT = "BODY_LIMIT"
    CONNECTION_LIMIT = "CONNECTION_LIMIT"
    BATCH_OFF = "BATCH_OFF"
    INTROSPECTION_OFF = "INTROSPECTION_OFF"
    # Documents that are named by their digests; the first two are what clients of the protocol wait for.
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    PERSISTED_QUERY_NOT_SUPPORTED = "PERSISTED_QUERY_NOT_SUPPORTED"
    PERSISTED_QUERY_MISMATCH = "PERSISTED_QUERY_MISMATCH"
    DOCUMENT_NOT_TRUSTED = "DOCUMENT_NOT_TRUSTED"
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"


class PortalError(Exception):
    """An expected refusal; its message is for the user."""

    code: ClassVar[ErrorCode]

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InputError(PortalError):
    """A value that cannot be used. `field` is its dotted path from the argument down."""

    code = ErrorCode.BAD_USER_INPUT

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class NotFound(PortalError):
    """Nothing there, or nothing that the viewer may see: the two look the same."""

    code = ErrorCode.NOT_FOUND


class Unauthenticated(PortalError):
    """The request needs a valid token and has none."""

    code = ErrorCode.UNAUTHENTICATED


class Forbidden(PortalError):
    """The viewer is known and may not."""

    code = ErrorCode.FORBIDDEN


class DatabaseUnavailable(PortalError):
    """PostgreSQL cannot be reached or is shutting down."""

    code = ErrorCode.DATABASE_UNAVAILABLE


class TookTooLong(PortalError):
    """A statement ran into its time limit."""

    code = ErrorCode.TIMEOUT


class Overloaded(PortalError):
    """Too many wait for what takes long: this one would wait in vain."""

    code = ErrorCode.OVERLOADED
