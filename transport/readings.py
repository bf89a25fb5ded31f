"""Which readings of protected data an operation asks for (`auth/readings.py`), however deep they stand in it."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakKeyDictionary

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    Visitor,
    get_named_type,
    is_leaf_type,
    visit,
)
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values

from auth.readings import FIELDS, KINDS, TYPES, Reading
from engine.documents.document import Document, Plans
from engine.errors import ArgumentError
from engine.meanings import global_ids
from engine.plans.selections import Selections

# The fields that answer with objects of any type, by what they are given.
BY_ID = ("node", "nodes", "_entities")
# All fields that may be a reading, by their names.
NAMES = frozenset({*KINDS, *BY_ID, *(name for fields in FIELDS.values() for name in fields)})
# What these answer with is the viewer's own, up to the next object that is nobody's.
OWN = ("Query.viewer", "Mutation.submitQuestionnaire", "Mutation.withdrawSubmission", "Mutation.settleReview")
NOBODYS = ("Organization", "Questionnaire")
# A change by a privilege is on the trail with what it was made to, which it answers with; to complain takes no privilege.
CHANGED = frozenset({"reviews", "submissions"})
BY_ANYBODY = "complainAboutReview"

# Whether a document may read anything, as long as it is known: most may not, and are not gone through again. By its plans, which its
# likenesses share.
_may_read: WeakKeyDictionary[Plans, bool] = WeakKeyDictionary()


def readings(
    schema: GraphQLSchema, document: Document, operation: OperationDefinitionNode, variables: dict[str, Any]
) -> set[Reading]:
    """The readings of an operation. What will be refused anyway is left to the executor to refuse."""
    may_read = _may_read.get(document.plans)
    if may_read is None:
        may_read = _may_read[document.plans] = not NAMES.isdisjoint(_names(document.tree))
    root = schema.get_root_type(operation.operation)
    if not may_read or root is None:
        return set()
    coerced = get_variable_values(schema, operation.variable_definitions or (), variables)
    if isinstance(coerced, list):
        return set()
    walk = _Walk(schema, Selections.of(schema, document.tree, coerced), coerced, root)
    with suppress(GraphQLError):
        walk.go(root, [operation.selection_set], _Around())
    return walk.found


@dataclass(frozen=True)
class _Around:
    """What is known where a field stands: of which organization, what is told already, whether it is the viewer's own."""

    organization: int | str | None = None
    told: frozenset[str] = frozenset()
    is_own: bool = False


@dataclass
class _Walk:
    """Goes through all that is selected, fragments and conditions resolved."""

    schema: GraphQLSchema
    selections: Selections
    variables: VariableValues
    root: GraphQLObjectType
    found: set[Reading] = field(default_factory=set)

    def go(self, type_: GraphQLObjectType, selection_sets: Iterable[Any], around: _Around) -> None:
        """Through the fields of an object."""
        for nodes in self.selections.fields(type_, selection_sets).values():
            if nodes[0].name.value in type_.fields:
                with suppress(GraphQLError, ArgumentError):
                    self._field(type_, nodes, around)

    def _field(self, type_: GraphQLObjectType, nodes: list[FieldNode], around: _Around) -> None:
        name = nodes[0].name.value
        named = get_named_type(type_.fields[name].type)
        kinds, organization, types = self._asked(type_, nodes[0], around)
        if not around.is_own:
            self.found |= {Reading(each, organization) for each in kinds - around.told}
        if is_leaf_type(named):
            return
        below = replace(around, organization=organization, told=around.told | kinds)
        if f"{type_.name}.{name}" in OWN:
            below = replace(below, is_own=True)
        elif type_.name == "Mutation" and name != BY_ANYBODY:
            below = replace(below, told=CHANGED)
        elif named.name in NOBODYS:
            below = _Around(organization)
        for each in [named] if isinstance(named, GraphQLObjectType) else self.schema.get_possible_types(named):
            if types is None or each.name in types:
                self.go(each, (node.selection_set for node in nodes), below)

    def _asked(
        self, type_: GraphQLObjectType, node: FieldNode, around: _Around
    ) -> tuple[frozenset[str], int | str | None, list[str] | None]:
        """Which kinds of reading a field is, of which organization, and the types that are asked for, if it is known."""
        name = node.name.value
        if type_ is self.root:
            given = get_argument_values(type_.fields[name], node, self.variables)
            if name in BY_ID:
                return _by_id(name, given)
            kinds = {name} & KINDS.keys()
            return frozenset(kinds), _organization(given.get("by" if name == "organization" else "organization")), None
        kind = FIELDS.get(type_.name, {}).get(name)
        kinds = set() if kind is None else {kind}
        if kind == "results":
            given = get_argument_values(type_.fields[name], node, self.variables)
            return frozenset(kinds), _organization(given.get("organization")), None
        leads_on = get_named_type(type_.fields[name].type).name == "Organization"
        return frozenset(kinds), None if leads_on else around.organization, None


def _by_id(name: str, given: Mapping[str, Any]) -> tuple[frozenset[str], int | None, list[str]]:
    """The kinds that a field by id reads, the organization if it is one, and all types that it asks for."""
    if name == "_entities":
        types = [str(each.given.get("__typename")) for each in given["representations"] if _is_object(each)]
        return frozenset(TYPES[each] for each in types if each in TYPES), None, types
    ids = [global_ids.decode(each, "id") for each in ([given["id"]] if name == "node" else given["ids"])]
    types = [type_ for type_, _ in ids]
    organization = ids[0][1] if types == ["Organization"] else None
    return frozenset(TYPES[each] for each in types if each in TYPES), organization, types


def _is_object(representation: Any) -> bool:
    return isinstance(representation.given, Mapping)


def _organization(reference: Any) -> int | str | None:
    """The key or the code in a reference; None where there is none, or it is more than one."""
    if not isinstance(reference, Mapping):
        return None
    id_, code = reference.get("id"), reference.get("code")
    return code if id_ is None else global_ids.key_of(id_, "Organization", "organization")


def _names(tree: DocumentNode) -> set[str]:
    """The names of all fields in a document."""
    found: set[str] = set()

    class Names(Visitor):
        def enter_field(self, node: FieldNode, *_: Any) -> None:
            found.add(node.name.value)

    visit(tree, Names())
    return found
