"""Services with their spheres and categories: one file of three levels, each row within one of the level above."""

import enum

from psycopg import Connection

from exchange import writing
from exchange.columns import Column, in_languages
from exchange.kinds.kind import NAMELESS, Check, Kind
from exchange.load import Load
from exchange.values import CODE, ORDINAL, one_of


class Level(enum.Enum):
    """The levels from above; each is also the name of a table."""

    SPHERE = "sphere"
    CATEGORY = "category"
    SERVICE = "service"


BELOW = {Level.CATEGORY: Level.SPHERE, Level.SERVICE: Level.CATEGORY}


def _settle(load: Load) -> None:
    """What a row is within may be stored already or come with this file, above or below it."""
    for level, above in BELOW.items():
        load.reject(f"""
            SELECT number, 'within', 'no {above.value} has this code' FROM incoming AS placed
            WHERE level = '{level.name}'
              AND NOT EXISTS (SELECT FROM {above.value} WHERE code = placed.within)
              AND NOT EXISTS (SELECT FROM incoming WHERE level = '{above.name}' AND code = placed.within)""")


def _save(connection: Connection) -> bool:
    ordinal = writing.same("ordinal")
    sphere = {"sphere_id": writing.id_of("sphere", "within")}
    category = {"category_id": writing.id_of("category", "within")}
    writing.by_code(connection, "sphere", ordinal | writing.NAMES, "level = 'SPHERE'")
    writing.by_code(connection, "category", sphere | ordinal | writing.NAMES, "level = 'CATEGORY'")
    writing.by_code(connection, "service", category | writing.NAMES, "level = 'SERVICE'")
    return False


KIND = Kind(
    name="services",
    columns=(
        Column("level", one_of(Level), required=True),
        Column("code", CODE, required=True),
        Column("within", CODE),
        Column("ordinal", ORDINAL),
        *in_languages("name"),
    ),
    key=("level", "code"),
    current="""
        SELECT 'SPHERE' AS level, code, NULL AS within, ordinal, name_be, name_ru, name_en, 1 AS depth FROM sphere
        UNION ALL
        SELECT 'CATEGORY', category.code, sphere.code, category.ordinal,
               category.name_be, category.name_ru, category.name_en, 2
        FROM category JOIN sphere ON sphere.id = sphere_id
        UNION ALL
        SELECT 'SERVICE', service.code, category.code, NULL, service.name_be, service.name_ru, service.name_en, 3
        FROM service JOIN category ON category.id = category_id""",
    order='depth, ordinal, code COLLATE "C"',
    checks=(
        NAMELESS,
        Check(
            "within", "(level = 'SPHERE') = (within IS NOT NULL)", "is for categories and services, and needed there"
        ),
        Check(
            "ordinal", "(level = 'SERVICE') = (ordinal IS NOT NULL)", "is for spheres and categories, and needed there"
        ),
    ),
    settle=_settle,
    save=_save,
)
