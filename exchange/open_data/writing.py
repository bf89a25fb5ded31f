"""The formats of open data: CSV (RFC 4180) below lines that begin with `#`, and GeoJSON (RFC 7946)."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from exchange.open_data.datasets import Dataset, at

# What a spreadsheet would take for a formula, and what is a number all the same.
FORMULA = re.compile(r"[=+\-@\t\r]")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class About:
    """What a file says of itself: of what it is, which part, of which moment, and under which licence."""

    dataset: str
    variables: Mapping[str, Any]
    moment: str
    licence: str

    def told(self) -> dict[str, Any]:
        """The same by name; `slice` is what was asked for beside the filter, `{}` for everything of all time."""
        asked = dict(self.variables)
        return {
            "dataset": self.dataset,
            "slice": asked.pop("slice", None) or {},
            "filter": asked.pop("filter", None) or asked.pop("among", None) or {},
            **asked,
            "moment": self.moment,
            "licence": self.licence,
        }


Nodes = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Format:
    """How a file is written: its beginning, a page of nodes (is it the first?), and its end."""

    media_type: str
    begin: Callable[[About, Dataset], bytes]
    page: Callable[[Dataset, Nodes, bool], bytes]
    end: bytes


def _csv_begin(about: About, dataset: Dataset) -> bytes:
    # A line break in a text would end the comment: JSON has none.
    lines = [f"# {name}: {orjson.dumps(value).decode()}\r\n" for name, value in about.told().items()]
    return "".join(lines).encode() + _csv([list(dataset.columns)])


def _csv_page(dataset: Dataset, nodes: Nodes, first: bool) -> bytes:  # noqa: FBT001 - a format's shape
    return _csv([cell(value) for value in row] for node in nodes for row in dataset.rows(node))


def _csv(rows: Iterable[list[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def cell(value: Any) -> Any:
    """A value as a cell that no spreadsheet runs: what looks like a formula begins with an apostrophe."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and FORMULA.match(value) and not NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def _geojson_begin(about: About, dataset: Dataset) -> bytes:
    return b'{"type":"FeatureCollection","openData":%b,"features":[' % orjson.dumps(about.told())


def _geojson_page(dataset: Dataset, nodes: Nodes, first: bool) -> bytes:  # noqa: FBT001 - a format's shape
    features = [_feature(dataset, node, row) for node in nodes for row in dataset.rows(node)]
    if not features:
        return b""
    return (b"\n" if first else b",\n") + b",\n".join(map(orjson.dumps, features))


def _feature(dataset: Dataset, node: Mapping[str, Any], row: list[Any]) -> dict[str, Any]:
    place = at(node, dataset.place) if dataset.place else None
    point = place and {"type": "Point", "coordinates": [place["longitude"], place["latitude"]]}
    return {"type": "Feature", "geometry": point, "properties": dict(zip(dataset.columns, row, strict=True))}


FORMATS: Mapping[str, Format] = {
    "csv": Format("text/csv; charset=utf-8; header=present", _csv_begin, _csv_page, b""),
    "geojson": Format("application/geo+json", _geojson_begin, _geojson_page, b"\n]}\n"),
}
