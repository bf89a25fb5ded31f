"""The check of the committed schema says what differs, what that breaks, and how to accept it."""

import pytest

from scripts.check_schema import REFRESH, verdict

OLD = "type Query {\n  rating: Float\n  code: String\n}\n"


def test_the_same_schema_is_no_news() -> None:
    assert verdict(OLD, OLD) is None


def test_a_removed_field_breaks_users() -> None:
    said = verdict(OLD, "type Query {\n  rating: Float\n}\n")
    assert said is not None
    assert "-  code: String" in said
    assert "breaks users: Field Query.code was removed." in said
    assert said.endswith(REFRESH)


def test_an_added_field_breaks_nobody_but_has_to_be_committed() -> None:
    said = verdict(OLD, OLD.replace("}", "  name: String\n}"))
    assert said is not None
    assert "+  name: String" in said
    assert "users" not in said


def test_a_new_value_of_an_enum_may_surprise() -> None:
    enum = "enum Scope {\n  OWN\n}\n\ntype Query {\n  scope: Scope\n}\n"
    said = verdict(enum, enum.replace("OWN", "OWN\n  SUBTREE"))
    assert said is not None
    assert "may surprise users: Enum value Scope.SUBTREE was added." in said


def test_an_empty_answer_is_not_taken_for_agreement() -> None:
    assert verdict("", "") == "portal schema printed nothing."


DEPRECATED = 'type Query { old: Int @deprecated(reason: "%s") new(a: Int, b: Int @deprecated(reason: "%s")): Int }'
TOLD = "Since 2026-01-31: use `Query.new`, which counts all."


@pytest.mark.parametrize("told", [(TOLD, TOLD), ("Since 2026-12-01: use `Query.new`", TOLD)])
def test_what_is_deprecated_says_since_when_and_what_instead(told: tuple[str, str]) -> None:
    assert verdict(DEPRECATED % told, DEPRECATED % told) is None


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("No longer supported", "must begin with"),
        ("Use `Query.new`", "must begin with"),
        ("Since 2026-13-01: use `Query.new`", "must begin with"),
        ("Since 2026-01-31: use Query.new", "must begin with"),
        ("Since 2026-01-31: use `Query.newer`", "Query.newer, which is not there"),
        ("Since 2026-01-31: use `Other.new`", "Other.new, which is not there"),
    ],
)
def test_what_is_deprecated_without_a_word_is_refused(reason: str, wrong: str) -> None:
    for told, name in (((reason, TOLD), "Query.old"), ((TOLD, reason), "Query.new(b)")):
        found = verdict(DEPRECATED % told, DEPRECATED % told)
        assert found is not None
        assert found.startswith(name)
        assert wrong in found
