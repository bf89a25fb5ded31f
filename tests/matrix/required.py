"""Which rows the matrix must have, from the schema: what is new in it has no row yet."""

from collections.abc import Iterator

from graphql import (
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_introspection_type,
    is_leaf_type,
)

from schema.schema import ENTITIES

# Fields by which any entity can be had.
FINDERS = ("node", "nodes")
ENTITY_FINDER = "_entities"
# The shapes of what only holds others: a connection, an edge.
WRAPPERS = {"nodes": {"edges", "pageInfo"}, "node": {"cursor"}}


def root_rows(schema: GraphQLSchema) -> set[str]:
    """Each field of a root; of those that find entities, each type that they find."""
    names = {name for root in roots(schema) for name in root.fields} - {*FINDERS, ENTITY_FINDER}
    names |= {f"{finder} {typename}" for finder in FINDERS for typename in ENTITIES}
    union = schema.type_map.get("_Entity")
    if isinstance(union, GraphQLUnionType):
        names |= {f"{ENTITY_FINDER} {each.name}" for each in union.types}
    return names


def field_rows(schema: GraphQLSchema, public: set[str]) -> set[str]:
    """Each field of a type of which not everybody sees all, and each that leads there from one that is public."""
    return {
        f"{type_.name}.{name}"
        for type_ in objects(schema)
        for name, field in type_.fields.items()
        if type_.name not in public or not _leads_to(schema, get_named_type(field.type)) <= public
    }


def objects(schema: GraphQLSchema) -> Iterator[GraphQLObjectType]:
    """The types that tell something: neither roots, nor wrappers of others, nor results of mutations."""
    left_out = {*roots(schema), *_results(schema)}
    for type_ in schema.type_map.values():
        if not isinstance(type_, GraphQLObjectType) or is_introspection_type(type_) or type_ in left_out:
            continue
        if _wrapped(type_) is None and type_.name != "PageInfo":
            yield type_


def roots(schema: GraphQLSchema) -> list[GraphQLObjectType]:
    """Queries, mutations and, if there are any, subscriptions."""
    return [each for each in (schema.query_type, schema.mutation_type, schema.subscription_type) if each]


def _results(schema: GraphQLSchema) -> set[GraphQLNamedType]:
    """Payloads and problems: what a mutation is answered with, and what a subscription tells."""
    told = schema.subscription_type.fields.values() if schema.subscription_type else ()
    found: set[GraphQLNamedType] = {get_named_type(field.type) for field in told}
    for field in schema.mutation_type.fields.values() if schema.mutation_type else ():
        result = get_named_type(field.type)
        found |= set(result.types) if isinstance(result, GraphQLUnionType) else {result}
    return found


def _wrapped(type_: GraphQLObjectType) -> GraphQLNamedType | None:
    """What a connection or an edge holds."""
    for name, beside in WRAPPERS.items():
        if beside <= type_.fields.keys() and name in type_.fields:
            held: GraphQLNamedType = get_named_type(type_.fields[name].type)
            return held
    return None


def _leads_to(schema: GraphQLSchema, type_: GraphQLNamedType) -> set[str]:
    """The types of the objects that a field of a type leads to."""
    if is_leaf_type(type_):
        return set()
    if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
        return {name for each in schema.get_possible_types(type_) for name in _leads_to(schema, each)}
    assert isinstance(type_, GraphQLObjectType)
    wrapped = _wrapped(type_)
    return {type_.name} if wrapped is None else _leads_to(schema, wrapped)
