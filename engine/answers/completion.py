"""Completion by graphql-core: every field of a `Record` is read from its row."""

from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLUnionType,
)

from engine.answers.records import Record


def read_records(schema: GraphQLSchema) -> None:
    """Let all output types of a schema take Records; other objects are read as before."""
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            _take_records(type_)
            for field in type_.fields.values():
                _read_records(field)
        elif isinstance(type_, (GraphQLInterfaceType, GraphQLUnionType)):
            _name_records(type_)


def _read_records(field: GraphQLField) -> None:
    otherwise = field.resolve

    def resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        if isinstance(source, Record) and info.path.key in source.layout.readers:
            return source.read(info.path.key)
        if otherwise is None:
            return getattr(source, info.field_name)
        return otherwise(source, info, **arguments)

    field.resolve = resolve


def _take_records(type_: GraphQLObjectType) -> None:
    otherwise = type_.is_type_of
    if otherwise is None:
        return

    def is_type_of(value: Any, info: GraphQLResolveInfo[Any]) -> Any:
        if isinstance(value, Record):
            return value.layout.typename == type_.name
        return otherwise(value, info)

    type_.is_type_of = is_type_of


def _name_records(type_: GraphQLInterfaceType | GraphQLUnionType) -> None:
    otherwise = type_.resolve_type

    def resolve_type(value: Any, info: GraphQLResolveInfo[Any], abstract: Any) -> Any:
        if isinstance(value, Record):
            return value.layout.typename
        return otherwise(value, info, abstract) if otherwise else None

    type_.resolve_type = resolve_type
