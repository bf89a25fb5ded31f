"""The published schema tells what fields cost, how long lists are taken for, and how long answers may be kept."""

from collections.abc import Mapping

from graphql import ConstDirectiveNode, ObjectTypeDefinitionNode, parse, print_ast

from schema.freshness import HINTS
from schema.schema import build
from schema.sdl import sdl_of
from schema.tariff import LISTS, WEIGHTS


def directed() -> Mapping[str, Mapping[str, str]]:
    """The directives of all fields and arguments, by their dotted names."""
    found = {}
    for type_ in parse(sdl_of(build())).definitions:
        if isinstance(type_, ObjectTypeDefinitionNode):
            for field in type_.fields or ():
                given: tuple[ConstDirectiveNode, ...] = tuple(field.directives or ())
                dotted = f"{type_.name.value}.{field.name.value}"
                found[dotted] = {each.name.value: print_ast(each) for each in given}
                for argument in field.arguments or ():
                    given = tuple(argument.directives or ())
                    found[f"{dotted}({argument.name.value}:)"] = {each.name.value: print_ast(each) for each in given}
    return found


DIRECTED = directed()


def which_have(name: str) -> set[str]:
    return {field for field, given in DIRECTED.items() if name in given}


def test_whatever_has_a_price_says_so() -> None:
    assert {field for field in which_have("cost") if not field.startswith("Mutation.")} == WEIGHTS.keys()
    changes = {field for field in DIRECTED if field.startswith("Mutation.") and "(" not in field}
    assert changes <= which_have("cost")
    assert DIRECTED["Mutation.signIn"]["cost"] == "@cost(weight: 200)"


def test_lists_say_how_long_they_are_taken_for() -> None:
    assert which_have("listSize") >= LISTS.keys()
    assert DIRECTED["Query.organizations"]["listSize"] == (
        '@listSize(assumedSize: 20, slicingArguments: ["first", "last"],'
        ' sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)'
    )
    # Gateways know no slicing by the length of a list.
    assert "slicingArguments" not in DIRECTED["Query.organizationsByCode"]["listSize"]
    assert "listSize" not in DIRECTED["OrganizationConnection.nodes"]


def test_fields_say_how_long_they_may_be_kept() -> None:
    assert which_have("cacheControl") == HINTS.keys()
    assert DIRECTED["Query.spheres"]["cacheControl"] == "@cacheControl(maxAge: 300)"
    assert DIRECTED["Query.viewer"]["cacheControl"] == "@cacheControl(maxAge: 0, scope: PRIVATE)"
