"""Areas beside spheres: who asks for a sphere in an area reads those that are in both, and no others.

Codes are looked up in their index, one after the other: for as many as the planner expects in an array, it read whole tables.
"""

import sqlalchemy as sa
from alembic import op

from models.trees import Ltree

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

TABLE, INDEX = "organization_sphere", "ix_organization_sphere_sphere_id_area_path"

# Whoever writes such a row, and whatever he gives: these are the organization's.
SPHERE_PLACED = """
CREATE FUNCTION organization_sphere_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT o.area_id, area.path, o.closed_on INTO NEW.area_id, NEW.area_path, NEW.closed_on
    FROM organization AS o LEFT JOIN area ON area.id = o.area_id WHERE o.id = NEW.organization_id;
    RETURN NEW;
END $$;
CREATE TRIGGER organization_sphere_placed BEFORE INSERT OR UPDATE ON organization_sphere
FOR EACH ROW EXECUTE FUNCTION organization_sphere_placed()"""

ORGANIZATION_PLACED = """
CREATE FUNCTION organization_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE organization_sphere SET closed_on = NEW.closed_on WHERE organization_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER organization_placed AFTER UPDATE OF area_id, closed_on ON organization
FOR EACH ROW WHEN ((OLD.area_id, OLD.closed_on) IS DISTINCT FROM (NEW.area_id, NEW.closed_on))
EXECUTE FUNCTION organization_placed()"""

# Everything below an area stands between its own path and one that no path below it reaches: all labels are digits.
BRANCHES_OF = """
CREATE FUNCTION branches_of(ids bigint[], OUT path ltree, OUT beyond ltree) RETURNS SETOF record
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 10 AS $$
DECLARE one bigint;
BEGIN
    FOREACH one IN ARRAY ids LOOP
        SELECT area.path, area.path || 'z' INTO path, beyond FROM area WHERE id = one;
        RETURN NEXT;
    END LOOP;
END $$"""

# As in 0012, but for how codes are found.
IDS_OF = """
CREATE OR REPLACE FUNCTION ids_of(kind text, codes text[], asked_as text) RETURNS bigint[]
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE ids bigint[]; unknown text;
BEGIN
    CASE kind
        {branches}
    END CASE;
    IF cardinality(codes) > coalesce(cardinality(ids), 0) THEN
        EXECUTE format('SELECT code FROM unnest($1) AS code WHERE code NOT IN (SELECT code FROM %I)
                        LIMIT 1', kind) INTO unknown USING codes;
        IF unknown IS NOT NULL THEN
            RAISE EXCEPTION 'unknown % %', kind, unknown
                USING ERRCODE = 'PU001', COLUMN = asked_as, DETAIL = unknown;
        END IF;
    END IF;
    RETURN coalesce(ids, '{{}}');
END $$"""
KINDS = ("organization_kind", "sphere", "category", "service", "area", "criterion", "edition")
ONE_BY_ONE = """(SELECT DISTINCT unnest(codes) AS code) AS wanted,
            LATERAL (SELECT id FROM {kind} WHERE {kind}.code = wanted.code LIMIT 1) AS found"""
TOGETHER = "{kind} WHERE code = ANY (codes)"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("area_id", sa.BigInteger(), nullable=True))
    op.add_column(TABLE, sa.Column("area_path", Ltree(), nullable=True))
    op.add_column(TABLE, sa.Column("closed_on", sa.Date(), nullable=True))
    op.execute(SPHERE_PLACED)
    op.execute(ORGANIZATION_PLACED)
    # The trigger fills them in.
    op.execute(f"UPDATE {TABLE} SET closed_on = NULL")
    path = (["area_id", "area_path"], ["id", "path"])
    op.create_foreign_key(f"fk_{TABLE}_area_id_area_path", TABLE, "area", *path, onupdate="CASCADE")
    op.create_index(INDEX, TABLE, ["sphere_id", "area_path"], postgresql_include=["organization_id", "closed_on"])
    op.execute(BRANCHES_OF)
    op.execute(_ids_of(ONE_BY_ONE))


def downgrade() -> None:
    op.execute(_ids_of(TOGETHER))
    op.execute("DROP FUNCTION branches_of")
    op.execute("DROP FUNCTION organization_placed CASCADE")
    op.execute("DROP FUNCTION organization_sphere_placed CASCADE")
    op.drop_index(INDEX, table_name=TABLE)
    for column in ("area_id", "area_path", "closed_on"):
        op.drop_column(TABLE, column)


def _ids_of(source: str) -> str:
    found = [f"WHEN '{kind}' THEN SELECT array_agg(id) INTO ids FROM {source.format(kind=kind)};" for kind in KINDS]
    return IDS_OF.format(branches="\n        ".join(found))
