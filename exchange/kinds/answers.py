"""Answers as columns, one for each code of a question, whichever questionnaires ask it."""

from psycopg import Connection

from exchange.columns import Column
from exchange.load import NEW, Load
from exchange.values import SEPARATOR, ValueType

CODES = 'SELECT DISTINCT code COLLATE "C" FROM question ORDER BY 1'

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

SAVE = f"""
    INSERT INTO answer (submission_id, question_id, values)
    SELECT submission.id, question.id, {PARTS}
    FROM given
    JOIN incoming USING (number)
    JOIN submission ON submission.code = incoming.code
    JOIN question ON question.questionnaire_id = given.questionnaire_id AND question.code = given.code
    WHERE {NEW}"""


class Answers:
    """The columns `answer.<question>`, and SQL for the way from and to the table of answers."""

    def __init__(self, connection: Connection) -> None:
        self._aliases = {code: f"answer_{i}" for i, (code,) in enumerate(connection.execute(CODES), 1)}

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(Column(f"answer.{code}", ANSWER, alias=alias) for code, alias in self._aliases.items())

    def stored(self) -> str:
        """Every question's answer, to be selected from what `joined` joins."""
        return "".join(f"{alias}, " for alias in self._aliases.values())

    def joined(self) -> str:
        """Joins the answers to a row of `submission`."""
        answers = "".join(
            f", max(array_to_string(answer.values, '{SEPARATOR}')) FILTER (WHERE code = '{code}') AS {alias}"
            for code, alias in self._aliases.items()
        )
        return f"""
            LEFT JOIN (SELECT submission_id {answers} FROM answer JOIN question ON question.id = question_id
                       GROUP BY submission_id) AS answered ON answered.submission_id = submission.id"""

    def settle(self, load: Load) -> None:
        """Reject answers to what was not asked, and answers that are none; leaves `given`, one row an answer."""
        cells = ", ".join(f"('{code}', {alias})" for code, alias in self._aliases.items()) or "(NULL, NULL)"
        load.connection.execute(f"""
            CREATE TEMP TABLE given ON COMMIT DROP AS
            SELECT number, questionnaire_id, given.code::text, given.value::text
            FROM incoming CROSS JOIN LATERAL (VALUES {cells}) AS given (code, value) WHERE value IS NOT NULL""")
        load.connection.execute("ANALYZE given")
        load.reject(FAULTS)


def save(connection: Connection) -> None:
    """Write the answers of new submissions, which are written already."""
    connection.execute(SAVE)
