"""What can be wrong with a whole file. A single wrong row is no error: it goes to the rejects."""

from typing import ClassVar

from models.errors import ErrorCode, PortalError


class BrokenFile(PortalError):
    """A file that cannot be taken in at all; nothing was changed. `line` is None for the file as a whole."""

    code: ClassVar[ErrorCode] = ErrorCode.BAD_USER_INPUT

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason if line is None else f"line {line}: {reason}")
        self.reason = reason
        self.line = line
