"""What is told of a node among others is told of it alone: nothing of one gets into another."""

from random import Random

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_object_type, is_required_argument

from engine.executor import Caller
from schema.schema import executable
from tests.engine.disguises import plain
from tests.engine.net import Net
from tests.engine.operations import NODE_TYPES, Asking

# How deep all is asked for below a field.
DEPTH = 3
# So many of the callers, who come last, see what citizens do not.
OFFICIALS = 2
FIELDS = [
    (name, field)
    for name, type_ in executable().type_map.items()
    if name in NODE_TYPES and isinstance(type_, GraphQLObjectType)
    for field in type_.fields
]


def everything(type_: object, depth: int = DEPTH) -> str:
    """All that an object tells without being asked how; of a node, that it is there."""
    if is_leaf_type(type_):
        return ""
    if not is_object_type(type_) or not depth:
        return " { __typename }"
    if type_.name in NODE_TYPES:
        return " { id }"
    plainly = {
        name: get_named_type(each.type)
        for name, each in type_.fields.items()
        if not any(is_required_argument(argument) for argument in each.args.values())
    }
    return f" {{ {' '.join(name + everything(named, depth - 1) for name, named in plainly.items())} }}"


@pytest.mark.parametrize(("type_", "name"), FIELDS)
async def test_a_field_of_many_nodes_is_that_of_each(net: Net, type_: str, name: str) -> None:
    random = Random(f"{type_}.{name}")  # noqa: S311 - it is to be repeated
    asking = Asking(random, net.schema, net.pools, 1)
    owner = net.schema.type_map[type_]
    assert isinstance(owner, GraphQLObjectType)
    told = 0
    for caller in (random.choice(net.pools.callers[:-OFFICIALS]), *net.pools.callers[-OFFICIALS:]):
        field = asking.field_of(owner, name, caller)
        told += await hold(net, type_, plain([field], everything(get_named_type(field.type_))), caller)
    assert told, "Nobody was told anything."


async def hold(net: Net, type_: str, asked: str, caller: Caller) -> int:
    """Ask the same of some nodes at once, and of each of them; the number of those that are there."""
    ids = net.pools.ids_of(type_)
    quoted = ", ".join(f'"{each}"' for each in ids)
    among = await net.answered(
        net.read_whole(f"{{ nodes(ids: [{quoted}]) {{ ... on {type_}{asked} }} }}"), None, {}, caller
    )
    assert not among.errors, (asked, among.errors)
    for id_, found in zip(ids, among.data["nodes"], strict=True):
        document = net.read_whole(f'{{ node(id: "{id_}") {{ ... on {type_}{asked} }} }}')
        assert (await net.answered(document, None, {}, caller)).data["node"] == found, (id_, asked, caller)
    return sum(each is not None for each in among.data["nodes"])
