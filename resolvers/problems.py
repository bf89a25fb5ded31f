"""Problems: what a mutation may refuse. They are answers of the API, not errors of it."""

from datetime import datetime


class Problem(Exception):
    """A refusal of a mutation. The transaction it is raised in leaves nothing behind.

    `path` names the input field, from the argument `input` down; list places are numbers.
    """

    def __init__(self, code: str, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.path = [str(step) for step in path]


class InvalidInput(Problem):
    """A value that cannot be used."""


class Unknown(Problem):
    """A reference to nothing, or to nothing that the viewer may see."""


class KeyReused(Problem):
    """An idempotency key that has been used for another content."""


class Conflict(Problem):
    """What stands in the register forbids it."""


class WrongCredentials(Problem):
    """What was given does not prove who somebody is."""


class TooManyAttempts(Problem):
    """It was tried too often: it may be tried again from a moment on."""

    def __init__(self, retry_at: datetime) -> None:
        super().__init__("TOO_MANY_ATTEMPTS", "It was tried too often: wait until `retryAt`.")
        self.retry_at = retry_at
