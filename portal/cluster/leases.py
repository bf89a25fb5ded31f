"""Who still needs a cluster: one empty file a process, named by its number."""

from pathlib import Path


class Leases:
    """The last process to leave stops the server; one that was killed does not keep it running for ever.

    A number that the system has meanwhile given to another process looks alive: the worst that
    follows is a server that runs on until it is stopped by hand.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def add(self, process: int) -> None:
        self._directory.mkdir(exist_ok=True)
        self._file(process).touch()

    def remove(self, process: int) -> None:
        self._file(process).unlink(missing_ok=True)

    def clear(self) -> None:
        for process in self._noted():
            self.remove(process)

    def ever(self) -> bool:
        """Whether anyone has needed it since it was made."""
        return self._directory.is_dir()

    def alive(self) -> list[int]:
        """The processes that hold a lease and still exist; the files of the others are removed."""
        for process in self._noted():
            if not _exists(process):
                self.remove(process)
        return self._noted()

    def _noted(self) -> list[int]:
        if not self._directory.is_dir():
            return []
        return sorted(int(file.name) for file in self._directory.iterdir() if file.name.isdigit())

    def _file(self, process: int) -> Path:
        return self._directory / str(process)


def _exists(process: int) -> bool:
    """Whether the process runs; one that has ended but is not yet collected has no command line any more."""
    try:
        return Path("/proc", str(process), "cmdline").read_bytes() != b""
    except FileNotFoundError:
        return False
