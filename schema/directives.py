"""Directives of the published schema: what fields cost, how long lists are, how long answers may be kept."""

from collections.abc import Iterator

from graphql import GraphQLField, GraphQLList, GraphQLObjectType, GraphQLSchema, get_nullable_type

from engine.documents.costs import ListSize
from engine.documents.freshness import Hint
from schema.freshness import HINTS
from schema.tariff import tariff_of

# No part of federation, but known to its clients.
CACHE_CONTROL = '''"""Whether an answer may be kept for all who ask, or for whom it was given alone."""
enum CacheControlScope {
  """For all."""
  PUBLIC

  """For whom it was given alone."""
  PRIVATE
}

"""For how many seconds a field's value may be kept (docs/http.md); without it, what is around the field decides."""
directive @cacheControl(maxAge: Int, scope: CacheControlScope) on FIELD_DEFINITION

'''


def directives(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """The dotted names of fields and arguments (`Type.field(argument:)`), each with its directives as they are written."""
    tariff = tariff_of(schema)
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("_"):
            for name, field in type_.fields.items():
                dotted = f"{type_.name}.{name}"
                # What is the list of a connection is as long as the field around it says.
                size = None if type_.name.endswith("Connection") else tariff.list_size(type_.name, name, field)
                found = [
                    f"@cost(weight: {tariff.weights[dotted]})" if dotted in tariff.weights else "",
                    _list_size(size, field) if size else "",
                    _cache_control(HINTS[dotted]) if dotted in HINTS else "",
                ]
                yield dotted, "".join(f" {each}" for each in found if each)
                for coordinate in (f"{dotted}({each}:)" for each in field.args):
                    if coordinate in tariff.weights:
                        yield coordinate, f" @cost(weight: {tariff.weights[coordinate]})"


def _list_size(size: ListSize, field: GraphQLField) -> str:
    """Gateways take numbers only for what gives a list's length: of a list of codes they assume it."""
    numbers = [name for name in size.arguments if not _is_list(field, name)]
    parts = [
        f"assumedSize: {size.assumed}",
        f"slicingArguments: {_names(numbers)}" if numbers else "",
        f"sizedFields: {_names(size.fields)}" if size.fields else "",
        "requireOneSlicingArgument: false",
    ]
    return f"@listSize({', '.join(each for each in parts if each)})"


def _is_list(field: GraphQLField, argument: str) -> bool:
    return isinstance(get_nullable_type(field.args[argument].type), GraphQLList)


def _names(names: "list[str] | tuple[str, ...]") -> str:
    return "[" + ", ".join(f'"{each}"' for each in names) + "]"


def _cache_control(hint: Hint) -> str:
    return f"@cacheControl(maxAge: {hint.seconds or 0}{', scope: PRIVATE' if hint.private else ''})"
