"""Whether the process is alive (/health), and whether it can answer (/ready)."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from models.database import Database
from models.errors import PortalError


def health(request: Request) -> Response:
    """The process is alive."""
    return JSONResponse({"status": "ok"})


@dataclass(frozen=True)
class Ready:
    """The database answers, too."""

    database: Database

    async def respond(self, request: Request) -> Response:
        """200 where it does, 503 where not."""
        try:
            await self.database.read([("SELECT 1 FROM alembic_version", ())])
        except PortalError as error:
            status = {"status": "unavailable", "code": error.code.value}
            return JSONResponse(status, 503, headers={"Retry-After": "1"})
        return JSONResponse({"status": "ok"})
