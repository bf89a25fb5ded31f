"""Criteria: what is scored, for everyone or in one sphere or service."""

from psycopg import Connection

from exchange import writing
from exchange.columns import Column, in_languages
from exchange.kinds.kind import NAMELESS, Check, Kind, unknown
from exchange.values import CODE, DATE, ORDINAL


def _save(connection: Connection) -> bool:
    belongs = {"sphere_id": writing.id_of("sphere", "sphere"), "service_id": writing.id_of("service", "service")}
    rest = writing.same("ordinal", "valid_from", "valid_to")
    writing.by_code(connection, "criterion", belongs | rest | writing.NAMES)
    return False


KIND = Kind(
    name="criteria",
    columns=(
        Column("code", CODE, required=True),
        Column("sphere", CODE),
        Column("service", CODE),
        Column("ordinal", ORDINAL, required=True),
        Column("valid_from", DATE, required=True),
        Column("valid_to", DATE),
        *in_languages("name"),
    ),
    key=("code",),
    current="""
        SELECT criterion.code, sphere.code AS sphere, service.code AS service, criterion.ordinal, valid_from, valid_to,
               criterion.name_be, criterion.name_ru, criterion.name_en,
               EXISTS (SELECT FROM questionnaire_criterion JOIN questionnaire ON questionnaire.id = questionnaire_id
                       WHERE criterion_id = criterion.id AND published_at IS NOT NULL) AS published
        FROM criterion LEFT JOIN sphere ON sphere.id = sphere_id LEFT JOIN service ON service.id = service_id""",
    order='ordinal, code COLLATE "C"',
    extras="""
        current.published AND (staged.sphere, staged.service) IS DISTINCT FROM (current.sphere, current.service)
            AS reassigned""",
    checks=(
        NAMELESS,
        unknown("sphere", "sphere"),
        unknown("service", "service"),
        Check("service", "num_nonnulls(sphere, service) = 2", "is there beside a sphere: a criterion belongs to one"),
        Check("valid_to", "valid_to < valid_from", "comes before valid_from"),
        # Whether a criterion is compulsory has decided which submissions were complete.
        Check("sphere", "reassigned", "differs from what published questionnaires were made with"),
    ),
    save=_save,
)
