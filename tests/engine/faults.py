"""Faults to put into the engine, one at a time: the net has to catch each of them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from engine import executor
from engine.answers.assembler import LARGEST, Source
from engine.answers.records import MemberRows
from engine.answers.small_tables import SmallTable
from engine.documents.lifting import Lifted
from engine.meanings.fields import Order
from engine.meanings.paging import Paging
from engine.plans import connections, operations, outlines, pages, planner, scopes
from engine.plans.objects import Planning
from engine.plans.outlines import Outline
from engine.plans.queries import Root
from engine.plans.scopes import Scope
from engine.plans.selections import Selections

# What is put in whose place: the owner, the name there, and from the right function to a wrong one.
Fault = tuple[Any, str, Callable[[Any], Any]]


def _unless(condition: Callable[[str], bool]) -> Callable[[Any], Any]:
    """Refuse nothing on some conditions."""
    return lambda right: lambda self, text, indent: None if condition(text) else right(self, text, indent)


def _text(change: Callable[[str], str]) -> Callable[[Any], Any]:
    """Generate another expression."""
    return lambda right: lambda self, *given: change(right(self, *given))


def _with_swapped_keys(right: Any) -> Any:
    def fields(self: Any, layout: Any, indent: str) -> str:
        keys = list(layout.readers)
        if len(keys) < 2:
            return str(right(self, layout, indent))
        swapped = dict(zip(keys, [keys[1], keys[0], *keys[2:]], strict=True))
        wrong = replace(
            layout,
            readers={key: layout.readers[swapped[key]] for key in keys},
            types={key: layout.types[swapped[key]] for key in keys},
        )
        return str(right(self, wrong, indent))

    return fields


def _without_typename(right: Any) -> Any:
    def fields(self: Any, layout: Any, indent: str) -> str:
        kept = {key: reader for key, reader in layout.readers.items() if not hasattr(reader, "value")}
        return str(right(self, replace(layout, readers=kept), indent))

    return fields


ASSEMBLER: Mapping[str, Fault] = {
    "nulls pass": (Source, "_refuse", _unless(lambda text: text.endswith(" is None"))),
    "any number is an Int": (Source, "_refuse", _unless(lambda text: "__class__ is int" in text)),
    "any name is of the enumeration": (Source, "_refuse", _unless(lambda text: " not in " in text)),
    "no number is too large for a Float": (Source, "_refuse", _unless(lambda text: str(LARGEST) in text)),
    "two keys are swapped": (Source, "_object", _with_swapped_keys),
    "__typename is forgotten": (Source, "_object", _without_typename),
    "another member of the enumeration": (Source, "_enumerated", _text(lambda text: f"{text}[:2]")),
    "a Float as an Int": (Source, "_scalar", _text(lambda text: text.replace("float else float(", "int else int("))),
    "what is absent is there": (
        Source,
        "_where_present",
        lambda right: lambda self, layout, slot, optional, indent: self._object(layout, indent),
    ),
    "lists are reversed": (
        Source,
        "_rows",
        _text(lambda text: f"list(reversed({text}))"),
    ),
    "elements of arrays are one off": (
        Source,
        "_assigned",
        lambda right: lambda self, text, indent: right(self, text.replace(" - 1]", " - 2]"), indent),
    ),
    "a row of a small table lists all of them": (
        SmallTable,
        "among",
        lambda right: lambda self, keys: list(self.rows),
    ),
    "a small table is in another order": (
        SmallTable,
        "within",
        lambda right: lambda self, size: right(self, size)[::-1],
    ),
    "values are read from other slots": (
        Source,
        "_value",
        lambda right: lambda self, slot, needed, indent: right(self, max(slot - 1, 0), needed, indent),
    ),
    "root fields are in another order": (
        Root,
        "assembled",
        lambda right: lambda self: dict(reversed(list(right(self).items()))),
    ),
}


def _slot(right: Any) -> Any:
    return lambda self, expression: max(right(self, expression) - 1, 0)


def _unaliased(right: Any) -> Any:
    def fields(self: Any, type_: Any, selections: Any) -> Any:
        return {nodes[0].name.value: nodes for nodes in right(self, type_, selections).values()}

    return fields


def _the_other_way(right: Any) -> Any:
    return lambda order: right([Order(by.key, not by.descending) for by in order])


def _with_mixed_fields(right: Any) -> Any:
    def mixed(names: Any) -> Any:
        leaves = [source for _, source, below in names if below is None]
        others = dict(zip(leaves, [*leaves[1:], *leaves[:1]], strict=True))
        return tuple((key, others.get(source, source), below and mixed(below)) for key, source, below in names)

    return lambda answer, names: right(answer, mixed(names))


def _in_order_of_rows(right: Any) -> Any:
    def plan(child: Any, keys: Any) -> Any:
        made = right(child, keys)

        def read(results: Any, request: Any) -> Any:
            return sorted(made.read(results, request), key=lambda each: each is None)

        return replace(made, read=read)

    return plan


PLANNER: Mapping[str, Fault] = {
    "slots are one off": (Scope, "slot", _slot),
    "fragments apply to every type": (Selections, "_applies", lambda right: lambda self, fragment, type_: True),
    "fragments on interfaces do not apply": (
        Selections,
        "_applies",
        lambda right: (
            lambda self, fragment, type_: (
                fragment.type_condition is None or fragment.type_condition.name.value == type_.name
            )
        ),
    ),
    "@skip and @include are ignored": (Selections, "_included", lambda right: lambda self, node: True),
    "aliases are ignored": (Selections, "fields", _unaliased),
    "only the first of merged fields counts": (
        Selections,
        "below",
        lambda right: lambda self, type_, nodes: right(self, type_, list(nodes)[:1]),
    ),
    "lists are in another order": (scopes, "directed", _the_other_way),
    "nobody looks whether a list goes on": (
        pages,
        "planned",
        lambda right: lambda *given, looks_ahead: right(*given, looks_ahead=False),
    ),
    "every row has all members": (
        MemberRows,
        "__call__",
        lambda right: lambda self, values, reading: list(reading.tables[self.table].rows.values()),
    ),
    "pages have one row more": (
        connections,
        "page_of",
        lambda right: lambda plan, rows, total, request: right(plan, rows, total, request)._replace(rows=rows),
    ),
    "the total is of another filter": (
        connections,
        "counted",
        lambda right: lambda rows, outer: right(replace(rows, where=()), outer),
    ),
    "cursors are ignored": (
        Paging,
        "of",
        lambda right: classmethod(lambda cls, *given: replace(right(*given), cursor=None)),
    ),
    "visibility is left out": (Planning, "visible", lambda right: lambda self, typename, rows, arguments: rows),
    "objects by id come in another order": (planner, "plan_entities", _in_order_of_rows),
    "what is represented comes in another place": (
        planner,
        "places_of",
        lambda right: lambda kind, found: list(reversed(right(kind, found))),
    ),
    "all values have one layout": (operations, "signature", lambda right: lambda value: None),
    "all arguments have one layout where a plan is borrowed": (
        outlines,
        "signature",
        lambda right: lambda value: None,
    ),
    "who is like another has its keys": (executor, "reworded", lambda right: lambda names, words: names),
    "who is like another has none of its own texts": (
        Lifted,
        "values",
        lambda right: lambda self, texts: right(self, [""] * len(texts)),
    ),
    "who borrows a plan borrows its keys": (executor, "renamed", lambda right: lambda answer, names: answer),
    "who borrows a plan borrows its values": (
        Outline,
        "of",
        lambda right: classmethod(lambda cls, *asked: replace(right(*asked), given={})),
    ),
    "who borrows a plan mixes up two fields": (executor, "renamed", _with_mixed_fields),
}
