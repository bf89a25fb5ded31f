"""What is asked in the demo: criteria, questionnaires with their versions, questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from exchange.demo.catalogue import Sphere
from exchange.demo.data import rows
from exchange.demo.names import Name

BEGINNING = date(2019, 1, 1)


@dataclass(frozen=True)
class Criterion:
    """Basic ones have no sphere."""

    id: int
    code: str
    sphere: int | None
    name: Name


@dataclass(frozen=True)
class Question:
    """`options` holds the codes of a choice."""

    id: int
    code: str
    type: str
    required: bool
    text: Name
    options: tuple[tuple[str, Name], ...]


@dataclass(frozen=True)
class Form:
    """A version of a questionnaire, for one sphere or for everyone. A score's place is its criterion's."""

    id: int
    code: str
    version: int
    sphere: int | None
    title: Name
    published: date
    retired: date | None
    criteria: tuple[Criterion, ...]
    questions: tuple[Question, ...]

    @property
    def additional(self) -> int:
        """How many criteria may be left out: they are the last places."""
        return sum(criterion.sphere is not None for criterion in self.criteria)


class Forms:
    """All criteria and questionnaires."""

    def __init__(self, spheres: Sequence[Sphere]) -> None:
        ids: dict[str, int | None] = {sphere.code: sphere.id for sphere in spheres}
        ids[""] = None
        self.criteria = [
            Criterion(i, row["code"], ids[row["sphere"]], Name.of(row)) for i, row in enumerate(rows("criteria"), 1)
        ]
        options: dict[str, list[tuple[str, Name]]] = {}
        for row in rows("options"):
            options.setdefault(row["question"], []).append((row["code"], Name.of(row, "text")))
        questions: dict[tuple[str, str], list[Question]] = {}
        for i, row in enumerate(rows("questions"), 1):
            questions.setdefault((row["questionnaire"], row["version"]), []).append(
                _question(i, row, tuple(options.get(row["code"], ())))
            )
        self.forms = [
            self._form(i, row, ids[row["sphere"]], tuple(questions[row["code"], row["version"]]))
            for i, row in enumerate(rows("questionnaires"), 1)
        ]

    def over_time(self, spheres: Sequence[int]) -> list[Form]:
        """The forms that an organization of these spheres was shown, the oldest first.

        The form of a sphere goes before the general one as soon as it is published.
        """
        general = [form for form in self.forms if form.sphere is None]
        special = next((form for form in self.forms if form.sphere in spheres), None)
        if special is None:
            return general
        return [*(form for form in general if form.published < special.published), special]

    def _form(self, number: int, row: dict[str, str], sphere: int | None, questions: tuple[Question, ...]) -> Form:
        criteria = tuple(criterion for criterion in self.criteria if criterion.sphere in (None, sphere))
        retired = date.fromisoformat(row["retired"]) if row["retired"] else None
        published = date.fromisoformat(row["published"])
        title = Name.of(row, "title")
        return Form(number, row["code"], int(row["version"]), sphere, title, published, retired, criteria, questions)


def _question(number: int, row: dict[str, str], options: tuple[tuple[str, Name], ...]) -> Question:
    return Question(number, row["code"], row["type"], row["required"] == "1", Name.of(row, "text"), options)
