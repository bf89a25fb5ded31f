"""Surveys: responses and answers, apart from what counts in ratings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_response",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("questionnaire_id", sa.BigInteger(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("rater_id", sa.BigInteger(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["questionnaire.id"], name=op.f("fk_survey_response_questionnaire_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_survey_response_organization_id")
        ),
        sa.ForeignKeyConstraint(["rater_id"], ["rater.id"], name=op.f("fk_survey_response_rater_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_response")),
        sa.UniqueConstraint("code", name=op.f("uq_survey_response_code")),
        sa.UniqueConstraint(
            "questionnaire_id",
            "organization_id",
            "rater_id",
            name=op.f("uq_survey_response_questionnaire_id_organization_id_rater_id"),
        ),
    )
    op.create_index(op.f("ix_survey_response_rater_id"), "survey_response", ["rater_id"])
    op.create_table(
        "survey_answer",
        sa.Column("question_id", sa.BigInteger(), nullable=False),
        sa.Column("response_id", sa.BigInteger(), nullable=False),
        sa.Column("values", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("cardinality(values) > 0", name=op.f("ck_survey_answer_has_a_value")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_survey_answer_question_id")),
        sa.ForeignKeyConstraint(["response_id"], ["survey_response.id"], name=op.f("fk_survey_answer_response_id")),
        sa.PrimaryKeyConstraint("question_id", "response_id", name=op.f("pk_survey_answer")),
    )
    op.create_index(op.f("ix_survey_answer_response_id"), "survey_answer", ["response_id"])


def downgrade() -> None:
    op.drop_table("survey_answer")
    op.drop_table("survey_response")
