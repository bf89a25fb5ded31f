"""Operations drawn from the portal's schema: first what is asked, in `disguises` how it is written.

What is asked is a tree of fields with the keys and arguments that they have in the answer. So it
is known what the answer must look like, however the operation is written.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLString,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
)

from engine.executor import Caller
from tests.engine.pools import UNFITTING, Pools

TYPENAME = GraphQLField(GraphQLString)
NODE_TYPES = (
    "Organization",
    "Questionnaire",
    "Submission",
    "Review",
    "AuditEvent",
    "Application",
    "Service",
    "Sphere",
    "Category",
    "Criterion",
    "Area",
)
# What gateways ask once, and graphql-core answers.
NEVER_ASKED = {"_service"}

# Of these inputs exactly one field is given; Strawberry alone knows that.
ONE_OF = {"OrganizationRef"}

# How many objects a list has about, where it is not the usual few.
LENGTHS = {
    "Query.spheres": 16,
    "Query.areas": 10,
    "Sphere.categories": 8,
    "Area.boundary": 30,
    "Organization.breakdown": 30,
    "Summary.breakdown": 30,
}
USUAL_LENGTH = 5
# How many objects of the deepest lists an answer has at most, about.
BUDGET = 60
DEPTH = 7
# The only field that leads to Floats is drawn as often as so many others.
OFTEN = {"Organization.location": 5}
# What an edition tells, which is a slice by itself.
TOLD_BY_EDITIONS = {"Organization.rating", "Organization.rank", "Query.ranking"}
# What fits only some of the organizations that an operation may come upon.
FITS_FEW = {"Organization.qrCode.service"}
# Ids that must be of one type, by the argument.
IDS_OF = {"survey": "Questionnaire"}
# Lists that must name something.
NEVER_EMPTY = {"by", "rules", "reasons"}
CHANCE_TO_DARE = 0.15
# The last values of Dimension are intervals, of which a breakdown takes one.
INTERVALS = 5


class Name(str):
    """A member of an enumeration: written without quotes."""

    __slots__ = ()


@dataclass(frozen=True, eq=False)
class Field:
    """A field that is asked for; `on` is the type it belongs to below an interface."""

    name: str
    key: str
    parent: str
    type_: GraphQLOutputType
    definitions: Mapping[str, GraphQLArgument]
    arguments: Mapping[str, Any]
    below: Sequence["Field"] = ()
    on: str | None = None

    @property
    def identity(self) -> str:
        """What it is called in the schema."""
        return f"{self.parent}.{self.name}"

    def chains(self) -> Iterator[tuple["Field", ...]]:
        """All ways from here down to a leaf."""
        if not self.below:
            yield (self,)
        for child in self.below:
            yield from ((self, *rest) for rest in child.chains())


@dataclass(frozen=True)
class Operation:
    """What somebody asks; a daring one may be refused, and an unlimited one for the number of its rows."""

    fields: Sequence[Field]
    caller: Caller
    daring: bool
    unlimited: bool


@dataclass
class Asking:
    """Draws what is asked: about `size` fields."""

    random: Random
    schema: GraphQLSchema
    pools: Pools
    size: int
    caller: Caller = field(init=False)
    daring: bool = field(init=False)
    unlimited: bool = field(init=False, default=False)
    left: int = field(init=False)

    def operation(self) -> Operation:
        """Some root fields of some caller."""
        self.caller = self.random.choice(self.pools.callers)
        self.daring = self._may(CHANCE_TO_DARE)
        self.unlimited = False
        self.left = self.size
        assert self.schema.query_type
        fields = self._fields(self.schema.query_type, BUDGET, DEPTH, set())
        return Operation(fields, self.caller, self.daring, self.unlimited)

    def field_of(self, type_: GraphQLObjectType, name: str, caller: Caller) -> Field:
        """A field with arguments that fit, and nothing below it."""
        self.caller, self.daring = caller, False
        definition = type_.fields[name]
        arguments = self._arguments(type_, name, definition, USUAL_LENGTH)
        return Field(name, name, type_.name, definition.type, definition.args, arguments)

    def _may(self, chance: float) -> bool:
        return self.random.random() < chance

    def _fields(self, type_: GraphQLNamedType, budget: int, depth: int, used: set[str]) -> list[Field]:
        """Some fields of an object, with other response keys than those that are used already."""
        if isinstance(type_, (GraphQLInterfaceType, GraphQLUnionType)):
            return self._fields_of_some(type_, budget, depth)
        assert isinstance(type_, GraphQLObjectType)
        fitting = (name for name in type_.fields if self._fits(type_, name, budget, depth))
        names = [name for name in fitting for _ in range(OFTEN.get(f"{type_.name}.{name}", 1))]
        number = min(self.random.choice([1, 2, 3, 4, 7]), max(self.left, 1))
        self.left -= number
        found = []
        for name in [self.random.choice(names or ["__typename"]) for _ in range(number)]:
            key = self._key(name, used)
            is_typename = name == "__typename" or self._may(0.1)
            found.append(self._typename(key) if is_typename else self._field(type_, name, key, budget, depth))
        return found

    def _fields_of_some(self, type_: GraphQLInterfaceType | GraphQLUnionType, budget: int, depth: int) -> list[Field]:
        """What an interface has, and what some of its types have, or a union's; the type's name comes first."""
        used: set[str] = set()
        found = [self._typename(self._key("__typename", used))]
        names: Sequence[str] = NODE_TYPES
        if isinstance(type_, GraphQLUnionType):
            names = [each.name for each in type_.types]
        else:
            found.append(Field("id", self._key("id", used), type_.name, type_.fields["id"].type, {}, {}))
        for name in self.random.sample(names, self.random.randint(0, min(len(names), 5))):
            concrete = self.schema.type_map[name]
            assert isinstance(concrete, GraphQLObjectType)
            key = self.random.choice([each for each in ("id", "code") if each in concrete.fields])
            found.append(Field(key, self._key(key, used), name, concrete.fields[key].type, {}, {}, on=name))
            found += [replace(each, on=name) for each in self._fields(concrete, budget, depth, used)]
        return found

    def _typename(self, key: str) -> Field:
        return Field("__typename", key, "", TYPENAME.type, {}, {})

    def _key(self, name: str, used: set[str]) -> str:
        """The name itself, or an alias: a new one, or the name of something else."""
        other = self.random.choice(["a", "name", "code", "id", "_", "nodes"])
        key = other if self._may(0.2) else name
        while key in used:
            key += str(self.random.randint(0, 9))
        used.add(key)
        return key

    def _fits(self, type_: GraphQLObjectType, name: str, budget: int, depth: int) -> bool:
        if name in NEVER_ASKED:
            return False
        named = get_named_type(type_.fields[name].type)
        if is_leaf_type(named):
            return LENGTHS.get(f"{type_.name}.{name}", 1) <= budget
        return depth > 1 and _length(type_, name) <= budget

    def _field(self, type_: GraphQLObjectType, name: str, key: str, budget: int, depth: int) -> Field:
        definition = type_.fields[name]
        named = get_named_type(definition.type)
        arguments = self._arguments(type_, name, definition, budget)
        length = max(_asked(arguments), 1) if _is_paged(definition) else _length(type_, name)
        left = budget // length
        below = () if is_leaf_type(named) else self._fields(named, left, depth - 1, set())
        return Field(name, key, type_.name, definition.type, definition.args, arguments, below)

    def _arguments(self, type_: GraphQLObjectType, name: str, definition: GraphQLField, budget: int) -> dict[str, Any]:
        identity = f"{type_.name}.{name}"
        if identity == "Query.area":
            one = self.random.choice(["code", "at"])
            return {one: self._value(definition.args[one].type, f"{identity}.{one}", one)}
        found = {
            each: self._given(argument.type, f"{identity}.{each}", each)
            for each, argument in definition.args.items()
            if each not in PAGING
            and (self.daring or f"{identity}.{each}" not in FITS_FEW)
            and self._gives(each, required=is_required_argument(argument))
        }
        if not self.daring:
            _fit_edition(identity, found)
            _fit_interval(identity, found)
        _fit_order(found)
        if _is_paged(definition):
            found |= self._page(identity, found, "last" in definition.args, budget)
        return found

    def _gives(self, name: str, *, required: bool) -> bool:
        return required or name == "limit" or self._may(0.3)

    def _given(self, type_: Any, identity: str, name: str) -> Any:
        """A value, or null where that stands for none; a limit is given, as null stands for the largest."""
        if not is_non_null_type(type_) and self._may(0.15) and (name != "limit" or self.daring):
            self.unlimited |= name == "limit"
            return None
        return self._value(get_nullable_type(type_), identity, name)

    def _value(self, type_: Any, identity: str, name: str) -> Any:  # noqa: PLR0911 - a case each
        type_ = get_nullable_type(type_)
        if is_list_type(type_):
            if name == "by" and not self.daring:
                return self._dimensions(type_)
            if name == "representations" and not self.daring:
                return self._representations()
            sizes = [1, 1, 2, 3] if name in NEVER_EMPTY else [0, 1, 1, 2, 4]
            return [self._value(type_.of_type, identity, name) for _ in range(self.random.choice(sizes))]
        if isinstance(type_, GraphQLEnumType):
            return Name(self.random.choice(list(type_.values)))
        if is_input_object_type(type_):
            return self._object(type_)
        if type_.name == "Boolean":
            return self._may(0.5)
        if self.daring and self._may(0.3):
            return self.random.choice(UNFITTING[type_.name])
        if type_.name == "_Any":
            return self.random.choice(self.pools.representations)
        if type_.name == "ID":
            one_type = "Organization" if identity.startswith("OrganizationRef") else IDS_OF.get(name)
            return self.random.choice(self.pools.ids[one_type] if one_type else self.pools.all_ids)
        return self.random.choice(self.pools.fitting(identity, name) or UNFITTING[type_.name])

    def _representations(self) -> list[dict[str, str]]:
        """Some of all kinds, or of one kind, which are looked up together."""
        every = self.pools.representations
        one = self.random.choice(every)
        alike = [each for each in every if each["__typename"] == one["__typename"] and each.keys() == one.keys()]
        return self.random.choices(alike if self._may(0.5) else every, k=self.random.choice([0, 1, 2, 4]))

    def _dimensions(self, type_: Any) -> list[Name]:
        """One to three, each once, and one interval at most."""
        names = list(get_named_type(type_).values)
        others, intervals = names[:-INTERVALS], names[-INTERVALS:]
        chosen = self.random.sample(others, self.random.choice([1, 1, 2])) + self.random.sample(
            intervals, self._may(0.5)
        )
        self.random.shuffle(chosen)
        return [Name(each) for each in chosen]

    def _object(self, type_: GraphQLInputObjectType) -> dict[str, Any]:
        if type_.name in ONE_OF:
            one = self.random.choice(list(type_.fields))
            return {one: self._value(type_.fields[one].type, f"{type_.name}.{one}", one)}
        chosen = {
            name: self._given(each.type, f"{type_.name}.{name}", name)
            for name, each in type_.fields.items()
            if self._takes(name, each)
        }
        if chosen.get("subordinateTo") is None and not self.daring:
            chosen.pop("maxDepth", None)
        return chosen

    def _takes(self, name: str, each: GraphQLInputField) -> bool:
        return is_required_input_field(each) or self._may(0.15)

    def _page(self, identity: str, others: Mapping[str, Any], both_ways: bool, budget: int) -> dict[str, Any]:
        """A page that is not too large, after or before a real cursor where there is one."""
        backward = both_ways and self._may(0.3)
        size = self.random.randint(0 if self._may(0.1) else 1, max(1, min(budget, 5)))
        page: dict[str, Any] = {"last" if backward else "first": size}
        known = self._cursors(identity, others)
        if known and self._may(0.5):
            page["before" if backward else "after"] = self.random.choice(known)
        if self.daring and self._may(0.3):
            name = self.random.choice([each for each in PAGING if both_ways or each in {"first", "after"}])
            page[name] = self.random.choice(UNFITTING["Int" if name in {"first", "last"} else "String"])
        return page

    def _cursors(self, identity: str, others: Mapping[str, Any]) -> Sequence[str]:
        # An order that is null stands for no default, so the list is another one.
        if set(others) - {"orderBy"} or others.get("orderBy", "") is None:
            return ()
        return self.pools.cursors.get((identity, others.get("orderBy"), self.caller.shape), ())


PAGING = ("first", "after", "last", "before")


def _is_paged(definition: GraphQLField) -> bool:
    return "after" in definition.args


def _asked(arguments: Mapping[str, Any]) -> int:
    """How many rows a page is asked for at most; nonsense is refused, and has none."""
    return max((size for name in ("first", "last") if 0 <= (size := arguments.get(name) or 0) <= 100), default=0)


def _length(type_: GraphQLObjectType, name: str) -> int:
    """How many objects a field stands for, about."""
    definition = type_.fields[name]
    is_list = is_list_type(get_nullable_type(definition.type)) and not type_.name.endswith("Connection")
    return LENGTHS.get(f"{type_.name}.{name}", USUAL_LENGTH if is_list else 1)


def _fit_order(arguments: dict[str, Any]) -> None:
    """Leave out an order whose filter, or earlier date, is not there."""
    filter_ = arguments.get("filter") or {}
    order = arguments.get("orderBy")
    lacks = {"DISTANCE": "near", "RELEVANCE": "text"}.get(str(order))
    compares = order in {"CHANGE_DESC", "CHANGE_ASC"} and arguments.get("comparedTo") is None
    begins = order not in {"RANK_CHANGE_DESC", "RANK_CHANGE_ASC"} or (arguments.get("slice") or {}).get("from")
    if compares or not begins or (lacks and filter_.get(lacks) is None):
        del arguments["orderBy"]


def _fit_interval(identity: str, arguments: dict[str, Any]) -> None:
    """Let days be told of a year: a history has so many points at most."""
    if arguments.get("interval") != "DAY":
        return
    if identity == "Organization.history":
        arguments["slice"] = {**(arguments.get("slice") or {}), "from": "2025-06-01", "to": "2026-05-31"}
    else:
        arguments["interval"] = Name("WEEK")


def _fit_edition(identity: str, arguments: dict[str, Any]) -> None:
    """Let an edition be asked for what it tells, and then alone."""
    slice_ = arguments.get("slice") or {}
    if slice_.get("edition") is None:
        return
    if identity in TOLD_BY_EDITIONS:
        arguments["slice"] = {"edition": slice_["edition"]}
        for name in ("among", "minRaters", "comparedTo"):
            arguments.pop(name, None)
    else:
        del slice_["edition"]
