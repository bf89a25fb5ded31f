"""What the tables stand on: extensions, enumerations, and the functions of their columns."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

EXTENSIONS = ("postgis", "ltree", "pg_trgm")

ENUMERATIONS = {
    "registration": ("STATUTORY", "VOLUNTARY"),
    "hierarchy": ("SUBORDINATION", "SUPERVISION"),
    "pool": ("OWN", "SUBORDINATION", "SUPERVISION"),
    "rater_kind": ("PERSON", "BUSINESS"),
    "channel": ("IN_PERSON", "ONLINE", "PHONE", "POST"),
    "submission_status": ("COUNTED", "WITHDRAWN", "REJECTED"),
    "question_type": ("CHOICE", "MULTIPLE_CHOICE", "YES_NO", "TEXT", "NUMBER"),
    "role": ("STAFF", "HEAD", "SUPERVISOR", "MODERATOR", "REGISTRAR", "OPERATOR"),
    "policy_name": (
        "MIN_RATERS",
        "REPEAT_INTERVAL_HOURS",
        "SATISFACTION_MARK",
        "SMALL_GROUP_RATERS",
        "QUESTIONNAIRE_GRACE_HOURS",
        "CONFLICT_MONTHS",
        "EMPLOYEE_RETENTION_MONTHS",
        "TIME_ZONE",
    ),
}

# Letters that Russian and Belarusian spell differently become one, apostrophes vanish, and whatever
# is no letter or digit becomes a blank. The blanks around let a pattern ask for a word's beginning.
SEARCH_NORMAL = r"""
CREATE FUNCTION search_normal(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ' ' || regexp_replace(
        translate(lower(normalize(value, NFC) COLLATE "und-x-icu"), 'ёіўґ' || '''’ʼ`′', 'еиуг'),
        '[^[:alnum:]]+', ' ', 'g'
    ) || ' '
$$"""

# 0 unless every word is found: a whole word counts 1, a beginning 0.9, a near miss less. Numbers
# and short words have no near misses: school 5 is not school 15. In PL/pgSQL, which took half as
# long as one SQL expression over unnest, because it stops at the first word that is not there.
SEARCH_RELEVANCE = """
CREATE FUNCTION search_relevance(search text, words text[]) RETURNS double precision
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
    word text; likeness double precision; total double precision := 0;
    least CONSTANT double precision := current_setting('pg_trgm.word_similarity_threshold');
BEGIN
    FOREACH word IN ARRAY words LOOP
        IF position(' ' || word || ' ' IN search) > 0 THEN
            likeness := 1;
        ELSIF position(' ' || word IN search) > 0 THEN
            likeness := 0.9;
        ELSIF word ~ '[0-9]' OR length(word) < 4 THEN
            RETURN 0;
        ELSE
            likeness := word_similarity(word, search);
            IF likeness < least THEN
                RETURN 0;
            END IF;
            likeness := 0.8 * likeness;
        END IF;
        total := total + likeness;
    END LOOP;
    RETURN coalesce(total / nullif(cardinality(words), 0), 0);
END $$"""

# The mean of the scores that were given, in 1/720720 (the least common multiple of 1 to 16).
MARK_OF = """
CREATE FUNCTION mark_of(scores smallint[]) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT (sum(score) * (720720 / nullif(count(score), 0)))::integer FROM unnest(scores) AS score
$$"""

# The published value in hundredths: the mean, rounded half up once, in integers.
RATING_VALUE = """
CREATE FUNCTION rating_value(mark_sum bigint, submissions bigint) RETURNS smallint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ((200 * mark_sum + submissions * 720720)
            / nullif(2 * submissions * 720720, 0))::smallint
$$"""

# Sums of arrays, place by place; the shorter one is filled up with zeros.
TALLY_ADD = """
CREATE FUNCTION tally_add(a bigint[], b bigint[]) RETURNS bigint[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(coalesce(x, 0) + coalesce(y, 0) ORDER BY place), '{}')
    FROM unnest(a, b) WITH ORDINALITY AS pair (x, y, place)
$$"""

TALLY_SUM = """
CREATE AGGREGATE tally_sum(bigint[]) (
    SFUNC = tally_add, STYPE = bigint[], INITCOND = '{}', COMBINEFUNC = tally_add, PARALLEL = SAFE
)"""

FUNCTIONS = {
    "search_normal(text)": SEARCH_NORMAL,
    "search_relevance(text, text[])": SEARCH_RELEVANCE,
    "mark_of(smallint[])": MARK_OF,
    "rating_value(bigint, bigint)": RATING_VALUE,
    "tally_add(bigint[], bigint[])": TALLY_ADD,
}


def upgrade() -> None:
    for extension in EXTENSIONS:
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    for name, values in ENUMERATIONS.items():
        labels = ", ".join(f"'{value}'" for value in values)
        op.execute(f"CREATE TYPE {name} AS ENUM ({labels})")
    for create in FUNCTIONS.values():
        op.execute(create)
    op.execute(TALLY_SUM)


def downgrade() -> None:
    # The extensions stay: others may use them.
    op.execute("DROP AGGREGATE tally_sum(bigint[])")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    for name in ENUMERATIONS:
        op.execute(f"DROP TYPE {name}")
