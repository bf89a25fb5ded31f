"""What a run has found, in files."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from benchmarks.chart import svg
from benchmarks.rounds import Samples
from benchmarks.samples import medians
from benchmarks.table import Medians, as_markdown

DIRECTORY = Path(__file__).parent / "results"


def condensed(samples: Samples) -> Medians:
    """The medians by query and contestant."""
    return {query: {name: medians(each) for name, each in found.items()} for query, found in samples.items() if found}


def write(samples: Samples, about: dict[str, Any]) -> Path:
    """The raw figures as JSON, the chart, and the table; their names but for the endings."""
    DIRECTORY.mkdir(exist_ok=True)
    stem = DIRECTORY / str(about["machine"]["at"])[:19].replace(":", "")
    raw = {query: {name: list(map(asdict, each)) for name, each in found.items()} for query, found in samples.items()}
    stem.with_suffix(".json").write_bytes(orjson.dumps({**about, "samples": raw}, option=orjson.OPT_INDENT_2))
    found = condensed(samples)
    stem.with_suffix(".svg").write_text(svg(found))
    stem.with_suffix(".md").write_text(as_markdown(found))
    return stem
