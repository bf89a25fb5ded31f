"""The loop of a review: seen, answered, acted on, settled; complaints about texts; the language of letters."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = ("complaint", "settlement", "measure", "reply", "review_reading")
NEW_VALUES = {
    "audit_action": ("REVIEW_SEEN", "REVIEW_ANSWERED", "REPLY_EDITED", "MEASURE_RECORDED", "COMPLAINT_DECIDED"),
    "audit_subject": ("REVIEW", "COMPLAINT"),
    "mail_kind": ("REVIEW_SEEN", "REVIEW_ANSWERED", "REPLY_EDITED", "MEASURE_RECORDED", "COMPLAINT_DECIDED"),
    "policy_name": ("SEEN_DAYS", "REPLY_DAYS"),
}
ENUMERATIONS = {
    "complaint_about": ("REVIEW", "REPLY"),
    "complaint_ground": ("PERSONAL_DATA", "INSULT", "ADVERTISING", "OFF_TOPIC", "PRESSURE"),
}
# A week to see a review; fifteen days to answer, as the law has it for appeals that need no looking into.
POLICIES = {"SEEN_DAYS": "7", "REPLY_DAYS": "15"}


def upgrade() -> None:
    # PostgreSQL lets a value of an enumeration be used only after the transaction that adds it.
    with op.get_context().autocommit_block():
        for type_, values in NEW_VALUES.items():
            for value in values:
                op.execute(f"ALTER TYPE {type_} ADD VALUE IF NOT EXISTS '{value}'")
    for name, value in POLICIES.items():
        op.execute(
            f"INSERT INTO policy (name, valid_from, value) VALUES ('{name}', '2000-01-01 00:00+00', '{value}')"
            " ON CONFLICT DO NOTHING"
        )
    for name, values in ENUMERATIONS.items():
        postgresql.ENUM(*values, name=name).create(op.get_bind())
    op.add_column("account", sa.Column("language", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_account_speaks"), "account", "language IN ('BE', 'RU', 'EN')")
    _create_review_reading()
    _create_reply()
    _create_measure()
    _create_settlement()
    _create_complaint()


def _create_review_reading() -> None:
    op.create_table(
        "review_reading",
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("role", _enumeration("role"), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        *_of_review("review_reading"),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_review_reading")),
    )


def _create_reply() -> None:
    op.create_table(
        "reply",
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("hidden", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_reply_has_a_version")),
        sa.CheckConstraint("btrim(text) <> '' AND char_length(text) <= 10000", name=op.f("ck_reply_has_a_text")),
        *_of_review("reply"),
        sa.PrimaryKeyConstraint("submission_id", "version", name=op.f("pk_reply")),
    )


def _create_measure() -> None:
    op.create_table(
        "measure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("btrim(text) <> '' AND char_length(text) <= 2000", name=op.f("ck_measure_has_a_text")),
        sa.CheckConstraint("taken_on <= recorded_on", name=op.f("ck_measure_taken_before")),
        *_of_review("measure"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
    )
    op.create_index(op.f("ix_measure_submission_id"), "measure", ["submission_id"])


def _create_settlement() -> None:
    op.create_table(
        "settlement",
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["review.submission_id"], name=op.f("fk_settlement_submission_id")),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_settlement")),
    )


def _create_complaint() -> None:
    op.create_table(
        "complaint",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("about", _enumeration("complaint_about"), nullable=False),
        sa.Column("reply_version", sa.SmallInteger(), nullable=True),
        sa.Column("ground", _enumeration("complaint_ground"), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("rater_id", sa.BigInteger(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(about = 'REPLY') = (reply_version IS NOT NULL)", name=op.f("ck_complaint_names_a_version")
        ),
        sa.CheckConstraint("btrim(text) <> '' AND char_length(text) <= 2000", name=op.f("ck_complaint_has_a_text")),
        sa.CheckConstraint(
            "num_nonnulls(upheld, reason, decided_on, event_id) IN (0, 4)",
            name=op.f("ck_complaint_decided_with_a_reason"),
        ),
        sa.CheckConstraint(
            "btrim(reason) <> '' AND char_length(reason) <= 2000", name=op.f("ck_complaint_has_a_reason")
        ),
        sa.CheckConstraint("decided_on >= made_on", name=op.f("ck_complaint_decided_after")),
        sa.ForeignKeyConstraint(
            ["submission_id", "reply_version"],
            ["reply.submission_id", "reply.version"],
            name=op.f("fk_complaint_submission_id_reply_version"),
        ),
        sa.ForeignKeyConstraint(["rater_id"], ["rater.id"], name=op.f("fk_complaint_rater_id")),
        *_of_review("complaint"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
    )
    op.create_index(op.f("ix_complaint_submission_id"), "complaint", ["submission_id"])
    op.create_index(
        "uq_complaint_open",
        "complaint",
        ["rater_id", "submission_id", "about"],
        unique=True,
        postgresql_where=sa.text("upheld IS NULL"),
    )


def _of_review(table: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return (
        sa.ForeignKeyConstraint(["submission_id"], ["review.submission_id"], name=op.f(f"fk_{table}_submission_id")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f(f"fk_{table}_event_id")),
    )


def _enumeration(name: str) -> postgresql.ENUM:
    return postgresql.ENUM(name=name, create_type=False)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_constraint(op.f("ck_account_speaks"), "account")
    op.drop_column("account", "language")
    for name in ENUMERATIONS:
        op.execute(f"DROP TYPE {name}")
    # Added values of enumerations stay, and so do the policies of theirs.
