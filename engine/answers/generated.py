"""Generated functions: their text in the making, one line after the other."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from engine.answers.small_tables import Made


class Irregular(Exception):
    """Something that only graphql-core answers rightly."""


class Text:
    """The text of one generated function, and the constants that it names.

    `row` is the variable whose slots are read where the text has come to, `elements` those that
    stand for the slots below zero, which are elements of arrays (`engine.plans.scopes.MemberScope`).
    `start` is what the function does once, whatever the number of rows.
    """

    def __init__(self) -> None:
        self.start: list[str] = []
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {"Irregular": Irregular}
        self.row = "row"
        self.elements: Sequence[str] = ()
        self._variables = 0

    def _compiled(self, typename: str, given: str) -> Any:
        text = "\n".join([f"def assemble({given}):", *self.start, *self.lines])
        exec(compile(text, f"<assembler of {typename}>", "exec"), self.constants)  # noqa: S102
        return self.constants["assemble"]

    def _value(self, slot: int, needed: bool, indent: str) -> str:  # noqa: FBT001
        """A variable with the value of a slot; refused if it is null and must not be."""
        variable = self._assigned(self._at(slot), indent)
        if needed:
            self._refuse(f"{variable} is None", indent)
        return variable

    def _at(self, slot: int) -> str:
        """What is in a slot of the row, or the element that a slot below zero stands for."""
        return f"{self.row}[{slot}]" if slot >= 0 else self.elements[-1 - slot]

    @contextmanager
    def _reading_from(self, row: str, elements: Sequence[str] = ()) -> Iterator[None]:
        """Read slots from another variable for the length of a block."""
        before = self.row, self.elements
        self.row, self.elements = row, elements
        yield
        self.row, self.elements = before

    def _small(self, table: int) -> str:
        """A variable with a small table."""
        return self._once(f"reading.tables[{table}]")

    def _made(self, small: str, make: Any, plain: bool) -> str:  # noqa: FBT001
        """A variable with what a function makes of a small table's rows, by their keys; it is kept if that is `plain`."""
        kept = f"{small}.made({self._constant(make)})"
        return self._once(kept if plain else f"{self._constant(Made)}({small}.rows, {self._constant(make)}, reading)")

    def _once(self, expression: str) -> str:
        """A variable with what does not depend on rows."""
        variable = self._variable()
        self.start.append(f"    {variable} = {expression}")
        return variable

    def _assigned(self, expression: str, indent: str) -> str:
        """A variable with the value of an expression."""
        variable = self._variable()
        self._write(f"{variable} = {expression}", indent)
        return variable

    def _refuse(self, condition: str, indent: str) -> None:
        self._write(f"if {condition}: raise Irregular", indent)

    def _write(self, line: str, indent: str) -> None:
        self.lines.append(indent + line)

    def _variable(self) -> str:
        self._variables += 1
        return f"v{self._variables}"

    def _constant(self, value: Any) -> str:
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name
