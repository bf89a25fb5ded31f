"""Text search in rows of words."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

INDEX_WORDS = """
CREATE FUNCTION index_words(changed bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO word (text)
    SELECT DISTINCT each FROM organization, string_to_table(btrim(search), ' ') AS each
    WHERE organization.id = ANY (changed) AND NOT EXISTS (SELECT FROM word WHERE text = each)
    ON CONFLICT DO NOTHING;
    INSERT INTO organization_word (word_id, organization_id, length)
    SELECT DISTINCT word.id, organization.id, length(search)
    FROM organization, string_to_table(btrim(search), ' ') AS each JOIN word ON word.text = each
    WHERE organization.id = ANY (changed)
$$"""

WORDS_ADDED = """
CREATE FUNCTION organization_words_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM index_words(ARRAY(SELECT id FROM added));
    RETURN NULL;
END $$;
CREATE TRIGGER organization_words_added AFTER INSERT ON organization
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION organization_words_added()"""

# The old words lead to the old rows, so that these need no index by organization.
WORDS_CHANGED = """
CREATE FUNCTION organization_words_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM organization_word
    WHERE organization_id = OLD.id
      AND word_id IN (SELECT id FROM word WHERE text = ANY (string_to_array(OLD.search, ' ')));
    PERFORM index_words(ARRAY[NEW.id]);
    RETURN NULL;
END $$;
CREATE TRIGGER organization_words_changed AFTER UPDATE ON organization
FOR EACH ROW WHEN (OLD.search IS DISTINCT FROM NEW.search) EXECUTE FUNCTION organization_words_changed()"""


def upgrade() -> None:
    op.create_table(
        "word",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("text", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word")),
        sa.UniqueConstraint("text", name=op.f("uq_word_text")),
    )
    op.create_index("ix_word_text", "word", ["text"], postgresql_using="gin", postgresql_ops={"text": "gin_trgm_ops"})
    op.create_table(
        "organization_word",
        sa.Column("word_id", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["word_id"], ["word.id"], name=op.f("fk_organization_word_word_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_organization_word_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "word_id", "organization_id", name=op.f("pk_organization_word"), postgresql_include=["length"]
        ),
    )
    op.execute(INDEX_WORDS)
    op.execute(WORDS_ADDED)
    op.execute(WORDS_CHANGED)
    op.execute("SELECT index_words(ARRAY(SELECT id FROM organization))")
    # Who types a whole code means that organization, however its letters are written.
    op.create_index("ix_organization_lower_code", "organization", [sa.text("lower(code)")])


def downgrade() -> None:
    op.drop_index("ix_organization_lower_code", table_name="organization")
    for event in ("changed", "added"):
        op.execute(f"DROP FUNCTION organization_words_{event} CASCADE")
    op.execute("DROP FUNCTION index_words")
    op.drop_table("organization_word")
    op.drop_table("word")
