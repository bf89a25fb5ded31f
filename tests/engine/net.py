"""The net that holds answers: assembled equal to completed, and both to what the operation asks.

Two ways over the same rows cannot show what is wrong with the rows. So each field is also asked
for alone, and what its arguments promise is looked for in the answer.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import orjson
from graphql import (
    ExecutionResult,
    GraphQLEnumType,
    GraphQLError,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    print_ast,
)
from graphql.execution.values import get_variable_values

from engine.answers.generated import Irregular
from engine.documents.document import Document
from engine.documents.documents import Documents
from engine.documents.forms import form_of
from engine.documents.invalid import InvalidDocument
from engine.documents.likenesses import Likeness
from engine.documents.limits import Limits
from engine.executor import Caller, Executor
from engine.meanings.requests import Request
from engine.plans.operations import Asked
from engine.plans.queries import Root
from models.database import Database
from models.errors import ErrorCode, InputError
from schema.callers import CallerShape
from schema.schema import ENTITIES, executable
from tests.engine.disguises import Disguise, plain
from tests.engine.operations import NODE_TYPES, Asking, Field, Name, Operation
from tests.engine.pools import Pools
from tests.engine.rewordings import (
    ELSEWHERE,
    OTHERWISE,
    keyed_as_before,
    with_other_keys,
    with_other_leaves,
    with_other_texts,
)
from tests.engine.variations import Spoiling, varied
from transport import answers

# What may be refused of operations that are valid; whoever dares may be refused in other ways too.
EXPECTED = {"NOT_FOUND"}
DARED = {"BAD_USER_INPUT", "NOT_FOUND"}
# What may be refused of some of the organizations that any operation comes upon.
OF_SOME = {"is closed: nobody can rate it"}
ABSENT = "absent"
ABSTRACT = {"Node", "_Entity"}
# Disguises are longer than what a client may send, now and then.
UNLIMITED = Limits(tokens=100_000, depth=100, fields=100_000, root_fields=1_000, aliases=10_000, directives=10_000)
# How often each operation is asked with other values, and over spoiled rows: its plan is there already.
VARIATIONS = 5
# How many of the variables are sent with a document that asks for fewer fields, about.
GIVEN = 0.5
# Of how many nodes of an answer it is asked again what is told of each, under which key its id comes.
BY_THEMSELVES = 3
ITS_ID = "its_id"

# What the values of scalars look like in JSON.
KINDS: Mapping[str, type | tuple[type, ...]] = {
    "Int": int,
    "Float": float,
    "Boolean": bool,
    "GeoJSON": dict,
    "JSON": dict,
}


# Where the real cursors come from, which belong to a list, an order and a caller.
ORDERS = (None, Name("NAME"), Name("RATING_DESC"))
ORDERED = ("Query.organizations", "Organization.children", "Organization.subordinates", "Area.organizations")
UNORDERED = (
    "Query.services",
    "Organization.services",
    "Query.ranking",
    "Query.blindSpots",
    "Query.integrityFindings",
    "Viewer.submissions",
    "Query.submissions",
    "Query.reviews",
    "Query.complaints",
    "Viewer.complaints",
    "Organization.reviews",
    "Query.auditEvents",
)
WAYS = {
    "Query": "{%s}",
    "Organization": '{organization(by: {code: "BY-GOV"}) {%s}}',
    "Area": '{area(code: "BY") {%s}}',
    "Viewer": "{viewer {%s}}",
}


@dataclass(frozen=True)
class Answered:
    """An answer as it goes out; `steps_back` where it was not assembled."""

    data: Any
    errors: Sequence[Mapping[str, Any]]
    steps_back: bool


@dataclass(repr=False)
class Net:
    """The engine over the portal's schema, and all that is held of its answers; `counts` tells how many."""

    database: Database
    pools: Pools = field(repr=False)
    schema: GraphQLSchema = field(default_factory=executable, repr=False)
    counts: Counter[str] = field(default_factory=Counter)

    def __repr__(self) -> str:
        """What hypothesis prints of it where an answer fails: nothing of its pools."""
        return "Net()"

    def __post_init__(self) -> None:
        self.rows = Spoiling(self.database)
        self.executor = Executor(self.schema, ENTITIES, self.rows, (InputError,))
        self.documents = Documents(self.schema, limits=UNLIMITED)
        self.twins = Documents(self.schema, limits=UNLIMITED)

    def read_whole(self, text: str) -> Document:
        """A document that is read in full, and answers for others of its form."""
        return self.documents.whole(text, form_of(text))

    async def collect_cursors(self) -> None:
        """Take cursors from real answers into the pools."""
        lists = [*((name, order) for name in ORDERED for order in ORDERS), *((name, None) for name in UNORDERED)]
        for name, order in lists:
            parent, _, field_name = name.partition(".")
            given = "" if order is None else f"orderBy: {order}"
            page = f"list: {field_name}({given} first: 9) {{ edges {{ cursor }} }}"
            document = self.read_whole(WAYS[parent] % page)
            for caller in self.pools.callers:
                data = (await self.answered(document, None, {}, caller)).data
                (found,) = data.values() if parent != "Query" else [data]
                edges = found["list"]["edges"] if found else []
                self.pools.cursors[name, order, caller.shape] = [edge["cursor"] for edge in edges]

    async def hold(self, random: Random, size: int = 40) -> None:
        """Ask a document of some operations of about a size, and hold each of its answers."""
        asking = Asking(random, self.schema, self.pools, size)
        operations = {f"Q{number}": asking.operation() for number in range(random.choice([1, 1, 2]))}
        disguises = {name: Disguise(random, name) for name in operations}
        text = "\n".join(disguises[name].written(each) for name, each in operations.items())
        document = self.read_whole(text)
        for name, asked in operations.items():
            try:
                await self._hold(document, name, asked, disguises[name].variables, random)
            except BaseException as error:
                error.add_note(f"{name} of {text}\n{disguises[name].variables}\n{asked.caller}")
                raise

    async def _hold(
        self, document: Document, name: str, asked: Operation, variables: dict[str, Any], random: Random
    ) -> None:
        answered = await self.answered(document, name, variables, asked.caller)
        too_many = {"ROW_LIMIT"} if asked.unlimited else set()
        self._hold_errors(answered, too_many | (DARED if asked.daring else EXPECTED))
        if not answered.errors:
            Promises(self.schema, self.pools, asked.caller).hold(asked.fields, answered.data, "Query")
        if answered.data is not None:
            await self._hold_alone(asked, answered, random)
        if not answered.steps_back:
            await self._hold_renamed(document, name, variables, asked.caller, answered.data)
        await self._hold_other_leaves(document, name, variables, asked.caller, random)
        await self._hold_other_texts(document, variables, asked.caller, random)
        if asked.daring:
            too_many = {"ROW_LIMIT"}  # a size that was refused for itself becomes one that is refused with the others
        for _ in range(VARIATIONS):
            others = varied(variables, random, self.pools)
            self._hold_errors(await self.answered(document, name, others, asked.caller), too_many | DARED)
            with self.rows.spoiled(random):
                await self._both(document, name, others, asked.caller)

    async def answered(
        self, document: Document, name: str | None, variables: dict[str, Any], caller: Caller
    ) -> Answered:
        """The answer of an operation, the same in both ways."""
        assembled, reference = await self._both(document, name, variables, caller)
        return Answered(reference.data, shown(reference), steps_back=assembled is None)

    async def _both(
        self, document: Document, name: str | None, variables: dict[str, Any], caller: Caller
    ) -> tuple[Any, ExecutionResult]:
        """An answer assembled and completed: equal where there is no error, else only completed."""
        operation = document.operation(name)
        assert operation is not None
        definitions = document.placed_operation(operation).variable_definitions or ()
        coerced = get_variable_values(self.schema, definitions, variables)
        self.counts["operations"] += 1
        if isinstance(coerced, list):
            return None, ExecutionResult(None, coerced)
        root = Root(Request(coerced, caller.shape, caller.shared), document)
        try:
            await self.executor._run(root, await self.executor.plans.of(Asked(self.schema, root, operation)))
        except InputError as error:
            return None, ExecutionResult(None, [GraphQLError(str(error), original_error=error)])
        reference = await self.executor._reference(root, operation, variables, caller)
        try:
            assembled = root.assembled()
        except Irregular:
            assert reference.errors or _introspects(document), "What is completed without an error is assembled."
            self.counts["stepped back"] += 1
            return None, reference
        assert not reference.errors
        assert orjson.dumps(assembled) == orjson.dumps(reference.data)
        self.counts["compared"] += 1
        return assembled, reference

    async def _hold_renamed(
        self, document: Document, name: str | None, variables: dict[str, Any], caller: Caller, answer: Any
    ) -> None:
        """A new document with other keys, which can borrow the plan, has the same answer under them; so has its likeness."""
        text = with_other_keys(document)
        for added in (OTHERWISE, ELSEWHERE):
            twin = self.twins.read(text.replace(OTHERWISE, added))
            operation = twin.operation(name)
            assert operation is not None
            result = await self.executor.execute(twin, operation, variables, caller)
            assert not result.errors
            assert orjson.dumps(keyed_as_before(result.data, added)) == orjson.dumps(answer)
            self.counts["alike"] += isinstance(twin, Likeness)

    async def _hold_other_leaves(
        self, document: Document, name: str | None, variables: dict[str, Any], caller: Caller, random: Random
    ) -> None:
        """A new document that asks for some of the fields, in another order, has the same answer by a plan that it borrows as by its own.

        So it has with fewer variables, which make arguments of other shapes.
        """
        given = {key: value for key, value in variables.items() if random.random() < GIVEN}
        try:
            other = self.twins.whole(with_other_leaves(document, random))
        except InvalidDocument:  # a variable that nothing uses any more
            return
        operation = other.operation(name)
        assert operation is not None
        before = self.executor.completions["borrowed"]
        found = await self.executor.execute(other, operation, given, caller)
        expected = await self.answered(other, name, given, caller)
        assert orjson.dumps([found.data, shown(found)]) == orjson.dumps([expected.data, expected.errors])
        self.counts["other leaves"] += self.executor.completions["borrowed"] - before

    async def _hold_other_texts(
        self, document: Document, variables: dict[str, Any], caller: Caller, random: Random
    ) -> None:
        """A document with other texts in it that is known by its form has the answer, and the cost, of one that is read in full."""
        try:
            alike = self.documents.read(with_other_texts(document.source, random, self.pools))
        except InvalidDocument:
            return
        if not isinstance(alike, Likeness):
            return
        whole, given = alike.whole(), alike.given(variables)
        one, other = alike.operation(None), whole.operation(None)
        assert one is not None
        assert other is not None
        assert alike.cost(one, given) == whole.cost(other, variables)
        found = await self.executor.execute(alike, one, given, caller)
        expected = await self.executor.execute(whole, other, variables, caller)
        assert orjson.dumps([found.data, shown(found)]) == orjson.dumps([expected.data, shown(expected)])
        self.counts["other texts"] += 1

    def _hold_errors(self, answered: Answered, expected: set[str]) -> None:
        told = [error["extensions"] for error in answered.errors]
        codes = {each["code"] for each in told if each.get("reason") not in OF_SOME}
        assert codes <= expected, answered.errors
        self.counts.update(codes)

    async def _hold_alone(self, asked: Operation, answered: Answered, random: Random) -> None:
        """One way down to a leaf, asked for alone and plainly, has the same answer or refusal."""
        chain = random.choice([chain for each in asked.fields for chain in each.chains()])
        document = self.read_whole(plain(chain))
        alone = await self.answered(document, None, {}, asked.caller)
        await self._hold_other_texts(document, {}, asked.caller, random)
        key = chain[0].key
        refusals = [error["message"] for error in answered.errors if error.get("path", [key])[0] == key]
        if alone.errors:
            # A root field of which several things are refused tells the first that it meets.
            assert refusals, alone.errors
        elif not refusals:
            there = along(answered.data, [each.key for each in chain])
            assert along(alone.data, [each.name for each in chain]) == there
        await self._hold_by_itself(chain, asked.caller, random)
        elsewhere = await self._with_less(chain, asked.caller, random)
        again = await self._new(plain(chain) + "\n", asked.caller)
        assert (again.data, shown(again)) == (alone.data, alone.errors), elsewhere

    async def _hold_by_itself(self, chain: Sequence[Field], caller: Caller, random: Random) -> None:
        """What is told of a node among others is told of it alone: a row of one must not get into another."""
        places = [place for place, each in enumerate(chain[:-1]) if str(get_named_type(each.type_)) in NODE_TYPES]
        if not places:
            return
        place = random.choice(places)
        type_, rest = get_named_type(chain[place].type_), plain(chain[place + 1 :])
        document = self.read_whole(plain(chain[: place + 1], f" {{ {ITS_ID}: id ...{rest} }}"))
        answered = await self.answered(document, None, {}, caller)
        if (
            answered.data is None or answered.errors
        ):  # of a node that is refused something nothing is told alone, either
            return
        among = list(objects(along(answered.data, [each.name for each in chain[: place + 1]])))
        for each in random.sample(among, min(len(among), BY_THEMSELVES)):
            of_it = f'{{ node(id: "{each.pop(ITS_ID)}") {{ ... on {type_}{rest} }} }}'
            alone = await self.answered(self.read_whole(of_it), None, {}, caller)
            assert not alone.errors, alone.errors
            assert alone.data["node"] == each, of_it
            self.counts["by themselves"] += 1

    async def _with_less(self, chain: Sequence[Field], caller: Caller, random: Random) -> str:
        """Ask the same way with an argument less, so that there is a plan that nobody else may borrow."""
        optional = [
            (place, name)
            for place, each in enumerate(chain)
            for name in each.arguments
            if not is_required_argument(each.definitions[name])
        ]
        if not optional:
            return ""
        place, without = random.choice(optional)
        less = {name: value for name, value in chain[place].arguments.items() if name != without}
        text = plain([*chain[:place], replace(chain[place], arguments=less), *chain[place + 1 :]])
        self._hold_errors(await self.answered(self.read_whole(text), None, {}, caller), {"ROW_LIMIT"} | DARED)
        return text

    async def _new(self, text: str, caller: Caller) -> ExecutionResult:
        """The answer to a document that nobody has asked before."""
        document = self.read_whole(text)
        operation = document.operation(None)
        assert operation is not None
        return await self.executor.execute(document, operation, {}, caller)


def shown(result: ExecutionResult) -> list[dict[str, Any]]:
    """The errors of a result as they go out."""
    return answers.formatted(result.errors or (), ErrorCode.BAD_USER_INPUT, "request")


def _introspects(document: Document) -> bool:
    return "__schema" in (text := print_ast(document.tree)) or "__type(" in text or "_service" in text


def along(data: Any, keys: Sequence[str]) -> Any:
    """What an answer has along response keys, through all lists."""
    if isinstance(data, list):
        return [along(each, keys) for each in data]
    if not keys or not isinstance(data, dict):
        return data
    return along(data.get(keys[0], ABSENT), keys[1:])


def objects(found: Any) -> Iterator[dict[str, Any]]:
    """The objects in lists of lists; there may be null among them."""
    if isinstance(found, list):
        for each in found:
            yield from objects(each)
    elif isinstance(found, dict):
        yield found


@dataclass(frozen=True)
class Promises:
    """What an answer without errors promises by its operation and its schema."""

    schema: GraphQLSchema
    pools: Pools
    caller: Caller

    def hold(self, fields: Sequence[Field], data: Any, typename: str) -> None:
        """Hold an object of the answer, and all below it."""
        if typename in ABSTRACT:
            if typename == "Node":
                self._hold_visible(data[fields[0].key], data[fields[1].key])
            typename = data[fields[0].key]
        applying = [each for each in fields if each.on in (None, typename)]
        assert list(data) == [each.key for each in applying]
        for each in applying:
            self._value(each, each.type_, data[each.key], typename)
            self._argument(each, data[each.key])
        if typename.endswith("Connection"):
            self._hold_whole_pages(fields, data)

    def _value(self, asked: Field, type_: Any, value: Any, typename: str) -> None:
        if is_non_null_type(type_):
            assert value is not None
            type_ = type_.of_type
        if value is None:
            return
        if is_list_type(type_):
            for each in value:
                self._value(asked, type_.of_type, each, typename)
        elif is_leaf_type(type_):
            assert value == typename if asked.name == "__typename" else self._is_of(type_, value)
        else:
            self.hold(asked.below, value, type_.name)

    def _is_of(self, type_: Any, value: Any) -> bool:
        if isinstance(type_, GraphQLEnumType):
            return value in type_.values
        return isinstance(value, KINDS.get(type_.name, str))

    def _hold_visible(self, typename: str, id_: str) -> None:
        assert typename in NODE_TYPES
        if typename in {"Submission", "AuditEvent", "Application"}:
            assert self._is_seen(id_)

    def _is_seen(self, id_: str) -> bool:
        """Whether the caller sees what is not public."""
        assert isinstance(self.caller.shape, CallerShape)
        return self.caller.shape.signed_in and id_ in self.pools.seen[self.caller.shared["account_id"]]

    def _represented(self, asked: Field, values: Sequence[Any], given: Sequence[Any]) -> None:
        for representation, value in zip(given, values, strict=True):
            typename = representation["__typename"]
            assert value is None or value[asked.below[0].key] == typename
            if typename == "Submission":
                assert (value is not None) == self._is_seen(representation["id"])
            elif typename not in {"Questionnaire", "Review"}:
                assert (value is not None) == (representation in self.pools.public)
                self._by_its_key(asked, value, representation)

    def _by_its_key(self, asked: Field, value: Any, representation: Mapping[str, Any]) -> None:
        for each in asked.below:
            if value and each.on == representation["__typename"] and each.name in representation:
                assert value[each.key] == representation[each.name]

    def _argument(self, asked: Field, value: Any) -> None:
        """What was asked for by its id or code is it; a page is no longer than asked for."""
        match asked.identity, asked.arguments:
            case "Query.node", {"id": id_}:
                assert value is None or value[asked.below[1].key] == id_
            case "Query.nodes", {"ids": list(ids)}:
                found = [each and each[asked.below[1].key] for each in value]
                assert found == [wanted if each else None for wanted, each in zip(ids, found, strict=True)]
                assert all(each is not None for each, id_ in zip(found, ids, strict=True) if self._is_public(id_))
            case "Query._entities", {"representations": list(given)}:
                self._represented(asked, value, given)
            case "Query.organizationsByCode", {"codes": list(codes)}:
                self._named(asked, value, codes)
            case "Query.organization", {"by": {"code": str(code)}}:
                self._named(asked, [value], [code])
        if isinstance(value, dict) and "after" in asked.definitions:
            self._hold_size(asked, value)

    def _is_public(self, id_: str) -> bool:
        return id_ in self.pools.ids["Organization"]

    def _named(self, asked: Field, values: Sequence[Any], codes: Sequence[str]) -> None:
        known = [code in self.pools.codes["codes"] for code in codes]
        assert [value is not None for value in values] == known
        for each in asked.below:
            if each.identity == "Organization.code":
                found = [value[each.key] for value in values if value]
                assert found == [code for code, is_known in zip(codes, known, strict=True) if is_known]

    def _hold_size(self, asked: Field, page: Mapping[str, Any]) -> None:
        size = asked.arguments.get("first") or asked.arguments.get("last") or 0
        starts = not asked.arguments.get("after") and not asked.arguments.get("before")
        totals = [page[each.key] for each in asked.below if each.name == "totalCount"]
        for each in asked.below:
            if each.name in ("nodes", "edges"):
                number = len(page[each.key])
                assert number <= size
                assert not starts or all(number == min(size, total) for total in totals)

    def _hold_whole_pages(self, fields: Sequence[Field], page: Mapping[str, Any]) -> None:
        """Nodes and edges are as many; there is a first cursor where there is one of them."""
        numbers = {len(page[each.key]) for each in fields if each.name in ("nodes", "edges")}
        assert len(numbers) <= 1
        for info in (each for each in fields if each.name == "pageInfo" and numbers):
            for each in info.below:
                if each.name.endswith("Cursor"):
                    assert (page[info.key][each.key] is not None) == (numbers != {0})
