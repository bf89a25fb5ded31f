"""Keys of rows, from the global ids in a mutation's input."""

from engine.errors import ArgumentError
from engine.meanings import global_ids
from resolvers.problems import InvalidInput


def key_of(global_id: str, typename: str, *path: str | int) -> int:
    """The key in the global id that a field holds, at a path below the input; refuses ids of other types."""
    try:
        return global_ids.key_of(global_id, typename, ".".join(map(str, path)))
    except ArgumentError as error:
        raise InvalidInput("ID_INVALID", f"The id {error.reason}.", "input", *path) from None
