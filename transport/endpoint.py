"""The endpoint /graphql: GraphQL over HTTP (GET and POST), and GraphiQL for browsers."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql import ExecutionResult, OperationDefinitionNode, OperationType
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from auth.machines import Machine
from auth.references import References
from auth.sign_ins import SignIns
from auth.viewers import Viewer
from auth.visibility import MADE_HERE
from auth.visits import Visit
from engine.documents import Documents, InvalidDocument
from engine.executor import Caller, Executor
from models.database import Database
from models.errors import DatabaseUnavailable, ErrorCode, PortalError
from resolvers.languages import Language
from transport import answers, languages
from transport.disconnects import unless_gone
from transport.graphiql import graphiql_page
from transport.requests import BadRequest, Parameters, parameters
from transport.visitors import Visitors

# The headers of a request that decide over its answer.
VARY = "Accept, Accept-Language, Authorization, Cookie"
# Headers by which somebody may be signed in.
CREDENTIALS = ("authorization", "cookie")


@dataclass(frozen=True)
class CallerShape:
    """What of a viewer decides over SQL text."""

    language: Language
    signed_in: bool
    # Whether somebody without an account makes something, and sees it in the answer to just this.
    makes_unseen: bool = False


@dataclass(frozen=True)
class Context:
    """What resolvers of mutations are given."""

    database: Database
    viewer: Viewer | None
    visit: Visit
    language: Language
    default_language: Language
    sign_ins: SignIns
    machine: Machine | None
    references: References
    shared: dict[str, Any]


@dataclass(frozen=True)
class Endpoint:
    """Answers requests to /graphql."""

    executor: Executor
    documents: Documents
    visitors: Visitors
    sign_ins: SignIns
    database: Database
    default_language: Language
    references: References
    # Values that every statement may be told, whoever asks.
    shared: Mapping[str, Any]

    async def respond(self, request: Request) -> Response:
        """The answer to one request, whatever happens."""
        accept = request.headers.get("accept")
        if request.method == "GET" and "query" not in request.query_params and answers.prefers_html(accept):
            return graphiql_page(request)
        media = answers.media_type(accept)
        headers = {"X-Request-Id": secrets.token_hex(8), "Vary": VARY, **_caching(request)}
        if media is None:
            refused = BadRequest(406, f"The answer is {answers.GRAPHQL_JSON} or {answers.JSON}.")
            return _refused(refused, answers.JSON, headers)
        visit = self.visitors.visit(request)
        response = await self._respond(request, visit, media, headers)
        for name, value in visit.cookies.headers:
            response.headers.append(name, value)
        return response

    async def _respond(self, request: Request, visit: Visit, media: str, headers: dict[str, str]) -> Response:
        try:
            asked = await parameters(request)
            asks = await self.visitors.caller(request, visit)
            if asks is not None:
                asks = replace(asks, request_id=headers["X-Request-Id"])
            return await self._answer(request, asked, asks, visit, media, headers)
        except BadRequest as refused:
            return _refused(refused, media, headers)
        except PortalError as refused:
            return _whole(refused, media, headers)
        except ClientDisconnect:
            raise
        except Exception as cause:  # noqa: BLE001 - whatever it is, its text may not reach the client
            errors = [answers.fault(cause, headers["X-Request-Id"])]
            return answers.response({"errors": errors}, 500, media, headers)

    async def _answer(
        self,
        request: Request,
        asked: Parameters,
        asks: Viewer | Machine | None,
        visit: Visit,
        media: str,
        headers: dict[str, str],
    ) -> Response:
        try:
            document = self.documents.read(asked.query)
        except InvalidDocument as invalid:
            code = ErrorCode.GRAPHQL_VALIDATION_FAILED if invalid.parsed else ErrorCode.GRAPHQL_PARSE_FAILED
            errors = answers.formatted(invalid.errors, code, headers["X-Request-Id"])
            return answers.response({"errors": errors}, _request_error(media), media, headers)
        operation = document.operation(asked.operation_name)
        if operation is None:
            errors = [answers.error(ErrorCode.OPERATION_RESOLUTION_FAILURE, _which(asked))]
            return answers.response({"errors": errors}, _request_error(media), media, headers)
        if asked.reads_only and operation.operation is not OperationType.QUERY:
            headers["Allow"] = "POST"
            return _refused(BadRequest(405, "A GET can only read: send a POST."), media, headers)
        caller = self._caller(request, asks, visit, operation)
        work = self.executor.execute(document, operation, asked.variables, caller)
        # A change is made once it is begun; only reading ends with whoever would have read it.
        reads = operation.operation is OperationType.QUERY
        result = await (unless_gone(request, work) if reads else work)
        return _executed(result, media, headers)

    def _caller(
        self, request: Request, asks: Viewer | Machine | None, visit: Visit, operation: OperationDefinitionNode
    ) -> Caller:
        language = languages.preferred(request.headers.get("accept-language"), self.default_language)
        viewer = asks if isinstance(asks, Viewer) else None
        machine = asks if isinstance(asks, Machine) else None
        shared: dict[str, Any] = {MADE_HERE: None, **self.shared}
        if viewer is not None:
            shared |= {"rater_id": viewer.rater_id, "account_id": viewer.account_id, "session_id": viewer.session_id}
        makes_unseen = viewer is None and operation.operation is OperationType.MUTATION
        shape = CallerShape(language, viewer is not None, makes_unseen)
        languages_ = language, self.default_language
        context = Context(self.database, viewer, visit, *languages_, self.sign_ins, machine, self.references, shared)
        return Caller(shape, shared, context)


def _caching(request: Request) -> dict[str, str]:
    """What caches are told: nothing of what everybody is answered alike, and to keep nothing of all else."""
    alike = request.method == "GET" and not any(name in request.headers for name in CREDENTIALS)
    return {} if alike else {"Cache-Control": "no-store"}


def _which(asked: Parameters) -> str:
    if asked.operation_name is None:
        return "The document has several operations: name one in operationName."
    return f"The document has no operation {asked.operation_name}."


def _request_error(media: str) -> int:
    """The status of a request that is not executed; plain JSON clients expect 200."""
    return 400 if media == answers.GRAPHQL_JSON else 200


def _executed(result: ExecutionResult, media: str, headers: Mapping[str, str]) -> Response:
    away = [each.original_error for each in result.errors or () if isinstance(each.original_error, DatabaseUnavailable)]
    if away and result.data is None:
        return _whole(away[0], media, headers)
    payload: dict[str, Any] = {}
    if result.errors:
        payload["errors"] = answers.formatted(result.errors, ErrorCode.BAD_USER_INPUT, headers["X-Request-Id"])
    before_execution = result.data is None and all(each.path is None for each in result.errors or ())
    if not before_execution:
        payload["data"] = result.data
    status = _request_error(media) if before_execution else 200
    return answers.response(payload, status, media, headers)


def _refused(refused: BadRequest, media: str, headers: Mapping[str, str]) -> Response:
    errors = [answers.error(refused.code, refused.message)]
    return answers.response({"errors": errors}, refused.status, media, headers)


def _whole(refused: PortalError, media: str, headers: Mapping[str, str]) -> Response:
    status, more = answers.STATUSES.get(refused.code, 400), answers.HEADERS.get(refused.code, {})
    return answers.response({"errors": [answers.refusal(refused)]}, status, media, {**headers, **more})
