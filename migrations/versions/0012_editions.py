"""Editions: a period's ratings and ranks, frozen."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("edition", "edition_organization", "edition_rating")

# As in 0004; editions can be named, too.
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
KINDS_OF_0004 = ("organization_kind", "sphere", "category", "service", "area", "criterion")

# What was published is complete: rows come with their edition, in its transaction, or never.
EDITION_COMPLETE = """
CREATE FUNCTION edition_complete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added JOIN edition ON edition.id = edition_id
               WHERE edition.xmin <> pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'what was published stays as it is'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'edition_complete';
    END IF;
    RETURN NULL;
END $$"""


def upgrade() -> None:
    # PostgreSQL lets a value of an enumeration be used only after the transaction that adds it.
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'EDITION_PUBLISHED'")
        op.execute("ALTER TYPE audit_subject ADD VALUE IF NOT EXISTS 'EDITION'")
    _create_edition()
    _create_edition_organization()
    _create_edition_rating()
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )
        # Also where a session says that it replicates, which switches other triggers off.
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only")
    op.execute(EDITION_COMPLETE)
    for table in TABLES[1:]:
        op.execute(
            f"CREATE TRIGGER edition_complete AFTER INSERT ON {table}"
            " REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION edition_complete()"
        )
    op.execute(_ids_of((*KINDS_OF_0004, "edition")))


def _create_edition() -> None:
    op.create_table(
        "edition",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title_be", sa.Text(), nullable=True),
        sa.Column("title_ru", sa.Text(), nullable=True),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("method_version", sa.SmallInteger(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("policies", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("criteria", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("organizations", sa.Integer(), nullable=False),
        sa.Column("submissions", sa.BigInteger(), nullable=False),
        sa.Column("raters", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint("code ~ '^[[:alnum:]][[:alnum:]_./:-]{0,63}$'", name=op.f("ck_edition_is_a_code")),
        sa.CheckConstraint(
            "num_nonnulls(title_be, title_ru, title_en) > 0"
            " AND '' <> ALL (ARRAY[btrim(title_be), btrim(title_ru), btrim(title_en)])",
            name=op.f("ck_edition_has_a_title"),
        ),
        sa.CheckConstraint(
            "first_day < last_day AND extract(day FROM first_day) = 1 AND extract(day FROM last_day + 1) = 1",
            name=op.f("ck_edition_is_of_whole_months"),
        ),
        sa.CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name=op.f("ck_edition_has_a_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("code", name=op.f("uq_edition_code")),
    )


def _create_edition_organization() -> None:
    op.create_table(
        "edition_organization",
        sa.Column("edition_id", sa.BigInteger(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("name_be", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("name_ru", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("name_en", sa.Text(collation="und-x-icu"), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(name_be, name_ru, name_en) > 0"
            " AND '' <> ALL (ARRAY[btrim(name_be), btrim(name_ru), btrim(name_en)])",
            name=op.f("ck_edition_organization_has_a_name"),
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_organization_edition_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_edition_organization_organization_id")
        ),
        sa.PrimaryKeyConstraint("edition_id", "organization_id", name=op.f("pk_edition_organization")),
    )


def _create_edition_rating() -> None:
    op.create_table(
        "edition_rating",
        sa.Column("edition_id", sa.BigInteger(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("pool", postgresql.ENUM(name="pool", create_type=False), nullable=False),
        sa.Column("submissions", sa.BigInteger(), nullable=False),
        sa.Column("mark_sum", sa.BigInteger(), nullable=False),
        sa.Column("satisfied", sa.BigInteger(), nullable=False),
        sa.Column("raters", sa.BigInteger(), nullable=False),
        sa.Column("marks", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("criterion_sums", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("criterion_counts", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=True),
        sa.Column("credible_value", sa.SmallInteger(), nullable=True),
        sa.Column("not_ranked", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("tied", sa.Integer(), nullable=False),
        sa.Column("credible_position", sa.Integer(), nullable=True),
        sa.Column("credible_tied", sa.Integer(), nullable=False),
        sa.Column("out_of", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "not_ranked IN ('NO_SUBMISSIONS', 'TOO_FEW_RATERS', 'CLOSED')",
            name=op.f("ck_edition_rating_is_not_ranked_for_a_reason"),
        ),
        sa.CheckConstraint(
            "num_nulls(not_ranked, position) = 1 AND num_nulls(not_ranked, credible_position) = 1",
            name=op.f("ck_edition_rating_is_ranked_or_not"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id", "organization_id"],
            ["edition_organization.edition_id", "edition_organization.organization_id"],
            name="fk_edition_rating_organization",
        ),
        sa.PrimaryKeyConstraint("edition_id", "organization_id", "pool", name=op.f("pk_edition_rating")),
    )


def downgrade() -> None:
    """The values of the audit trail's enumerations stay, as an enumeration keeps its values."""
    op.execute(_ids_of(KINDS_OF_0004))
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DROP FUNCTION edition_complete")


def _ids_of(kinds: tuple[str, ...]) -> str:
    branches = "\n        ".join(
        f"WHEN '{kind}' THEN SELECT array_agg(id) INTO ids FROM {kind} WHERE code = ANY (codes);" for kind in kinds
    )
    return IDS_OF.format(branches=branches)
