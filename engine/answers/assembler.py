"""Answers assembled from rows by functions that are generated for their layouts.

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

from engine.answers.generated import Irregular, Text
from engine.answers.pages import Paged, PageRows, page_of
from engine.answers.records import (
    ColumnRows,
    Constant,
    Decimal,
    Enumerated,
    Identified,
    JsonRows,
    Layout,
    Listed,
    ListRows,
    MemberRows,
    Reader,
    Reading,
    Record,
    SameRow,
    Scalar,
    SubscriptRows,
    Together,
    WherePresent,
    decimal_texts,
    rows_of,
)
from engine.meanings import global_ids

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
        return assemble(value.layout)(value.values, value.reading)
    if is_leaf_type(nullable):
        return nullable.coerce_output_value(value)
    raise Irregular


def assemble(layout: Layout) -> Assemble:
    """The function that assembles objects of a layout; generated once."""
    if layout.assemble is None:
        layout.assemble = Source().function(layout)
    return layout.assemble


def assemble_all(layout: Layout) -> AssembleAll:
    """The function that assembles the rows of a list: one call for all of them."""
    if layout.assemble_all is None:
        layout.assemble_all = Source().list_function(layout)
    return layout.assemble_all


def has_elements(reader: Reader) -> bool:
    """Whether a reader reads an element of an array, which has a slot below zero."""
    match reader:
        case Scalar(slot) | Decimal(slot) | Enumerated(slot) | Identified(slot):
            return slot < 0
        case SameRow(layout) | WherePresent(layout):
            return any(map(has_elements, layout.readers.values()))
    return False


def is_plain(reader: Reader) -> bool:
    """Whether a reader reads nothing but values of the row: nothing of the request, of small tables or of a page."""
    match reader:
        case SameRow(layout) | WherePresent(layout) | Listed(layout, ColumnRows() | JsonRows()):
            return all(map(is_plain, layout.readers.values()))
    return isinstance(reader, (Constant, *LEAVES))


class Source(Text):
    """The text of one function, written from a layout."""

    def function(self, layout: Layout) -> Assemble:
        """The function for a layout: `row` and `reading` in, a dict out."""
        self._write(f"return {self._object(layout, '    ')}", "    ")
        function: Assemble = self._compiled(layout.typename, "row, reading")
        return function

    def list_function(self, layout: Layout) -> AssembleAll:
        """The function for the rows of a list: `rows` and `reading` in, a list of dicts out."""
        self._write("found = []", "    ")
        self._write("for row in rows:", "    ")
        self._write(f"found.append({self._object(layout, ' ' * 8)})", " " * 8)
        self._write("return found", "    ")
        function: AssembleAll = self._compiled(layout.typename, "rows, reading")
        return function

    def parts_function(self, layout: Layout) -> Callable[[Any, Reading], tuple[Any, ...]]:
        """The function for the fields of a layout alone: `row` and `reading` in, their values out."""
        values = [self._field(reader, layout.types[key], "    ") for key, reader in layout.readers.items()]
        self._write(f"return ({''.join(f'{value}, ' for value in values)})", "    ")
        function: Callable[[Any, Reading], tuple[Any, ...]] = self._compiled(layout.typename, "row, reading")
        return function

    def _object(self, layout: Layout, indent: str) -> str:
        """Write what an object needs; the expression of the object itself."""
        fields = [
            f"{key!r}: {self._field(reader, layout.types[key], indent)}" for key, reader in layout.readers.items()
        ]
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
            case SameRow(layout):
                return self._object(layout, indent)
            case WherePresent(layout, slot, missing):
                optional = missing is None and not is_non_null_type(type_)
                return self._where_present(layout, slot, optional, indent)
            case Listed(layout, MemberRows(table, slot)):
                small = self._small(table)
                made = self._made(small, assemble(layout), is_plain(SameRow(layout)))
                return f"[{made}[key] for key in {small}.among({self._at(slot)})]"
            case Listed(layout, SubscriptRows(table, slots)):
                return self._subscripted(layout, table, slots, indent)
            case Listed(layout, rows):
                return f"{self._constant(assemble_all(layout))}({self._rows(rows)}, reading)"
            case Paged():
                return self._paged(reader, indent)
            case Together(layouts):
                return f"[{', '.join(self._object(layout, indent) for layout in layouts)}]"
        return self._completed(reader, type_)

    def _rows(self, rows: ListRows) -> str:
        """The rows of a list; a frequent form is written out, as a call costs more than it does."""
        match rows:
            case ColumnRows(start, stop):
                given = f"{self._constant(rows_of)}({self.row}[{start}:{stop}])"
                return f"({given} if {self._at(start)} is not None else ())"
            case JsonRows(slot):
                return f"({self._at(slot)} or ())"
            case PageRows():
                return f"{self.row}[0]"
        return f"{self._constant(rows)}({self.row}, reading)"

    def _paged(self, paged: Paged, indent: str) -> str:
        """A connection: what it is read from, its page, is made first. A page that is a list has its rows alone."""
        rows, size = self._rows(paged.rows), self._once(f"{self._constant(paged.paging.size_at)}(reading.request)")
        if paged.is_list:
            page = f"({rows}[:{size}]{'[::-1]' if paged.paging.backward else ''},)"
        else:
            total = None if paged.total is None else self._at(paged.total)
            page = f"{self._constant(page_of)}({self._constant(paged.paging)}, {rows}, {total}, {size})"
        with self._reading_from(self._assigned(page, indent)):
            return self._object(paged.layout, indent)

    def _subscripted(self, layout: Layout, table: int, slots: Sequence[int], indent: str) -> str:
        """The list of a small table's rows for which arrays have elements; what has none of these in it is made once."""
        small, found, deeper = self._small(table), self._variable(), indent + "    "
        key, own = self._variable(), self._variable()
        arrays = [self._assigned(self._at(slot), indent) for slot in slots]
        lengths = ", ".join(f"len({array})" for array in arrays)
        self._write(f"{found} = []", indent)
        self._write(f"if {' and '.join(f'{array} is not None' for array in arrays)}:", indent)
        self._write(f"for {key} in {small}.within({f'min({lengths})' if len(arrays) > 1 else lengths}):", deeper)
        inside = deeper + "    "
        elements = [self._assigned(f"{array}[{key} - 1]", inside) for array in arrays]
        self._write(f"if {' and '.join(f'{element} is not None' for element in elements)}:", inside)
        with self._reading_from(own, elements):
            each = self._member(layout, small, key, inside + "    ")
        self._write(f"{found}.append({each})", inside + "    ")
        return found

    def _member(self, layout: Layout, small: str, key: str, indent: str) -> str:
        """A small table's row with elements beside it; `row` is read only by what has elements in it."""
        alone = [name for name, reader in layout.readers.items() if not has_elements(reader)]
        names = {}
        if alone:
            part = Layout(layout.typename, {name: layout.readers[name] for name in alone}, layout.types)
            made = self._made(small, Source().parts_function(part), is_plain(SameRow(part)))
            parts = self._assigned(f"{made}[{key}]", indent)
            names = {name: f"{parts}[{number}]" for number, name in enumerate(alone)}
        if any(has_elements(reader) and not isinstance(reader, LEAVES) for reader in layout.readers.values()):
            self._write(f"{self.row} = {small}.rows[{key}]", indent)
        fields = [
            f"{name!r}: {names.get(name) or self._field(reader, layout.types[name], indent)}"
            for name, reader in layout.readers.items()
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
        if named is GraphQLString:
            return self._text(slot, needed, indent)
        value = self._value(slot, needed and named is not GraphQLInt, indent)
        guard = "" if needed else f"{value} is not None and "
        if named is GraphQLInt:
            self._refuse(f"{guard}not ({value}.__class__ is int and {LOWEST} <= {value} <= {HIGHEST})", indent)
            return value
        if named is GraphQLFloat:
            # JSON has no difference between 5 and 5.0, and no infinity.
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

    def _where_present(self, layout: Layout, slot: int, optional: bool, indent: str) -> str:  # noqa: FBT001
        if not optional:
            self._refuse(f"not {self._at(slot)}", indent)
            return self._object(layout, indent)
        variable = self._variable()
        self._write(f"{variable} = None", indent)
        self._write(f"if {self._at(slot)}:", indent)
        deeper = indent + "    "
        self._write(f"{variable} = {self._object(layout, deeper)}", deeper)
        return variable
