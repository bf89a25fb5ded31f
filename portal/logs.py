"""The server's log: one JSON object a line, for machines to collect."""

import sys

import structlog


def configure() -> None:
    """Log to standard error. Traces are without local variables: those may hold what nobody should read."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
