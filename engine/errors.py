"""The refusals that the engine itself makes.

EngineError
+-- ArgumentError   an argument that cannot be used: a bad cursor, `first` with `last` ...
+-- LimitError      a document that asks for too much
"""


class EngineError(Exception):
    """A refusal whose message is for the user."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ArgumentError(EngineError):
    """An argument that cannot be used; `argument` is its dotted path."""

    def __init__(self, argument: str, reason: str) -> None:
        super().__init__(f"{argument}: {reason}")
        self.argument = argument
        self.reason = reason


class LimitError(EngineError):
    """A document that asks for too much at once."""
