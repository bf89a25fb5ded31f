"""Scalars. Dates and exact numbers come from the database as text already."""

import re
from datetime import UTC, date, datetime
from typing import Any, NewType

import strawberry

Date = NewType("Date", date)
DateTime = NewType("DateTime", datetime)
Decimal = NewType("Decimal", str)
JSON = NewType("JSON", dict)  # type: ignore[type-arg]
GeoJSON = NewType("GeoJSON", dict)  # type: ignore[type-arg]


def _date(value: Any) -> date:
    # fromisoformat also reads other forms, such as 2026-W47-6; the published one is this one.
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("A Date is written as 2026-11-21.")
    return date.fromisoformat(value)


def _datetime(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    if moment is None or moment.tzinfo is None:
        raise ValueError("A DateTime is written as 2026-11-21T10:15:00Z.")
    return moment


def _as_is(value: Any) -> Any:
    return value


def _in_utc(value: Any) -> Any:
    """Moments of Python objects in the form that those of rows have already."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if isinstance(value, datetime) else value


def output_only(value: Any) -> Any:
    """Refuse any input."""
    raise ValueError("This scalar is only an output.")


SCALARS: dict[object, Any] = {
    Date: strawberry.scalar(
        name="Date",
        description="A calendar date in the portal's time zone, as `2026-11-21` (ISO 8601).",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=_as_is,
        parse_value=_date,
    ),
    DateTime: strawberry.scalar(
        name="DateTime",
        description="A moment in UTC, as `2026-11-21T10:15:00.000000Z` (RFC 3339).",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=_in_utc,
        parse_value=_datetime,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description='An exact decimal number, as a string: `"4.87"`.',
        serialize=_as_is,
        parse_value=output_only,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON object; its parts are told where it stands.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
        serialize=_as_is,
        parse_value=output_only,
    ),
    GeoJSON: strawberry.scalar(
        name="GeoJSON",
        description="A geometry object of RFC 7946, longitude before latitude, WGS 84.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc7946",
        serialize=_as_is,
        parse_value=output_only,
    ),
}
