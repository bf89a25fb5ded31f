"""Names beside positions as they are shown: an index of plain columns alone answers without its table."""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

TABLE = "organization_position"
ORDERS = {
    "be": "coalesce({0}name_be, {0}name_ru, {0}name_en)",
    "ru": "coalesce({0}name_ru, {0}name_be, {0}name_en)",
    "en": "coalesce({0}name_en, {0}name_ru, {0}name_be)",
}
PLAIN = {language: f"{{0}}name_{language}" for language in ORDERS}

NAMED = """
CREATE OR REPLACE FUNCTION organization_position_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT {be}, {ru}, {en} INTO NEW.name_be, NEW.name_ru, NEW.name_en
    FROM organization WHERE id = NEW.organization_id;
    RETURN NEW;
END $$"""
RENAMED = """
CREATE OR REPLACE FUNCTION organization_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE organization_position SET name_be = {be}, name_ru = {ru}, name_en = {en}
    WHERE organization_id = NEW.id;
    RETURN NULL;
END $$"""


def upgrade() -> None:
    _name(ORDERS, PLAIN)


def downgrade() -> None:
    _name(PLAIN, ORDERS)


def _name(names: dict[str, str], keys: dict[str, str]) -> None:
    """Let positions have some names of their organizations, and be found in the order of some keys."""
    for language in ORDERS:
        op.drop_index(f"ix_organization_position_by_name_{language}", table_name=TABLE)
    op.execute(NAMED.format(**{language: name.format("") for language, name in names.items()}))
    op.execute(RENAMED.format(**{language: name.format("NEW.") for language, name in names.items()}))
    # The trigger fills in the names.
    op.execute("UPDATE organization_position SET name_en = NULL")
    for language, key in keys.items():
        columns = f"hierarchy, parent_id, {key.format('')}, organization_id"
        op.execute(f"CREATE INDEX ix_organization_position_by_name_{language} ON {TABLE} ({columns})")
