"""Results of a survey in plain Python: from who answered what about whom to what the public and officials are told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

K = 5


@dataclass(frozen=True)
class Response:
    """What one rater answered about one organization, by the codes of questions."""

    organization: str
    rater: str
    answers: Mapping[str, list[str]]


@dataclass(frozen=True)
class Asked:
    """A question: its type, and the codes of what it offers."""

    type: str
    options: tuple[str, ...] = ()


def results(questions: Mapping[str, Asked], said: Iterable[Response], *, official: bool) -> dict[str, Any]:
    """What is told of some responses."""
    responses = list(said)
    people = {each.rater for each in responses}
    few = not official and 0 < len(people) < K
    return {
        "responses": len(responses),
        "raters": None if few else len(people),
        "withheld": few,
        "questions": [_question(code, each, responses, few, official=official) for code, each in questions.items()],
    }


def _question(code: str, asked: Asked, responses: list[Response], few: bool, *, official: bool) -> dict[str, Any]:
    given = [(each.rater, each.answers[code]) for each in responses if code in each.answers]
    withheld = few or (not official and 0 < len({rater for rater, _ in given}) < K)
    texts = sorted(values[0] for _, values in given) if official and asked.type == "TEXT" else []
    return {
        "question": {"code": code},
        "answered": None if few else len(given),
        "withheld": withheld,
        "options": _options(asked, given, withheld, official=official),
        "mean": None if withheld or asked.type != "NUMBER" or not given else _mean([Fraction(v) for _, (v,) in given]),
        "texts": {"nodes": [{"text": each} for each in texts], "totalCount": len(texts)},
    }


def _options(
    asked: Asked, given: list[tuple[str, list[str]]], withheld: bool, *, official: bool
) -> list[dict[str, Any]]:
    if asked.type == "MULTIPLE_CHOICE":
        hidden = {each for each in asked.options if _hidden(_chosen(each, given))}
    else:
        hidden = _hidden({each: {rater for rater, values in given if each in values} for each in asked.options})
    told = []
    for each in asked.options:
        is_hidden = withheld or (not official and each in hidden)
        count = sum(each in values for _, values in given)
        share = None if is_hidden or not given else _rounded(Fraction(count, len(given)), 4)
        told.append({"code": each, "count": None if is_hidden else count, "share": share, "withheld": is_hidden})
    return told


def _chosen(option: str, given: list[tuple[str, list[str]]]) -> dict[str, set[str]]:
    """Who has chosen one of several options, and who has not."""
    return {
        "true": {rater for rater, values in given if option in values},
        "false": {rater for rater, values in given if option not in values},
    }


def _hidden(cells: Mapping[str, set[str]]) -> set[str]:
    """The cells with few raters; where all of these have few together, the next smallest as well."""
    there = {name: raters for name, raters in cells.items() if raters}
    few = {name for name, raters in there.items() if len(raters) < K}
    together = set().union(*(there[name] for name in few))
    others = sorted((len(raters), name) for name, raters in there.items() if name not in few)
    return few | {name for _, name in others[:1] if 0 < len(together) < K}


def _mean(numbers: list[Fraction]) -> str:
    return _rounded(sum(numbers, Fraction()) / len(numbers), 2)


def _rounded(number: Fraction, places: int) -> str:
    """Half up, also below zero."""
    units = (2 * number * 10**places + 1) // 2
    return str((Decimal(int(units)) / 10**places).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
