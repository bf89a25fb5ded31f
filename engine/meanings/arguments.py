"""A field's arguments as SQL sees them: shaped once, bound at every request.

What decides over the SQL text is a plain Python value here: whether an optional input is there,
enum members, booleans. Every other value is an `Argument`: a promise of a bind parameter, whose
value is taken from each request anew and may be derived (an id decoded, a cursor read). So no
text or value of a client ever becomes SQL text. A function may ask whether something is true of a
value (`Argument.holds`): then the plan is for such values alone, and still binds them.
"""

import enum
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ARRAY, BigInteger, Boolean, Date, DateTime, Double, Text, bindparam
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.types import TypeEngine
from strawberry.utils.str_converters import to_camel_case

from engine.errors import ArgumentError
from engine.meanings.decisions import Decisions
from engine.meanings.requests import Occurrence, Request

Made = TypeVar("Made")

# What no text of PostgreSQL can hold: NUL and lone surrogates.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")

SQL_TYPES: dict[type, TypeEngine[Any]] = {
    str: Text(),
    int: BigInteger(),
    float: Double(),
    bool: Boolean(),
    date: Date(),
    datetime: DateTime(timezone=True),
}


class Argument:
    """A value of each request: usable in SQL expressions wherever a column is.

    Its SQL type is that of the value it was planned with; `map` derives another one, and may
    refuse the value by raising.
    """

    def __init__(
        self,
        value: Callable[[Request], Any],
        name: str,
        binds: "dict[str, Argument]",
        type_: TypeEngine[Any] | None = None,
        decisions: Decisions | None = None,
    ) -> None:
        self.value = value
        self.name = name
        self.binds = binds
        self.type_ = type_
        self.decisions = decisions
        self._bind: BindParameter[Any] | None = None

    def map(self, derive: Callable[[Any], Any], type_: TypeEngine[Any] | None = None) -> "Argument":
        """Another argument, derived from this one's value at every request."""
        value = self.value
        return self.derived(lambda request: derive(value(request)), type_ or self.type_)

    def derived(self, value: Callable[[Request], Any], type_: TypeEngine[Any] | None = None) -> "Argument":
        """Another argument under the same name, from whatever a request holds."""
        return Argument(value, self.name, self.binds, type_, self.decisions)

    def holds(self, test: Callable[[Any], bool]) -> bool:
        """Whether something is true of the value, which then decides over the SQL text as a boolean does.

        What is made of False has to be right for every value: it is the answer, too, where a plan
        depends on enough already, where it cannot depend on values, and where the value is refused.
        `test` is a function of a module, the same at every request.
        """
        return self.decisions is not None and self.decisions.holds(self.value, test)

    def __clause_element__(self) -> BindParameter[Any]:
        """The bind parameter; SQLAlchemy asks for it wherever it meets an argument."""
        if self._bind is None:
            name = f"a{len(self.binds)}"
            self.binds[name] = self
            self._bind = bindparam(name, type_=self.type_, required=False)
        return self._bind

    @property
    def sql(self) -> BindParameter[Any]:
        """The bind parameter, for places that want to call SQL operators on it."""
        return self.__clause_element__()


@dataclass
class Inputs:
    """Access by attribute to the shaped values of an input object or of a field's arguments.

    Attributes are in snake case; a trailing underscore avoids Python's keywords, and the names that are taken here: `map`,
    `holds` and `name`, and those of `Arguments`. What the client left out, or gave as null, is None.
    """

    _values: Mapping[str, Any]
    _path: tuple[str, ...]
    _shaper: "Shaper"

    def __getattr__(self, attribute: str) -> Any:
        name = to_camel_case(attribute.rstrip("_"))
        return self._shaper.shaped(self._values.get(name), (*self._path, name))

    def map(self, derive: Callable[[Any], Any], type_: TypeEngine[Any] | None = None) -> Argument:
        """An argument derived from the whole input object, a mapping by GraphQL names."""
        return self._shaper.argument(self._path, None).map(derive, type_)

    def holds(self, test: Callable[[Any], bool]) -> bool:
        """Whether something is true of the whole input object: see `Argument.holds`."""
        return self._shaper.argument(self._path, None).holds(test)

    @property
    def name(self) -> str:
        """The dotted path of the input object, for messages."""
        return ".".join(self._path)


class Arguments(Inputs):
    """The arguments of one field, and what the caller shares with all fields."""

    @property
    def shape(self) -> Any:
        """What of the caller decides over SQL text."""
        return self._shaper.request.shape

    @property
    def outer(self) -> "Arguments":
        """The arguments of the field around this one: what a part asks of its whole."""
        assert self._shaper.outer is not None
        return self._shaper.outer

    def once(self, make: "Callable[[Arguments], Made]") -> Made:
        """What a function makes of these arguments, made at its first call: a part that several fields read."""
        parts = self._shaper.made
        if make not in parts:
            parts[make] = make(self)
        made: Made = parts[make]
        return made

    def shared(self, name: str, type_: TypeEngine[Any]) -> Argument:
        """A value of the caller, such as who it is."""
        return Argument(lambda request: request.shared[name], name, self._shaper.binds, type_)

    def identity(self, leave_out: frozenset[str]) -> Callable[[Request], str]:
        """At each request, the text of all arguments but some: what makes a list this list."""
        occurrence = self._shaper.occurrence
        return lambda request: request.identity(occurrence, leave_out)


@dataclass
class Shaper:
    """Makes the arguments of one occurrence of a field, collecting the binds of a statement."""

    occurrence: Occurrence
    request: Request
    binds: dict[str, Argument]
    outer: Arguments | None = None
    decisions: Decisions | None = None
    made: dict[Any, Any] = field(default_factory=dict)

    def arguments(self) -> Arguments:
        """All arguments of the field."""
        return Arguments(self.request.arguments(self.occurrence), (), self)

    def shaped(self, value: Any, path: tuple[str, ...]) -> Any:
        """The value itself where it belongs to the shape, an `Argument` where it does not."""
        if value is None or isinstance(value, (bool, enum.Enum)):
            return value
        if isinstance(value, Mapping):
            return Inputs(value, path, self)
        if isinstance(value, list):
            if value and isinstance(value[0], enum.Enum):
                return tuple(value)
            # All lists of scalars are lists of strings, or are mapped to what has a type of its own.
            return self.argument(path, ARRAY(Text()))
        return self.argument(path, SQL_TYPES.get(type(value)))

    def argument(self, path: tuple[str, ...], type_: TypeEngine[Any] | None) -> Argument:
        """The value at a path of the field's arguments, at each request."""
        occurrence = self.occurrence

        def value(request: Request) -> Any:
            found: Any = request.arguments(occurrence)
            for name in path:
                found = found[name]
            return storable(found, ".".join(path))

        return Argument(value, ".".join(path), self.binds, type_, self.decisions)


def storable(value: Any, name: str) -> Any:
    """The value, unless it is a text that PostgreSQL cannot hold, or a list with such a one."""
    texts = value if isinstance(value, list) else (value,)
    for text in texts:
        if text.__class__ is str and not (text.isascii() and "\0" not in text) and UNSTORABLE.search(text):
            raise ArgumentError(name, "must not have NUL characters or lone surrogates")
    return value
