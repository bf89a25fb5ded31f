"""The committed schema, which users' tools read, is the one that answers, and tells composers of graphs the truth."""

import re
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLObjectType,
    NameNode,
    ObjectTypeDefinitionNode,
    build_schema,
    parse,
    print_ast,
    validate_schema,
)

from schema.schema import ENTITIES, build, executable
from schema.sdl import TAKE_A_ROLE, sdl_of

COMMITTED = (Path(__file__).parents[2] / "schema.graphql").read_text()
SCHEMA = executable()
NAMELESS = NameNode(value="")


def test_it_is_the_one_that_the_code_makes() -> None:
    assert sdl_of(build()) + "\n" == COMMITTED


def test_it_stands_by_itself() -> None:
    """But for the directives of federation, which its link brings."""
    assert validate_schema(build_schema(COMMITTED, assume_valid_sdl=True)) == []


def directives(name: str) -> dict[str, list[Any]]:
    """The types that have a directive, with the argument of each time."""
    found: dict[str, list[Any]] = {}
    for type_ in parse(COMMITTED).definitions:
        for given in getattr(type_, "directives", None) or ():
            if given.name.value == name and isinstance(type_, ObjectTypeDefinitionNode):
                found.setdefault(type_.name.value, []).extend(each.value.value for each in given.arguments or ())
    return found


def test_keys_are_those_by_which_objects_are_found() -> None:
    assert directives("key") == {name: list(entity.keys) for name, entity in ENTITIES.items() if entity.keys}


def test_value_types_may_be_defined_by_others_too() -> None:
    assert set(directives("shareable")) == {"GeoPoint", "PageInfo"}


def test_whatever_has_keys_can_be_referred_to() -> None:
    entities = {each.name for each in SCHEMA.get_possible_types(SCHEMA.type_map["_Entity"])}  # type: ignore[arg-type]
    assert entities == {name for name, entity in ENTITIES.items() if entity.keys}


def test_gateways_are_not_told_of_their_own_fields() -> None:
    assert "_entities" in SCHEMA.query_type.fields  # type: ignore[union-attr]
    assert not re.search(r"\b_(entities|service|Entity|Service|Any)\b", COMMITTED)


OF_A_ROLE = re.compile(
    r"^For (heads|operators|moderators|registrars|supervisors|officials|other systems)|[Ss]een by (moderators|officials) only"
    r"|Everybody else (finds none|sees an empty list)"
)


def test_what_its_description_gives_to_a_role_is_not_public() -> None:
    fields = {
        f"{type_.name}.{name}": field.description or ""
        for type_ in SCHEMA.type_map.values()
        if isinstance(type_, GraphQLObjectType)
        for name, field in type_.fields.items()
    }
    assert fields.keys() >= TAKE_A_ROLE
    described = {name for name, description in fields.items() if OF_A_ROLE.search(description)}
    assert described | {"Mutation.grantRole", "Mutation.revokeRole"} == TAKE_A_ROLE


def test_a_type_is_public_where_something_public_leads_to_it() -> None:
    tagged = set(directives("tag"))
    assert {"Rating", "BlindSpot", "Viewer", "SubmitQuestionnairePayload", "WithdrawSubmissionPayload"} <= tagged
    assert not {"AuditEvent", "IntegrityFinding", "RejectSubmissionPayload"} & tagged


def test_a_type_of_which_only_some_fields_are_public_has_the_tag_on_these() -> None:
    partly = ("Query", "Mutation", "Organization", "SubmissionEvent")
    assert not {*partly} & set(directives("tag"))
    for name in partly:
        (type_,) = (each for each in parse(COMMITTED).definitions if getattr(each, "name", NAMELESS).value == name)
        untagged = {each.name.value for each in type_.fields if "@tag" not in print_ast(each)}  # type: ignore[attr-defined]
        assert {f"{name}.{field}" for field in untagged} == {
            each for each in TAKE_A_ROLE if each.startswith(f"{name}.")
        }
