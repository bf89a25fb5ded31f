"""Questions that the portal asks of its own schema: for files, which hold what a query would answer."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from graphql import GraphQLError

from engine.documents import Documents
from engine.executor import Executor
from models.database import Database
from resolvers.languages import Language
from schema.callers import stranger


class Refused(Exception):
    """What was asked is refused: with the errors that a query would be answered."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


@dataclass(frozen=True)
class Questions:
    """Asks as a stranger does, so that answers hold what everybody may see, by the way of all reads."""

    executor: Executor
    documents: Documents
    database: Database
    shared: Mapping[str, Any]
    # As of when all is answered, where that is one moment (ISO 8601, UTC).
    moment: str = ""

    async def ask(self, text: str, variables: Mapping[str, Any], language: Language) -> Any:
        """The data of a query; raises Refused with all that is wrong."""
        document = self.documents.read(text)
        operation = document.operation(None)
        assert operation is not None
        caller = stranger(language, self.shared)
        result = await self.executor.execute(document, operation, dict(variables), caller)
        if result.errors:
            raise Refused(result.errors)
        return result.data

    @asynccontextmanager
    async def of_one_moment(self) -> AsyncIterator["Questions"]:
        """Questions that are all answered as of one moment, on a connection of their own."""
        async with self.database.snapshot() as snapshot:
            yield replace(self, executor=self.executor.over(snapshot), moment=snapshot.moment.isoformat())
