"""Hold the committed schema equal to the one that the code makes, and name what would break its users."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from difflib import unified_diff
from pathlib import Path

from graphql import GraphQLError, GraphQLNamedType, build_schema, find_breaking_changes, find_dangerous_changes

COMMITTED = Path("schema.graphql")
# Since when something is deprecated, and what to use instead: a field or a value of another, or of the same type.
DEPRECATION = re.compile(
    r"Since (?P<since>\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])): use `(?P<instead>\w+\.\w+)`"
)
REFRESH = f"If the change is meant, refresh it: portal schema > {COMMITTED}"


def main() -> str | None:
    """Compare what `portal schema` prints with the committed file; answer what is wrong."""
    fresh = subprocess.run(["portal", "schema"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return verdict(COMMITTED.read_text() if COMMITTED.exists() else "", fresh)


def verdict(committed: str, fresh: str) -> str | None:
    """Nothing where both are the same schema, and users are told of whatever is to go."""
    if not fresh:
        return "portal schema printed nothing."
    if wrong := list(untold(fresh)):
        return "\n".join(wrong)
    if fresh == committed:
        return None
    difference = unified_diff(committed.splitlines(), fresh.splitlines(), "committed", "fresh", lineterm="", n=1)
    return "\n".join([*difference, "", *consequences(committed, fresh), REFRESH])


def untold(text: str) -> Iterator[str]:
    """What is @deprecated without a date, or without what to use instead: a line for each."""
    types = build_schema(text, assume_valid=True).type_map
    for name, reason in deprecations(types):
        told = DEPRECATION.match(reason)
        if told is None:
            yield f"{name} is deprecated: its reason must begin with `Since 2026-01-31: use Type.field` (in backquotes)."
        elif not _is_there(types, told["instead"]):
            yield f"{name} is deprecated in favour of {told['instead']}, which is not there."


def deprecations(types: Mapping[str, GraphQLNamedType]) -> Iterator[tuple[str, str]]:
    """The dotted names of what is deprecated, with the reasons."""
    for type_ in types.values():
        fields = {**getattr(type_, "fields", {}), **getattr(type_, "values", {})}
        for name, each in fields.items():
            arguments = {f"{name}({key})": given for key, given in getattr(each, "args", {}).items()}
            for part, found in {name: each, **arguments}.items():
                if found.deprecation_reason is not None and not type_.name.startswith("__"):
                    yield f"{type_.name}.{part}", found.deprecation_reason


def _is_there(types: Mapping[str, GraphQLNamedType], instead: str) -> bool:
    name, _, field = instead.partition(".")
    type_ = types.get(name)
    return type_ is not None and field in {**getattr(type_, "fields", {}), **getattr(type_, "values", {})}


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
