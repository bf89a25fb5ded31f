"""The rules that constraints of one row cannot say, and the first policies."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

POLICIES = {
    "MIN_RATERS": "5",
    "REPEAT_INTERVAL_HOURS": "24",
    "SATISFACTION_MARK": "4",
    "SMALL_GROUP_RATERS": "5",
    "QUESTIONNAIRE_GRACE_HOURS": "24",
    "CONFLICT_MONTHS": "12",
    "EMPLOYEE_RETENTION_MONTHS": "12",
    "TIME_ZONE": '"Europe/Minsk"',
}

POLICY_VALUE = """
CREATE FUNCTION policy_value(wanted policy_name) RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
BEGIN
    -- In this language the plan is kept from one call to the next.
    RETURN (SELECT value FROM policy WHERE name = wanted AND valid_from <= now()
            ORDER BY valid_from DESC LIMIT 1);
END $$"""

# The ids of codes that a query names; an unknown one is refused where it is met, with SQLSTATE
# PU001, the query's own name for it in the column field and the code in the detail.
# A branch for each kind: PostgreSQL keeps the plan of a statement that is written out.
KINDS = ("organization_kind", "sphere", "category", "service", "area")
BRANCHES = "\n        ".join(
    f"WHEN '{kind}' THEN SELECT array_agg(id) INTO ids FROM {kind} WHERE code = ANY (codes);" for kind in KINDS
)
IDS_OF = f"""
CREATE FUNCTION ids_of(kind text, codes text[], asked_as text) RETURNS bigint[]
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE ids bigint[]; unknown text;
BEGIN
    CASE kind
        {BRANCHES}
    END CASE;
    IF cardinality(codes) > coalesce(cardinality(ids), 0) THEN
        EXECUTE format('SELECT code FROM unnest($1) AS code WHERE code NOT IN (SELECT code FROM %I)
                        LIMIT 1', kind) INTO unknown USING codes;
        IF unknown IS NOT NULL THEN
            RAISE EXCEPTION 'unknown % %', kind, unknown
                USING ERRCODE = 'PU001', COLUMN = asked_as, DETAIL = unknown;
        END IF;
    END IF;
    RETURN coalesce(ids, '{{}}');
END $$"""

# A reference that must point at something: SQLSTATE PU001 where it does not.
KNOWN = """
CREATE FUNCTION known(id bigint, asked_as text) RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    IF id IS NULL THEN
        RAISE EXCEPTION 'unknown reference' USING ERRCODE = 'PU001', COLUMN = asked_as;
    END IF;
    RETURN id;
END $$"""

# The totals that count an organization's submissions: its own, and those of the subtrees it stands
# in, its own subtree first. Where it stands in no tree, it alone is its subtree there. They are few:
# expecting a thousand, the planner would read all totals to find them.
POOLS_COUNTING = """
CREATE FUNCTION pools_counting(rated bigint) RETURNS TABLE (organization_id bigint, pool pool)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10 AS $$
    SELECT rated, pool FROM unnest(enum_range(NULL::pool)) AS pool
    UNION
    SELECT node::bigint, place.hierarchy::text::pool
    FROM organization_position AS place, string_to_table(place.path::text, '.') AS node
    WHERE place.organization_id = rated
$$"""

# Every organization has its totals from its first moment.
ORGANIZATION_TOTALS = """
CREATE FUNCTION organization_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO total (organization_id, pool)
    SELECT added.id, pool FROM added, unnest(enum_range(NULL::pool)) AS pool;
    RETURN NULL;
END $$;
CREATE TRIGGER organization_totals AFTER INSERT ON organization
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION organization_totals()"""

# Checked a statement at a time, so that a bulk load pays for one join, not for each row.
SUBMISSION_FITS_FORM = """
CREATE FUNCTION submission_fits_form() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE misfit text;
BEGIN
    SELECT added.code INTO misfit
    FROM added JOIN (
        SELECT questionnaire.id,
               bool_and(questionnaire.published_at IS NOT NULL) AS published,
               count(place.criterion_id) AS criteria,
               array_agg(place.position) FILTER (WHERE criterion.sphere_id IS NULL
                                                 AND criterion.service_id IS NULL) AS basic
        FROM questionnaire
        LEFT JOIN questionnaire_criterion place ON place.questionnaire_id = questionnaire.id
        LEFT JOIN criterion ON criterion.id = place.criterion_id
        WHERE questionnaire.id IN (SELECT questionnaire_id FROM added)
        GROUP BY questionnaire.id
    ) AS form ON form.id = added.questionnaire_id
    WHERE NOT form.published
       OR cardinality(added.scores) <> form.criteria
       OR EXISTS (SELECT FROM unnest(form.basic) AS place WHERE added.scores[place] IS NULL)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'submission % does not fit its questionnaire', misfit
            USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_fits_form';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER submission_fits_form AFTER INSERT ON submission
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION submission_fits_form()"""

SUBMISSION_STAYS = """
CREATE FUNCTION submission_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was submitted never changes'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_stays';
END $$;
CREATE TRIGGER submission_stays BEFORE UPDATE OF
    organization_id, rater_id, questionnaire_id, service_id, scores, submitted_at, submitted_on
ON submission FOR EACH ROW EXECUTE FUNCTION submission_stays()"""

# A form is published by setting published_at on a draft that has its criteria already.
QUESTIONNAIRE_PUBLISHED = """
CREATE FUNCTION questionnaire_published() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF OLD.published_at IS NULL AND NEW.published_at IS NOT NULL AND EXISTS (
        SELECT FROM criterion
        WHERE sphere_id IS NULL AND service_id IS NULL
          AND NEW.published_at::date BETWEEN valid_from AND coalesce(valid_to, 'infinity')
          AND id NOT IN (SELECT criterion_id FROM questionnaire_criterion
                         WHERE questionnaire_id = NEW.id)
    ) THEN
        RAISE EXCEPTION 'questionnaire % lacks a basic criterion', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'questionnaire_published';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER questionnaire_published BEFORE INSERT OR UPDATE ON questionnaire
FOR EACH ROW EXECUTE FUNCTION questionnaire_published()"""

# The places of a form's criteria are 1 to n without a gap: scores are kept by place.
QUESTIONNAIRE_PLACES = """
CREATE FUNCTION questionnaire_places() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM questionnaire_criterion WHERE questionnaire_id = NEW.id
        HAVING count(*) = 0 OR max(position) <> count(*)
    ) THEN
        RAISE EXCEPTION 'the criteria of questionnaire % have a gap', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'questionnaire_places';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER questionnaire_places AFTER UPDATE OF published_at ON questionnaire
FOR EACH ROW WHEN (NEW.published_at IS NOT NULL) EXECUTE FUNCTION questionnaire_places()"""

# A part belongs to a form before a change and to one after it, and neither may be published.
QUESTIONNAIRE_PARTS = """
CREATE FUNCTION questionnaire_parts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE forms bigint[];
BEGIN
    IF TG_TABLE_NAME = 'question_option' THEN
        forms := ARRAY(SELECT questionnaire_id FROM question WHERE id IN (OLD.question_id, NEW.question_id));
    ELSE
        forms := ARRAY[OLD.questionnaire_id, NEW.questionnaire_id];
    END IF;
    IF EXISTS (SELECT FROM questionnaire WHERE id = ANY (forms) AND published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a published questionnaire does not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'questionnaire_published';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$"""

PARTS = ("questionnaire_criterion", "question", "question_option")


def upgrade() -> None:
    op.execute(POLICY_VALUE)
    for name, value in POLICIES.items():
        op.execute(f"INSERT INTO policy (name, valid_from, value) VALUES ('{name}', '2000-01-01 00:00+00', '{value}')")
    op.execute(IDS_OF)
    op.execute(KNOWN)
    op.execute(POOLS_COUNTING)
    op.execute(ORGANIZATION_TOTALS)
    op.execute(SUBMISSION_FITS_FORM)
    op.execute(SUBMISSION_STAYS)
    op.execute(QUESTIONNAIRE_PUBLISHED)
    op.execute(QUESTIONNAIRE_PLACES)
    op.execute(QUESTIONNAIRE_PARTS)
    for table in PARTS:
        op.execute(
            f"CREATE TRIGGER questionnaire_parts BEFORE INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION questionnaire_parts()"
        )


def downgrade() -> None:
    for table in PARTS:
        op.execute(f"DROP TRIGGER questionnaire_parts ON {table}")
    for function in (
        "questionnaire_parts",
        "questionnaire_places",
        "questionnaire_published",
        "submission_stays",
        "submission_fits_form",
        "organization_totals",
    ):
        op.execute(f"DROP FUNCTION {function} CASCADE")
    op.execute("DELETE FROM policy")
    op.execute("DROP FUNCTION policy_value")
    op.execute("DROP FUNCTION ids_of")
    op.execute("DROP FUNCTION known")
    op.execute("DROP FUNCTION pools_counting")
