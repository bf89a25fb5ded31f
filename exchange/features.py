"""GeoJSON files (RFC 7946): a FeatureCollection whose features are rows and whose properties are columns."""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from exchange.errors import BrokenFile
from exchange.progress import Advance
from exchange.values import SEPARATOR

Feature = dict[str, str]

WHITESPACE = re.compile(r"[ \t\n\r]*")


class Features:
    """A GeoJSON file read as rows, each with the line on which its feature begins.

    A property that a feature does not have is an empty cell, as null is. `geometry` names the
    columns that a feature's geometry fills: two for a point, one for anything else.
    """

    def __init__(self, path: Path, columns: Sequence[str], geometry: Sequence[str]) -> None:
        self.size = path.stat().st_size
        found = _Scanner(_text(path)).features()
        self._features = [(line, _cells(feature, line, geometry)) for line, feature in found]
        names = dict.fromkeys(name for _, cells in self._features for name in cells)
        self.header = tuple(names) or tuple(columns)

    def rows(self, advance: Advance) -> Iterator[tuple[int, Sequence[str]]]:
        """All features; `advance` is told of bytes, evenly, as the file is read already."""
        for line, cells in self._features:
            yield line, [cells.get(name, "") for name in self.header]
            advance(self.size // len(self._features))


def _text(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BrokenFile("is not UTF-8", content.count(b"\n", 0, error.start) + 1) from error


class _Scanner:
    """Walks the outermost object by hand: Python's parser does not tell where a feature began."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._decoder = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_number)

    def features(self) -> list[tuple[int, object]]:
        """Every feature with its line, if the file is one FeatureCollection and nothing else."""
        found: list[tuple[int, object]] | None = None
        kind = None
        self._expect("{")
        while True:
            name = self._value()
            self._expect(":")
            if name == "features":
                found = list(self._elements())
            else:
                value = self._value()
                kind = value if name == "type" else kind
            if self._expect(",", "}") == "}":
                break
        self._expect("")
        if kind != "FeatureCollection" or found is None:
            raise BrokenFile("is no GeoJSON FeatureCollection")
        return found

    def _elements(self) -> Iterator[tuple[int, object]]:
        self._expect("[")
        line, counted = 1, 0
        if self._peek() == "]":
            self._expect("]")
            return
        while True:
            self._peek()
            line += self._text.count("\n", counted, self._at)
            counted = self._at
            yield line, self._value()
            if self._expect(",", "]") == "]":
                return

    def _value(self) -> object:
        self._peek()
        try:
            value, self._at = self._decoder.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            raise BrokenFile(f"is no JSON: {error.msg}", error.lineno) from error
        except (ValueError, RecursionError) as error:
            raise BrokenFile(f"is no JSON: {error}", self._line()) from error
        return value

    def _peek(self) -> str:
        """The next character that is not white space; empty at the end."""
        match = WHITESPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return self._text[self._at : self._at + 1]

    def _expect(self, *wanted: str) -> str:
        found = self._peek()
        if found not in wanted:
            raise BrokenFile(f"is no JSON: {found or 'the end'} where {' or '.join(wanted)} should be", self._line())
        self._at += len(found)
        return found

    def _line(self) -> int:
        return self._text.count("\n", 0, self._at) + 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) < len(pairs):
        raise ValueError("an object has one name twice")
    return named


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _cells(feature: object, line: int, geometry_columns: Sequence[str]) -> Feature:
    match feature:
        case {"type": "Feature", "properties": dict() as properties, "geometry": dict() | None as geometry}:
            cells = {name: _cell(value) for name, value in properties.items()} | _place(geometry, geometry_columns)
        case _:
            raise BrokenFile("is no Feature with properties and a geometry", line)
    _hold(cells, line)
    return cells


def _hold(cells: Feature, line: int) -> None:
    """JSON can spell characters that neither UTF-8 nor PostgreSQL can hold."""
    for text in (*cells, *cells.values()):
        if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
            raise BrokenFile("holds a NUL or half a surrogate pair", line)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case list() if all(isinstance(part, str) for part in value):
            return SEPARATOR.join(value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def _place(geometry: dict[str, Any] | None, columns: Sequence[str]) -> Feature:
    """A geometry that does not fit is kept whole in the first column, where reading it gives the reason."""
    match geometry:
        case None:
            cells = []
        case {"type": "Point", "coordinates": [int() | float() as longitude, int() | float() as latitude]}:
            cells = [repr(longitude), repr(latitude)]
        case _:
            cells = [json.dumps(geometry)]
    if len(cells) > len(columns):
        cells = [json.dumps(geometry)]
    return dict(zip_longest(columns, cells, fillvalue=""))
