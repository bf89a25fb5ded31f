"""Open data at `/open-data/{dataset}.{format}`: a query's answer as a file, for everybody."""

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.errors import InputError
from resolvers.languages import Language
from transport import languages
from transport.files import Pieces, Turnstile, file, given, refused
from transport.tolls import BUNDLE, DATA_SET, Toll

# Each holds a connection for as long as its client takes.
AT_ONCE = 2


class Publisher(Protocol):
    """Makes the files."""

    def media_type(self, dataset: str, format_: str) -> str:
        """The media type of a file; raises NotFound."""

    def pieces(
        self, dataset: str, format_: str, variables: Mapping[str, Any], language: Language
    ) -> AsyncGenerator[bytes]:
        """A file, piece by piece."""


@dataclass(frozen=True)
class OpenData:
    """Sends files of open data."""

    publisher: Publisher
    bundle: Callable[[int, Language], AsyncGenerator[bytes]]
    default_language: Language
    toll: Toll
    turnstile: Turnstile = field(default_factory=lambda: Turnstile(AT_ONCE))

    @property
    def routes(self) -> list[Route]:
        """Where they are found."""
        return [Route("/open-data/{year:int}.zip", self.bundled), Route("/open-data/{dataset}.{format}", self.respond)]

    async def respond(self, request: Request) -> Response:
        """A file, or why there is none."""
        dataset, format_ = request.path_params["dataset"], request.path_params["format"]
        try:
            asked = given(request, "variables", "language")
            variables = _object(asked.get("variables", "{}"))
            language = languages.told(request, asked.get("language"), self.default_language)
            media_type = self.publisher.media_type(dataset, format_)
            left = await self.toll.take(request, DATA_SET)
        except Exception as cause:  # noqa: BLE001 - whatever it is, its text may not reach the client
            return refused(cause)
        pieces = self._let_in(self.publisher.pieces(dataset, format_, variables, language))
        return await file(request, pieces, media_type, f"{dataset}.{format_}", left)

    async def bundled(self, request: Request) -> Response:
        """All data sets of a year."""
        try:
            year = _year(request.path_params["year"])
            language = languages.told(request, given(request, "language").get("language"), self.default_language)
            left = await self.toll.take(request, BUNDLE)
        except Exception as cause:  # noqa: BLE001 - whatever it is, its text may not reach the client
            return refused(cause)
        pieces = self._let_in(self.bundle(year, language))
        return await file(request, pieces, "application/zip", f"open-data-{year}.zip", left)

    async def _let_in(self, pieces: AsyncGenerator[bytes]) -> Pieces:
        with self.turnstile.entered():
            try:
                async for piece in pieces:
                    yield piece
            finally:
                await pieces.aclose()


def _year(number: int) -> int:
    if not date.min.year <= number <= date.max.year:
        raise InputError("year", "is no year")
    return number


def _object(text: str) -> dict[str, Any]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InputError("variables", f"is no JSON: {error}") from None
    if not isinstance(found, dict):
        raise InputError("variables", "is no JSON object")
    return found
