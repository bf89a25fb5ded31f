"""Alembic migrations, run by `portal migrate`: the only way in which the schema comes to be."""

from pathlib import Path

from alembic import command
from alembic.config import Config


def configuration(url: str) -> Config:
    """Alembic's configuration for the database at a libpq URL."""
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent))
    configuration.attributes["url"] = url
    return configuration


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database up to a revision; does nothing where it is there already."""
    command.upgrade(configuration(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Take the database back to a revision, `-1` for one step."""
    command.downgrade(configuration(url), revision)


def check(url: str) -> None:
    """Raise `alembic.util.CommandError` where the models and the database differ."""
    command.check(configuration(url))
