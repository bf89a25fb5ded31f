"""Placements: submissions tell by which QR code they came."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# Codes may have letters that addresses have not; what else they have may stand in a query (RFC 3986, 3.4).
PERCENT_ENCODED = """
CREATE FUNCTION percent_encoded(code text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT string_agg(CASE WHEN octet_length(letter) = 1 THEN letter
               ELSE upper(regexp_replace(encode(convert_to(letter, 'UTF8'), 'hex'), '(..)', '%\\1', 'g')) END, '' ORDER BY place)
    FROM string_to_table(code, NULL) WITH ORDINALITY AS letters (letter, place)
$$"""


def upgrade() -> None:
    op.execute(PERCENT_ENCODED)
    op.add_column("submission", sa.Column("placement", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_submission_is_a_placement"), "submission", "placement ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$'"
    )
    op.create_index(
        "ix_submission_by_placement",
        "submission",
        ["organization_id", "placement", "submitted_on"],
        postgresql_include=["status", "rater_id", "mark"],
        postgresql_where=sa.text("placement IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_submission_by_placement", table_name="submission")
    op.drop_column("submission", "placement")
    op.execute("DROP FUNCTION percent_encoded")
