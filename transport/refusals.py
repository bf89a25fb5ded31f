"""Requests that are refused as a whole: what their clients are told, with which status and headers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.documents.invalid import InvalidDocument
from engine.errors import LimitError
from models.errors import ErrorCode, PortalError
from transport import answers
from transport.budgets import BudgetSpent, headers_of
from transport.requests import BadRequest

# The statuses of refusals, and the headers that go with them.
STATUSES = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.RATE_LIMIT: 429,
    ErrorCode.CONNECTION_LIMIT: 429,
    ErrorCode.DATABASE_UNAVAILABLE: 503,
    ErrorCode.TIMEOUT: 504,
}
HEADERS = {
    ErrorCode.UNAUTHENTICATED: {"WWW-Authenticate": 'Bearer error="invalid_token"'},
    ErrorCode.DATABASE_UNAVAILABLE: {"Retry-After": "1"},
    ErrorCode.CONNECTION_LIMIT: {"Retry-After": "10"},
}


@dataclass(frozen=True)
class Refusal:
    """The errors of a request of which nothing is answered, its status, and headers."""

    errors: list[dict[str, Any]]
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The code of its first error."""
        code: str = self.errors[0]["extensions"]["code"]
        return code


def refusal(cause: Exception, media: str, request_id: str) -> Refusal:
    """What a client is told of the exception that ended its request; of what nobody expected, an id."""
    match cause:
        case BadRequest():
            status = cause.status or not_executed(media)
            return Refusal([answers.error(cause.code, cause.message)], status)
        case InvalidDocument():
            code = ErrorCode.GRAPHQL_VALIDATION_FAILED if cause.parsed else ErrorCode.GRAPHQL_PARSE_FAILED
            return Refusal(answers.formatted(cause.errors, code, request_id), not_executed(media))
        case LimitError():
            return Refusal([answers.error(ErrorCode(cause.limit.value), cause.message)], not_executed(media))
        case BudgetSpent():
            headers = {**headers_of(cause.charge), "Retry-After": str(cause.charge.seconds)}
            return Refusal([answers.refusal(cause)], STATUSES[cause.code], headers)
        case PortalError():
            return Refusal([answers.refusal(cause)], STATUSES.get(cause.code, 400), HEADERS.get(cause.code, {}))
    return Refusal([answers.fault(cause, request_id)], 500)


def not_executed(media: str) -> int:
    """The status of a request that is not executed; plain JSON clients expect 200."""
    return 400 if media == answers.GRAPHQL_JSON else 200
