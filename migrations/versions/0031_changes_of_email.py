"""An account's e-mail can be changed: codes for that, and the letters about it."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

LETTERS = ("EMAIL_CHANGE", "EMAIL_IN_USE", "EMAIL_CHANGED")
BEFORE = {
    "resets_an_account": "(purpose = 'PASSWORD_RESET') = (account_id IS NOT NULL)",
    "registers_somebody": "num_nonnulls(email, kind, hash) = CASE purpose WHEN 'REGISTRATION' THEN 3 ELSE 0 END",
}
AFTER = {
    "is_of_an_account": "(purpose = 'REGISTRATION') = (account_id IS NULL)",
    "registers_somebody": "num_nonnulls(kind, hash) = CASE purpose WHEN 'REGISTRATION' THEN 2 ELSE 0 END",
    "is_about_an_email": "(purpose = 'PASSWORD_RESET') = (email IS NULL)",
}


def upgrade() -> None:
    # PostgreSQL lets a value of an enumeration be used only after the transaction that adds it.
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE code_purpose ADD VALUE IF NOT EXISTS 'EMAIL_CHANGE'")
        for letter in LETTERS:
            op.execute(f"ALTER TYPE mail_kind ADD VALUE IF NOT EXISTS '{letter}'")
    _replace(BEFORE, AFTER)


def downgrade() -> None:
    """The values stay, as an enumeration keeps its values."""
    op.execute("DELETE FROM one_time_code WHERE purpose = 'EMAIL_CHANGE'")
    _replace(AFTER, BEFORE)


def _replace(some: dict[str, str], others: dict[str, str]) -> None:
    for name in some:
        op.drop_constraint(op.f(f"ck_one_time_code_{name}"), "one_time_code")
    for name, condition in others.items():
        op.create_check_constraint(op.f(f"ck_one_time_code_{name}"), "one_time_code", condition)
