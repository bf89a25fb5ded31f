"""A year's bundle: all data sets of its slice in one ZIP file, written as it is sent."""

import zipfile
from collections.abc import AsyncGenerator, Mapping
from datetime import datetime
from typing import Any

from exchange.open_data.publishing import Publisher
from resolvers.languages import Language

# What is in it: data set, format, and the variables beside the year's slice.
FILES: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("organizations", "csv", {}),
    ("organizations", "geojson", {}),
    ("ranking", "csv", {}),
    ("history", "csv", {"interval": "MONTH"}),
)


class _Outlet:
    """What a ZIP file is written to that nobody can seek in: what came is `taken`, and held no longer."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Take a piece."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits here."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        whole = b"".join(self._pieces)
        self._pieces.clear()
        return whole


async def bundle(publisher: Publisher, year: int, language: Language) -> AsyncGenerator[bytes]:
    """The bundle of a year, all of one moment."""
    outlet, slice_ = _Outlet(), {"from": f"{year:04}-01-01", "to": f"{year:04}-12-31"}
    async with publisher.questions.of_one_moment() as questions:
        stamp = datetime.fromisoformat(questions.moment).timetuple()[:6]
        with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
            for dataset, format_, more in FILES:
                info = zipfile.ZipInfo(f"{year:04}/{dataset}.{format_}", stamp)
                info.compress_type = zipfile.ZIP_DEFLATED
                variables = {"slice": slice_, **more}
                with archive.open(info, "w") as entry:
                    async for piece in publisher.written(questions, dataset, format_, variables, language):
                        entry.write(piece)
                        yield outlet.taken()
                yield outlet.taken()
        yield outlet.taken()
