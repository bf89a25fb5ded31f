"""Run the migrations on an empty database: all the way up, no drift from the models, one step down and up."""

import os
import sys

from alembic.util import CommandError

import migrations
from portal.scratch import ScratchServer


def main(url: str) -> str | None:
    """Answer what is wrong, having touched only a database made for the purpose."""
    with ScratchServer(url).temporary(f"portal_check_{os.getpid()}") as scratch:
        return verdict(scratch)


def verdict(url: str) -> str | None:
    """Run the migrations up, down and up; answer the first difference from the models."""
    try:
        migrations.upgrade(url)
        migrations.check(url)
        migrations.downgrade(url, "-1")
        migrations.upgrade(url)
        migrations.check(url)
    except CommandError as error:
        return f"The models and the migrated database differ: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main(os.environ["DATABASE_URL"]))
