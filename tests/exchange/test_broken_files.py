"""A file that is broken changes nothing, and says where and why."""

import json
from pathlib import Path
from typing import Any

import pytest

from exchange.errors import BrokenFile
from exchange.importing import import_file
from models.errors import InputError
from tests.digests import digests
from tests.exchange.files import VALID, sheet

HEADER = b"code,ordinal,name_be,name_ru,name_en\n"
GOOD = b"A,1,,,Good\n"

SHEETS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty: the first line must name the columns"),
    "blank lines": (b"\n\n\n", "is empty: the first line must name the columns"),
    "not UTF-8": (HEADER + GOOD + "B,2,,,Ö\n".encode("latin-1"), "line 3: is not UTF-8 at byte 7"),
    "UTF-16": (HEADER.decode().encode("utf-16"), "line 1: holds a NUL byte"),
    "NUL": (HEADER + GOOD + b"B,2,,,\0\n", "line 3: holds a NUL byte"),
    "missing column": (b"code,name_be,name_ru,name_en\n", "line 1: missing column 'ordinal'"),
    "two missing columns": (b"ordinal,name_be,name_ru\n", "line 1: missing column 'code', 'name_en'"),
    "duplicated column": (b"code," + HEADER, "line 1: column 'code' is there twice"),
    "unknown column": (b"colour," + HEADER, "line 1: unknown column 'colour'"),
    "semicolons": (HEADER.replace(b",", b";"), "line 1: unknown column 'code;ordinal;name_be;name_ru;name_en'"),
    "quote within": (HEADER + GOOD + b'B,2,,,"a"b\n', "line 3: the row that begins here is no CSV: ',' expected"),
    "quote never closed": (
        HEADER + GOOD + b'B,2,,,"a\nb\nc\n',
        "line 3: the row that begins here is no CSV: unexpected",
    ),
    "lone carriage return": (HEADER + b"B,2,,,a\rC,3,,,b\n", "line 2: the row that begins here is no CSV: new-line"),
}


@pytest.mark.parametrize("name", SHEETS)
def test_a_broken_sheet_changes_nothing(name: str, untouched_url: str, tmp_path: Path) -> None:
    content, message = SHEETS[name]
    file = tmp_path / "kinds.csv"
    file.write_bytes(content)
    before = digests(untouched_url)
    with pytest.raises(BrokenFile) as caught:
        import_file(untouched_url, "kinds", file, tmp_path / "rejects.csv")
    assert caught.value.message.startswith(message)
    assert digests(untouched_url) == before
    assert list(tmp_path.iterdir()) == [file]


def feature(**changes: Any) -> str:
    whole = {"type": "Feature", "properties": VALID["areas"] | {"boundary": None}, "geometry": None}
    return json.dumps(whole | changes)


def collection(*features: str) -> str:
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}"


COLLECTIONS: dict[str, tuple[str, str]] = {
    "empty": ("", "line 1: is no JSON: the end where { should be"),
    "a list": ("[]", "line 1: is no JSON: [ where { should be"),
    "one feature": (feature(), "is no GeoJSON FeatureCollection"),
    "no features": ('{"type": "FeatureCollection"}', "is no GeoJSON FeatureCollection"),
    "features that are no list": ('{"features": 1}', "line 1: is no JSON: 1 where [ should be"),
    "cut short": (collection(feature(), feature())[:-3], "line 3: is no JSON: the end where , or ] should be"),
    "something behind": (collection(feature()) + "\n{}", "line 4: is no JSON: { where  should be"),
    "no feature": (collection(feature(), '{"type": "Point"}'), "line 3: is no Feature with properties and a geometry"),
    "no properties": (collection(feature(properties=None)), "line 2: is no Feature with properties and a geometry"),
    "a name twice": (collection('{"type": 1, "type": 2}'), "line 2: is no JSON: an object has one name twice"),
    "no number": (collection(feature(geometry=float("nan"))), "line 2: is no JSON: NaN is no number of JSON"),
    "a broken value": (collection(feature(), '{"type": }'), "line 3: is no JSON: Expecting value"),
    "NUL": (collection(feature(properties={"code": "\0"})), "line 2: holds a NUL or half a surrogate pair"),
    "half a pair": (collection(feature(properties={"code": "\ud800"})), "line 2: holds a NUL or half a surrogate pair"),
    "unknown column": (collection(feature(properties={"colour": "red"})), "line 1: unknown column 'colour'"),
    "missing columns": (collection(feature(properties={"code": "A"})), "line 1: missing column 'parent'"),
    "too deep": (collection("[" * 100_000), "line 2: is no JSON: "),
}


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_broken_collection_changes_nothing(name: str, untouched_url: str, tmp_path: Path) -> None:
    content, message = COLLECTIONS[name]
    file = tmp_path / "areas.geojson"
    file.write_text(content)
    before = digests(untouched_url)
    with pytest.raises(BrokenFile) as caught:
        import_file(untouched_url, "areas", file, tmp_path / "rejects.csv")
    assert caught.value.message.startswith(message)
    assert digests(untouched_url) == before


def test_geojson_that_is_not_utf_8_is_refused(untouched_url: str, tmp_path: Path) -> None:
    file = tmp_path / "areas.geojson"
    file.write_bytes(b'{\n"\xff": 1}')
    with pytest.raises(BrokenFile, match="line 2: is not UTF-8"):
        import_file(untouched_url, "areas", file)


def test_a_file_that_cannot_be_read_is_refused(untouched_url: str, tmp_path: Path) -> None:
    with pytest.raises(BrokenFile, match="cannot be read: No such file or directory"):
        import_file(untouched_url, "kinds", tmp_path / "missing.csv")
    with pytest.raises(BrokenFile, match="cannot be read: Is a directory"):
        import_file(untouched_url, "kinds", tmp_path)


def test_rejects_never_overwrite_the_file_itself(untouched_url: str, tmp_path: Path) -> None:
    file = sheet(tmp_path / "kinds.csv", "kinds", {"ordinal": "x"})
    content = file.read_bytes()
    with pytest.raises(InputError, match="rejects: is the file itself"):
        import_file(untouched_url, "kinds", file, tmp_path / "." / "kinds.csv")
    assert file.read_bytes() == content


def test_rejects_that_cannot_be_written_change_nothing(untouched_url: str, tmp_path: Path) -> None:
    file = sheet(tmp_path / "kinds.csv", "kinds", {"code": "GOOD"}, {"ordinal": "x"})
    before = digests(untouched_url)
    with pytest.raises(BrokenFile, match="cannot be written"):
        import_file(untouched_url, "kinds", file, tmp_path / "missing" / "rejects.csv")
    assert digests(untouched_url) == before


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_both_line_endings_and_a_byte_order_mark_are_fine(
    ending: str, mark: str, small_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "kinds.csv"
    file.write_bytes((mark + (HEADER + b"\n" + GOOD).decode().replace("\n", ending)).encode())
    assert import_file(small_url, "kinds", file).inserted == 1


def test_columns_come_in_any_order(small_url: str, tmp_path: Path) -> None:
    file = tmp_path / "kinds.csv"
    file.write_text("name_en,name_ru,code,ordinal,name_be\nGood,,A,1,\n")
    assert import_file(small_url, "kinds", file).inserted == 1


def test_a_file_without_rows_changes_nothing(untouched_url: str, tmp_path: Path) -> None:
    before = digests(untouched_url)
    assert import_file(untouched_url, "kinds", sheet(tmp_path / "kinds.csv", "kinds")).read == 0
    empty = tmp_path / "areas.geojson"
    empty.write_text('{"features": [], "type": "FeatureCollection"}')
    assert import_file(untouched_url, "areas", empty).read == 0
    assert digests(untouched_url) == before
