"""Names beside positions: who shows the first children by name reads these, and no others."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLE, NAMES = "organization_position", ("name_be", "name_ru", "name_en")
ORDERS = {
    "be": "coalesce(name_be, name_ru, name_en)",
    "ru": "coalesce(name_ru, name_be, name_en)",
    "en": "coalesce(name_en, name_ru, name_be)",
}

# Whoever writes a position, and whatever names he gives: they are the organization's.
POSITION_NAMED = """
CREATE FUNCTION organization_position_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT name_be, name_ru, name_en INTO NEW.name_be, NEW.name_ru, NEW.name_en
    FROM organization WHERE id = NEW.organization_id;
    RETURN NEW;
END $$;
CREATE TRIGGER organization_position_named
BEFORE INSERT OR UPDATE OF organization_id, name_be, name_ru, name_en ON organization_position
FOR EACH ROW EXECUTE FUNCTION organization_position_named()"""

ORGANIZATION_RENAMED = """
CREATE FUNCTION organization_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE organization_position SET name_be = NEW.name_be, name_ru = NEW.name_ru, name_en = NEW.name_en
    WHERE organization_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER organization_renamed AFTER UPDATE OF name_be, name_ru, name_en ON organization
FOR EACH ROW WHEN ((OLD.name_be, OLD.name_ru, OLD.name_en) IS DISTINCT FROM (NEW.name_be, NEW.name_ru, NEW.name_en))
EXECUTE FUNCTION organization_renamed()"""


def upgrade() -> None:
    for name in NAMES:
        op.add_column(TABLE, sa.Column(name, sa.Text(collation="und-x-icu"), nullable=True))
    op.execute(POSITION_NAMED)
    op.execute(ORGANIZATION_RENAMED)
    # The trigger fills in the names.
    op.execute("UPDATE organization_position SET name_en = NULL")
    for language, order in ORDERS.items():
        name = f"ix_organization_position_by_name_{language}"
        op.create_index(name, TABLE, ["hierarchy", "parent_id", sa.text(order), "organization_id"])


def downgrade() -> None:
    for language in ORDERS:
        op.drop_index(f"ix_organization_position_by_name_{language}", table_name=TABLE)
    op.execute("DROP FUNCTION organization_renamed CASCADE")
    op.execute("DROP FUNCTION organization_position_named CASCADE")
    for name in NAMES:
        op.drop_column(TABLE, name)
