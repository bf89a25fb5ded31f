"""Newcomers: what it costs to accept a document that nobody has sent before, step by step.

    python -m benchmarks.newcomers

Needs no database and no server. The last columns are what the same document costs when it is
validated in full by graphql-core, which is what accepting it at sight saves, and when it is known by its form, so
that none of this is done. Times are processor time in microseconds: the best of some rounds, which is what the machine can
do undisturbed. A document that is not plain is parsed instead of sketched.
"""

import gc
import resource
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import count

from graphql import parse, validate
from rich.console import Console
from rich.table import Table

from benchmarks.queries import DISTINCT, QUERIES
from engine.documents.acceptance import Acceptance
from engine.documents.documents import Documents
from engine.documents.forms import Form, form_of
from engine.documents.limits import Limits
from engine.documents.parsing import parsed
from engine.documents.rules import RULES
from engine.documents.sketches import sketched
from schema.schema import executable

ROUNDS = 7
TIMES = 100
FLOOD = 100_000

Steps = Mapping[str, Callable[[], object]]


def steps(documents: Documents, text: str) -> Steps:
    """What is done with a new document, in parts and all together."""
    schema, limits = documents.schema, Limits()
    tree = parse(text)
    acceptance = Acceptance(schema)
    fresh = distinct(text)
    return {
        "sketched": lambda: sketched(text, limits.tokens),
        "parsed": lambda: parsed(text, limits.tokens),
        "measured": lambda: limits.check(tree),
        "accepted": lambda: acceptance.accepts(tree),
        "all together": lambda: documents.whole(*formed(next(fresh))),
        "validated in full": lambda: validate(schema, tree, RULES),
        "known by its form": lambda: documents.read(next(fresh)),
    }


def formed(text: str) -> tuple[str, Form | None]:
    """A text, and its form: that is looked for first."""
    return text, form_of(text)


def distinct(text: str) -> Iterator[str]:
    """The text, again and again, under other names."""
    marked = text if DISTINCT in text else text.replace("query ", f"query {DISTINCT}", 1)
    return (marked.replace(DISTINCT, f"_{number}") for number in count(10**9))


def microseconds(work: Callable[[], object]) -> float:
    """Processor time of one go."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(TIMES):
            work()
        best = min(best, (time.process_time() - start) / TIMES)
    return 1e6 * best


def flood(documents: Documents, text: str) -> tuple[float, float]:
    """Read very many documents in full: microseconds each, and by how many MB the process grew at its largest."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    texts = distinct(text)
    start = time.process_time()
    for _ in range(FLOOD):
        documents.whole(next(texts))
    each = 1e6 * (time.process_time() - start) / FLOOD
    return each, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def main() -> None:
    """Print a table of the benchmark's documents, and what a flood of them does."""
    documents = Documents(executable())
    gc.collect()
    gc.freeze()
    texts = {query.name: query.document() for query in QUERIES}
    each, growth = flood(documents, texts["flood"])
    ways = dict(documents.ways)
    figures = {
        name: {step: microseconds(work) for step, work in steps(documents, text).items()}
        for name, text in texts.items()
    }
    table = Table("document", "tokens", *figures["flood"])
    for name, found in figures.items():
        table.add_row(name, str(parse(texts[name]).token_count), *(f"{figure:.0f}" for figure in found.values()))
    console = Console()
    console.print(table)
    console.print(f"{FLOOD:,} distinct documents: {each:.0f} microseconds each, {growth:.0f} MB more; {ways}")


if __name__ == "__main__":
    main()
