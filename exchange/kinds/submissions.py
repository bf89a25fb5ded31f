"""Submissions: what was said before, as it was said. An employee's name is neither exported nor taken."""

from psycopg import Connection

from exchange.columns import Column
from exchange.kinds import raters
from exchange.kinds.answers import Answers
from exchange.kinds.kind import Check, Kind
from exchange.kinds.scores import Scores
from exchange.load import NEW, Load
from exchange.values import CODE, DATE, FLAG, MOMENT, POSITION, TEXT, one_of
from models.reviews import ReviewState
from models.submissions import PLACEMENT_PATTERN, Channel, SubmissionStatus

# The date of a moment for the portal's users.
SUBMITTED_ON = "(staged.submitted_at AT TIME ZONE (SELECT policy_value('TIME_ZONE') #>> '{}'))::date"

COLUMNS = (
    Column("code", CODE, required=True),
    # Whom it was given to; if that is part of another organization by now, it counts for that one.
    Column("organization", CODE, required=True),
    *raters.COLUMNS,
    Column("questionnaire", CODE, required=True),
    Column("version", POSITION, required=True),
    Column("service", CODE),
    Column("channel", one_of(Channel)),
    Column("visited_on", DATE),
    Column("submitted_at", MOMENT, required=True),
    Column("status", one_of(SubmissionStatus), required=True),
    Column("status_at", MOMENT),
    Column("comment", TEXT),
    Column("review_state", one_of(ReviewState), kept=True),
)
# Not in the files of portals that know no visits which somebody vouches for, nor in earlier exports.
VERIFIED = Column("verified", FLAG, kept=True)
PLACEMENT = Column("placement", TEXT, kept=True)
MASKED = Column("masked_comment", TEXT, kept=True)

EXTRAS = f"""
    coalesce(organization.merged_into_id, organization.id) AS organization_id,
    CASE WHEN organization.merged_into_id IS NOT NULL THEN organization.id END AS given_to_id,
    questionnaire.id AS questionnaire_id, service.id AS service_id,
    {SUBMITTED_ON} AS submitted_on, {raters.EXTRAS}"""

JOINS = f"""
    LEFT JOIN organization ON organization.code = staged.organization {raters.JOINS}
    LEFT JOIN service ON service.code = staged.service
    LEFT JOIN questionnaire ON questionnaire.code = staged.questionnaire
          AND questionnaire.version = staged.version AND questionnaire.published_at IS NOT NULL"""

CURRENT = """
    SELECT submission.code, organization.code AS organization, {raters}, rater_kind::text,
           questionnaire.code AS questionnaire, questionnaire.version, service.code AS service,
           channel::text, visited_on, submitted_at, submission.status::text, status_at,
           review.text AS comment, review.state::text AS review_state, review.masked AS masked_comment, verified, placement,
           {scores} {answers} submission.rater_id
    FROM submission
    JOIN organization ON organization.id = coalesce(submission.given_to_id, submission.organization_id)
    JOIN questionnaire ON questionnaire.id = submission.questionnaire_id {named}
    LEFT JOIN service ON service.id = submission.service_id
    LEFT JOIN review ON review.submission_id = submission.id {joined}"""

CHECKS = (
    Check("organization", "organization_id IS NULL", "no organization has this code"),
    *raters.CHECKS,
    Check("questionnaire", "questionnaire_id IS NULL", "no published questionnaire has this code and version"),
    Check("service", "service IS NOT NULL AND service_id IS NULL", "no service has this code"),
    Check("visited_on", "visited_on > submitted_on", "comes after the submission"),
    Check("placement", f"placement !~ '{PLACEMENT_PATTERN}'", "is no tag of a QR code"),
    Check("submitted_at", "submitted_at > now()", "is in the future"),
    Check("status_at", "status <> 'COUNTED' AND status_at IS NULL", "is needed for a submission that is not counted"),
    Check("score", "cardinality(array_remove(scores, NULL)) = 0", "is missing for every criterion"),
    Check("comment", "char_length(comment) > 10000", "is longer than 10,000 characters"),
    Check("review_state", "review_state IS NOT NULL AND comment IS NULL", "is only for comments"),
    Check("masked_comment", "masked_comment IS NOT NULL AND comment IS NULL", "is only for comments"),
    Check("masked_comment", "char_length(masked_comment) > 10000", "is longer than 10,000 characters"),
)

SUBMISSIONS = f"""
    INSERT INTO submission (code, organization_id, given_to_id, rater_id, rater_kind, questionnaire_id, service_id, channel,
                            visited_on, placement, scores, submitted_at, submitted_on, status, status_at, verified)
    SELECT code, organization_id, given_to_id, coalesce(rater_id, rater.id), speaks_for::rater_kind, questionnaire_id, service_id,
           channel::channel, visited_on, placement, scores, submitted_at, submitted_on, status::submission_status, status_at,
           coalesce(verified, false)
    FROM incoming LEFT JOIN rater ON rater.pseudonym = incoming.rater
    WHERE {NEW} ORDER BY number"""

REVIEWS = f"""
    INSERT INTO review (submission_id, text, masked, state)
    SELECT submission.id, comment, masked_comment, coalesce(review_state::review_state,
           review_first_state(incoming.organization_id, incoming.service_id, comment))
    FROM incoming JOIN submission USING (code) WHERE {NEW} AND comment IS NOT NULL"""


def kind(connection: Connection) -> Kind:
    """Submissions with a column for each criterion and each question that this database has."""
    scores, replies = Scores(connection), Answers(connection)

    def settle(load: Load) -> None:
        scores.settle(load)
        replies.settle(load)

    def save(connection: Connection) -> bool:
        for statement in (raters.NEWCOMERS, SUBMISSIONS, REVIEWS):
            connection.execute(statement)
        replies.save(connection)
        return True

    return Kind(
        name="submissions",
        columns=COLUMNS,
        optional=(MASKED, VERIFIED, PLACEMENT, *scores.columns, *replies.columns),
        key=("code",),
        current=CURRENT.format(
            raters=raters.NAMES,
            named=raters.NAMED,
            scores=scores.stored(),
            answers=replies.stored(),
            joined=replies.joined("submission"),
        ),
        order='submitted_at, code COLLATE "C"',
        extras=f"{EXTRAS}, {scores.array()} AS scores",
        joins=JOINS,
        checks=CHECKS,
        settle=settle,
        save=save,
        unchangeable=True,
    )
