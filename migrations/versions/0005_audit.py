"""The audit trail, rulings on submissions, grants that can be revoked, and policies whose past stays."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ENUMERATIONS = {
    "audit_action": (
        "SUBMISSION_REJECTED",
        "SUBMISSION_RESTORED",
        "ORGANIZATION_APPLIED",
        "ORGANIZATION_ACCEPTED",
        "ORGANIZATION_DECLINED",
        "ORGANIZATION_CREATED",
        "ORGANIZATION_RENAMED",
        "ORGANIZATION_MOVED",
        "ORGANIZATION_MERGED",
        "ORGANIZATION_CLOSED",
        "ORGANIZATION_REOPENED",
        "POLICY_SET",
        "POLICY_WITHDRAWN",
        "ROLE_GRANTED",
        "ROLE_REVOKED",
    ),
    "audit_subject": ("SUBMISSION", "ORGANIZATION", "APPLICATION", "POLICY", "GRANT"),
    "rejection_ground": ("DUPLICATE_RATER", "AUTOMATED", "INTERESTED_PARTY", "COORDINATED", "NOT_A_VISIT"),
}

# Refuses whatever statement it is asked about, also one that would touch no row.
APPEND_ONLY = """
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is in % stays as it is', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = 'append_only';
END $$"""

# Of a ruling the note alone may be taken away: people write notes, and might name somebody.
REFUSED = {
    "audit_event": "UPDATE OR DELETE OR TRUNCATE",
    "ruling": "UPDATE OF event_id, submission_id, ground OR DELETE OR TRUNCATE",
    "policy": "TRUNCATE",
}

# Policies that have begun are what was promised and counted by; those to come are plans.
POLICY_STAYS = """
CREATE FUNCTION policy_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF least(OLD.valid_from, NEW.valid_from) <= now() THEN
        RAISE EXCEPTION 'policy % is in force since %, and stays as it was', OLD.name, OLD.valid_from
            USING ERRCODE = 'check_violation', CONSTRAINT = 'policy_stays';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER policy_stays BEFORE UPDATE OR DELETE ON policy
FOR EACH ROW EXECUTE FUNCTION policy_stays()"""


# The latest submissions of many organizations, for moderators: whole numbers, as cursors hold them.
BY_DATE = "CREATE INDEX ix_submission_by_date ON submission ((submitted_on - '2000-01-01'::date), id)"


def upgrade() -> None:
    for name, values in ENUMERATIONS.items():
        labels = ", ".join(f"'{value}'" for value in values)
        op.execute(f"CREATE TYPE {name} AS ENUM ({labels})")
    _create_audit_event()
    _create_ruling()
    op.add_column("role_grant", sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_role_grant_revoked_is_over"), "role_grant", "revoked_at IS NULL OR valid_to IS NOT NULL"
    )
    op.execute(APPEND_ONLY)
    for table, statements in REFUSED.items():
        op.execute(
            f"CREATE TRIGGER append_only BEFORE {statements} ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )
        # Also where a session says that it replicates, which switches other triggers off.
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only")
    op.execute(POLICY_STAYS)
    op.execute(BY_DATE)


def _create_audit_event() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("action", postgresql.ENUM(name="audit_action", create_type=False), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=True),
        sa.Column("subject", postgresql.ENUM(name="audit_subject", create_type=False), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.CheckConstraint("jsonb_typeof(details) = 'object'", name=op.f("ck_audit_event_details_are_an_object")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_audit_event_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index(op.f("ix_audit_event_organization_id_id"), "audit_event", ["organization_id", "id"])
    op.create_index(op.f("ix_audit_event_subject_subject_id"), "audit_event", ["subject", "subject_id"])


def _create_ruling() -> None:
    op.create_table(
        "ruling",
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("ground", postgresql.ENUM(name="rejection_ground", create_type=False), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("btrim(note) <> '' AND char_length(note) <= 2000", name=op.f("ck_ruling_has_a_note")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_ruling_event_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_ruling_submission_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_ruling")),
    )
    op.create_index(op.f("ix_ruling_submission_id"), "ruling", ["submission_id"])


def downgrade() -> None:
    op.drop_index("ix_submission_by_date", "submission")
    op.execute("DROP FUNCTION policy_stays CASCADE")
    op.execute("DROP FUNCTION append_only CASCADE")
    op.drop_constraint(op.f("ck_role_grant_revoked_is_over"), "role_grant")
    op.drop_column("role_grant", "revoked_at")
    op.drop_table("ruling")
    op.drop_table("audit_event")
    for name in ENUMERATIONS:
        op.execute(f"DROP TYPE {name}")
