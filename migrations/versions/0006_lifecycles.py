"""Organizations that apply to be registered, and those that were merged into others."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Sums of arrays as they are subtracted (-1) and added (1).
TALLY_TIMES = """
CREATE FUNCTION tally_times(a bigint[], factor integer) RETURNS bigint[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(x * factor ORDER BY place), '{}') FROM unnest(a) WITH ORDINALITY AS each (x, place)
$$"""

# Whom codes mean today, in their order: who was merged is who took it over; null for an unknown code.
ORGANIZATIONS_KNOWN_AS = """
CREATE FUNCTION organizations_known_as(codes text[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
BEGIN
    -- In this language the plan is kept from one call to the next.
    RETURN (SELECT array_agg(coalesce(merged_into_id, id) ORDER BY place)
            FROM unnest(codes) WITH ORDINALITY AS wanted (code, place) LEFT JOIN organization USING (code));
END $$"""

# A merge is for good, and one step leads to who stands for all that it took over.
ORGANIZATION_MERGED = """
CREATE FUNCTION organization_merged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.merged_into_id IS NULL
       OR EXISTS (SELECT FROM organization WHERE merged_into_id = NEW.id)
       OR EXISTS (SELECT FROM organization WHERE id = NEW.merged_into_id AND merged_into_id IS NOT NULL) THEN
        RAISE EXCEPTION 'organization % was merged for good, or leads to one that was', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER organization_merged_later AFTER UPDATE OF merged_into_id ON organization FOR EACH ROW
WHEN (OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id) EXECUTE FUNCTION organization_merged();
CREATE TRIGGER organization_merged AFTER INSERT ON organization FOR EACH ROW
WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION organization_merged()"""

# Whom it counts for follows the organization that it was given to into another, which remembers
# that one; nothing else changes.
SUBMISSION_STAYS = """
CREATE OR REPLACE FUNCTION submission_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.rater_id, NEW.questionnaire_id, NEW.service_id, NEW.scores, NEW.submitted_at, NEW.submitted_on)
           IS NOT DISTINCT FROM
       (OLD.rater_id, OLD.questionnaire_id, OLD.service_id, OLD.scores, OLD.submitted_at, OLD.submitted_on)
       AND NEW.organization_id = (SELECT merged_into_id FROM organization WHERE id = OLD.organization_id)
       AND NEW.given_to_id = coalesce(OLD.given_to_id, OLD.organization_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what was submitted never changes'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_stays';
END $$"""
SUBMISSION_STAYS_BEFORE = """
CREATE OR REPLACE FUNCTION submission_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was submitted never changes'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_stays';
END $$"""
STAYING = "organization_id, rater_id, questionnaire_id, service_id, scores, submitted_at, submitted_on"


def upgrade() -> None:
    op.execute(TALLY_TIMES)
    _add_merging()
    op.execute("CREATE TYPE application_status AS ENUM ('PENDING', 'ACCEPTED', 'DECLINED')")
    _create_application()


def _add_merging() -> None:
    op.add_column("organization", sa.Column("merged_into_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_organization_merged_into_id"), "organization", "organization", ["merged_into_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_organization_merged_is_closed"), "organization", "merged_into_id IS NULL OR closed_on IS NOT NULL"
    )
    op.create_index(op.f("ix_organization_merged_into_id"), "organization", ["merged_into_id"])
    op.add_column("submission", sa.Column("given_to_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_submission_given_to_id"), "submission", "organization", ["given_to_id"], ["id"])
    op.execute(ORGANIZATIONS_KNOWN_AS)
    op.execute(ORGANIZATION_MERGED)
    op.execute(SUBMISSION_STAYS)
    _guard_submissions(f"{STAYING}, given_to_id")


def _guard_submissions(columns: str) -> None:
    op.execute("DROP TRIGGER submission_stays ON submission")
    op.execute(
        f"CREATE TRIGGER submission_stays BEFORE UPDATE OF {columns} ON submission"
        " FOR EACH ROW EXECUTE FUNCTION submission_stays()"
    )


def _create_application() -> None:
    op.create_geospatial_table(
        "organization_application",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "applied_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("kind_id", sa.BigInteger(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("address_be", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("address_ru", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("address_en", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column(
            "location",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("sphere_ids", postgresql.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column("service_ids", postgresql.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column("subordinate_to_id", sa.BigInteger(), nullable=True),
        sa.Column("supervised_by_id", sa.BigInteger(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column(
            "status",
            postgresql.ENUM(name="application_status", create_type=False),
            server_default="PENDING",
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("organization_id", sa.BigInteger(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("request_digest", sa.LargeBinary(), nullable=False),
        sa.Column("name_be", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("name_ru", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("name_en", sa.Text(collation="und-x-icu"), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(name_be, name_ru, name_en) > 0 AND '' <> ALL (ARRAY[btrim(name_be), btrim(name_ru), btrim(name_en)])",
            name=op.f("ck_organization_application_has_a_name"),
        ),
        sa.CheckConstraint(
            "(status = 'PENDING') = (decided_at IS NULL)", name=op.f("ck_organization_application_decided_has_a_time")
        ),
        sa.CheckConstraint(
            "(status = 'DECLINED') = (reason IS NOT NULL)",
            name=op.f("ck_organization_application_declined_has_a_reason"),
        ),
        sa.CheckConstraint(
            "(status = 'ACCEPTED') = (organization_id IS NOT NULL)",
            name=op.f("ck_organization_application_accepted_is_there"),
        ),
        sa.CheckConstraint(
            "ST_X(location) BETWEEN -180 AND 180 AND ST_Y(location) BETWEEN -90 AND 90",
            name=op.f("ck_organization_application_location_in_degrees"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_organization_application_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["kind_id"], ["organization_kind.id"], name=op.f("fk_organization_application_kind_id")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_organization_application_area_id")),
        *(
            sa.ForeignKeyConstraint([column], ["organization.id"], name=op.f(f"fk_organization_application_{column}"))
            for column in ("subordinate_to_id", "supervised_by_id", "organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_application")),
        sa.UniqueConstraint("organization_id", name=op.f("uq_organization_application_organization_id")),
        sa.UniqueConstraint(
            "account_id", "idempotency_key", name=op.f("uq_organization_application_account_id_idempotency_key")
        ),
    )
    for column in ("subordinate_to_id", "supervised_by_id"):
        op.create_index(op.f(f"ix_organization_application_{column}"), "organization_application", [column])


def downgrade() -> None:
    op.drop_geospatial_table("organization_application")
    op.execute("DROP TYPE application_status")
    _guard_submissions(STAYING)
    op.execute(SUBMISSION_STAYS_BEFORE)
    op.execute("DROP FUNCTION organization_merged CASCADE")
    op.execute("DROP FUNCTION organizations_known_as")
    op.drop_column("submission", "given_to_id")
    op.drop_column("organization", "merged_into_id")
    op.execute("DROP FUNCTION tally_times")
