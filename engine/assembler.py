"""Answers assembled from rows by functions that are generated for their shapes.

The reference is graphql-core completing the same records; an assembled answer is equal to it. The
generated functions know nothing of null propagation or errors: on anything irregular (a null that
must not be, a number out of GraphQL's range, an object that is missing) they raise Irregular, and
graphql-core completes the operation over the same rows.

Only slots, response keys and constants of the program get into generated text; response keys are
GraphQL names and are written with `repr`.
"""

from collections.abc import Callable, Sequence
from sys import float_info
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
from engine.connections import Paged, page_of
from engine.generated import Irregular, Text
from engine.records import (
    ColumnRows,
    Constant,
    Decimal,
    Enumerated,
    Identified,
    Listed,
    ListRows,
    MemberRows,
    Reader,
    Reading,
    Record,
    SameRow,
    Scalar,
    Shape,
    SubscriptRows,
    Together,
    WherePresent,
    decimal_texts,
    rows_of,
)

Assemble = Callable[[Any, Reading], dict[str, Any]]
AssembleAll = Callable[[Any, Reading], list[dict[str, Any]]]

# GraphQL's Int is a signed number of 32 bits.
LOWEST, HIGHEST = -(2**31), 2**31 - 1
# The numbers of a Float.
LARGEST = float_info.max


# Readers of one slot.
LEAVES = (Scalar, Decimal, Enumerated, Identified)


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


def has_elements(reader: Reader) -> bool:
    """Whether a reader reads an element of an array, which has a slot below zero."""
    match reader:
        case Scalar(slot) | Decimal(slot) | Enumerated(slot) | Identified(slot):
            return slot < 0
        case SameRow(shape) | WherePresent(shape):
            return any(map(has_elements, shape.readers.values()))
    return False


class Source(Text):
    """The text of one function, written from a shape."""

    def function(self, shape: Shape) -> Assemble:
        """The function for a shape: `row` and `reading` in, a dict out."""
        self._write(f"return {self._object(shape, '    ')}", "    ")
        function: Assemble = self._compiled(shape.typename, "row, reading")
        return function

    def list_function(self, shape: Shape) -> AssembleAll:
        """The function for the rows of a list: `rows` and `reading` in, a list of dicts out."""
        self._write("found = []", "    ")
        self._write("for row in rows:", "    ")
        self._write(f"found.append({self._object(shape, ' ' * 8)})", " " * 8)
        self._write("return found", "    ")
        function: AssembleAll = self._compiled(shape.typename, "rows, reading")
        return function

    def parts_function(self, shape: Shape) -> Callable[[Any, Reading], tuple[Any, ...]]:
        """The function for the fields of a shape alone: `row` and `reading` in, their values out."""
        values = [self._field(reader, shape.types[key], "    ") for key, reader in shape.readers.items()]
        self._write(f"return ({''.join(f'{value}, ' for value in values)})", "    ")
        function: Callable[[Any, Reading], tuple[Any, ...]] = self._compiled(shape.typename, "row, reading")
        return function

    def _object(self, shape: Shape, indent: str) -> str:
        """Write what an object needs; the expression of the object itself."""
        fields = [f"{key!r}: {self._field(reader, shape.types[key], indent)}" for key, reader in shape.readers.items()]
        return "{" + ", ".join(fields) + "}"

    def _field(self, reader: Reader, type_: GraphQLOutputType, indent: str) -> str:
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
        return self._objects(reader, type_, indent)

    def _objects(self, reader: Reader, type_: GraphQLOutputType, indent: str) -> str:  # noqa: PLR0911 - a case each
        match reader:
            case SameRow(shape):
                return self._object(shape, indent)
            case WherePresent(shape, slot, missing):
                optional = missing is None and not is_non_null_type(type_)
                return self._where_present(shape, slot, optional, indent)
            case Listed(shape, MemberRows(table, slot)):
                small = self._small(table)
                return f"[{self._made(small, assemble(shape))}[key] for key in {small}.of({self._at(slot)})]"
            case Listed(shape, SubscriptRows(table, slots)):
                return self._subscripted(shape, table, slots, indent)
            case Listed(shape, rows):
                return f"{self._constant(assemble_all(shape))}({self._rows(rows)}, reading)"
            case Paged():
                return self._paged(reader, indent)
            case Together(shapes):
                return f"[{', '.join(self._object(shape, indent) for shape in shapes)}]"
        return self._completed(reader, type_)

    def _rows(self, rows: ListRows) -> str:
        """The rows of a list; a frequent form is written out, as a call costs more than it does."""
        match rows:
            case ColumnRows(start, stop):
                given = f"{self._constant(rows_of)}({self.row}[{start}:{stop}])"
                return f"({given} if {self._at(start)} is not None else ())"
        return f"{self._constant(rows)}({self.row}, reading)"

    def _paged(self, paged: Paged, indent: str) -> str:
        """A connection: what it is read from, its page, is made first."""
        page, size = self._variable(), self._once(f"{self._constant(paged.paging.size_at)}(reading.request)")
        total = None if paged.total is None else self._at(paged.total)
        given = f"{self._constant(paged.paging)}, {self._rows(paged.rows)}, {total}, {size}"
        self._write(f"{page} = {self._constant(page_of)}({given})", indent)
        with self._reading_from(page):
            return self._object(paged.shape, indent)

    def _subscripted(self, shape: Shape, table: int, slots: Sequence[int], indent: str) -> str:
        """The list of a small table's rows for which arrays have elements; what has none of these in it is made once."""
        small, found, deeper = self._small(table), self._variable(), indent + "    "
        arrays = [self._assigned(self._at(slot), indent) for slot in slots]
        lengths = ", ".join(f"len({array})" for array in arrays)
        self._write(f"{found} = []", indent)
        self._write(f"if {' and '.join(f'{array} is not None' for array in arrays)}:", indent)
        self._write(f"for key in {small}.within({f'min({lengths})' if len(arrays) > 1 else lengths}):", deeper)
        inside = deeper + "    "
        elements = [self._assigned(f"{array}[key - 1]", inside) for array in arrays]
        self._write(f"if {' and '.join(f'{element} is not None' for element in elements)}:", inside)
        with self._reading_from("own", elements):
            each = self._member(shape, small, inside + "    ")
        self._write(f"{found}.append({each})", inside + "    ")
        return found

    def _member(self, shape: Shape, small: str, indent: str) -> str:
        """A small table's row with elements beside it."""
        alone = [key for key, reader in shape.readers.items() if not has_elements(reader)]
        names = {}
        if alone:
            part = Shape(shape.typename, {key: shape.readers[key] for key in alone}, shape.types)
            parts = self._assigned(f"{self._made(small, Source().parts_function(part))}[key]", indent)
            names = {key: f"{parts}[{number}]" for number, key in enumerate(alone)}
        if any(has_elements(reader) and not isinstance(reader, LEAVES) for reader in shape.readers.values()):
            self._write(f"own = {small}.rows[key]", indent)
        fields = [
            f"{key!r}: {names.get(key) or self._field(reader, shape.types[key], indent)}"
            for key, reader in shape.readers.items()
        ]
        return "{" + ", ".join(fields) + "}"

    def _completed(self, reader: Reader, type_: GraphQLOutputType) -> str:
        """What a reader of another kind gives, completed by its value."""
        give, finish, of = self._constant(reader), self._constant(assembled), self._constant(type_)
        return f"{finish}({give}({self.row}, reading), {of})"

    def _scalar(self, slot: int, type_: GraphQLOutputType, indent: str) -> str:
        named, needed = get_nullable_type(type_), is_non_null_type(type_)
        if not isinstance(named, GraphQLScalarType):
            return self._completed(Scalar(slot), type_)
        if named is GraphQLInt:
            value = self._value(slot, False, indent)
            guard = "" if needed else f"{value} is not None and "
            self._refuse(f"{guard}not ({value}.__class__ is int and {LOWEST} <= {value} <= {HIGHEST})", indent)
            return value
        if named is GraphQLString:
            return self._text(slot, needed, indent)
        value = self._value(slot, needed, indent)
        if named is GraphQLFloat:
            # JSON has no difference between 5 and 5.0, and no infinity.
            guard = "" if needed else f"{value} is not None and "
            self._refuse(f"{guard}not {-LARGEST} <= {value} <= {LARGEST}", indent)
            return (
                f"({value} if {value}.__class__ is float{'' if needed else f' or {value} is None'} else float({value}))"
            )
        coerce = self._constant(named.coerce_output_value)
        return f"{coerce}({value})" if needed else f"(None if {value} is None else {coerce}({value}))"

    def _text(self, slot: int, needed: bool, indent: str) -> str:  # noqa: FBT001
        """A text: nearly always it is one as it is, which one comparison tells."""
        value = self._value(slot, False, indent)
        self._write(f"if {value}.__class__ is not str{'' if needed else f' and {value} is not None'}:", indent)
        deeper = indent + "    "
        if needed:
            self._refuse(f"{value} is None", deeper)
        self._write(f"{value} = {self._constant(GraphQLString.coerce_output_value)}({value})", deeper)
        return value

    def _decimal(self, slot: int, places: int, type_: GraphQLOutputType, indent: str) -> str:
        needed = is_non_null_type(type_)
        value, texts = self._value(slot, needed, indent), self._constant(decimal_texts(places))
        return f"{texts}[{value}]" if needed else f"(None if {value} is None else {texts}[{value}])"

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
            self._refuse(f"not {self._at(slot)}", indent)
            return self._object(shape, indent)
        variable = self._variable()
        self._write(f"{variable} = None", indent)
        self._write(f"if {self._at(slot)}:", indent)
        deeper = indent + "    "
        self._write(f"{variable} = {self._object(shape, deeper)}", deeper)
        return variable
