"""The tables."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

from models.trees import Ltree

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_geospatial_table(
        "area",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("parent_path", Ltree(), nullable=True),
        sa.Column(
            "path",
            Ltree(),
            sa.Computed("coalesce(parent_path, ''::ltree) || id::text", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "boundary",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("name_be", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("name_ru", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("name_en", sa.Text(collation="und-x-icu"), nullable=True),
        sa.CheckConstraint(
            "code ~ '^[[:alnum:]][[:alnum:]_./:-]{0,63}$'",
            name=op.f("ck_area_is_a_code"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(name_be, name_ru, name_en) > 0 AND '' <> ALL (ARRAY[btrim(name_be), btrim(name_ru), btrim(name_en)])",
            name=op.f("ck_area_has_a_name"),
        ),
        sa.CheckConstraint(
            "(parent_id IS NULL) = (parent_path IS NULL)",
            name=op.f("ck_area_parent_has_a_path"),
        ),
        sa.CheckConstraint(
            "index(parent_path, id::text::ltree) = -1",
            name=op.f("ck_area_not_below_itself"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id", "parent_path"],
            ["area.id", "area.path"],
            name=op.f("fk_area_parent_id_parent_path"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
        sa.UniqueConstraint("code", name=op.f("uq_area_code")),
        sa.UniqueConstraint("id", "path", name=op.f("uq_area_id_path")),
    )
    op.create_geospatial_index(
        op.f("ix_area_boundary"),
        "area",
        ["boundary"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index(op.f("ix_area_parent_id"), "area", ["parent_id"], unique=False)
    op.create_index(op.f("ix_area_path"), "area", ["path"], unique=False, postgresql_using="gist")
    op.create_table(
        "organization_kind",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("name_be", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("name_ru", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("name_en", sa.Text(collation="und-x-icu"), nullable=True),
        sa.CheckConstraint(
            "code ~ '^[[:alnum:]][[:alnum:]_./:-]{0,63}$'",
            name=op.f("ck_organization_kind_is_a_code"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(name_be, name_ru, name_en) > 0 AND '' <> ALL (ARRAY[btrim(name_be), btrim(name_ru), btrim(name_en)])",
            name=op.f("ck_organization_kind_has_a_name"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_kind")),
        sa.UniqueConstraint("code", name=op.f("uq_organization_kind_code")),
    )
    op.create_table(
        "policy",
        sa.Column(
            "name",
            postgresql.ENUM(name="policy_name", create_type=False),
            nullable=False,
        ),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("name", "valid_from", name=op.f("pk_policy")),
    )
    op.create_table(
        "rater",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "pseudonym",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
        sa.Column(
            "kind",
            postgresql.ENUM(name="rater_kind", create_type=False),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rater")),
        sa.UniqueConstraint("pseudonym", name=op.f("uq_rater_pseudonym")),
    )
    op.create_table(
        "sphere",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("name_be", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("name_ru", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("name_en", sa.Text(collation="und-x-icu"), nullable=True),
        sa.CheckConstraint(
            "code ~ '^[[:alnum:]][[:alnum:]_./:-]{0,63}$'",
            name=op.f("ck_sphere_is_a_code"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(name_be, name_ru, name_en) > 0 AND '' <> ALL (ARRAY[btrim(name_be), btrim(name_ru), btrim(name_en)])",
            name=op.f("ck_sphere_has_a_name"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sphere")),
        sa.UniqueConstraint("code", name=op.f("uq_sphere_code")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("rater_id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column(
            "registered_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "code ~ '^[[:alnum:]][[:alnum:]_./:-]{0,63}$'",
            name=op.f("ck_account_is_a_code"),
        ),
        sa.ForeignKeyConstraint(["rater_id"], ["rater.id"], name=op.f("fk_account_rater_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("code", name=op.f("uq_account_code")),
        sa.UniqueConstraint("rater_id", name=op.f("uq_account_rater_id")),
    )
    op.create_index("uq_account_email", "account", [sa.literal_column("lower(email)")], unique=True)
    op.create_table(
        "category",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("sphere_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("name_be", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("name_ru", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("name_en", sa.Text(collation="und-x-icu"), nullable=True),
        sa.CheckConstraint(
            "code ~ '^[[:alnum:]][[:alnum:]_./:-]{0,63}$'",
            name=op.f("ck_category_is_a_code"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(name_be, name_ru, name_en) > 0 AND '' <> ALL (ARRAY[btrim(name_be), btrim(name_ru), btrim(name_en)])",
            name=op.f("ck_category_has_a_name"),
        ),
        sa.ForeignKeyConstraint(["sphere_id"], ["sphere.id"], name=op.f("fk_category_sphere_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("code", name=op.f("uq_category_code")),
    )
    op.create_index(op.f("ix_category_sphere_id"), "category", ["sphere_id"], unique=False)
    op.create_geospatial_table(
        "organization",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "registration",
            postgresql.ENUM(name="registration", create_type=False),
            nullable=False,
        ),
        sa.Column(
            "opened_on",
            sa.Date(),
            server_default=sa.text("CURRENT_DATE"),
            nullable=False,
        ),
        sa.Column("closed_on", sa.Date(), nullable=True),
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
        sa.Column(
            "search",
            sa.Text(),
            sa.Computed(
                "search_normal(code || ' ' || coalesce(name_be, '') || ' ' || coalesce(name_ru, '') || ' ' || coalesce(name_en, ''))",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("name_be", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("name_ru", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("name_en", sa.Text(collation="und-x-icu"), nullable=True),
        sa.CheckConstraint(
            "code ~ '^[[:alnum:]][[:alnum:]_./:-]{0,63}$'",
            name=op.f("ck_organization_is_a_code"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(name_be, name_ru, name_en) > 0 AND '' <> ALL (ARRAY[btrim(name_be), btrim(name_ru), btrim(name_en)])",
            name=op.f("ck_organization_has_a_name"),
        ),
        sa.CheckConstraint(
            "ST_X(location) BETWEEN -180 AND 180 AND ST_Y(location) BETWEEN -90 AND 90",
            name=op.f("ck_organization_location_in_degrees"),
        ),
        sa.CheckConstraint("closed_on >= opened_on", name=op.f("ck_organization_closed_after_opened")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_organization_area_id")),
        sa.ForeignKeyConstraint(["kind_id"], ["organization_kind.id"], name=op.f("fk_organization_kind_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
        sa.UniqueConstraint("code", name=op.f("uq_organization_code")),
    )
    op.create_index(op.f("ix_organization_area_id"), "organization", ["area_id"], unique=False)
    op.create_index(
        "ix_organization_by_name_be",
        "organization",
        [sa.literal_column("coalesce(name_be, name_ru, name_en)"), "id"],
        unique=False,
    )
    op.create_index(
        "ix_organization_by_name_en",
        "organization",
        [sa.literal_column("coalesce(name_en, name_ru, name_be)"), "id"],
        unique=False,
    )
    op.create_index(
        "ix_organization_by_name_ru",
        "organization",
        [sa.literal_column("coalesce(name_ru, name_be, name_en)"), "id"],
        unique=False,
    )
    op.create_index(op.f("ix_organization_kind_id"), "organization", ["kind_id"], unique=False)
    op.create_geospatial_index(
        op.f("ix_organization_location"),
        "organization",
        ["location"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index(
        "ix_organization_location_geography",
        "organization",
        [sa.literal_column("geography(location)")],
        unique=False,
        postgresql_using="gist",
    )
    op.create_index(
        op.f("ix_organization_search"),
        "organization",
        ["search"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search": "gin_trgm_ops"},
    )
    op.create_table(
        "organization_position",
        sa.Column(
            "hierarchy",
            postgresql.ENUM(name="hierarchy", create_type=False),
            nullable=False,
        ),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("parent_path", Ltree(), nullable=True),
        sa.Column(
            "path",
            Ltree(),
            sa.Computed(
                "coalesce(parent_path, ''::ltree) || organization_id::text",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(parent_id IS NULL) = (parent_path IS NULL)",
            name=op.f("ck_organization_position_parent_has_a_path"),
        ),
        sa.CheckConstraint(
            "index(parent_path, organization_id::text::ltree) = -1",
            name=op.f("ck_organization_position_not_below_itself"),
        ),
        sa.ForeignKeyConstraint(
            ["hierarchy", "parent_id", "parent_path"],
            [
                "organization_position.hierarchy",
                "organization_position.organization_id",
                "organization_position.path",
            ],
            name="fk_organization_position_parent",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_organization_position_organization_id"),
        ),
        sa.PrimaryKeyConstraint("hierarchy", "organization_id", name=op.f("pk_organization_position")),
        sa.UniqueConstraint(
            "hierarchy",
            "organization_id",
            "path",
            name=op.f("uq_organization_position_hierarchy_organization_id_path"),
        ),
    )
    op.create_index(
        op.f("ix_organization_position_hierarchy_parent_id"),
        "organization_position",
        ["hierarchy", "parent_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_organization_position_path"),
        "organization_position",
        ["path"],
        unique=False,
        postgresql_using="gist",
    )
    op.create_table(
        "organization_sphere",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("sphere_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_organization_sphere_organization_id"),
        ),
        sa.ForeignKeyConstraint(["sphere_id"], ["sphere.id"], name=op.f("fk_organization_sphere_sphere_id")),
        sa.PrimaryKeyConstraint("organization_id", "sphere_id", name=op.f("pk_organization_sphere")),
    )
    op.create_index(
        op.f("ix_organization_sphere_sphere_id_organization_id"),
        "organization_sphere",
        ["sphere_id", "organization_id"],
        unique=False,
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("role", postgresql.ENUM(name="role", create_type=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "hierarchy",
            postgresql.ENUM(name="hierarchy", create_type=False),
            nullable=False,
        ),
        sa.Column(
            "valid_from",
            sa.Date(),
            server_default=sa.text("CURRENT_DATE"),
            nullable=False,
        ),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_role_grant_valid_to_after_from")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_role_grant_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(op.f("ix_role_grant_account_id"), "role_grant", ["account_id"], unique=False)
    op.create_index(
        op.f("ix_role_grant_organization_id"),
        "role_grant",
        ["organization_id"],
        unique=False,
    )
    op.create_table(
        "service",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.Column("name_be", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("name_ru", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("name_en", sa.Text(collation="und-x-icu"), nullable=True),
        sa.CheckConstraint(
            "code ~ '^[[:alnum:]][[:alnum:]_./:-]{0,63}$'",
            name=op.f("ck_service_is_a_code"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(name_be, name_ru, name_en) > 0 AND '' <> ALL (ARRAY[btrim(name_be), btrim(name_ru), btrim(name_en)])",
            name=op.f("ck_service_has_a_name"),
        ),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_service_category_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("code", name=op.f("uq_service_code")),
    )
    op.create_index(op.f("ix_service_category_id"), "service", ["category_id"], unique=False)
    op.create_table(
        "total",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("pool", postgresql.ENUM(name="pool", create_type=False), nullable=False),
        sa.Column("submissions", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("mark_sum", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("satisfied", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("raters", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "marks",
            sa.ARRAY(sa.BigInteger()),
            server_default="{0,0,0,0,0}",
            nullable=False,
        ),
        sa.Column(
            "criterion_sums",
            sa.ARRAY(sa.BigInteger()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column(
            "criterion_counts",
            sa.ARRAY(sa.BigInteger()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.SmallInteger(),
            sa.Computed("rating_value(mark_sum, submissions)", persisted=True),
            nullable=True,
        ),
        sa.CheckConstraint(
            "submissions >= 0 AND satisfied BETWEEN 0 AND submissions AND raters BETWEEN 0 AND submissions AND cardinality(marks) = 5 AND marks[1] + marks[2] + marks[3] + marks[4] + marks[5] = submissions AND mark_sum BETWEEN submissions * 720720 AND submissions * 3603600",
            name=op.f("ck_total_adds_up"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_total_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "pool", name=op.f("pk_total")),
    )
    op.create_index(
        "ix_total_by_submissions",
        "total",
        ["pool", "submissions", "organization_id"],
        unique=False,
    )
    op.create_index(
        "ix_total_by_value",
        "total",
        ["pool", sa.literal_column("coalesce(value, 0)"), "organization_id"],
        unique=False,
    )
    op.create_table(
        "criterion",
        sa.Column(
            "id",
            sa.SmallInteger(),
            sa.Identity(always=False, maxvalue=1000),
            nullable=False,
        ),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("sphere_id", sa.BigInteger(), nullable=True),
        sa.Column("service_id", sa.BigInteger(), nullable=True),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("name_be", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("name_ru", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("name_en", sa.Text(collation="und-x-icu"), nullable=True),
        sa.CheckConstraint(
            "code ~ '^[[:alnum:]][[:alnum:]_./:-]{0,63}$'",
            name=op.f("ck_criterion_is_a_code"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(name_be, name_ru, name_en) > 0 AND '' <> ALL (ARRAY[btrim(name_be), btrim(name_ru), btrim(name_en)])",
            name=op.f("ck_criterion_has_a_name"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(sphere_id, service_id) <= 1",
            name=op.f("ck_criterion_belongs_to_one"),
        ),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_criterion_valid_to_after_from")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_criterion_service_id")),
        sa.ForeignKeyConstraint(["sphere_id"], ["sphere.id"], name=op.f("fk_criterion_sphere_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
        sa.UniqueConstraint("code", name=op.f("uq_criterion_code")),
    )
    op.create_table(
        "organization_service",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_organization_service_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=op.f("fk_organization_service_service_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "service_id", name=op.f("pk_organization_service")),
    )
    op.create_index(
        op.f("ix_organization_service_service_id_organization_id"),
        "organization_service",
        ["service_id", "organization_id"],
        unique=False,
    )
    op.create_table(
        "questionnaire",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("title_be", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("title_ru", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("title_en", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("sphere_id", sa.BigInteger(), nullable=True),
        sa.Column("category_id", sa.BigInteger(), nullable=True),
        sa.Column("service_id", sa.BigInteger(), nullable=True),
        sa.Column("organization_id", sa.BigInteger(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "code ~ '^[[:alnum:]][[:alnum:]_./:-]{0,63}$'",
            name=op.f("ck_questionnaire_is_a_code"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(sphere_id, category_id, service_id, organization_id) <= 1",
            name=op.f("ck_questionnaire_applies_to_one"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(title_be, title_ru, title_en) > 0",
            name=op.f("ck_questionnaire_has_a_title"),
        ),
        sa.CheckConstraint(
            "retired_at >= published_at",
            name=op.f("ck_questionnaire_retired_after_published"),
        ),
        sa.CheckConstraint(
            "retired_at IS NULL OR published_at IS NOT NULL",
            name=op.f("ck_questionnaire_drafts_stay"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_questionnaire_version_from_1")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_questionnaire_category_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_questionnaire_organization_id"),
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_questionnaire_service_id")),
        sa.ForeignKeyConstraint(["sphere_id"], ["sphere.id"], name=op.f("fk_questionnaire_sphere_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_questionnaire_code_version")),
    )
    op.create_index(
        "uq_questionnaire_current",
        "questionnaire",
        ["code"],
        unique=True,
        postgresql_where=sa.text("published_at IS NOT NULL AND retired_at IS NULL"),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("questionnaire_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text_be", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("text_ru", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("text_en", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column(
            "type",
            postgresql.ENUM(name="question_type", create_type=False),
            nullable=False,
        ),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint(
            "code ~ '^[[:alnum:]][[:alnum:]_./:-]{0,63}$'",
            name=op.f("ck_question_is_a_code"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(text_be, text_ru, text_en) > 0",
            name=op.f("ck_question_has_a_text"),
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_question_questionnaire_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("id", "questionnaire_id", name=op.f("uq_question_id_questionnaire_id")),
        sa.UniqueConstraint("questionnaire_id", "code", name=op.f("uq_question_questionnaire_id_code")),
        sa.UniqueConstraint(
            "questionnaire_id",
            "position",
            name=op.f("uq_question_questionnaire_id_position"),
        ),
    )
    op.create_table(
        "questionnaire_criterion",
        sa.Column("questionnaire_id", sa.BigInteger(), nullable=False),
        sa.Column("criterion_id", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint(
            "position BETWEEN 1 AND 16",
            name=op.f("ck_questionnaire_criterion_at_most_16"),
        ),
        sa.ForeignKeyConstraint(
            ["criterion_id"],
            ["criterion.id"],
            name=op.f("fk_questionnaire_criterion_criterion_id"),
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_questionnaire_criterion_questionnaire_id"),
        ),
        sa.PrimaryKeyConstraint("questionnaire_id", "criterion_id", name=op.f("pk_questionnaire_criterion")),
        sa.UniqueConstraint(
            "questionnaire_id",
            "position",
            name=op.f("uq_questionnaire_criterion_questionnaire_id_position"),
        ),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "code",
            sa.Text(),
            server_default=sa.text("(gen_random_uuid())::text"),
            nullable=False,
        ),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("rater_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "rater_kind",
            postgresql.ENUM(name="rater_kind", create_type=False),
            nullable=False,
        ),
        sa.Column("questionnaire_id", sa.BigInteger(), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=True),
        sa.Column("channel", postgresql.ENUM(name="channel", create_type=False), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("scores", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column(
            "mark",
            sa.Integer(),
            sa.Computed("mark_of(scores)", persisted=True),
            nullable=False,
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            postgresql.ENUM(name="submission_status", create_type=False),
            server_default="COUNTED",
            nullable=False,
        ),
        sa.Column("status_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("request_digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(status = 'COUNTED') OR status_at IS NOT NULL",
            name=op.f("ck_submission_status_has_a_time"),
        ),
        sa.CheckConstraint(
            "code ~ '^[[:alnum:]][[:alnum:]_./:-]{0,63}$'",
            name=op.f("ck_submission_is_a_code"),
        ),
        sa.CheckConstraint(
            "(idempotency_key IS NULL) = (request_digest IS NULL)",
            name=op.f("ck_submission_key_has_a_digest"),
        ),
        sa.CheckConstraint(
            "array_ndims(scores) = 1 AND array_lower(scores, 1) = 1 AND cardinality(scores) <= 16 AND 1 <= ALL (scores) AND 5 >= ALL (scores)",
            name=op.f("ck_submission_scores_1_to_5"),
        ),
        sa.CheckConstraint("visited_on <= submitted_on", name=op.f("ck_submission_visited_before")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_submission_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"],
            ["questionnaire.id"],
            name=op.f("fk_submission_questionnaire_id"),
        ),
        sa.ForeignKeyConstraint(["rater_id"], ["rater.id"], name=op.f("fk_submission_rater_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_submission_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("code", name=op.f("uq_submission_code")),
        sa.UniqueConstraint(
            "rater_id",
            "idempotency_key",
            name=op.f("uq_submission_rater_id_idempotency_key"),
        ),
    )
    op.create_index(
        op.f("ix_submission_organization_id_submitted_on"),
        "submission",
        ["organization_id", "submitted_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_submission_rater_id_organization_id_submitted_at"),
        "submission",
        ["rater_id", "organization_id", "submitted_at"],
        unique=False,
    )
    op.create_table(
        "answer",
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("question_id", sa.BigInteger(), nullable=False),
        sa.Column("values", sa.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("cardinality(values) > 0", name=op.f("ck_answer_has_a_value")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_answer_question_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_answer_submission_id")),
        sa.PrimaryKeyConstraint("submission_id", "question_id", name=op.f("pk_answer")),
    )
    op.create_table(
        "employee_mention",
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("delete_after", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "btrim(name) <> '' AND char_length(name) <= 200",
            name=op.f("ck_employee_mention_has_a_name"),
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_employee_mention_submission_id"),
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_employee_mention")),
    )
    op.create_table(
        "question_option",
        sa.Column("question_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text_be", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("text_ru", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("text_en", sa.Text(collation="und-x-icu"), nullable=True),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint(
            "code ~ '^[[:alnum:]][[:alnum:]_./:-]{0,63}$'",
            name=op.f("ck_question_option_is_a_code"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(text_be, text_ru, text_en) > 0",
            name=op.f("ck_question_option_has_a_text"),
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_option_question_id"),
        ),
        sa.PrimaryKeyConstraint("question_id", "code", name=op.f("pk_question_option")),
        sa.UniqueConstraint(
            "question_id",
            "position",
            name=op.f("uq_question_option_question_id_position"),
        ),
    )
    op.create_table(
        "review",
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("public", sa.Boolean(), server_default="true", nullable=False),
        sa.CheckConstraint(
            "btrim(text) <> '' AND char_length(text) <= 10000",
            name=op.f("ck_review_has_a_text"),
        ),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_review_submission_id")),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_review")),
    )


def downgrade() -> None:
    op.drop_table("review")
    op.drop_table("question_option")
    op.drop_table("employee_mention")
    op.drop_table("answer")
    op.drop_index(
        op.f("ix_submission_rater_id_organization_id_submitted_at"),
        table_name="submission",
    )
    op.drop_index(op.f("ix_submission_organization_id_submitted_on"), table_name="submission")
    op.drop_table("submission")
    op.drop_table("questionnaire_criterion")
    op.drop_table("question")
    op.drop_index(
        "uq_questionnaire_current",
        table_name="questionnaire",
        postgresql_where=sa.text("published_at IS NOT NULL AND retired_at IS NULL"),
    )
    op.drop_table("questionnaire")
    op.drop_index(
        op.f("ix_organization_service_service_id_organization_id"),
        table_name="organization_service",
    )
    op.drop_table("organization_service")
    op.drop_table("criterion")
    op.drop_index("ix_total_by_value", table_name="total")
    op.drop_index("ix_total_by_submissions", table_name="total")
    op.drop_table("total")
    op.drop_index(op.f("ix_service_category_id"), table_name="service")
    op.drop_table("service")
    op.drop_index(op.f("ix_role_grant_organization_id"), table_name="role_grant")
    op.drop_index(op.f("ix_role_grant_account_id"), table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_index(
        op.f("ix_organization_sphere_sphere_id_organization_id"),
        table_name="organization_sphere",
    )
    op.drop_table("organization_sphere")
    op.drop_index(
        op.f("ix_organization_position_path"),
        table_name="organization_position",
        postgresql_using="gist",
    )
    op.drop_index(
        op.f("ix_organization_position_hierarchy_parent_id"),
        table_name="organization_position",
    )
    op.drop_table("organization_position")
    op.drop_index(
        op.f("ix_organization_search"),
        table_name="organization",
        postgresql_using="gin",
        postgresql_ops={"search": "gin_trgm_ops"},
    )
    op.drop_index(
        "ix_organization_location_geography",
        table_name="organization",
        postgresql_using="gist",
    )
    op.drop_geospatial_index(
        op.f("ix_organization_location"),
        table_name="organization",
        postgresql_using="gist",
        column_name="location",
    )
    op.drop_index(op.f("ix_organization_kind_id"), table_name="organization")
    op.drop_index("ix_organization_by_name_ru", table_name="organization")
    op.drop_index("ix_organization_by_name_en", table_name="organization")
    op.drop_index("ix_organization_by_name_be", table_name="organization")
    op.drop_index(op.f("ix_organization_area_id"), table_name="organization")
    op.drop_geospatial_table("organization")
    op.drop_index(op.f("ix_category_sphere_id"), table_name="category")
    op.drop_table("category")
    op.drop_index("uq_account_email", table_name="account")
    op.drop_table("account")
    op.drop_table("sphere")
    op.drop_table("rater")
    op.drop_table("policy")
    op.drop_table("organization_kind")
    op.drop_index(op.f("ix_area_path"), table_name="area", postgresql_using="gist")
    op.drop_index(op.f("ix_area_parent_id"), table_name="area")
    op.drop_geospatial_index(
        op.f("ix_area_boundary"),
        table_name="area",
        postgresql_using="gist",
        column_name="boundary",
    )
    op.drop_geospatial_table("area")
