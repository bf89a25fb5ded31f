"""Areas: countries, regions, districts, localities, with their boundaries where they are known."""

from psycopg import Connection

from exchange import trees, writing
from exchange.boundaries import BOUNDARY
from exchange.columns import Column, in_languages
from exchange.kinds.kind import NAMELESS, Check, Kind
from exchange.load import Load
from exchange.trees import Tree
from exchange.values import CODE

TREE = Tree(field="parent", coded="area", table="area", identifier="id")


def _settle(load: Load) -> None:
    trees.settle(load, TREE)


def _save(connection: Connection) -> bool:
    """No total depends on areas."""
    writing.by_code(connection, "area", writing.same("boundary") | writing.NAMES)
    trees.place(connection, TREE)
    return False


KIND = Kind(
    name="areas",
    columns=(
        Column("code", CODE, required=True),
        Column("parent", CODE),
        *in_languages("name"),
        Column("boundary", BOUNDARY),
    ),
    key=("code",),
    current="""
        SELECT area.code, parent.code AS parent, area.name_be, area.name_ru, area.name_en, area.boundary,
               nlevel(area.path) AS depth
        FROM area LEFT JOIN area AS parent ON parent.id = area.parent_id""",
    order='depth, code COLLATE "C"',
    checks=(
        NAMELESS,
        Check("boundary", "NOT ST_IsValid(boundary)", "crosses or touches itself"),
    ),
    settle=_settle,
    save=_save,
    geometry=("boundary",),
)
