"""QR codes at `/qr-codes/svg`, `/qr-codes/png` and, for a whole subtree, `/qr-codes/pdf`."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from auth.permissions import Permission, demand
from auth.viewers import Viewer
from engine.meanings import global_ids
from models.database import Database
from models.errors import InputError, NotFound, Unauthenticated
from resolvers.languages import Language
from resolvers.submissions.qr_codes import PICTURES
from schema.questions import Questions
from transport import languages
from transport.files import Pieces, Turnstile, file, given, refused
from transport.tolls import PICTURE, SHEET, Toll
from transport.visitors import Visitors

# Sides of pictures in millimetres.
LEAST, USUAL, MOST = 20, 40, 500
MAXIMUM_PAGES = 2_000
MEDIA = {"svg": "image/svg+xml", "png": "image/png"}
HEADERS = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
# A sheet takes a process a good part of its time.
SHEETS_AT_ONCE = 1

CODE = """query($organization: String!, $service: String, $placement: String) {
    organization(by: {code: $organization}) { qrCode(service: $service, placement: $placement) { link } } }"""
TOP = """query($organization: String!, $hierarchy: Hierarchy!) {
    organization(by: {code: $organization}) { id closedOn name
        subordinates(hierarchy: $hierarchy, first: 1) { totalCount } } }"""
OWN = """query($organization: String!, $placement: String) {
    organization(by: {code: $organization}) { name qrCode(placement: $placement) { link } } }"""
BELOW = """query($organization: String!, $hierarchy: Hierarchy!, $placement: String, $after: String) {
    organization(by: {code: $organization}) { subordinates(hierarchy: $hierarchy, first: 100, after: $after) {
        nodes { name qrCode(placement: $placement) { link } } pageInfo { hasNextPage endCursor } } } }"""


class Sheet(Protocol):
    """A sheet whose pieces, in order, make a file."""

    def begin(self) -> bytes:
        """The beginning."""

    def page(self, name: str, link: str) -> bytes:
        """A page for an organization."""

    def end(self) -> bytes:
        """The rest."""


@dataclass(frozen=True)
class QrCodes:
    """Draws codes. `pictures` are by format, of a link and a side in millimetres; `sheet` begins a new one."""

    questions: Questions
    visitors: Visitors
    database: Database
    default_language: Language
    pictures: Mapping[str, Callable[[str, int], bytes]]
    sheet: Callable[[Language], Sheet]
    toll: Toll
    turnstile: Turnstile = field(default_factory=lambda: Turnstile(SHEETS_AT_ONCE))

    @property
    def routes(self) -> list[Route]:
        """Where they are found."""
        return [Route(f"{PICTURES}/pdf", self.printed), Route(f"{PICTURES}/{{format}}", self.drawn)]

    async def drawn(self, request: Request) -> Response:
        """One code as a picture."""
        try:
            return await self._drawn(request)
        except Exception as cause:  # noqa: BLE001 - whatever it is, its text may not reach the client
            return refused(cause)

    async def printed(self, request: Request) -> Response:
        """A page for each organization of a subtree, which may be printed by its officials."""
        try:
            asked = given(request, "organization", "hierarchy", "placement", "language")
            language = languages.told(request, asked.pop("language", None), self.default_language)
            variables = {"hierarchy": "SUBORDINATION", **asked}
            left = await self._admit(request, variables, language)
        except Exception as cause:  # noqa: BLE001 - whatever it is, its text may not reach the client
            return refused(cause)
        return await file(request, self._pages(variables, language), "application/pdf", "qr-codes.pdf", left)

    async def _drawn(self, request: Request) -> Response:
        format_ = request.path_params["format"]
        if format_ not in MEDIA:
            raise NotFound("Codes are had as svg, png and pdf.")
        asked = given(request, "organization", "service", "placement", "size")
        side = _side(asked.pop("size", str(USUAL)))
        left = await self.toll.take(request, PICTURE)
        found = (await self.questions.ask(CODE, asked, self.default_language))["organization"]
        if found is None:
            raise NotFound("There is no such organization.")
        content = await asyncio.to_thread(self.pictures[format_], found["qrCode"]["link"], side)
        return Response(content, media_type=MEDIA[format_], headers={**HEADERS, **left})

    async def _admit(self, request: Request, variables: Mapping[str, Any], language: Language) -> Mapping[str, str]:
        """What is left of the points that a sheet takes.

        Raises what forbids one: nobody is signed in, or has no role there; it has no or too many pages; they do not reach.
        """
        viewer = await self.visitors.caller(request, self.visitors.visit(request))
        if not isinstance(viewer, Viewer):
            raise Unauthenticated("Sheets are for officials: sign in.")
        top = (await self.questions.ask(TOP, variables, language))["organization"]
        if top is None:
            raise NotFound("There is no such organization.")
        key = global_ids.key_of(top["id"], "Organization", "id")
        async with self.database.transaction() as connection:
            await demand(connection, viewer, Permission.PRINT_CODES, key)
        if top["subordinates"]["totalCount"] + (top["closedOn"] is None) > MAXIMUM_PAGES:
            raise InputError("organization", f"has more than {MAXIMUM_PAGES} with all below it: ask for parts of it")
        return await self.toll.take(request, SHEET, viewer)

    async def _pages(self, variables: Mapping[str, Any], language: Language) -> Pieces:
        with self.turnstile.entered():
            sheet = self.sheet(language)
            async with self.questions.of_one_moment() as questions:
                # Nothing is sent before the first page is there: until then it may be refused.
                begin = sheet.begin()
                async for notices in _notices(questions, variables, language):
                    for each in notices:
                        yield begin + await asyncio.to_thread(sheet.page, each["name"], each["qrCode"]["link"])
                        begin = b""
            yield await asyncio.to_thread(sheet.end)


async def _notices(
    questions: Questions, variables: Mapping[str, Any], language: Language
) -> AsyncIterator[list[dict[str, Any]]]:
    """An organization, and all open ones below it, a hundred at a time."""
    yield [(await questions.ask(OWN, variables, language))["organization"]]
    page: dict[str, Any] = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        asked = {**variables, "after": page["endCursor"]}
        found = (await questions.ask(BELOW, asked, language))["organization"]["subordinates"]
        yield found["nodes"]
        page = found["pageInfo"]


def _side(text: str) -> int:
    # Longer ones are no sizes, and Python takes long to read very long ones.
    if not (re.fullmatch("[0-9]{1,4}", text) and LEAST <= int(text) <= MOST):
        raise InputError("size", f"is a whole number of millimetres, {LEAST} to {MOST}")
    return int(text)
