"""The check of the committed schema says what differs, what that breaks, and how to accept it."""

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
