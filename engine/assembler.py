"""Answers assembled from rows by functions that are generated for their shapes.

The reference is graphql-core completing the same records; an assembled answer is equal to it. The
generated functions know nothing of null propagation or errors: on anything irregular (a null that
must not be, a number out of GraphQL's range, an object that is missing) they raise Irregular, and
graphql-core completes the operation over the same rows.

Only slots, response keys and constants of the program get into generated text; response keys are
GraphQL names and are written with `repr`.
"""

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLFloat,
    GraphQLInt,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLString,
    get_nullable_type,
    is_enum_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from engine import global_ids
from engine.records import (
    ColumnRows,
    Constant,
    Decimal,
    Enumerated,
    Identified,
    Listed,
    ListRows,
    Reader,
    Reading,
    Record,
    SameRow,
    Scalar,
    Shape,
    SubscriptRows,
    Together,
    WherePresent,
    decimal_text,
)

Assemble = Callable[[Any, Reading], dict[str, Any]]
AssembleAll = Callable[[Any, Reading], list[dict[str, Any]]]

# GraphQL's Int is a signed number of 32 bits.
LOWEST, HIGHEST = -(2**31), 2**31 - 1


class Irregular(Exception):
    """Something that only graphql-core answers rightly."""


def assembled(value: Any, type_: GraphQLOutputType) -> Any:
    """The answer for a value that a reader gave: a record, a list of them, a scalar, null."""
    if value is None:
        if is_non_null_type(type_):
            raise Irregular
        return None
    nullable = get_nullable_type(type_)
    if is_list_type(nullable):
        return [assembled(item, nullable.of_type) for item in value]
    if isinstance(value, Record):
        return assemble(value.shape)(value.values, value.reading)
    if is_leaf_type(nullable):
        return nullable.coerce_output_value(value)
    raise Irregular


def assemble(shape: Shape) -> Assemble:
    """The function that assembles objects of a shape; generated once."""
    if shape.assemble is None:
        shape.assemble = Source().function(shape)
    return shape.assemble


def assemble_all(shape: Shape) -> AssembleAll:
    """The function that assembles the rows of a list: one call for all of them."""
    if shape.assemble_all is None:
        shape.assemble_all = Source().list_function(shape)
    return shape.assemble_all


class Source:
    """The text of one generated function, and the constants that it names."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {"Irregular": Irregular}
        self._variables = 0

    def function(self, shape: Shape) -> Assemble:
        """The function for a shape: `row` and `reading` in, a dict out."""
        self._write(f"return {self._object(shape, '    ')}", "    ")
        function: Assemble = self._compiled(shape, ["def assemble(row, reading):", *self.lines])
        return function

    def list_function(self, shape: Shape) -> AssembleAll:
        """The function for the rows of a list: `rows` and `reading` in, a list of dicts out."""
        self._write(f"found.append({self._object(shape, ' ' * 8)})", " " * 8)
        start = ["def assemble(rows, reading):", "    found = []", "    for row in rows:"]
        function: AssembleAll = self._compiled(shape, [*start, *self.lines, "    return found"])
        return function

    def _compiled(self, shape: Shape, lines: list[str]) -> Any:
        exec(compile("\n".join(lines), f"<assembler of {shape.typename}>", "exec"), self.constants)  # noqa: S102
        return self.constants["assemble"]

    def _object(self, shape: Shape, indent: str) -> str:
        """Write what an object needs; the expression of the object itself."""
        fields = [f"{key!r}: {self._field(reader, shape.types[key], indent)}" for key, reader in shape.readers.items()]
        return "{" + ", ".join(fields) + "}"

    def _field(self, reader: Reader, type_: GraphQLOutputType, indent: str) -> str:  # noqa: PLR0911 - a case each
        match reader:
            case Constant(str() as value):
                return repr(value)
            case Scalar(slot):
                return self._scalar(slot, type_, indent)
            case Decimal(slot, places):
                return self._decimal(slot, places, type_, indent)
            case Enumerated(slot, members):
                return self._enumerated(slot, members, type_, indent)
            case Identified(slot, typename):
                encode = self._constant(global_ids.encode)
                return f"{encode}({typename!r}, {self._value(slot, True, indent)})"
            case SameRow(shape):
                return self._object(shape, indent)
            case WherePresent(shape, slot, missing):
                optional = missing is None and not is_non_null_type(type_)
                return self._where_present(shape, slot, optional, indent)
            case Listed(shape, rows):
                return f"{self._constant(assemble_all(shape))}({self._rows(rows)}, reading)"
            case Together(shapes):
                return f"[{', '.join(self._object(shape, indent) for shape in shapes)}]"
        return self._completed(reader, type_)

    def _rows(self, rows: ListRows) -> str:
        """The rows of a list; the frequent forms are written out, as calls cost more than they do."""
        match rows:
            case ColumnRows(start, stop):
                return f"(sorted(zip(*row[{start}:{stop}])) if row[{start}] is not None else ())"
            case SubscriptRows(table, slots):
                elements = ", ".join(f"row[{slot}][key - 1]" for slot in reversed(slots))
                there = " and ".join(f"key <= len(row[{slot}]) and row[{slot}][key - 1] is not None" for slot in slots)
                given = " and ".join(f"row[{slot}] is not None" for slot in slots)
                members = f"reading.members[{table}].items() if {given} else ()"
                return f"[(*own, {elements}) for key, own in ({members}) if {there}]"
        return f"{self._constant(rows)}(row, reading)"

    def _completed(self, reader: Reader, type_: GraphQLOutputType) -> str:
        """What a reader of another kind gives, completed by its value."""
        give, finish, of = self._constant(reader), self._constant(assembled), self._constant(type_)
        return f"{finish}({give}(row, reading), {of})"

    def _scalar(self, slot: int, type_: GraphQLOutputType, indent: str) -> str:
        named, needed = get_nullable_type(type_), is_non_null_type(type_)
        if not isinstance(named, GraphQLScalarType):
            return self._completed(Scalar(slot), type_)
        value = self._value(slot, needed, indent)
        guard = "" if needed else f"{value} is not None and "
        if named is GraphQLInt:
            self._refuse(f"{guard}not ({value}.__class__ is int and {LOWEST} <= {value} <= {HIGHEST})", indent)
            return value
        if named is GraphQLFloat:
            # JSON has no difference between 5 and 5.0, and no infinity.
            self._refuse(f"{guard}{value} - {value} != 0", indent)
            return f"float({value})" if needed else f"(None if {value} is None else float({value}))"
        coerce = self._constant(named.coerce_output_value)
        if named is GraphQLString:
            return f"({value} if {value}.__class__ is str{'' if needed else f' or {value} is None'} else {coerce}({value}))"
        return f"{coerce}({value})" if needed else f"(None if {value} is None else {coerce}({value}))"

    def _decimal(self, slot: int, places: int, type_: GraphQLOutputType, indent: str) -> str:
        needed = is_non_null_type(type_)
        value, text = self._value(slot, needed, indent), self._constant(decimal_text)
        return f"{text}({value}, {places})" if needed else f"(None if {value} is None else {text}({value}, {places}))"

    def _enumerated(self, slot: int, members: Any, type_: GraphQLOutputType, indent: str) -> str:
        if not is_enum_type(get_nullable_type(type_)):
            return self._completed(Enumerated(slot, members), type_)
        needed = is_non_null_type(type_)
        value = self._value(slot, needed, indent)
        guard = "" if needed else f"{value} is not None and "
        self._refuse(f"{guard}{value} not in {self._constant(frozenset(members))}", indent)
        return value

    def _where_present(self, shape: Shape, slot: int, optional: bool, indent: str) -> str:  # noqa: FBT001
        if not optional:
            self._refuse(f"not row[{slot}]", indent)
            return self._object(shape, indent)
        variable = self._variable()
        self._write(f"{variable} = None", indent)
        self._write(f"if row[{slot}]:", indent)
        deeper = indent + "    "
        self._write(f"{variable} = {self._object(shape, deeper)}", deeper)
        return variable

    def _value(self, slot: int, needed: bool, indent: str) -> str:  # noqa: FBT001
        """A variable with the value of a slot; refused if it is null and must not be."""
        variable = self._variable()
        self._write(f"{variable} = row[{slot}]", indent)
        if needed:
            self._refuse(f"{variable} is None", indent)
        return variable

    def _refuse(self, condition: str, indent: str) -> None:
        self._write(f"if {condition}: raise Irregular", indent)

    def _write(self, line: str, indent: str) -> None:
        self.lines.append(indent + line)

    def _variable(self) -> str:
        self._variables += 1
        return f"v{self._variables}"

    def _constant(self, value: Any) -> str:
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name
