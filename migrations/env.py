"""How migrations run: one at a time, in one transaction, never waiting for a lock for long."""

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import text
from sqlalchemy.dialects.postgresql.base import ischema_names

from models import locks
from models.changes import TransactionId
from models.database import engine_for
from models.metadata import metadata
from models.points import Point
from models.trees import Ltree

# SQLAlchemy does not know these types by itself when it reads the database back.
ischema_names |= {"ltree": Ltree, "point": Point, "xid8": TransactionId}


def include_object(item: object, name: str | None, type_: str, reflected: bool, compare_to: object) -> bool:  # noqa: FBT001 - Alembic calls it so
    """Leave PostGIS's own tables alone."""
    return alembic_helpers.include_object(item, name, type_, reflected, compare_to) and not (
        type_ == "table" and name == "spatial_ref_sys"
    )


def run() -> None:
    """Migrate the database whose URL the caller gave."""
    engine = engine_for(context.config.attributes["url"])
    with engine.connect() as connection:
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.execute(text("SET statement_timeout = '30min'"))
        connection.execute(text(f"SELECT pg_advisory_lock({locks.MIGRATION})"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            include_object=include_object,
            process_revision_directives=alembic_helpers.writer,
            render_item=alembic_helpers.render_item,
            compare_type=True,
            compare_server_default=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
