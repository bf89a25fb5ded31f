"""Questionnaires: one file of forms and their parts, each form taken whole or not at all."""

from exchange.columns import Column, in_languages
from exchange.kinds import form_checks, form_writing
from exchange.kinds.form_parts import CURRENT, Part
from exchange.kinds.kind import Check, Kind, unknown
from exchange.values import CODE, DATE, FLAG, MOMENT, POSITION, one_of
from models.base import CODE_PATTERN
from models.hierarchies import Hierarchy
from models.questionnaires import QuestionType

# Which parts have which columns.
HAVING = {
    "code": ("CRITERION", "QUESTION", "OPTION"),
    "position": ("CRITERION", "QUESTION", "OPTION"),
    "question": ("OPTION",),
    "type": ("QUESTION",),
    "required": ("QUESTION",),
}

# What only a form has, and not every form.
OF_FORMS = (
    "sphere",
    "category",
    "service",
    "organization",
    "owner",
    "hierarchy",
    "opens_on",
    "closes_on",
    "published_at",
    "retired_at",
)


def _having(field: str, parts: tuple[str, ...]) -> Check:
    listed = ", ".join(f"'{part}'" for part in parts)
    reason = f"is needed for {' and '.join(parts)}, and for nothing else"
    return Check(field, f"({field} IS NOT NULL) <> (part IN ({listed}))", reason)


CHECKS = (
    Check("questionnaire", f"questionnaire !~ '{CODE_PATTERN}'", "is no code"),
    *(_having(field, parts) for field, parts in HAVING.items()),
    *(Check(field, f"{field} IS NOT NULL AND part <> 'FORM'", "is for FORM only") for field in OF_FORMS),
    Check(
        "text_be",
        "(num_nonnulls(text_be, text_ru, text_en) = 0) <> (part = 'CRITERION')",
        "is needed in one language at least, save for CRITERION",
    ),
    Check("position", "part = 'CRITERION' AND position > 16", "is above 16"),
    Check("sphere", "num_nonnulls(sphere, category, service, organization) > 1", "is not the only one it is for"),
    Check("hierarchy", "(owner IS NULL) <> (hierarchy IS NULL)", "goes with owner, and owner with it"),
    Check(
        "closes_on",
        "(opens_on IS NULL) <> (closes_on IS NULL) OR closes_on < opens_on",
        "goes with opens_on, and is not before it",
    ),
    Check("retired_at", "retired_at < published_at OR published_at IS NULL AND retired_at IS NOT NULL", "is too early"),
    Check(
        "code",
        "part = 'CRITERION' AND NOT EXISTS (SELECT FROM criterion WHERE criterion.code = incoming.code)",
        "no criterion has this code",
    ),
    *(unknown(field, field) for field in ("sphere", "category", "service", "organization")),
    unknown("owner", "organization"),
)

KIND = Kind(
    name="questionnaires",
    columns=(
        Column("questionnaire", CODE, required=True),
        Column("version", POSITION, required=True),
        Column("part", one_of(Part), required=True),
        Column("question", CODE),
        Column("code", CODE),
        Column("position", POSITION),
        *in_languages("text"),
        Column("type", one_of(QuestionType)),
        Column("required", FLAG),
        *(Column(field, CODE) for field in ("sphere", "category", "service", "organization", "owner")),
        Column("hierarchy", one_of(Hierarchy)),
        Column("opens_on", DATE),
        Column("closes_on", DATE),
        Column("published_at", MOMENT),
        Column("retired_at", MOMENT),
    ),
    key=("questionnaire", "version", "part", "question", "code"),
    current=CURRENT,
    order='questionnaire COLLATE "C", version, rank, question_position, position',
    extras="form.id AS form_id, form.published_at AS stored_publication",
    joins="LEFT JOIN questionnaire AS form ON form.code = staged.questionnaire AND form.version = staged.version",
    checks=CHECKS,
    settle=form_checks.settle,
    save=form_writing.save,
)
