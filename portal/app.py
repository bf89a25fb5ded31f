"""The application, assembled: everything is made here, and given what it needs."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from graphql import print_schema
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.routing import Route, WebSocketRoute

from auth.attempts import Attempts
from auth.authenticator import Authenticator
from auth.authorization import Authorization
from auth.browsers import Browsers
from auth.clients import Registry
from auth.keys import Keyring
from auth.origins import origin_of
from auth.passwords import Passwords
from auth.pepper import pepper
from auth.readings import Readings
from auth.references import References
from auth.sign_ins import SignIns
from auth.tokens import Tokens
from engine.documents.documents import Documents
from engine.documents.limits import Limits
from engine.executor import Executor
from engine.subscriptions import Subscriptions
from events.bell import Bell
from events.changes import Changes
from events.post import post_at
from events.sender import Sender
from exchange.codes.pictures import png, svg
from exchange.codes.sheets import Sheet
from exchange.open_data.bundles import bundle
from exchange.open_data.publishing import Publisher
from models.database import Database
from models.errors import InputError
from portal import logs
from portal.providers import providers, sign_in_routes
from portal.settings import Settings
from resolvers.accounts.providers import SHARED, offered
from resolvers.submissions.qr_codes import PUBLIC_URL
from schema.freshness import HINTS
from schema.questions import Questions, for_files
from schema.schema import ENTITIES, executable
from schema.tariff import tariff_of
from transport.ahead import Ahead
from transport.budgets import Budgets, HereAlone, Shared
from transport.caching import Caching
from transport.connections import Connections
from transport.disconnects import nobody_waits
from transport.discovery import Discovery
from transport.endpoint import Endpoint
from transport.graphiql import graphiql_assets
from transport.health import Ready, health
from transport.metrics import Counted, Metrics
from transport.oauth import OAuth
from transport.open_data import AT_ONCE, OpenData
from transport.operations import Operations
from transport.persisted import InMemory, InRedis, Persisted, digest_of, names_in, trusted
from transport.qr_codes import SHEETS_AT_ONCE, QrCodes
from transport.shares import Shares
from transport.sockets import Sockets
from transport.tally import Tally
from transport.tolls import Toll
from transport.visitors import Visitors

if TYPE_CHECKING:
    from transport.traces import Traces

# So many new objects, less those that are gone, make the garbage collector look at them; Python says 700.
YOUNG_OBJECTS = 10_000
# After so many looks at new objects it looks at those that were there once before, and so on; Python says 10 and 10. What planning leaves behind in
# circles is gone sooner: 50 MB in a flood of documents that are all planned.
OLDER = (2, 5)
# Connections to PostgreSQL beside the pool's, at most: one sends mail, one hears of changes, and each file has its own.
BESIDE_THE_POOL = 1 + 1 + AT_ONCE + SHEETS_AT_ONCE


def create_app(settings: Settings, listen: Callable[[str], None] | None = None) -> Starlette:
    """The ASGI application; `listen` hears the text of every statement."""
    traces = traces_of(settings)
    database = (traces.database if traces else Database)(
        settings.database_url,
        size=settings.pool_size,
        reads=settings.reads_at_once,
        statement_timeout=settings.statement_timeout,
        listen=listen,
    )
    tokens = Tokens(Keyring(settings.keys_folder), settings.issuer, settings.audience)
    authorization = Authorization(tokens, Registry(database))
    schema = executable()
    desk = sign_ins(settings, tokens)
    changes, bell = Changes(database), Bell(database)
    limits = Limits(cost=settings.cost, introspection=settings.introspection)
    budgets, persisted = shared_stores(settings)
    executor = (traces.executor if traces else Executor)(schema, ENTITIES, database, (InputError,))
    tally = Tally(names_in(persisted.trusted))
    documents = Documents(schema, limits=limits, tariff=tariff_of(schema), hints=HINTS)
    shared = {SHARED: offered(providers(settings)), PUBLIC_URL: settings.public_url}
    operations = Operations(
        executor,
        Subscriptions(executor, changes.turns, settings.read_seconds),
        documents,
        database,
        desk,
        References(pepper(settings.keys_folder)),
        Readings(database),
        changes,
        bell.ring,
        settings.language,
        shared,
        limits,
        budgets,
        persisted,
        settings.read_seconds,
        tally,
        settings.log_requests,
    )
    caching = Caching(database, digest_of(print_schema(schema)))
    visitors = Visitors(Authenticator(tokens, database), Browsers(database), origin_of(settings.public_url))

    questions = Questions(executor, documents, database, shared)
    reads = for_files(schema)
    files = Questions(Executor(reads, ENTITIES, database, (InputError,)), Documents(reads), database, shared)
    connections = connections_of(settings)
    endpoint = Endpoint(operations, visitors, caching, connections)
    toll = Toll(budgets, visitors)
    publisher = Publisher(files, settings.licence)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await database.open()
        try:
            async with running(changes.run(), bell.run()), sending(settings):
                yield
        finally:
            await database.close()
            await budgets.counting.close()
            await persisted.registered.close()
            if traces:
                traces.close()

    routes = [
        Route("/graphql", endpoint, methods=["GET", "POST"]),
        WebSocketRoute("/graphql", Sockets(operations, visitors, connections).respond),
        *Discovery(tokens, authorization.metadata).routes,
        *OAuth(authorization).routes,
        *QrCodes(questions, visitors, database, settings.language, {"svg": svg, "png": png}, Sheet, toll).routes,
        *OpenData(publisher, partial(bundle, publisher), settings.language, toll).routes,
        Route("/health", health),
        Route("/ready", Ready(database).respond),
        *sign_in_routes(settings, database, desk.attempts),
        graphiql_assets,
    ]
    if token := settings.metrics_token.get_secret_value():
        metrics = Metrics(Counted(tally, executor, documents, database, changes, connections), token)
        routes.append(Route("/metrics", metrics.respond))
    return Ahead(
        traces.requests(endpoint) if traces else endpoint,
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(traces.requests)] if traces else [],
        exception_handlers={ClientDisconnect: nobody_waits},
    )


def traces_of(settings: Settings) -> "Traces | None":
    """What makes traces, if they are configured; OpenTelemetry is imported only then."""
    if not settings.traces_url:
        return None
    from transport.traces import Traces  # noqa: PLC0415

    return Traces(settings.traces_url)


@asynccontextmanager
async def running(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Have work done beside the requests for the length of a block."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def sending(settings: Settings) -> AsyncIterator[None]:
    """Send mail for the length of a block, on a connection of its own; what is being sent at its end is waited for."""
    if not settings.mail_seconds:
        yield
        return
    post = post_at(settings.mail_url.get_secret_value(), settings.mail_from, settings.home / "mail")
    outbox, stopped = Database(settings.database_url, size=1), asyncio.Event()
    await outbox.open()
    task = asyncio.create_task(Sender(outbox, post, settings.mail_seconds).run(stopped))
    yield
    stopped.set()
    await task
    await outbox.close()


def shared_stores(settings: Settings) -> tuple[Budgets, Persisted]:
    """What processes of an installation share through Redis, if there is one."""
    redis = settings.redis_url.get_secret_value()
    counting = Shared(redis) if redis else HereAlone()
    shares = Shares(settings.points, settings.points_accounts, settings.points_systems)
    registered = InRedis(redis) if redis else InMemory()
    return Budgets(shares, counting), Persisted(trusted(settings.documents), settings.documents_only, registered)


def connections_of(settings: Settings) -> Connections:
    """How many connections may stay open."""
    shares = Shares(settings.connections, settings.connections_accounts, settings.connections_systems)
    return Connections(shares, settings.connections_all)


def sign_ins(settings: Settings, tokens: Tokens) -> SignIns:
    """What signing in takes."""
    return SignIns(
        Passwords(settings.password_memory, settings.password_passes),
        Attempts(pepper(settings.keys_folder)),
        tokens,
        settings.access_minutes * 60,
        settings.public_url,
    )


def serve() -> Starlette:
    """The application of a server process, with settings from its environment.

    What it is made of lives as long as the process: the garbage collector is told not to walk
    through all of it again and again, which stops all requests for as long. It also runs less
    often than by default: planning makes thousands of objects that are gone a moment later.
    """
    logs.configure()
    app = create_app(Settings())  # type: ignore[call-arg]
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, *OLDER)
    return app
