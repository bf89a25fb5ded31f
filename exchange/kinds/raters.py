"""Who rated, in files: an account by its code, or somebody who has none by a pseudonym."""

from exchange.columns import Column
from exchange.kinds.kind import Check
from exchange.load import NEW
from exchange.values import CODE, UUID, one_of
from models.raters import RaterKind

COLUMNS = (
    # Compared as one person, whichever of the two columns names them.
    Column("user", CODE, differs="coalesce(account.rater_id, rater.id) IS DISTINCT FROM current.rater_id"),
    Column("rater", UUID, differs="false"),
    Column("rater_kind", one_of(RaterKind), kept=True),
)

EXTRAS = """
    coalesce(account.rater_id, rater.id) AS rater_id,
    coalesce(staged.rater_kind, owner.kind::text, rater.kind::text) AS speaks_for"""

JOINS = """
    LEFT JOIN account ON account.code = staged."user"
    LEFT JOIN rater AS owner ON owner.id = account.rater_id
    LEFT JOIN rater ON rater.pseudonym = staged.rater"""

# The two columns of what is stored, which has a `rater_id`, and where they come from.
NAMES = """account.code AS "user", CASE WHEN account.id IS NULL THEN rater.pseudonym END AS rater"""
NAMED = """
    JOIN rater ON rater.id = rater_id
    LEFT JOIN account ON account.rater_id = rater.id"""

CHECKS = (
    Check("user", 'num_nonnulls("user", rater) <> 1', "is needed, or else rater, and not both"),
    Check("user", '"user" IS NOT NULL AND rater_id IS NULL', "no account has this code"),
    Check("rater_kind", "rater IS NOT NULL AND speaks_for IS NULL", "is needed for a rater who is not known yet"),
)

# Those whom no file has named before.
NEWCOMERS = f"""
    INSERT INTO rater (pseudonym, kind)
    SELECT rater, min(speaks_for)::rater_kind FROM incoming
    WHERE {NEW} AND rater_id IS NULL GROUP BY rater ORDER BY min(number)"""
