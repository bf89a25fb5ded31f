"""The secret that hashes what nobody may guess: made once, for the servers of the portal alone."""

from pathlib import Path

from auth.pepper import BYTES, FILE_NAME, pepper


def test_it_is_made_once_and_read_by_the_server_only(tmp_path: Path) -> None:
    first = pepper(tmp_path / "keys")
    assert len(first) == BYTES
    assert pepper(tmp_path / "keys") == first
    assert pepper(tmp_path / "others") != first
    assert [(each.name, each.stat().st_mode & 0o777) for each in (tmp_path / "keys").iterdir()] == [(FILE_NAME, 0o600)]
