"""Citizens: passwords, codes by e-mail, sessions, attempts, mail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("credential", "one_time_code", "session", "attempt", "mail")
ENUMERATIONS = {
    "code_purpose": ("REGISTRATION", "PASSWORD_RESET"),
    "session_kind": ("BROWSER", "APP"),
    "mail_kind": (
        "REGISTRATION",
        "ALREADY_REGISTERED",
        "PASSWORD_RESET",
        "NO_ACCOUNT",
        "PASSWORD_CHANGED",
        "ERASED",
    ),
}
NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    op.add_column("account", sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_account_confirms_an_email"), "account", "email_confirmed_at IS NULL OR email IS NOT NULL"
    )
    for name, values in ENUMERATIONS.items():
        postgresql.ENUM(*values, name=name).create(op.get_bind())
    _create_credential()
    _create_one_time_code()
    _create_session()
    _create_attempt()
    _create_mail()


def _create_credential() -> None:
    op.create_table(
        "credential",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_credential_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_credential")),
    )


def _create_one_time_code() -> None:
    op.create_table(
        "one_time_code",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("purpose", _enumeration("code_purpose"), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("kind", _enumeration("rater_kind"), nullable=True),
        sa.Column("hash", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(purpose = 'PASSWORD_RESET') = (account_id IS NOT NULL)", name=op.f("ck_one_time_code_resets_an_account")
        ),
        sa.CheckConstraint(
            "num_nonnulls(email, kind, hash) = CASE purpose WHEN 'REGISTRATION' THEN 3 ELSE 0 END",
            name=op.f("ck_one_time_code_registers_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_one_time_code_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_code")),
        sa.UniqueConstraint("digest", name=op.f("uq_one_time_code_digest")),
    )
    op.create_index(op.f("ix_one_time_code_account_id"), "one_time_code", ["account_id"])
    op.create_index(op.f("ix_one_time_code_expires_at"), "one_time_code", ["expires_at"])


def _create_session() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", _enumeration("session_kind"), nullable=False),
        sa.Column("secret_digest", sa.LargeBinary(), nullable=True),
        sa.Column("turn_digest", sa.LargeBinary(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (secret_digest IS NOT NULL)", name=op.f("ck_session_ended_has_no_secret")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL AND kind = 'APP') = (turn_digest IS NOT NULL)", name=op.f("ck_session_apps_take_turns")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_session_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("secret_digest", name=op.f("uq_session_secret_digest")),
    )
    op.create_index(op.f("ix_session_account_id"), "session", ["account_id"])
    op.create_index(op.f("ix_session_expires_at"), "session", ["expires_at"])


def _create_attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempt")),
    )
    op.create_index(op.f("ix_attempt_expires_at"), "attempt", ["expires_at"])


def _create_mail() -> None:
    op.create_table(
        "mail",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", _enumeration("mail_kind"), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), server_default=NOW, nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(recipient, subject, body) = CASE WHEN next_try_at IS NULL THEN 0 ELSE 3 END",
            name=op.f("ck_mail_forgets_what_it_said"),
        ),
        sa.CheckConstraint("sent_at IS NULL OR next_try_at IS NULL", name=op.f("ck_mail_is_sent_once")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
    )
    op.create_index(
        op.f("ix_mail_next_try_at"), "mail", ["next_try_at"], postgresql_where=sa.text("next_try_at IS NOT NULL")
    )
    op.create_index(op.f("ix_mail_written_at"), "mail", ["written_at"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    for name in reversed(ENUMERATIONS):
        op.execute(f"DROP TYPE {name}")
    op.drop_constraint(op.f("ck_account_confirms_an_email"), "account", type_="check")
    op.drop_column("account", "email_confirmed_at")


def _enumeration(name: str) -> postgresql.ENUM:
    return postgresql.ENUM(name=name, create_type=False)
