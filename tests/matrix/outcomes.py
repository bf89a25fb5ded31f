"""What somebody was answered, in the words of the matrix."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from tests.clients import Answer

OK, NULL, EMPTY, HIDDEN, SOME, DAY = "ok", "null", "empty", "-", "some", "day"
CODES = {"UNAUTHENTICATED": "sign in", "FORBIDDEN": "forbidden"}
TIME_ZONE = ZoneInfo("Europe/Minsk")


def of_operation(answer: Answer) -> str:
    """The outcome of an operation of one field."""
    if answer.errors:
        (error,) = answer.errors
        code: str = error["extensions"]["code"]
        return CODES.get(code, code)
    (value,) = answer.data.values()
    if isinstance(value, dict) and value.get("__typename", "").endswith("Problem"):
        return f"problem {value['code']}"
    return _of_value(value)


def of_fields(answer: Answer, path: Sequence[str], fields: Sequence[str]) -> dict[str, str]:
    """The outcome of each field of the objects that stand at the end of a path."""
    assert not answer.errors, answer.errors
    found = list(_at(answer.data, path))
    return {each: _of_all([_of_field(one[each]) for one in found]) for each in fields}


def _of_value(value: Any) -> str:
    if value is None or value == [None]:
        return NULL
    if value in ([], {"nodes": [], "totalCount": 0}):
        return EMPTY
    return OK


def _of_field(value: Any) -> str:
    if isinstance(value, str) and _is_midnight(value):
        return DAY
    if isinstance(value, dict) and value.get("nodes") == []:
        return EMPTY
    return _of_value(value)


def _is_midnight(value: str) -> bool:
    """Whether it is a moment of which no more than the date is told."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return False
    return moment.tzinfo is not None and moment.astimezone(TIME_ZONE).time() == time()


def _of_all(outcomes: Sequence[str]) -> str:
    """One word for all objects: `-` for none, `some` where a field is told of some of them."""
    if not outcomes:
        return HIDDEN
    different = set(outcomes)
    return different.pop() if len(different) == 1 else SOME


def _at(value: Any, path: Sequence[str]) -> Iterator[Any]:
    if value is None:
        return
    if isinstance(value, list):
        for each in value:
            yield from _at(each, path)
    elif path:
        yield from _at(value[path[0]], path[1:])
    else:
        yield value
