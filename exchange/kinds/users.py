"""Users: accounts, and the pseudonyms under which they rate."""

from psycopg import Connection

from exchange.columns import Column
from exchange.kinds.kind import Check, Kind
from exchange.load import CHANGED, NEW
from exchange.values import CODE, MOMENT, TEXT, UUID, one_of
from models.raters import RaterKind


def _save(connection: Connection) -> bool:
    """A pseudonym may be known before its account: from submissions that were imported first."""
    connection.execute("UPDATE incoming SET pseudonym = gen_random_uuid() WHERE pseudonym IS NULL")
    # In another order than that of accounts: the number of one must not tell the other's.
    connection.execute(f"""
        INSERT INTO rater (pseudonym, kind) SELECT pseudonym, kind::rater_kind
        FROM incoming WHERE {NEW} AND rater_id IS NULL ORDER BY random()""")
    connection.execute(f"""
        INSERT INTO account (code, rater_id, email, registered_at)
        SELECT code, rater.id, email, coalesce(registered_at, now())
        FROM incoming JOIN rater USING (pseudonym) WHERE {NEW} ORDER BY number""")
    connection.execute(f"""
        UPDATE account SET email = incoming.email, registered_at = incoming.registered_at
        FROM incoming WHERE incoming.code = account.code AND {CHANGED}""")
    connection.execute("""
        UPDATE rater SET kind = incoming.kind::rater_kind
        FROM incoming WHERE incoming.pseudonym = rater.pseudonym AND incoming.kind <> rater.kind::text""")
    return False


KIND = Kind(
    name="users",
    columns=(
        Column("code", CODE, required=True),
        Column("kind", one_of(RaterKind), required=True),
        Column("email", TEXT),
        Column("registered_at", MOMENT, kept=True),
        Column("pseudonym", UUID, kept=True),
    ),
    key=("code",),
    current="""
        SELECT code, kind::text, email, registered_at, pseudonym FROM account JOIN rater ON rater.id = rater_id""",
    order='code COLLATE "C"',
    extras="""
        rater.id AS rater_id, current.pseudonym AS own_pseudonym, owner.code AS owner,
        row_number() OVER (PARTITION BY lower(staged.email) ORDER BY staged.number) AS email_use,
        row_number() OVER (PARTITION BY staged.pseudonym ORDER BY staged.number) AS pseudonym_use""",
    joins="""
        LEFT JOIN rater ON rater.pseudonym = staged.pseudonym
        LEFT JOIN account AS owner ON owner.rater_id = rater.id""",
    checks=(
        Check(
            "email",
            "email IS NOT NULL AND (email_use > 1 OR EXISTS ("
            "SELECT FROM account WHERE lower(account.email) = lower(incoming.email) AND account.code <> incoming.code))",
            "is another account's already",
        ),
        Check("pseudonym", "pseudonym <> own_pseudonym", "differs from the stored one, and does not change"),
        Check(
            "pseudonym",
            "pseudonym IS NOT NULL AND (pseudonym_use > 1 OR owner <> code)",
            "is another account's already",
        ),
    ),
    save=_save,
)
