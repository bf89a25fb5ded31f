"""The rules that a document is validated by: those of graphql-core, and what they leave out."""

from typing import Any

from graphql import (
    GraphQLError,
    ListValueNode,
    NonNullTypeNode,
    ObjectFieldNode,
    OperationDefinitionNode,
    ValidationContext,
    ValidationRule,
    VariableDefinitionNode,
    VariableNode,
    get_named_type,
    is_enum_type,
    is_input_object_type,
    print_ast,
    specified_rules,
)

from engine.meanings.coercion import MOST_MEMBERS, TOO_MANY_MEMBERS


class OneOfVariables(ValidationRule):
    """A variable that stands for the field of a @oneOf object is never null (specification, 5.8.5).

    graphql-core's own rule sees that only where the object itself may be null, and is no item of a list.
    """

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._operations: list[OperationDefinitionNode] = []
        self._objects: dict[int, str] = {}

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        """Keep it: what it uses is known when all fragments have been read."""
        self._operations.append(node)

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        """Keep the variable of a field of @oneOf."""
        parent = self.context.get_parent_input_type()
        named = get_named_type(parent)
        if isinstance(node.value, VariableNode) and is_input_object_type(named) and named.is_one_of and named != parent:
            self._objects[id(node.value)] = named.name

    def leave_document(self, *_: Any) -> None:
        """Look at each operation, with the fragments that it spreads."""
        for operation in self._operations:
            definitions = {each.variable.name.value: each for each in operation.variable_definitions or ()}
            for usage in self.context.get_recursive_variable_usages(operation):
                definition = definitions.get(usage.node.name.value)
                name = self._objects.get(id(usage.node))
                if name and definition and not isinstance(definition.type, NonNullTypeNode):
                    self._refuse(definition, usage.node, name)

    def _refuse(self, definition: VariableDefinitionNode, node: VariableNode, name: str) -> None:
        self.report_error(
            GraphQLError(
                f"Variable '${node.name.value}' is of type '{print_ast(definition.type)}'"
                f" but must be non-nullable to be used for OneOf Input Object '{name}'.",
                [definition, node],
            )
        )


class ShortEnumerations(ValidationRule):
    """A list has no more members of an enumeration than a variable may have."""

    def enter_list_value(self, node: ListValueNode, *_: Any) -> None:
        """Refuse one that has."""
        if len(node.values) > MOST_MEMBERS and is_enum_type(get_named_type(self.context.get_input_type())):
            self.report_error(GraphQLError(f"The document {TOO_MANY_MEMBERS}", node))


RULES = (*specified_rules, OneOfVariables, ShortEnumerations)
