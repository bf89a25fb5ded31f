"""Apps sign in through providers: whom a flow calls back, and the codes that they are called back with."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

COLUMNS = {"redirect_uri": sa.Text, "app_state": sa.Text, "challenge": sa.LargeBinary}
RULES = {
    "app_is_whole": "num_nonnulls(redirect_uri, app_state, challenge) IN (0, 3)",
    "apps_link_nothing": "redirect_uri IS NULL OR account_id IS NULL",
}


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("sign_in_flow", sa.Column(name, kind(), nullable=True))
    for name, condition in RULES.items():
        op.create_check_constraint(op.f(f"ck_sign_in_flow_{name}"), "sign_in_flow", condition)
    op.create_table(
        "app_code",
        sa.Column("code_digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(challenge) = 32", name=op.f("ck_app_code_challenge_is_sha256")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_app_code_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_digest", name=op.f("pk_app_code")),
    )
    for column in ("account_id", "expires_at"):
        op.create_index(op.f(f"ix_app_code_{column}"), "app_code", [column])


def downgrade() -> None:
    op.drop_table("app_code")
    for name in RULES:
        op.drop_constraint(op.f(f"ck_sign_in_flow_{name}"), "sign_in_flow")
    for name in COLUMNS:
        op.drop_column("sign_in_flow", name)
