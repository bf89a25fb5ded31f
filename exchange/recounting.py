"""Recounting: every total made anew from the raw scores, while others read."""

import psycopg

from exchange.progress import Nobody, Watcher
from models import recount
from models.database import conninfo_for


def rebuild(url: str, progress: Watcher | None = None) -> int:
    """Make every total what the scores add up to; answer how many rows, months' included, were something else.

    It is one transaction. Who writes what totals are made of waits for it to end.
    """
    step = (progress or Nobody()).step("Totals from scores")
    with psycopg.connect(conninfo_for(url, "portal-recount")) as connection, step:
        return recount.rebuild(connection)
