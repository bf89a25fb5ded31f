"""Programs and packages of Node's that tests run, as the lock file of a folder has them."""

import fcntl
import os
import re
import shutil
import subprocess
from pathlib import Path

SETUP = Path(__file__).parents[1] / "scripts" / "setup"
OPTIONS = ("--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-retry-mintimeout=1000")


def installed(folder: Path) -> None:
    """Fetch the packages of a folder, unless they are there; one process does it, and others wait."""
    lock, done = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    with (folder / "package.json").open() as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if done.exists() and done.stat().st_mtime > lock.stat().st_mtime:
            return
        command = [*program("npm"), "ci", *OPTIONS]
        found = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=100)
        assert found.returncode == 0, found.stderr
        done.touch()


def program(name: str) -> list[str]:
    """A program of Node's: the machine's own, or the one that scripts/setup takes where there is none."""
    if found := shutil.which(name):
        return [found]
    (wheel,) = re.findall(r"^NODE_WHEEL=(.+)$", SETUP.read_text(), re.MULTILINE)
    return [os.environ.get("UV", "uv"), "tool", "run", "--quiet", "--from", wheel, name]
