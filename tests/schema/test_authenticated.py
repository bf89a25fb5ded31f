"""Gateways are told the truth about who is refused: whoever is not signed in, where it says @authenticated."""

from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    ObjectTypeDefinitionNode,
    get_nullable_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
    parse,
)

from schema.schema import build, executable
from schema.sdl import sdl_of
from tests.clients import Client

SCHEMA = executable()
assert SCHEMA.mutation_type
MUTATIONS = SCHEMA.mutation_type.fields

LEAVES = {
    "ID": "T3JnYW5pemF0aW9uOjE",
    "String": "nothing",
    "Int": 1,
    "Boolean": True,
    "Date": "2026-01-31",
    "DateTime": "2026-01-31T00:00:00Z",
}


def least(type_: Any) -> Any:
    """The least value of a type that is valid."""
    type_ = get_nullable_type(type_)
    if is_list_type(type_):
        return []
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        required = [name for name, field in type_.fields.items() if is_required_input_field(field)]
        return {name: least(type_.fields[name].type) for name in required or [next(iter(type_.fields))]}
    return LEAVES.get(type_.name, 1)


def authenticated() -> set[str]:
    """The mutations that say so."""
    definitions = parse(sdl_of(build())).definitions
    types = {each.name.value: each for each in definitions if isinstance(each, ObjectTypeDefinitionNode)}
    fields = types["Mutation"].fields or ()
    return {
        each.name.value for each in fields if "authenticated" in [given.name.value for given in each.directives or ()]
    }


async def refuses_strangers(client: Client, name: str) -> bool:
    """Whether a mutation is refused whoever is not signed in; nothing else is wrong with it that GraphQL could tell."""
    needed = {key: given.type for key, given in MUTATIONS[name].args.items() if is_required_argument(given)}
    declared = ", ".join(f"${key}: {type_}" for key, type_ in needed.items())
    handed = ", ".join(f"{key}: ${key}" for key in needed)
    text = f"mutation{f'({declared})' if needed else ''} {{ {name}{f'({handed})' if needed else ''} {{ __typename }} }}"
    answer = await client.query(text, {key: least(type_) for key, type_ in needed.items()})
    codes = {error["extensions"]["code"] for error in answer.errors}
    assert codes <= {"UNAUTHENTICATED", "FORBIDDEN"}, name  # the latter where a browser's own page should have asked
    return "UNAUTHENTICATED" in codes


async def test_mutations_say_whether_they_refuse_strangers(writing_client: Client) -> None:
    refusing = {name for name in MUTATIONS if await refuses_strangers(writing_client, name)}
    # Without a link to rate by, that is: with one it is for nobody else than strangers.
    assert refusing - {"submitQuestionnaire"} == authenticated()
    assert "signIn" not in refusing


def test_no_read_says_so_as_strangers_are_answered() -> None:
    """They find nothing, or null; a gateway that refused them would say something else than this graph does."""
    assert "@authenticated" not in sdl_of(build()).partition("type Query ")[2].partition("\n}")[0]
