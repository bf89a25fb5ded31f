"""Subscribers are measured: all wait, and all are told."""

from pathlib import Path

from benchmarks.subscribers.__main__ import measured


def test_all_subscribers_are_told(clone_url: str, tmp_path: Path) -> None:
    found = measured(clone_url, 20, tmp_path)
    assert found.subscribers == 20
    assert found.last_seconds >= found.first_seconds
    # What twenty take drowns in what else a server does: the figure is for thousands.
    assert "20 subscribers take" in str(found)
