"""What a new document costs is measured on documents that are new, and valid."""

from itertools import islice

import pytest

from benchmarks.newcomers import distinct, steps
from benchmarks.queries import QUERIES, Query
from engine.documents.documents import Documents
from schema.schema import executable


@pytest.fixture(scope="module")
def documents() -> Documents:
    return Documents(executable())


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_each_document_is_another(query: Query, documents: Documents) -> None:
    texts = list(islice(distinct(query.document()), 3))
    assert len(set(texts)) == 3
    read = [documents.read(text) for text in texts]  # all of them kept: an id may be another's as soon as it is free
    assert len({id(each) for each in read}) == 3


def test_each_step_is_measured(documents: Documents) -> None:
    done = {step: work() for step, work in steps(documents, QUERIES[0].document()).items()}
    assert done["accepted"] is True
    assert done["validated in full"] == []
