"""Hold the committed schema equal to the one that the code makes, and name what would break its users."""

import subprocess
import sys
from difflib import unified_diff
from pathlib import Path

from graphql import GraphQLError, build_schema, find_breaking_changes, find_dangerous_changes

COMMITTED = Path("schema.graphql")
REFRESH = f"If the change is meant, refresh it: portal schema > {COMMITTED}"


def main() -> str | None:
    """Compare what `portal schema` prints with the committed file; answer what is wrong."""
    fresh = subprocess.run(["portal", "schema"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return verdict(COMMITTED.read_text() if COMMITTED.exists() else "", fresh)


def verdict(committed: str, fresh: str) -> str | None:
    """Nothing where both are the same schema."""
    if not fresh:
        return "portal schema printed nothing."
    if fresh == committed:
        return None
    difference = unified_diff(committed.splitlines(), fresh.splitlines(), "committed", "fresh", lineterm="", n=1)
    return "\n".join([*difference, "", *consequences(committed, fresh), REFRESH])


def consequences(committed: str, fresh: str) -> list[str]:
    """One line for each change that breaks an operation, or may change what it answers."""
    try:
        old, new = (build_schema(text, assume_valid=True) for text in (committed, fresh))
    except GraphQLError as error:
        return [f"What it breaks cannot be told: {error}"]
    breaking = [f"breaks users: {change.description}" for change in find_breaking_changes(old, new)]
    return breaking + [f"may surprise users: {change.description}" for change in find_dangerous_changes(old, new)]


if __name__ == "__main__":
    sys.exit(main())
