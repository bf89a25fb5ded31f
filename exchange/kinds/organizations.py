"""Organizations: the register, with both hierarchies, spheres and services."""

from psycopg import Connection

from exchange import trees, writing
from exchange.columns import Column, in_languages
from exchange.kinds.kind import NAMELESS, Check, Kind, unknown
from exchange.load import CHANGED, NEW, Load
from exchange.trees import Tree
from exchange.values import CODE, CODES, DATE, LATITUDE, LONGITUDE, one_of
from models import recount
from models.hierarchies import Hierarchy
from models.organizations import Registration

TREES = tuple(
    Tree(field, "organization", "organization_position", "organization_id", hierarchy.name)
    for field, hierarchy in (("subordinate_to", Hierarchy.SUBORDINATION), ("supervised_by", Hierarchy.SUPERVISION))
)

# Tables of what an organization has many of, with the columns of the file that list them.
LISTS = {"sphere": "spheres", "service": "services"}

CURRENT = """
    SELECT organization.code, organization_kind.code AS kind, organization.registration::text,
           organization.opened_on, organization.closed_on,
           subordinate.code AS subordinate_to, supervised.code AS supervised_by, area.code AS area,
           organization.name_be, organization.name_ru, organization.name_en,
           organization.address_be, organization.address_ru, organization.address_en,
           ST_X(organization.location) AS longitude, ST_Y(organization.location) AS latitude, spheres, services,
           successor.code AS merged_into
    FROM organization
    LEFT JOIN organization AS successor ON successor.id = organization.merged_into_id
    JOIN organization_kind ON organization_kind.id = organization.kind_id
    LEFT JOIN area ON area.id = organization.area_id
    LEFT JOIN organization_position AS subordination
           ON subordination.organization_id = organization.id AND subordination.hierarchy = 'SUBORDINATION'
    LEFT JOIN organization AS subordinate ON subordinate.id = subordination.parent_id
    LEFT JOIN organization_position AS supervision
           ON supervision.organization_id = organization.id AND supervision.hierarchy = 'SUPERVISION'
    LEFT JOIN organization AS supervised ON supervised.id = supervision.parent_id
    LEFT JOIN (SELECT organization_id, array_agg(code ORDER BY code COLLATE "C") AS spheres
               FROM organization_sphere JOIN sphere ON sphere.id = sphere_id GROUP BY organization_id) AS sphere
           ON sphere.organization_id = organization.id
    LEFT JOIN (SELECT organization_id, array_agg(code ORDER BY code COLLATE "C") AS services
               FROM organization_service JOIN service ON service.id = service_id GROUP BY organization_id) AS service
           ON service.organization_id = organization.id"""


def _all_known(table: str, field: str) -> Check:
    wrong = f"EXISTS (SELECT FROM unnest({field}) AS listed WHERE listed NOT IN (SELECT code FROM {table}))"
    return Check(field, wrong, f"no {table} has one of these codes")


# Who took over the organization with a code, where one did.
SUCCESSOR = """(SELECT successor.code FROM organization AS named
                JOIN organization AS successor ON successor.id = named.merged_into_id WHERE named.code = {})"""
IS_MERGED = f"{SUCCESSOR.format('incoming.code')} IS NOT NULL"


def _parent(field: str) -> Column:
    """A parent by a code that may be one of those that it took over."""
    meant = f"coalesce({SUCCESSOR.format(f'staged.{field}')}, staged.{field})"
    return Column(field, CODE, differs=f"{meant} IS DISTINCT FROM current.{field}")


def _settle(load: Load) -> None:
    for tree in TREES:
        load.connection.execute(f"""
            UPDATE incoming SET {tree.field} = {SUCCESSOR.format(f"incoming.{tree.field}")}
            WHERE {SUCCESSOR.format(f"incoming.{tree.field}")} IS NOT NULL""")
    load.reject("""
        SELECT number, 'merged_into', 'no organization that stands for itself has this code' FROM incoming AS merged
        WHERE merged_into IS NOT NULL AND changed IS NULL AND merged_into NOT IN (
            SELECT code FROM organization WHERE merged_into_id IS NULL
            UNION SELECT code FROM incoming WHERE merged_into IS NULL)""")
    trees.settle(load, *TREES)


def _save(connection: Connection) -> bool:
    """Totals are counted along the trees, so they change when anything moves."""
    recount.lock(connection)
    writing.by_code(
        connection,
        "organization",
        writing.same("closed_on", "address_be", "address_ru", "address_en")
        | writing.NAMES
        | {
            "kind_id": writing.id_of("organization_kind", "kind"),
            "area_id": writing.id_of("area", "area"),
            "registration": "incoming.registration::registration",
            "opened_on": "coalesce(incoming.opened_on, CURRENT_DATE)",
            "location": "ST_SetSRID(ST_MakePoint(incoming.longitude, incoming.latitude), 4326)",
        },
    )
    connection.execute(f"""
        UPDATE organization SET merged_into_id = successor.id
        FROM incoming JOIN organization AS successor ON successor.code = incoming.merged_into
        WHERE organization.code = incoming.code AND {NEW}""")
    for table, field in LISTS.items():
        _save_list(connection, table, field)
    moved = [_place(connection, tree) for tree in TREES]
    return any(moved)


def _save_list(connection: Connection, table: str, field: str) -> None:
    connection.execute(f"""
        DELETE FROM organization_{table} USING organization JOIN incoming USING (code)
        WHERE organization_id = organization.id AND {CHANGED}""")
    connection.execute(f"""
        INSERT INTO organization_{table} (organization_id, {table}_id)
        SELECT organization.id, {table}.id
        FROM incoming
        JOIN organization ON organization.code = incoming.code
        CROSS JOIN unnest({field}) AS listed
        JOIN {table} ON {table}.code = listed
        WHERE changed IS DISTINCT FROM ''""")


def _place(connection: Connection, tree: Tree) -> bool:
    """Whoever has a parent or is one stands in the tree."""
    connection.execute(f"""
        INSERT INTO organization_position (hierarchy, organization_id)
        SELECT '{tree.hierarchy}', id FROM organization
        WHERE code IN (SELECT code FROM incoming WHERE {tree.field} IS NOT NULL UNION SELECT {tree.field} FROM incoming)
        ON CONFLICT DO NOTHING""")
    return trees.place(connection, tree)


KIND = Kind(
    name="organizations",
    columns=(
        Column("code", CODE, required=True),
        Column("kind", CODE, required=True),
        Column("registration", one_of(Registration), required=True),
        Column("opened_on", DATE, kept=True),
        Column("closed_on", DATE),
        _parent("subordinate_to"),
        _parent("supervised_by"),
        Column("area", CODE),
        *in_languages("name"),
        *in_languages("address"),
        Column("longitude", LONGITUDE),
        Column("latitude", LATITUDE),
        Column("spheres", CODES),
        Column("services", CODES),
    ),
    optional=(Column("merged_into", CODE, kept=True),),
    key=("code",),
    current=CURRENT,
    order='code COLLATE "C"',
    checks=(
        NAMELESS,
        unknown("kind", "organization_kind"),
        unknown("area", "area"),
        Check("closed_on", "closed_on < coalesce(opened_on, CURRENT_DATE)", "comes before opened_on"),
        Check("latitude", "num_nonnulls(longitude, latitude) = 1", "is a place only together with longitude"),
        _all_known("sphere", "spheres"),
        _all_known("service", "services"),
        Check("code", f"changed <> '' AND {IS_MERGED}", "was merged into another organization, and does not change"),
        Check("merged_into", "changed ~ '\\mmerged_into\\M'", "is for a merge to say, not for an import"),
        Check("merged_into", f"{NEW} AND merged_into IS NOT NULL AND closed_on IS NULL", "is only for what is closed"),
        Check(
            "merged_into",
            f"{NEW} AND merged_into IS NOT NULL AND num_nonnulls(subordinate_to, supervised_by) > 0",
            "is only for what stands in no tree",
        ),
    ),
    settle=_settle,
    save=_save,
    geometry=("longitude", "latitude"),
)
