"""The server's log: one JSON object a line, for machines to collect."""

import re
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

# What PostgreSQL adds to an error has values of rows: addresses, perhaps, and texts.
DETAIL = re.compile(r"^DETAIL:.*?(?=^\[SQL|^The above exception|^During handling|\Z)", re.MULTILINE | re.DOTALL)


def configure() -> None:
    """Log to standard error. Traces are without local variables: those may hold what nobody should read."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            without_values,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def without_values(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """An event whose trace has nothing of what stands in the database's rows."""
    if "exception" in event:
        event["exception"] = DETAIL.sub("DETAIL: left out\n", event["exception"])
    return event
