"""Questionnaires and surveys of owners: whose they are, and when a survey may be answered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ACTIONS = ("DRAFTED", "CHANGED", "DISCARDED", "PUBLISHED", "RETIRED")

# As in 0003, but for surveys, which have no criteria; and a form is published on a date of the portal's calendar,
# not of the session's, so that a criterion that begins on a day is demanded from that day's midnight on.
PUBLISHED = """
CREATE OR REPLACE FUNCTION questionnaire_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.published_at IS NOT NULL THEN
            RAISE EXCEPTION 'a questionnaire begins as a draft'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'questionnaire_published';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.published_at IS NOT NULL
       AND to_jsonb(NEW) - 'retired_at' <> to_jsonb(OLD) - 'retired_at' THEN
        RAISE EXCEPTION 'questionnaire % is published and does not change', OLD.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'questionnaire_published';
    END IF;
    IF OLD.published_at IS NULL AND NEW.published_at IS NOT NULL AND {counts} AND EXISTS (
        SELECT FROM criterion
        WHERE sphere_id IS NULL AND service_id IS NULL
          AND {day} BETWEEN valid_from AND coalesce(valid_to, 'infinity')
          AND id NOT IN (SELECT criterion_id FROM questionnaire_criterion
                         WHERE questionnaire_id = NEW.id)
    ) THEN
        RAISE EXCEPTION 'questionnaire % lacks a basic criterion', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'questionnaire_published';
    END IF;
    RETURN NEW;
END $$"""
DAY = "(NEW.published_at AT TIME ZONE (policy_value('TIME_ZONE') #>> '{}'))::date"

PLACES = """
CREATE OR REPLACE FUNCTION questionnaire_places() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {survey}
    IF EXISTS (
        SELECT FROM questionnaire_criterion WHERE questionnaire_id = NEW.id
        HAVING count(*) = 0 OR max(position) <> count(*)
    ) THEN
        RAISE EXCEPTION 'the criteria of questionnaire % have a gap', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'questionnaire_places';
    END IF;
    RETURN NULL;
END $$"""
SURVEY = """IF NEW.opens_on IS NOT NULL THEN
        IF EXISTS (SELECT FROM questionnaire_criterion WHERE questionnaire_id = NEW.id)
           OR NOT EXISTS (SELECT FROM question WHERE questionnaire_id = NEW.id) THEN
            RAISE EXCEPTION 'survey % has criteria, or no question', NEW.code
                USING ERRCODE = 'check_violation', CONSTRAINT = 'questionnaire_places';
        END IF;
        RETURN NULL;
    END IF;"""


def upgrade() -> None:
    # PostgreSQL lets a value of an enumeration be used only after the transaction that adds it.
    with op.get_context().autocommit_block():
        for action in ACTIONS:
            op.execute(f"ALTER TYPE audit_action ADD VALUE IF NOT EXISTS 'QUESTIONNAIRE_{action}'")
        op.execute("ALTER TYPE audit_subject ADD VALUE IF NOT EXISTS 'QUESTIONNAIRE'")
    hierarchy = postgresql.ENUM(name="hierarchy", create_type=False)
    op.add_column("questionnaire", sa.Column("owner_id", sa.BigInteger(), nullable=True))
    op.add_column("questionnaire", sa.Column("hierarchy", hierarchy, nullable=True))
    op.add_column("questionnaire", sa.Column("opens_on", sa.Date(), nullable=True))
    op.add_column("questionnaire", sa.Column("closes_on", sa.Date(), nullable=True))
    op.create_foreign_key(op.f("fk_questionnaire_owner_id"), "questionnaire", "organization", ["owner_id"], ["id"])
    op.create_check_constraint(
        op.f("ck_questionnaire_owned_in_a_tree"), "questionnaire", "(owner_id IS NULL) = (hierarchy IS NULL)"
    )
    op.create_check_constraint(
        op.f("ck_questionnaire_closes_after_opening"),
        "questionnaire",
        "(opens_on IS NULL) = (closes_on IS NULL) AND opens_on <= closes_on",
    )
    op.execute(PUBLISHED.format(counts="NEW.opens_on IS NULL", day=DAY))
    op.execute(PLACES.format(survey=SURVEY))


def downgrade() -> None:
    """The values of the audit trail's enumerations stay, as an enumeration keeps its values."""
    op.execute(PUBLISHED.format(counts="true", day="NEW.published_at::date"))
    op.execute(PLACES.format(survey=""))
    for name in ("ck_questionnaire_closes_after_opening", "ck_questionnaire_owned_in_a_tree"):
        op.drop_constraint(op.f(name), "questionnaire", type_="check")
    op.drop_constraint(op.f("fk_questionnaire_owner_id"), "questionnaire", type_="foreignkey")
    for column in ("closes_on", "opens_on", "hierarchy", "owner_id"):
        op.drop_column("questionnaire", column)
