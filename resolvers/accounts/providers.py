"""Providers of sign-in: those that the operator has configured, which are no rows of a table."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Integer, Text, cast, column, func
from sqlalchemy.dialects.postgresql import JSONB

from auth.providers.configuration import Provider
from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from resolvers.columns import own
from resolvers.languages import translated

# The name of what every request shares: the providers as JSON.
SHARED = "sign_in_providers"
COLUMNS: Mapping[str, type[Any]] = {
    "position": Integer,
    "code": Text,
    "name_be": Text,
    "name_ru": Text,
    "name_en": Text,
}

code = own("code")
name = translated("name")


def offered(providers: Iterable[Provider]) -> str:
    """The providers as a statement is told them, in their order."""
    rows = [
        {"position": place, "code": each.code} | {f"name_{tongue}": text for tongue, text in each.names}
        for place, each in enumerate(providers)
    ]
    return json.dumps(rows)


def listed(_: None, a: Arguments) -> Rows:
    """All of them, in the order of the configuration."""
    told = cast(a.shared(SHARED, Text()), JSONB)
    columns: Any = (column(name, type_) for name, type_ in COLUMNS.items())
    row = func.jsonb_to_recordset(told).table_valued(*columns).render_derived(with_types=True)
    return Rows(row, order=(Order(row.c.position),))
