"""Documents one by one: what is known of a valid one, with the plans that were made for it."""

import sys
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode

from engine.documents.costs import Cost, Costs
from engine.documents.definitions import name_of, operations_of
from engine.documents.freshness import Freshness, Hint
from engine.documents.parsing import parsed
from engine.meanings.coercion import Variables
from engine.recent import Recent

# What a token of a parsed document takes in memory, with its node and its place. A plan takes about as much.
TOKEN_BYTES = 330


# The plans of one document, by shape.
Plans = Recent[Hashable, Any]


@dataclass(eq=False)
class Document:
    """A document that is valid for the schema, and its plans by shape; `is_new` until it was first asked as a query.

    Its `tree` may be without places. `keep` is told when there is more of it to be remembered.
    """

    source: str
    tree: DocumentNode
    operations: dict[str | None, OperationDefinitionNode]
    plans: Plans = field(repr=False)
    costs: Costs = field(repr=False)
    freshness: Freshness = field(repr=False)
    keep: "Callable[[Document], None]" = field(repr=False)
    is_new: bool = True
    _known_costs: dict[int, Cost] = field(default_factory=dict, repr=False)
    _variables: dict[int, Variables] = field(default_factory=dict, repr=False)

    @property
    def weight(self) -> int:
        """How much memory it takes with its plans, in tokens."""
        return text_weight(self.source) + self.tree.token_count + self.plans.weighs

    @property
    def placed(self) -> DocumentNode:
        """The tree with the places of all its parts in the text, by which errors are told; made of the text where that is needed."""
        return self.tree if self.tree.loc else parsed(self.source, self.tree.token_count)

    def placed_operation(self, operation: OperationDefinitionNode) -> OperationDefinitionNode:
        """One of its operations with places."""
        return next(each for each in operations_of(self.placed) if name_of(each) == name_of(operation))

    def remember(self, shape: Hashable, plan: Any) -> None:
        """Keep the plan of a shape."""
        self.plans.put(shape, plan, self.tree.token_count + _parts(shape))
        self.keep(self)

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The operation of that name; without a name, the only one."""
        if name is None:
            operations = list(self.operations.values())
            return operations[0] if len(operations) == 1 else None
        return self.operations.get(name)

    def called(self, operation: OperationDefinitionNode) -> str | None:
        """The name that the client gave to one of its operations."""
        return name_of(operation)

    def cost(self, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> int:
        """The points that one of its operations costs with variables as they were sent; asking is one at least."""
        cost = self._known_costs.get(id(operation))
        if cost is None:
            cost = self._known_costs[id(operation)] = self.costs.of(operation)
        return cost.at(variables) or 1

    def given(self, variables: dict[str, Any]) -> dict[str, Any]:
        """The variables that a client sends, with those that stand for what it wrote into the text."""
        return variables

    def hint(self, operation: OperationDefinitionNode) -> Hint:
        """How long the answer of one of its operations may be kept."""
        return self.freshness.of(self.tree, operation)

    def variables(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> Variables:
        """The variables of one of the operations."""
        found = self._variables.get(id(operation))
        if found is None:
            found = self._variables[id(operation)] = Variables(schema, operation)
        return found


def _parts(shape: Hashable) -> int:
    """How many parts a shape has: what a client sends can be long, and a plan keeps its shape."""
    return sum(map(_parts, shape)) if isinstance(shape, tuple) else 1


def text_weight(source: str) -> int:
    """How much memory a text takes, in tokens; it is kept twice where it is all one string or comment."""
    return 2 * sys.getsizeof(source) // TOKEN_BYTES
