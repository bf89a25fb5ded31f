"""Kinds of organizations: ministry, regional authority, unit ..."""

from psycopg import Connection

from exchange import writing
from exchange.columns import Column, in_languages
from exchange.kinds.kind import NAMELESS, Kind
from exchange.values import CODE, ORDINAL


def _save(connection: Connection) -> bool:
    writing.by_code(connection, "organization_kind", writing.same("ordinal") | writing.NAMES)
    return False


KIND = Kind(
    name="kinds",
    columns=(Column("code", CODE, required=True), Column("ordinal", ORDINAL, required=True), *in_languages("name")),
    key=("code",),
    current="SELECT code, ordinal, name_be, name_ru, name_en FROM organization_kind",
    order='ordinal, code COLLATE "C"',
    checks=(NAMELESS,),
    save=_save,
)
