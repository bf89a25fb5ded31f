"""Responses to surveys: what was answered, on which day, about whom. They count in no total."""

from psycopg import Connection

from exchange.columns import Column
from exchange.kinds import raters
from exchange.kinds.answers import OF_SURVEYS, Answers
from exchange.kinds.kind import Check, Kind
from exchange.load import NEW, Load
from exchange.values import CODE, DATE, POSITION, UUID

COLUMNS = (
    Column("code", UUID, required=True),
    Column("survey", CODE, required=True),
    Column("version", POSITION, required=True),
    Column("organization", CODE, required=True),
    *raters.COLUMNS,
    Column("answered_on", DATE, required=True),
)

EXTRAS = f"""
    organization.id AS organization_id, questionnaire.id AS questionnaire_id, opens_on, closes_on, {raters.EXTRAS}"""

JOINS = f"""
    LEFT JOIN organization ON organization.code = staged.organization {raters.JOINS}
    LEFT JOIN questionnaire ON questionnaire.code = staged.survey AND questionnaire.version = staged.version
          AND questionnaire.published_at IS NOT NULL AND questionnaire.opens_on IS NOT NULL"""

CURRENT = """
    SELECT response.code, questionnaire.code AS survey, questionnaire.version, organization.code AS organization,
           {raters}, rater.kind::text AS rater_kind, answered_on, {answers} response.rater_id
    FROM survey_response AS response
    JOIN organization ON organization.id = organization_id
    JOIN questionnaire ON questionnaire.id = questionnaire_id {named} {joined}"""

TWICE = """EXISTS (SELECT FROM survey_response AS other WHERE other.code <> incoming.code
    AND other.questionnaire_id = incoming.questionnaire_id AND other.organization_id = incoming.organization_id
    AND other.rater_id = incoming.rater_id)"""

CHECKS = (
    Check("organization", "organization_id IS NULL", "no organization has this code"),
    *raters.CHECKS,
    Check("survey", "questionnaire_id IS NULL", "no published survey has this code and version"),
    Check(
        "answered_on",
        "answered_on NOT BETWEEN opens_on AND coalesce(closes_on, answered_on)",
        "is no day of the survey",
    ),
    Check("code", TWICE, "is another response of this rater to this survey about this organization"),
)

# The same within a file; who is not known yet is told apart by the pseudonym.
TWICE_HERE = """
    SELECT number, 'code', 'is another response of this rater to this survey about this organization'
    FROM (SELECT number, row_number() OVER (PARTITION BY questionnaire_id, organization_id,
                                            coalesce(rater_id::text, rater::text) ORDER BY number) AS place
          FROM incoming WHERE questionnaire_id IS NOT NULL AND organization_id IS NOT NULL) AS repeated
    WHERE place > 1"""

RESPONSES = f"""
    INSERT INTO survey_response (code, questionnaire_id, organization_id, rater_id, answered_on)
    SELECT code, questionnaire_id, organization_id, coalesce(rater_id, rater.id), answered_on
    FROM incoming LEFT JOIN rater ON rater.pseudonym = incoming.rater
    WHERE {NEW} ORDER BY number"""


def kind(connection: Connection) -> Kind:
    """Responses with a column for each question that a survey of this database asks."""
    answers = Answers(connection, OF_SURVEYS)

    def settle(load: Load) -> None:
        load.reject(TWICE_HERE)
        answers.settle(load)

    def save(connection: Connection) -> bool:
        for statement in (raters.NEWCOMERS, RESPONSES):
            connection.execute(statement)
        answers.save(connection)
        return False

    return Kind(
        name="survey-responses",
        columns=COLUMNS,
        optional=answers.columns,
        key=("code",),
        current=CURRENT.format(
            raters=raters.NAMES, named=raters.NAMED, answers=answers.stored(), joined=answers.joined("response")
        ),
        order="answered_on, code",
        extras=EXTRAS,
        joins=JOINS,
        checks=CHECKS,
        settle=settle,
        save=save,
        unchangeable=True,
    )
