"""Faults to put into acceptance, one at a time: each lets something through that a rule refuses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from graphql import EnumValueNode

from engine.documents import acceptance, merging, vocabulary
from engine.documents.acceptance import Walk
from engine.documents.merging import Merging
from engine.documents.vocabulary import Input, Place, Vocabulary
from tests.engine.faults import Fault


class Anywhere(Place):
    """A place where any variable may stand."""

    def accepts(self, variable: Any) -> bool:
        """Always."""
        return True


def _given(change: Callable[..., tuple[Any, ...]]) -> Callable[[Any], Any]:
    """Call the right function with other arguments."""
    return lambda right: lambda self, *given: right(self, *change(*given))


def _instead(answer: Callable[..., Any]) -> Callable[[Any], Any]:
    """Answer with something else, whatever is asked."""
    return lambda right: answer


def _distinct(nodes: Sequence[Any]) -> list[Any]:
    """The last node of each name."""
    return list({node.name.value: node for node in nodes}.values())


def _lists_are_alike(right: Any) -> Any:
    def fits(self: Any, type_: Any) -> Any:
        return right(self.items or self, type_.type) if hasattr(type_, "type") else right(self, type_)

    return fits


def _nullable_of_one(right: Any) -> Any:
    return lambda self, variable: right(replace(self, one_of=False, required=False), variable)


def _all_used(right: Any) -> Any:
    def variables(self: Any, part: Any, definitions: Any) -> Any:
        found = right(self, part, definitions)
        part.uses += [(name, Anywhere(Input("Any"))) for name in found]
        return found

    return variables


def _variables_distinct(right: Any) -> Any:
    def variables(self: Any, part: Any, definitions: Any) -> Any:
        return right(self, part, list({node.variable.name.value: node for node in definitions}.values()))

    return variables


def _variables_unread(right: Any) -> Any:
    return lambda self, part, definitions: {node.variable.name.value: node for node in definitions}


def _variables_of_fragments_forgotten(right: Any) -> Any:
    def operation(self: Any, node: Any) -> Any:
        for part in self._fragments.values():
            part.uses.clear()
        return right(self, node)

    return operation


def _all_spread(right: Any) -> Any:
    return lambda self, node: right(self, node) | set(self._fragments)


def _any_applies(right: Any) -> Any:
    def narrowed(self: Any, type_: Any, node: Any) -> Any:
        return self._vocabulary.composite(node.type_condition) if node.type_condition else type_

    return narrowed


def _any_is_spread(right: Any) -> Any:
    def spread(self: Any, part: Any, type_: Any, node: Any) -> Any:
        known = self._fragments.get(node.name.value)
        right(self, part, known.selected[0] if known else type_, node)

    return spread


def _leaves_unread(right: Any) -> Any:
    def field(self: Any, part: Any, type_: Any, node: Any) -> None:
        output = type_.fields.get(node.name.value)
        if output is None or output.below is not None:
            right(self, part, type_, node)

    return field


def _any_member(right: Any) -> Any:
    return lambda type_: lambda node: isinstance(node, EnumValueNode) or right(type_)(node)


def _not_one_of(right: Any) -> Any:
    def fill(self: Any, input_: Any, type_: Any) -> None:
        right(self, input_, type_)
        input_.one_of = False

    return fill


LENIENCIES: Mapping[str, Fault] = {
    "any variable fits": (Place, "accepts", _instead(lambda self, variable: True)),
    "lists of variables are as deep as one likes": (Place, "_fits_nullable", _lists_are_alike),
    "a variable of @oneOf may be null": (Place, "accepts", _nullable_of_one),
    "variables need not be used": (Walk, "_variables", _all_used),
    "variables may share a name": (Walk, "_variables", _variables_distinct),
    "a default may be anything": (Walk, "_variables", _variables_unread),
    "variables of fragments do not count": (Walk, "_operation", _variables_of_fragments_forgotten),
    "fragments may spread themselves": (Walk, "_reach", _given(lambda part, reached, path: (part, reached, set()))),
    "fragments need not be used": (Walk, "_operation", _all_spread),
    "any inline fragment applies": (Walk, "_narrowed", _any_applies),
    "any named fragment applies": (Walk, "_spread", _any_is_spread),
    "leaves may have arguments and selections": (Walk, "_field", _leaves_unread),
    "directives may be repeated": (Walk, "_directives", _given(lambda part, nodes: (part, nodes[:1]))),
    "nothing has to be given": (Walk, "_given", _given(lambda part, places, _, nodes: (part, places, set(), nodes))),
    "names may be given twice": (
        Walk,
        "_given",
        _given(lambda part, places, needed, nodes: (part, places, needed, _distinct(nodes))),
    ),
    "null is a value of any type": (
        Walk,
        "_value",
        _given(lambda part, place, node: (part, replace(place, required=False), node)),
    ),
    "any member is of any enumeration": (vocabulary, "_leaf", _any_member),
    "of @oneOf any number may be given": (Vocabulary, "_fill", _not_one_of),
    "an Int may have any number of digits": (vocabulary, "SAFE_DIGITS", lambda right: 100),
    "response keys are not looked at": (Walk, "_selections", lambda right: lambda *given: bool(right(*given)) or True),
    "what is selected twice may differ": (Merging, "_same", _instead(lambda self, fields: None)),
    "arguments of what is selected twice may differ": (merging, "_written", _instead(lambda node: [])),
    "what is below what is selected twice may differ": (Merging, "merge", _given(lambda sets: (list(sets)[:1],))),
    "as many comparisons as one likes": (merging, "COMPARED", lambda right: 10**9),
    "lists as long as one likes": (acceptance, "MOST_MEMBERS", lambda right: 10**9),
    "as deep as one likes": (acceptance, "NESTED", lambda right: 10**9),
}
