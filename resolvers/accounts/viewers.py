"""The viewer's own view of itself."""

from sqlalchemy import BigInteger, false

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Rows
from models.raters import Rater
from resolvers.columns import own

kind = own("kind")


def viewer(_: None, a: Arguments) -> Rows:
    """The signed-in rater, or nobody."""
    row = Rater.__table__.alias()
    if not a.shape.signed_in:
        return Rows(row, where=(false(),))
    return Rows(row, where=(row.c.id == a.shared("rater_id", BigInteger()),))
