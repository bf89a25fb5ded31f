"""Keys of rows, from the global ids in a mutation's input."""

from engine import global_ids
from engine.errors import ArgumentError
from resolvers.problems import InvalidInput


def key_of(global_id: str, typename: str, field: str) -> int:
    """The key in the global id that an input's field holds; refuses ids of other types."""
    try:
        return global_ids.key_of(global_id, typename, field)
    except ArgumentError as error:
        raise InvalidInput("ID_INVALID", f"The id {error.reason}.", "input", field) from None
