"""Other systems: clients, what ends their tokens, the cases that they serve, and links to rate these."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = ("client", "revoked_token", "used_assertion", "service_case", "invitation")
NEW_VALUES = {
    "audit_action": ("CLIENT_REGISTERED", "CLIENT_CHANGED", "CLIENT_SECRET_ROTATED", "CLIENT_REVOKED"),
    "audit_subject": ("CLIENT",),
    "policy_name": ("INVITATION_DAYS",),
}

# As in 0011; what a slice by verified visits asks is in the index, too.
INDEX, COLUMNS = "ix_submission_organization_id_submitted_on", ["organization_id", "submitted_on"]
CARRIED = ["status", "rater_id", "mark", "channel", "rater_kind", "service_id"]


def upgrade() -> None:
    # PostgreSQL lets a value of an enumeration be used only after the transaction that adds it.
    with op.get_context().autocommit_block():
        for type_, values in NEW_VALUES.items():
            for value in values:
                op.execute(f"ALTER TYPE {type_} ADD VALUE IF NOT EXISTS '{value}'")
    op.execute(
        "INSERT INTO policy (name, valid_from, value) VALUES ('INVITATION_DAYS', '2000-01-01 00:00+00', '30') ON CONFLICT DO NOTHING"
    )
    _create_client()
    _create_revoked_token()
    _create_used_assertion()
    _create_service_case()
    _create_invitation()
    op.add_column("submission", sa.Column("verified", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.drop_index(INDEX, table_name="submission")
    op.create_index(INDEX, "submission", COLUMNS, postgresql_include=[*CARRIED, "verified"])


def _create_client() -> None:
    op.create_table(
        "client",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_digest", sa.LargeBinary(), nullable=True),
        sa.Column("jwks", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=True),
        sa.Column("hierarchy", postgresql.ENUM(name="hierarchy", create_type=False), nullable=True),
        sa.Column("sphere_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "registered_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "code ~ '^[[:alnum:]][[:alnum:]_.-]{0,63}$' AND code <> 'portal'", name=op.f("ck_client_is_a_client_code")
        ),
        sa.CheckConstraint("btrim(name) <> '' AND char_length(name) <= 200", name=op.f("ck_client_has_a_name")),
        sa.CheckConstraint("num_nonnulls(secret_digest, jwks) = 1", name=op.f("ck_client_proves_itself_in_one_way")),
        sa.CheckConstraint("cardinality(scopes) > 0", name=op.f("ck_client_has_a_scope")),
        sa.CheckConstraint(
            "(organization_id IS NULL) = (hierarchy IS NULL)", name=op.f("ck_client_bound_has_a_hierarchy")
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_client_organization_id")),
        sa.ForeignKeyConstraint(["sphere_id"], ["sphere.id"], name=op.f("fk_client_sphere_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("code", name=op.f("uq_client_code")),
    )


def _create_revoked_token() -> None:
    op.create_table(
        "revoked_token",
        sa.Column("jti", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("jti", name=op.f("pk_revoked_token")),
    )
    op.create_index(op.f("ix_revoked_token_expires_at"), "revoked_token", ["expires_at"])


def _create_used_assertion() -> None:
    op.create_table(
        "used_assertion",
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("jti", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_used_assertion_client_id")),
        sa.PrimaryKeyConstraint("client_id", "jti", name=op.f("pk_used_assertion")),
    )
    op.create_index(op.f("ix_used_assertion_expires_at"), "used_assertion", ["expires_at"])


def _create_service_case() -> None:
    op.create_table(
        "service_case",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("rated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_service_case_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_case")),
        sa.UniqueConstraint("client_id", "digest", name=op.f("uq_service_case_client_id_digest")),
    )


def _create_invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("rater_kind", postgresql.ENUM(name="rater_kind", create_type=False), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.CheckConstraint("visited_on <= sent_on", name=op.f("ck_invitation_visited_before")),
        sa.CheckConstraint("answered_on >= sent_on", name=op.f("ck_invitation_answered_after")),
        sa.ForeignKeyConstraint(["case_id"], ["service_case.id"], name=op.f("fk_invitation_case_id")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_invitation_organization_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_invitation_service_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_invitation_token_digest")),
    )
    op.create_index(
        op.f("ix_invitation_organization_id_sent_on"),
        "invitation",
        ["organization_id", "sent_on"],
        postgresql_include=["answered_on"],
    )


def downgrade() -> None:
    """The new values of enumerations stay, as an enumeration keeps its values; so does the policy, which nobody asks."""
    op.drop_index(INDEX, table_name="submission")
    op.create_index(INDEX, "submission", COLUMNS, postgresql_include=CARRIED)
    op.drop_column("submission", "verified")
    for table in reversed(TABLES):
        op.drop_table(table)
