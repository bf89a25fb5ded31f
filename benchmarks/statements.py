"""The statements behind a query: as the portal's own plan has them, with the values of each request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.documents.documents import Documents
from engine.executor import Caller, Executor
from models.database import Database
from resolvers.languages import Language
from schema.callers import CallerShape
from schema.schema import ENTITIES, executable

# A text with numbered parameters, and their values.
Statement = tuple[str, Sequence[Any]]


@dataclass
class Heard:
    """A database that remembers what it was last asked."""

    database: Database
    statements: list[Statement] = field(default_factory=list)

    async def read(self, statements: Sequence[Statement]) -> list[Sequence[Sequence[Any]]]:
        """The rows of each statement."""
        self.statements = list(statements)
        return await self.database.read(statements)


@dataclass(frozen=True)
class Asked:
    """What one request was answered with, and what the portal asked the database for it."""

    data: Any
    statements: list[Statement]


async def asked(database_url: str, document: str, requests: Sequence[Mapping[str, Any]]) -> list[Asked]:
    """Each request's variables, answered by the portal's own executor."""
    schema = executable()
    # Over ten times the data some rankings take longer than the server lets them: that is to be seen.
    database = Heard(Database(database_url, size=1, statement_timeout="2min"))
    executor = Executor(schema, ENTITIES, database)
    parsed = Documents(schema).read(document)
    operation = parsed.operation(None)
    assert operation is not None
    caller = Caller(CallerShape(Language.RU, signed_in=False), {}, None)
    found = []
    await database.database.open()
    for variables in requests:
        result = await executor.execute(parsed, operation, dict(variables), caller)
        assert not result.errors, result.errors
        found.append(Asked(result.data, database.statements))
    await database.database.close()
    return found


async def statements_of(
    database_url: str, document: str, requests: Sequence[Mapping[str, Any]]
) -> list[list[Statement]]:
    """What the portal asks the database for each request's variables."""
    return [each.statements for each in await asked(database_url, document, requests)]
