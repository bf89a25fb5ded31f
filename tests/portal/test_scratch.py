"""Scratch databases: copied from templates, gone afterwards."""

import psycopg
import pytest

from portal.scratch import ScratchServer


def totals(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("select count(*) from total").fetchone()
    assert row is not None
    return int(row[0])


def test_an_empty_database_has_tables_and_no_rows(empty_url: str) -> None:
    assert totals(empty_url) == 0


def test_a_clone_holds_the_demo_and_is_its_own(clone_url: str, seeded_url: str) -> None:
    before = totals(seeded_url)
    assert before > 0
    with psycopg.connect(clone_url) as connection:
        connection.execute("truncate total")
    assert (totals(clone_url), totals(seeded_url)) == (0, before)


def test_a_failed_template_is_built_again(scratch: ScratchServer) -> None:
    def fail(url: str) -> None:
        raise RuntimeError(url)

    def succeed(url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute("create table mark ()")

    name = "portal_template_of_this_test"
    try:
        with pytest.raises(RuntimeError):
            scratch.prepare(name, "template0", fail)
        scratch.prepare(name, "template0", succeed)
        with scratch.temporary(f"{name}_copy", name) as url, psycopg.connect(url) as connection:
            connection.execute("select from mark")
    finally:
        scratch.drop(name)
        scratch.drop(f"building_{name}")
