"""GraphiQL, the page to write queries in: served by the portal itself, with no outside host."""

import json
from hashlib import sha256
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Mount, Route

FOLDER = Path(__file__).parent.parent / "graphiql"

# Only these files of all that npm fetches are shown to the world.
ASSETS = {
    "react.js": "node_modules/react/umd/react.production.min.js",
    "react-dom.js": "node_modules/react-dom/umd/react-dom.production.min.js",
    "graphiql.js": "node_modules/graphiql/graphiql.min.js",
    "graphiql.css": "node_modules/graphiql/graphiql.min.css",
    "page.css": "page.css",
    "start.js": "start.js",
}

# The page may load from, and talk to, this portal alone, and may not be framed by another.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "font-src": "data:",
    "img-src": "'self' data:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{what} {whence}" for what, whence in POLICY.items()),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
    "Vary": "Accept",
}
# A changed file has another address, so a browser may keep what it has.
ASSET_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


def graphiql_page(request: Request) -> Response:
    """The page itself, or one that tells how to fetch it; for a browser's GET of the GraphQL endpoint."""
    if not all((FOLDER / path).is_file() for path in ASSETS.values()):
        return HTMLResponse((FOLDER / "missing.html").read_text(), status_code=503, headers=HEADERS)
    page = Template((FOLDER / "page.html").read_text())
    return HTMLResponse(page.substitute(version=_version(), examples=_embedded(_examples())), headers=HEADERS)


def graphiql_asset(request: Request) -> Response:
    """One of the page's files."""
    path = FOLDER / ASSETS.get(request.path_params["name"], "unknown")
    if not path.is_file():
        return Response("There is no such file.", status_code=404, media_type="text/plain")
    return FileResponse(path, headers=ASSET_HEADERS)


graphiql_assets = Mount("/graphiql", routes=[Route("/{name}", graphiql_asset)])


def _examples() -> list[str]:
    return [path.read_text() for path in sorted((FOLDER / "examples").glob("*.graphql"))]


def _embedded(value: object) -> str:
    """JSON that is safe inside a script element: nothing in it can close the element."""
    return json.dumps(value).replace("<", "\\u003c")


def _version() -> str:
    """Changes whenever a file does."""
    stamps = [(path.stat().st_mtime_ns, path.stat().st_size) for path in (FOLDER / asset for asset in ASSETS.values())]
    return sha256(repr(stamps).encode()).hexdigest()[:12]
