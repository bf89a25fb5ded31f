"""Answers as columns, one for each code of a question, whichever questionnaires ask it."""

from dataclasses import dataclass
from typing import LiteralString

from psycopg import Connection

from exchange.columns import Column
from exchange.load import NEW, Load
from exchange.values import SEPARATOR, ValueType


@dataclass(frozen=True)
class Answering:
    """What is answered: its table and that of the answers, which has its key, and the codes of the questions."""

    table: str
    answers: str
    key: str
    codes: LiteralString


OF_SUBMISSIONS = Answering(
    "submission", "answer", "submission_id", 'SELECT DISTINCT code COLLATE "C" FROM question ORDER BY 1'
)
OF_SURVEYS = Answering(
    "survey_response",
    "survey_answer",
    "response_id",
    """SELECT DISTINCT question.code COLLATE "C" FROM question
    JOIN questionnaire ON questionnaire.id = questionnaire_id WHERE opens_on IS NOT NULL ORDER BY 1""",
)

# An answer is taken as it was given, blanks and all.
ANSWER = ValueType("text", str)

# Only several choices are a list; a text may hold the separator.
PARTS = f"CASE WHEN type = 'MULTIPLE_CHOICE' THEN string_to_array(value, '{SEPARATOR}') ELSE ARRAY[value] END"

# Whether a required question was answered is not asked: it was for the portal of that time to ask.
FAULTS = f"""
    SELECT number, 'answer.' || code, reason FROM (
        SELECT number, given.code, CASE
            WHEN question.id IS NULL THEN 'is not on this questionnaire'
            WHEN type = 'YES_NO' AND value NOT IN ('true', 'false') THEN 'is neither true nor false'
            WHEN type = 'NUMBER' AND value !~ '^-?[0-9]+([.][0-9]+)?$' THEN 'is not a number'
            WHEN type IN ('CHOICE', 'MULTIPLE_CHOICE') AND (
                SELECT count(DISTINCT part) FROM unnest({PARTS}) AS part
                JOIN question_option AS option ON option.question_id = question.id AND option.code = part
            ) < cardinality({PARTS}) THEN 'is no option, or the same one twice'
        END AS reason
        FROM given LEFT JOIN question ON question.questionnaire_id = given.questionnaire_id AND question.code = given.code
    ) AS answered
    WHERE reason IS NOT NULL"""


class Answers:
    """The columns `answer.<question>`, and SQL for the way from and to a table of answers."""

    def __init__(self, connection: Connection, of: Answering = OF_SUBMISSIONS) -> None:
        self._of = of
        self._aliases = {code: f"answer_{i}" for i, (code,) in enumerate(connection.execute(of.codes), 1)}

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(Column(f"answer.{code}", ANSWER, alias=alias) for code, alias in self._aliases.items())

    def stored(self) -> str:
        """Every question's answer, to be selected from what `joined` joins."""
        return "".join(f"{alias}, " for alias in self._aliases.values())

    def joined(self, row: str) -> str:
        """Joins the answers to a row of what is answered."""
        answers = "".join(
            f", max(array_to_string(answer.values, '{SEPARATOR}')) FILTER (WHERE code = '{code}') AS {alias}"
            for code, alias in self._aliases.items()
        )
        key = self._of.key
        return f"""
            LEFT JOIN (SELECT {key} {answers} FROM {self._of.answers} AS answer JOIN question ON question.id = question_id
                       GROUP BY {key}) AS answered ON answered.{key} = {row}.id"""

    def settle(self, load: Load) -> None:
        """Reject answers to what was not asked, and answers that are none; leaves `given`, one row an answer."""
        cells = ", ".join(f"('{code}', {alias})" for code, alias in self._aliases.items()) or "(NULL, NULL)"
        load.connection.execute(f"""
            CREATE TEMP TABLE given ON COMMIT DROP AS
            SELECT number, questionnaire_id, given.code::text, given.value::text
            FROM incoming CROSS JOIN LATERAL (VALUES {cells}) AS given (code, value) WHERE value IS NOT NULL""")
        load.connection.execute("ANALYZE given")
        load.reject(FAULTS)

    def save(self, connection: Connection) -> None:
        """Write the answers of what is new, which is written already."""
        connection.execute(
            f"""
            INSERT INTO {self._of.answers} ({self._of.key}, question_id, values)
            SELECT answered.id, question.id, {PARTS}
            FROM given
            JOIN incoming USING (number)
            JOIN {self._of.table} AS answered ON answered.code = incoming.code
            JOIN question ON question.questionnaire_id = given.questionnaire_id AND question.code = given.code
            WHERE {NEW}""".encode()
        )
