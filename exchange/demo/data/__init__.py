"""The demo country's files, and the one way to read them. README.md tells where they come from."""

import csv
import json
from importlib.resources import files
from typing import Any


def rows(name: str) -> list[dict[str, str]]:
    """The records of `name.csv`."""
    text = files(__name__).joinpath(f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def features(name: str) -> list[dict[str, Any]]:
    """The features of `name.geojson`."""
    text = files(__name__).joinpath(f"{name}.geojson").read_text("utf-8")
    collection: dict[str, list[dict[str, Any]]] = json.loads(text)
    return collection["features"]
