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
    raw = {query: {name: list(map(asdict, each)) for name, each in found.items()} for query, found in samples.items()}
    found = condensed(samples)
    stem = kept({**about, "samples": raw}, as_markdown(found))
    stem.with_suffix(".svg").write_text(svg(found))
    return stem


def kept(raw: dict[str, Any], table: str) -> Path:
    """The raw figures as JSON, and the table; their names but for the endings."""
    DIRECTORY.mkdir(exist_ok=True)
    stem = DIRECTORY / str(raw["machine"]["at"])[:19].replace(":", "")
    stem.with_suffix(".json").write_bytes(orjson.dumps(raw, option=orjson.OPT_INDENT_2))
    stem.with_suffix(".md").write_text(table)
    return stem
