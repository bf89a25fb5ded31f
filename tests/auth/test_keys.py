"""The signing key: made once, by whoever comes first, and nobody else's to read."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from auth.keys import FILE_NAME, signing_key

PRINT_KEY_ID = (
    "import sys, pathlib; from auth.keys import signing_key; print(signing_key(pathlib.Path(sys.argv[1])).kid)"
)


def test_only_the_server_may_read_it(tmp_path: Path) -> None:
    signing_key(tmp_path / "keys")
    assert stat.S_IMODE((tmp_path / "keys" / FILE_NAME).stat().st_mode) == 0o600


def test_it_is_kept(tmp_path: Path) -> None:
    assert signing_key(tmp_path).as_dict(private=True) == signing_key(tmp_path).as_dict(private=True)


def test_nothing_else_is_left_in_its_folder(tmp_path: Path) -> None:
    signing_key(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_servers_that_start_at_once_agree_on_one(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PRINT_KEY_ID, str(tmp_path / "keys")]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    found = {process.communicate()[0] for process in processes}
    assert found == {f"{signing_key(tmp_path / 'keys').kid}\n"}


def test_a_broken_file_is_not_replaced(tmp_path: Path) -> None:
    """Tokens of a key that was restored from a backup must not be lost."""
    (tmp_path / FILE_NAME).write_text("{")
    with pytest.raises(ValueError):
        signing_key(tmp_path)
    assert (tmp_path / FILE_NAME).read_text() == "{"
