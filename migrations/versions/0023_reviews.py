"""Reviews have states, and repeat of their submissions what a page of them is found by."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

STATES = ("PENDING", "PUBLISHED", "HIDDEN", "PRIVATE")
REPEATED = ("organization_id", "submitted_on", "status")

FOLLOWS = """
CREATE FUNCTION review_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT organization_id, submitted_on, status INTO NEW.organization_id, NEW.submitted_on, NEW.status
    FROM submission WHERE id = NEW.submission_id;
    RETURN NEW;
END $$;
CREATE TRIGGER review_follows BEFORE INSERT ON review
FOR EACH ROW WHEN (NEW.organization_id IS NULL) EXECUTE FUNCTION review_follows()"""

LEADS = """
CREATE FUNCTION submission_leads_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE review SET organization_id = NEW.organization_id, status = NEW.status WHERE submission_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER submission_leads_review AFTER UPDATE OF organization_id, status ON submission
FOR EACH ROW WHEN (OLD.organization_id <> NEW.organization_id OR OLD.status <> NEW.status)
EXECUTE FUNCTION submission_leads_review()"""

BACKFILL = """
UPDATE review SET organization_id = submission.organization_id, submitted_on = submission.submitted_on,
    status = submission.status, state = CASE WHEN public THEN 'PUBLISHED' ELSE 'PRIVATE' END::review_state
FROM submission WHERE submission.id = review.submission_id"""


def upgrade() -> None:
    state = postgresql.ENUM(*STATES, name="review_state")
    state.create(op.get_bind())
    status = postgresql.ENUM(name="submission_status", create_type=False)
    op.add_column("review", sa.Column("organization_id", sa.BigInteger()))
    op.add_column("review", sa.Column("submitted_on", sa.Date()))
    op.add_column("review", sa.Column("status", status))
    op.add_column("review", sa.Column("state", state, server_default="PENDING", nullable=False))
    op.add_column("review", sa.Column("masked", sa.Text()))
    op.execute(BACKFILL)
    for name in REPEATED:
        op.alter_column("review", name, nullable=False)
    op.drop_column("review", "public")
    op.execute(
        "ALTER TABLE review ADD COLUMN published boolean NOT NULL"
        " GENERATED ALWAYS AS (state = 'PUBLISHED' AND status = 'COUNTED') STORED"
    )
    op.create_check_constraint(
        op.f("ck_review_has_a_masked_text"), "review", "btrim(masked) <> '' AND char_length(masked) <= 10000"
    )
    op.create_foreign_key(op.f("fk_review_organization_id"), "review", "organization", ["organization_id"], ["id"])
    day = sa.text("(submitted_on - '2000-01-01'::date)")
    op.create_index(
        "ix_review_of_organization",
        "review",
        ["organization_id", day, "submission_id"],
        postgresql_include=["published", "state", "status"],
    )
    op.create_index("ix_review_by_date", "review", [day, "submission_id"])
    op.execute(FOLLOWS)
    op.execute(LEADS)


def downgrade() -> None:
    op.execute("DROP FUNCTION submission_leads_review CASCADE")
    op.execute("DROP FUNCTION review_follows CASCADE")
    op.add_column("review", sa.Column("public", sa.Boolean(), server_default="true", nullable=False))
    op.execute("UPDATE review SET public = false WHERE state <> 'PUBLISHED'")
    for name in ("published", "masked", "state", *REPEATED):
        op.drop_column("review", name)
    op.execute("DROP TYPE review_state")
