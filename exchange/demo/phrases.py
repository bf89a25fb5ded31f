"""Reviews and scores of the demo: pools of parts, made once, from which opinions are drawn."""

from collections.abc import Iterable
from random import Random

from exchange.demo.data import rows

POOL = 256
FLAVOURS = 10
LANGUAGES = ("ru", "ru", "ru", "be")
LEFT_OUT = 0.15
NUMBERS = 9999
BAD = (25, 26, 25, 14, 10)


class Phrases:
    """Review texts in Russian and Belarusian, put together from three parts and a detail with a number.

    The detail, with dice of its own, is what tells two reviews apart, as no two people write alike.
    """

    def __init__(self, details: Random) -> None:
        self._details = details
        self._parts: dict[tuple[str, str], list[list[str]]] = {}
        for row in rows("phrases"):
            parts = self._parts.setdefault((row["language"], row["mood"]), [[], [], [], []])
            parts[int(row["part"]) - 1].append(row["text"])

    def review(self, random: Random, *, good: bool) -> str:
        """A review; the middle alone is enough for some."""
        language = LANGUAGES[int(random.random() * len(LANGUAGES))]
        first, middle, last, details = self._parts[language, "good" if good else "bad"]
        text = middle[int(random.random() * len(middle))]
        if random.random() < 0.7:
            text = f"{first[int(random.random() * len(first))]} {text}"
        if random.random() < 0.6:
            text = f"{text} {last[int(random.random() * len(last))]}"
        detail = details[int(self._details.random() * len(details))]
        return f"{text} {detail.format(1 + int(self._details.random() * NUMBERS))}"

    def advice(self, random: Random) -> str:
        """An answer to a question that wants a text."""
        return random.choice(self._parts["ru", "bad"][2])


class Scores:
    """Sets of scores as PostgreSQL's array text, by number of additional criteria and flavour.

    A flavour is an organization's own: the basic criterion in which it is weaker, and how strict
    its raters are. Satisfied raters give a mean of 4 or more, the others less.
    """

    def __init__(self, basic: int, random: Random) -> None:
        self._basic, self._random = basic, random
        self.good = {key: self._pool(*key, good=True) for key in _keys()}
        self.bad = {key: self._pool(*key, good=False) for key in _keys()}

    def _pool(self, additional: int, flavour: int, *, good: bool) -> list[str]:
        return [self._set(additional, flavour, good=good) for _ in range(POOL)]

    def _set(self, additional: int, flavour: int, *, good: bool) -> str:
        while True:
            scores: list[int | None] = [
                self._score(weak=place == flavour % self._basic, strict=flavour >= self._basic, good=good)
                for place in range(self._basic + additional)
            ]
            for place in range(self._basic, len(scores)):
                if self._random.random() < LEFT_OUT:
                    scores[place] = None
            given = [score for score in scores if score is not None]
            if (sum(given) >= 4 * len(given)) == good:
                return _array(scores)

    def _score(self, *, weak: bool, strict: bool, good: bool) -> int:
        if not good:
            return self._random.choices((1, 2, 3, 4, 5), BAD)[0]
        excellent = 0.93 - 0.25 * weak - 0.15 * strict
        return self._random.choices((5, 4, 3), (excellent, 0.97 - excellent, 0.03))[0]


def _keys() -> Iterable[tuple[int, int]]:
    return ((additional, flavour) for additional in range(4) for flavour in range(FLAVOURS))


def _array(scores: list[int | None]) -> str:
    return "{" + ",".join("NULL" if score is None else str(score) for score in scores) + "}"
