"""/metrics, as Prometheus reads it: what was asked, how it went, and how the server is."""

import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import get_args

import pytest
from prometheus_client.parser import text_string_to_metric_families

from engine.executor import Way
from tests.clients import Client, client_of
from transport.metrics import ANSWERED, READ
from transport.tally import NAMES, OTHER, Tally

TOKEN = "scraped"  # noqa: S105
PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()


@pytest.fixture
async def counting(seeded_url: str, tmp_path: Path) -> AsyncIterator[Client]:
    async with client_of(seeded_url, tmp_path, metrics_token=TOKEN) as client:
        yield client


async def read(client: Client) -> Mapping[tuple[str, ...], float]:
    """All samples by their names and the values of their labels."""
    answer = await client.http.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {(each.name, *each.labels.values()): each.value for family in families for each in family.samples}


async def test_operations_are_counted_by_name_and_outcome(counting: Client) -> None:
    for text in ("query Named { spheres { code } }", "query Named { spheres { code } }", "{ __typename }"):
        await counting.data(text)
    await counting.query("query Wrong { organizations(first: 1000) { totalCount } }")
    found = await read(counting)
    assert found["portal_operations_total", "query", "Named", "OK"] == 2
    assert found["portal_operations_total", "query", "", "OK"] == 1
    assert found["portal_operations_total", "query", "Wrong", "BAD_USER_INPUT"] == 1
    assert found["portal_operation_seconds_count", "query"] == 4
    assert found["portal_operation_seconds_bucket", "query", "+Inf"] == 4


async def test_refusals_are_counted_by_code(counting: Client) -> None:
    await counting.query("{ nothing }")
    await counting.query("{" + " __typename" * 51 + "}")
    await counting.http.post("/graphql", json=[])
    found = await read(counting)
    codes = ("GRAPHQL_VALIDATION_FAILED", "ROOT_FIELD_LIMIT", "BATCH_OFF")
    assert [found["portal_errors_total", code] for code in codes] == [1, 1, 1]


async def test_the_engine_and_the_pool_are_seen(counting: Client) -> None:
    await counting.data("{ spheres { code } }")
    await counting.query("{ __typename organizations(first: 1000) { totalCount } }")
    found = await read(counting)
    assert found["portal_answers_total", "assembled"] >= 1
    assert found["portal_answers_total", "stepped back"] >= 1
    assert found["portal_documents_kept",] == 2
    assert found["portal_database_pool_max",] >= found["portal_database_pool_size",] >= 1
    assert found["portal_database_requests_num_total",] >= 1
    assert found["process_cpu_seconds_total",] > 0


async def test_a_change_has_not_stepped_back(counting: Client) -> None:
    await counting.query("mutation { signOut { __typename } }")
    found = await read(counting)
    assert {key: number for key, number in found.items() if key[0] == "portal_answers_total"} == {
        ("portal_answers_total", "changed"): 1
    }


async def test_every_way_is_explained_here_and_on_the_page(counting: Client) -> None:
    for text in ("{ a: spheres { code } }", "{ b: spheres { code } }", "{ nothing }"):
        await counting.query(text)
    read_in = {way for name, *ways in await read(counting) for way in ways if name == "portal_documents_read_total"}
    assert read_in == set(READ) == explained("portal_documents_read_total")
    assert set(get_args(Way)) == set(ANSWERED) == explained("portal_answers_total")


def explained(metric: str) -> set[str]:
    """The ways that a metric has on the page."""
    (row,) = re.findall(rf"^\| `{metric}` \| `way` \| (.*) \|$", PAGE, re.MULTILINE)
    return set(re.findall("`(.*?)`", row))


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer guessed"}, {"Authorization": "Bearer é"}])
async def test_only_whoever_has_the_token_is_told(counting: Client, headers: dict[str, str]) -> None:
    given = {name: value.encode() for name, value in headers.items()}
    assert (await counting.http.get("/metrics", headers=given)).status_code == 401  # type: ignore[arg-type]


async def test_without_a_token_there_is_no_such_page(client: Client) -> None:
    assert (await client.http.get("/metrics")).status_code == 404


def test_strangers_names_have_an_end_and_trusted_ones_their_place() -> None:
    tally = Tally({"Trusted"})
    names = [tally.named(f"Q{number}") for number in range(NAMES + 2)]
    assert names[-3:] == [f"Q{NAMES - 1}", OTHER, OTHER]
    assert tally.named("Trusted") == "Trusted"
