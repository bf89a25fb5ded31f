"""How answers of peers are read and compared."""

from typing import Any

import pytest

from benchmarks import pgbench
from benchmarks.answers import difference, fields
from benchmarks.cursors import moved
from benchmarks.peers.postgraphile import PEER
from engine.meanings.cursors import decode, encode

CRITERION = {"code": "SPEED", "name": "Speed"}


@pytest.mark.parametrize(
    ("expected", "found", "place"),
    [
        ({"a": 1, "b": [1, 2]}, {"b": [1, 2], "a": 1}, None),
        ({"a": [1, 2]}, {"a": [2, 1]}, "data.a[0] is 2, not 1"),
        ({"a": [1]}, {"a": [1, 2]}, "data.a is [1, 2], not [1]"),
        ({"a": {"b": "1"}}, {"a": {"b": 1}}, "data.a.b is 1, not '1'"),
        ({"a": 1}, {"a": 1, "b": None}, "data is {'a': 1, 'b': None}, not {'a': 1}"),
        ({"a": None}, {"a": 0}, "data.a is 0, not None"),
    ],
)
def test_the_first_difference_is_told_with_its_place(expected: Any, found: Any, place: str | None) -> None:
    assert difference(expected, found) == place


def test_fields_of_every_object_are_counted() -> None:
    assert fields({"list": [{"a": 1, "b": {"c": 2}}, {"a": 1, "b": None}]}) == 6


@pytest.mark.parametrize(
    ("query", "flat", "nested"),
    [
        (
            "Q1",
            {"organization": {"rating": {"byCriterion": [{**CRITERION, "value": "4.00"}]}}},
            {"organization": {"rating": {"byCriterion": [{"criterion": CRITERION, "value": "4.00"}]}}},
        ),
        (
            "Q4",
            {"organizationsOnMap": {"nodes": [{"found": 502, "organization": {"latitude": 1, "longitude": 2}}]}},
            {
                "organizationsOnMap": {
                    "organizations": [{"location": {"latitude": 1, "longitude": 2}}],
                    "leftOut": 2,
                }
            },
        ),
        (
            "Q4",
            {"organizationsOnMap": {"nodes": []}},
            {"organizationsOnMap": {"organizations": [], "leftOut": 0}},
        ),
        (
            "Q5",
            {"ranking": {"nodes": [{"position": 1, "tied": 1, "organization": {"code": "A", "rating": {}}}]}},
            {"ranking": {"nodes": [{"rank": {"position": 1, "tied": 1}, "organization": {"code": "A"}, "rating": {}}]}},
        ),
    ],
)
def test_flat_views_nest_as_the_portal_does(query: str, flat: Any, nested: Any) -> None:
    assert PEER.normalisers[query](flat) == nested


def test_a_cursor_is_moved_to_another_row_of_its_list() -> None:
    cursor = moved(encode("f1nger", ["Аптека", 1]), ["Школа", 2])
    assert decode(cursor, "f1nger", "after", [str, int]) == ["Школа", 2]


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        (None, "null"),
        (5, "'5'"),
        (True, "'t'"),
        ("d'Arc", "'d''Arc'"),
        (["a", 'b"c'], """'{"a","b\\"c"}'"""),
    ],
)
def test_values_are_literals_for_pgbench(value: Any, literal: str) -> None:
    assert pgbench.literal(value) == literal
