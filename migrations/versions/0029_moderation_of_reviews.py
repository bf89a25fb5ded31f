"""Moderation of reviews: policies by sphere, rulings, what help proposes to mask; words to search; praise of employees."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

NEW_ACTIONS = ("REVIEW_PUBLISHED", "REVIEW_HIDDEN")
ENUMERATIONS = {
    "review_moderation": ("BEFORE_PUBLICATION", "AFTER_PUBLICATION"),
    "hiding_ground": ("PERSONAL_DATA", "INSULT", "ADVERTISING", "OFF_TOPIC", "UNLAWFUL"),
    "employee_mention_kind": ("PRAISE", "COMPLAINT"),
}

# A capitalised word and an initial, in any of the alphabets; words before names, which begin with either kind of letter.
UPPER, LOWER = "[A-ZА-ЯЁІЎҐ]", "[a-zа-яёіўґ]"
NAME, INITIAL = rf"{UPPER}{LOWER}[a-zа-яёіўґ’''-]*", rf"{UPPER}\."
PATRONYMIC = (
    rf"{UPPER}{LOWER}+(?:(?:[оеаё]в|[лкмт]ь?)[иі]ч(?:а|у|ем|ам|е)?"
    r"|(?:[оеа]вн|[оеаё]ўн|[иі]н?[иі]чн)(?:а|ы|е|у|ой|ою|ай|аю))"
)
# Of the words before a name, which is a surname is told by its ending: the others begin sentences.
SURNAME = rf"{UPPER}{LOWER}+(?:[оеёиыаі]в|[иыі]н|[оеёаиыі][вн]а|[сц]к(?:ий|ая|і)|ко|[уюиіо]к|[иі]ч)"
CALLINGS = (
    "врач доктор доктар медсест медсёстр инспектор інспектар специалист спецыяліст кассир касір оператор аператар"
    " директор дырэктар заведующ загадчы начальни сотрудни супрацоўні учител настаўні продав водител вадзіцел"
    " господин госпож спадар"
)
CALLING = "|".join(f"[{each[0].upper()}{each[0]}]{each[1:]}" for each in CALLINGS.split())
# By kind, the patterns from the surest on, and whether such a text awaits a moderator whatever the policy.
PATTERNS = (
    ("EMAIL", r"[[:alnum:]._%+-]+@[[:alnum:]-]+(?:\.[[:alnum:]-]+)+", True),
    ("CARD", r"(?<![\d+])\d{4}(?:[ -]?\d{4}){2}[ -]?\d{3,4}(?!\d)", True),
    (
        "PASSPORT",
        r"\y\d{7}[A-Z]\d{3}[A-Z]{2}\d\y|\y[A-ZА-Я]{2}\s?(?:№\s?)?\d{7}\y|\y\d{2}\s?\d{2}\s?(?:№\s?)?\d{6}\y",
        True,
    ),
    (
        "PHONE",
        r"(?<![\d+])(?:\+\s?\d|8)(?:[ ()-]{0,2}\d){9,11}(?!\d)|(?<!\d)(?:\(\d{2,4}\)\s?)?\d{2,3}-\d{2}-\d{2}(?!\d)",
        True,
    ),
    ("NAME", rf"\y(?:{SURNAME}\s+)?{NAME}\s+{PATRONYMIC}(?:\s+{NAME})?", True),
    ("NAME", rf"\y{INITIAL}\s?{INITIAL}\s?{NAME}", False),
    ("NAME", rf"\y{NAME}\s+{INITIAL}(?:\s?{INITIAL})?", False),
    ("NAME", rf"(?<=\y(?:{CALLING}){LOWER}*\s+){NAME}(?:\s+{NAME})?", False),
    ("NAME", rf"(?<=[a-zа-яёіўґ,;:]\s+){NAME}(?:\s+{NAME})+", False),
)

# What stands where in a text that may tell of a person: characters from 0 on, the end exclusive. Of two that overlap,
# the surer one. Whoever calls it looks at proposals: a person decides.
PERSONAL_DATA = f"""
CREATE FUNCTION personal_data(said text) RETURNS TABLE (kind text, start int, stop int, sure boolean)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 3 AS $$
    WITH pattern (rank, kind, expression, sure) AS (VALUES
        {", ".join(f"({rank}, '{kind}', '{pattern}', {sure})" for rank, (kind, pattern, sure) in enumerate(PATTERNS))}
    ),
    found AS (
        SELECT rank, pattern.kind, pattern.sure,
               regexp_instr(said COLLATE "und-x-icu", expression, 1, number, 0) - 1 AS start,
               regexp_instr(said COLLATE "und-x-icu", expression, 1, number, 1) - 1 AS stop
        FROM pattern, generate_series(1, regexp_count(said COLLATE "und-x-icu", expression)) AS number
    )
    SELECT kind, start, stop, sure FROM found
    WHERE NOT EXISTS (SELECT FROM found AS surer WHERE surer.rank < found.rank
                      AND surer.start < found.stop AND found.start < surer.stop)
    ORDER BY start
$$"""

# Before publication where the policy of a sphere concerned says so: that of the service, or else any of the
# organization's; a sphere without a policy of its own has the country's. And wherever something personal surely stands.
REVIEW_FIRST_STATE = """
CREATE FUNCTION review_first_state(rated bigint, rendered bigint, said text) RETURNS review_state
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH concerned AS (
        SELECT category.sphere_id FROM service JOIN category ON category.id = category_id WHERE service.id = rendered
        UNION ALL
        SELECT sphere_id FROM organization_sphere WHERE organization_id = rated AND rendered IS NULL
    ),
    decisive AS (
        SELECT DISTINCT ON (concerned.sphere_id) policy.moderation
        FROM (SELECT sphere_id FROM concerned UNION ALL SELECT NULL WHERE NOT EXISTS (SELECT FROM concerned)) AS concerned
        JOIN review_policy AS policy ON policy.valid_from <= now()
             AND (policy.sphere_id = concerned.sphere_id OR policy.sphere_id IS NULL)
        ORDER BY concerned.sphere_id, policy.sphere_id IS NULL, policy.valid_from DESC
    )
    SELECT CASE WHEN EXISTS (SELECT FROM decisive WHERE moderation = 'BEFORE_PUBLICATION')
                  OR EXISTS (SELECT FROM personal_data(said) WHERE sure)
           THEN 'PENDING' ELSE 'PUBLISHED' END::review_state
$$"""

REVIEW_POLICY_STAYS = """
CREATE FUNCTION review_policy_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF least(OLD.valid_from, NEW.valid_from) <= now() THEN
        RAISE EXCEPTION 'the policy of reviews is in force since %, and stays as it was', OLD.valid_from
            USING ERRCODE = 'check_violation', CONSTRAINT = 'review_policy_stays';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER review_policy_stays BEFORE UPDATE OR DELETE ON review_policy
FOR EACH ROW EXECUTE FUNCTION review_policy_stays()"""

# Each word of a text once, as search compares them. What no index could hold of a word is no word that anyone types.
WORDS_OF = """
CREATE FUNCTION words_of(said text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT left(word, 100) COLLATE "C"), '{}')
    FROM string_to_table(btrim(search_normal(said)), ' ') AS word WHERE word <> ''
$$"""

# The words that reviews are searched for, in one order, so that two who add the same ones do not wait in a circle.
# What a mask takes out of the last text that had it is known no more.
REVIEW_WORDS = """
CREATE FUNCTION review_words_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO review_word (text)
    SELECT DISTINCT word FROM added, unnest(tsvector_to_array(words)) AS word
    WHERE NOT EXISTS (SELECT FROM review_word WHERE review_word.text = word)
    ORDER BY word ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE FUNCTION review_words_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM review_word
    WHERE text = ANY (tsvector_to_array(OLD.words)) AND text <> ALL (tsvector_to_array(NEW.words))
      AND NOT EXISTS (SELECT FROM review WHERE words @@ format('%L', review_word.text)::tsquery);
    INSERT INTO review_word (text)
    SELECT word FROM unnest(tsvector_to_array(NEW.words)) AS word
    WHERE NOT EXISTS (SELECT FROM review_word WHERE review_word.text = word)
    ORDER BY word ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER review_words_added AFTER INSERT ON review
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION review_words_added();
CREATE TRIGGER review_words_changed AFTER UPDATE ON review
FOR EACH ROW WHEN (OLD.masked IS DISTINCT FROM NEW.masked) EXECUTE FUNCTION review_words_changed()"""


def upgrade() -> None:
    # PostgreSQL lets a value of an enumeration be used only after the transaction that adds it.
    with op.get_context().autocommit_block():
        for value in NEW_ACTIONS:
            op.execute(f"ALTER TYPE audit_action ADD VALUE IF NOT EXISTS '{value}'")
    for name, values in ENUMERATIONS.items():
        postgresql.ENUM(*values, name=name).create(op.get_bind())
    # SQLAlchemy would take a colon before a letter for that of a parameter.
    op.execute(PERSONAL_DATA.replace("(?:", r"(?\:"))
    _create_policies()
    _create_rulings()
    _create_words()
    _praise_employees()


def _create_policies() -> None:
    op.create_table(
        "review_policy",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("sphere_id", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moderation", _enumeration("review_moderation"), nullable=False),
        sa.ForeignKeyConstraint(["sphere_id"], ["sphere.id"], name=op.f("fk_review_policy_sphere_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_policy")),
        sa.UniqueConstraint(
            "sphere_id",
            "valid_from",
            name=op.f("uq_review_policy_sphere_id_valid_from"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.execute("INSERT INTO review_policy (valid_from, moderation) VALUES ('2000-01-01 00:00+00', 'AFTER_PUBLICATION')")
    op.execute(REVIEW_POLICY_STAYS)
    op.execute(REVIEW_FIRST_STATE)


def _create_rulings() -> None:
    op.create_table(
        "review_ruling",
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("ground", _enumeration("hiding_ground"), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("btrim(note) <> '' AND char_length(note) <= 2000", name=op.f("ck_review_ruling_has_a_note")),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_review_ruling_event_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["review.submission_id"], name=op.f("fk_review_ruling_submission_id")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_review_ruling")),
    )
    op.create_index(op.f("ix_review_ruling_submission_id"), "review_ruling", ["submission_id"])


def _create_words() -> None:
    op.create_table(
        "review_word",
        sa.Column("text", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("text", name=op.f("pk_review_word")),
    )
    op.execute(WORDS_OF)
    op.execute(
        "ALTER TABLE review ADD COLUMN words tsvector NOT NULL"
        " GENERATED ALWAYS AS (array_to_tsvector(words_of(coalesce(masked, text)))) STORED"
    )
    op.execute("INSERT INTO review_word SELECT DISTINCT word FROM review, unnest(tsvector_to_array(words)) AS word")
    op.create_index(
        "ix_review_word_text", "review_word", ["text"], postgresql_using="gin", postgresql_ops={"text": "gin_trgm_ops"}
    )
    op.create_index("ix_review_words", "review", ["words"], postgresql_using="gin")
    op.execute(REVIEW_WORDS)


def _praise_employees() -> None:
    """A name goes when its time is over; that somebody was praised stays, and is counted."""
    op.add_column("employee_mention", sa.Column("kind", _enumeration("employee_mention_kind"), nullable=True))
    op.alter_column("employee_mention", "name", nullable=True)
    op.create_index("ix_employee_mention_delete_after", "employee_mention", ["delete_after"])


def _enumeration(name: str) -> postgresql.ENUM:
    return postgresql.ENUM(name=name, create_type=False)


def downgrade() -> None:
    """The values stay, as an enumeration keeps its values."""
    op.drop_index("ix_employee_mention_delete_after", "employee_mention")
    op.execute("DELETE FROM employee_mention WHERE name IS NULL")
    op.alter_column("employee_mention", "name", nullable=False)
    op.drop_column("employee_mention", "kind")
    op.execute("DROP FUNCTION review_words_added CASCADE")
    op.execute("DROP FUNCTION review_words_changed CASCADE")
    op.drop_column("review", "words")
    op.execute("DROP FUNCTION words_of")
    op.drop_table("review_word")
    op.drop_table("review_ruling")
    op.execute("DROP FUNCTION review_first_state")
    op.drop_table("review_policy")
    op.execute("DROP FUNCTION review_policy_stays")
    op.execute("DROP FUNCTION personal_data")
    for name in ENUMERATIONS:
        op.execute(f"DROP TYPE {name}")
