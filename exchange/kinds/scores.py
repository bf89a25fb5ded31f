"""Scores as columns, one for each criterion, of submissions that keep them by their form's places."""

from collections import defaultdict

from psycopg import Connection

from exchange.columns import Column
from exchange.load import Load
from exchange.values import SCORE

CRITERIA = 'SELECT id, code FROM criterion ORDER BY ordinal, code COLLATE "C"'
PLACES = (
    "SELECT questionnaire_id, position, criterion_id FROM questionnaire_criterion ORDER BY questionnaire_id, position"
)


class Scores:
    """The columns `score.<criterion>`, and SQL for the way from and to a submission's array."""

    def __init__(self, connection: Connection) -> None:
        self._codes: dict[int, str] = dict(connection.execute(CRITERIA).fetchall())
        self._forms: dict[int, list[int]] = defaultdict(list)
        for form, _, criterion in connection.execute(PLACES):
            self._forms[form].append(criterion)

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(Column(f"score.{code}", SCORE, alias=_alias(id)) for id, code in self._codes.items())

    def stored(self) -> str:
        """Every criterion's score of a row of `submission`, to be selected."""
        return "".join(f"{self._stored(criterion)} AS {_alias(criterion)}, " for criterion in self._codes)

    def _stored(self, criterion: int) -> str:
        places: dict[int, list[int]] = defaultdict(list)
        for form, criteria in self._forms.items():
            if criterion in criteria:
                places[criteria.index(criterion) + 1].append(form)
        whens = " ".join(
            f"WHEN submission.questionnaire_id IN ({', '.join(map(str, forms))}) THEN scores[{place}]"
            for place, forms in places.items()
        )
        return f"CASE {whens} END" if whens else "NULL::smallint"

    def array(self) -> str:
        """The array of a row of `staged`, in the order of its questionnaire."""
        whens = " ".join(
            f"WHEN {form} THEN ARRAY[{', '.join(f'staged.{_alias(criterion)}' for criterion in criteria)}]"
            for form, criteria in self._forms.items()
        )
        return f"CASE questionnaire.id {whens} END" if whens else "NULL::smallint[]"

    def settle(self, load: Load) -> None:
        """Reject scores that the questionnaire does not ask for, and rows without one that it must have."""
        every = ", ".join(_alias(criterion) for criterion in self._codes)
        given = ", ".join(f"('score.{code}', {_alias(id)}, {id})" for id, code in self._codes.items())
        if not every:
            return
        load.reject(f"""
            SELECT number, field, 'is not on this questionnaire'
            FROM incoming CROSS JOIN LATERAL (VALUES {given}) AS given (field, score, criterion)
            WHERE num_nonnulls({every}) <> cardinality(array_remove(scores, NULL)) AND score IS NOT NULL
              AND (questionnaire_id, criterion) NOT IN (SELECT questionnaire_id, criterion_id FROM questionnaire_criterion)""")
        load.reject("""
            SELECT number, 'score.' || criterion.code, 'is missing, and basic'
            FROM incoming
            JOIN questionnaire_criterion AS place USING (questionnaire_id)
            JOIN criterion ON criterion.id = place.criterion_id
            WHERE array_position(scores, NULL) IS NOT NULL AND scores[place.position] IS NULL
              AND criterion.sphere_id IS NULL AND criterion.service_id IS NULL""")


def _alias(criterion: int) -> str:
    return f"score_{criterion}"
