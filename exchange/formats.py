"""The two formats of files, told apart by the file's name."""

from pathlib import Path

from exchange.errors import BrokenFile
from exchange.kinds.kind import Kind

GEOJSON = {".geojson", ".json"}


def is_geojson(path: Path, kind: Kind) -> bool:
    """Whether a file is GeoJSON, which only a kind with a geometry can be; every other one is CSV."""
    if path.suffix.lower() not in GEOJSON:
        return False
    if not kind.geometry:
        raise BrokenFile(f"{kind.name} have no geometry, so they come as CSV")
    return True
