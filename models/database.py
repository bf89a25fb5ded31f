"""Access to PostgreSQL: a synchronous engine for tools, and the server's one pool.

Every connection of the portal is made here, so that all have the same settings.
"""

import orjson
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import Engine, NullPool, create_engine

# How alike a word and its match must be (pg_trgm's word similarity, 0 to 1) to forgive a typing
# error; measured on real names: below it, different names of one stem become alike.
WORD_SIMILARITY = 0.5


def connection_options(application: str, statement_timeout: str = "0") -> str:
    """Settings of a connection in libpq's form."""
    settings = {
        "application_name": application,
        "statement_timeout": statement_timeout,
        "pg_trgm.word_similarity_threshold": WORD_SIMILARITY,
        "timezone": "UTC",
        "jit": "off",
    }
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def conninfo_for(url: str, application: str, statement_timeout: str = "0") -> str:
    """The conninfo of a libpq URL with the portal's settings added to its own."""
    options = conninfo_to_dict(url).get("options", "")
    added = connection_options(application, statement_timeout)
    return make_conninfo(url, options=f"{options} {added}".strip())


def engine_for(url: str) -> Engine:
    """A synchronous engine without a pool, for migrations and one-off tools."""
    conninfo = conninfo_for(url, "portal-tool")
    return create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(conninfo),
        poolclass=NullPool,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
    )
