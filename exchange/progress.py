"""Progress of long work, told to whoever watches: a person at a terminal, or nobody."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

# Called with how much more of a step is done.
Advance = Callable[[int], None]


class Watcher(Protocol):
    """Is told of one step at a time. Without a total, nobody knows how long the step is."""

    def step(self, title: str, total: int | None = None) -> AbstractContextManager[Advance]:
        """A step's duration; what it yields is called along the way."""


class Nobody:
    """Watches nothing."""

    @contextmanager
    def step(self, title: str, total: int | None = None) -> Iterator[Advance]:
        yield lambda done: None


NOBODY = Nobody()


class Terminal:
    """Draws a bar for each step, inside a running `rich.progress.Progress`."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars

    @contextmanager
    def step(self, title: str, total: int | None = None) -> Iterator[Advance]:
        task = self._bars.add_task(title, total=total)
        yield lambda done: self._bars.update(task, advance=done)
        self._bars.update(task, total=total or 1, completed=total or 1)


@contextmanager
def on_terminal() -> Iterator[Terminal]:
    """Bars on standard error, so that what is printed can still be piped."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        yield Terminal(bars)
