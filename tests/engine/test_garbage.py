"""Answers leave nothing behind that only the garbage collector would find: it stops all requests to look."""

import gc

import pytest

from engine.documents.documents import Documents
from engine.executor import Caller, Executor
from models.database import Database
from resolvers.languages import Language
from schema.callers import CallerShape
from schema.schema import ENTITIES, executable

SMALL_TABLES = (
    "{ organizations(first: 3) { nodes { spheres { code } rating { byCriterion { criterion { code } value } } } } }"
)
NESTED = '{ organization(by: {code: "BY-GOV"}) { children(first: 2) { nodes { children(first: 2) { totalCount } } } } }'
CALLER = Caller(CallerShape(Language.EN, signed_in=False), {}, None)


@pytest.mark.parametrize("query", [SMALL_TABLES, NESTED])
async def test_an_answer_is_gone_when_nobody_has_it(seeded_url: str, query: str) -> None:
    schema, database = executable(), Database(seeded_url)
    executor, document = Executor(schema, ENTITIES, database), Documents(schema).read(query)
    operation = document.operation(None)
    assert operation is not None
    await database.open()
    try:
        assert (await executor.execute(document, operation, {}, CALLER)).errors is None
        gc.collect()
        gc.disable()
        await executor.execute(document, operation, {}, CALLER)
        assert gc.collect() == 0
    finally:
        gc.enable()
        await database.close()
