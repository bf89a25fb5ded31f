"""Codes looked up one by one, and the first unknown one refused where it is met."""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

KINDS = ("area", "sphere", "category", "service", "organization_kind", "criterion", "edition")

# Each is a look-up by an index, whose plan a connection keeps; those asked for most come first.
IDS_OF = """
CREATE OR REPLACE FUNCTION ids_of(kind text, codes text[], asked_as text) RETURNS bigint[]
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE ids bigint[] := '{{}}'; wanted text; one bigint;
BEGIN
    FOREACH wanted IN ARRAY codes LOOP
        CASE kind
            {branches}
        END CASE;
        IF one IS NULL THEN
            RAISE EXCEPTION 'unknown % %', kind, wanted
                USING ERRCODE = 'PU001', COLUMN = asked_as, DETAIL = coalesce(wanted, 'null');
        END IF;
        IF one <> ALL (ids) THEN
            ids := ids || one;
        END IF;
    END LOOP;
    RETURN ids;
END $$"""
BRANCH = "WHEN '{kind}' THEN SELECT id INTO one FROM {kind} WHERE code = wanted;"

IDS_OF_0040 = """
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
BRANCH_0040 = """WHEN '{kind}' THEN SELECT array_agg(id) INTO ids FROM (SELECT DISTINCT unnest(codes) AS code) AS wanted,
            LATERAL (SELECT id FROM {kind} WHERE {kind}.code = wanted.code LIMIT 1) AS found;"""


def upgrade() -> None:
    op.execute(_with(IDS_OF, "\n            ", BRANCH))


def downgrade() -> None:
    op.execute(_with(IDS_OF_0040, "\n        ", BRANCH_0040))


def _with(function: str, between: str, branch: str) -> str:
    return function.format(branches=between.join(branch.format(kind=kind) for kind in KINDS))
