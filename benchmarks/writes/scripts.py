"""The statements of a submission as scripts of pgbench, in two journeys as the portal sends them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.pgbench import GENERIC, literal
from benchmarks.writes import statements
from benchmarks.writes.forms import Form
from models.writing import sent

# The situation last: pgbench keeps the values of a journey's last row.
EARLIER = [*statements.LOCKS, *(each for each in statements.ASKED if each is not statements.SITUATION)]
ASKED = [*EARLIER, statements.SITUATION]
EVERY = (*ASKED, *statements.WRITTEN)

# Where the values come from that differ from one submission to the next: pgbench's variables.
KEY = "':key-:rater'"
COUNTED: Mapping[str, str] = {
    "rater": ":rater",
    "rater_id": ":rater",
    "account": ":rater",
    "rater_kind": "'PERSON'",
    "key": KEY,
    "idempotency_key": KEY,
    "request_digest": r"'\x00'",
    "id": ":id",
    "submission": ":id",
    "organization_id": ":organization_id",
    "questionnaire_id": ":questionnaire_id",
    "submitted_at": "':moment'",
    "submitted_on": "':today'",
}


def write(directory: Path, forms: Sequence[Form]) -> list[str]:
    """A script for each form; pgbench's arguments that name them.

    They need the variables `first`, `share` (how many raters each client has) and `key`. Each
    connection prepares the statements once, in whichever script it runs first.
    """
    prepare = ["\\if :ready = 0", GENERIC]
    prepare += [f"prepare step_{at} as {' '.join(sent(each).text.split())};" for at, each in enumerate(EVERY)]
    prepare += ["\\set n 0", "\\set ready 1", "\\endif"]
    count = ["\\set n :n + 1", "\\set rater :first + :client_id * :share + :n"]
    arguments = ["--define=ready=0"]
    for number, form in enumerate(forms):
        given = statements.values(form, "")
        executed = [_executed(at, each, given) for at, each in enumerate(EVERY)]
        asked, written = executed[: len(ASKED)], executed[len(ASKED) :]
        lines = ["begin \\; " + " \\; ".join(asked) + " \\gset", " \\; ".join(written) + " \\; commit;"]
        path = directory / f"{number}.sql"
        path.write_text("\n".join([*prepare, *count, *lines]) + "\n")
        arguments.append(f"--file={path}")
    return arguments


def _executed(number: int, statement: Any, given: Mapping[str, Any]) -> str:
    values = ", ".join(COUNTED.get(name) or literal(given[name]) for name in sent(statement).names)
    return f"execute step_{number}({values})" if values else f"execute step_{number}"
