"""Questions that the portal asks of its own schema: for files, which hold what a query would answer."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from graphql import GraphQLError, GraphQLSchema

from engine.documents.documents import Documents
from engine.executor import Executor
from engine.meanings.fields import METADATA_KEY, Connection, meaning_of
from models.database import Database
from resolvers.languages import Language
from schema.callers import stranger

# How many entries of a ranking a file reads at once. Each page of it counts its set anew, so that pages of
# a hundred would count a country's 136 times; it is once up to so many, and each takes some two kilobytes meanwhile.
RANKED_AT_ONCE = 20_000
# Where Strawberry keeps a field's own definition.
DEFINITION = "strawberry-definition"


def for_files(schema: GraphQLSchema) -> GraphQLSchema:
    """The portal's schema, but that a page of the ranking may be as long as files read it. Nobody else asks it."""
    query = schema.query_type
    assert query is not None
    ranking = query.fields["ranking"]
    meaning = meaning_of(ranking)
    assert isinstance(meaning, Connection)
    definition = copy(ranking.extensions[DEFINITION])
    definition.metadata = {**definition.metadata, METADATA_KEY: replace(meaning, maximum=RANKED_AT_ONCE)}
    longer, own, whole = copy(ranking), copy(query), schema.to_kwargs()
    longer.extensions = {**ranking.extensions, DEFINITION: definition}
    own.fields = {**query.fields, "ranking": longer}
    whole["query"], whole["types"] = own, tuple(each for each in schema.type_map.values() if each is not query)
    return GraphQLSchema(**whole)


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
        result = await self.executor.execute(document, operation, document.given(dict(variables)), caller)
        if result.errors:
            raise Refused(result.errors)
        return result.data

    @asynccontextmanager
    async def of_one_moment(self) -> AsyncIterator["Questions"]:
        """Questions that are all answered as of one moment, on a connection of their own."""
        async with self.database.snapshot() as snapshot:
            yield replace(self, executor=self.executor.over(snapshot), moment=snapshot.moment.isoformat())
