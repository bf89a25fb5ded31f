"""The viewer's identities at providers of sign-in."""

from sqlalchemy import BigInteger, FromClause

from engine.meanings.arguments import Arguments
from engine.meanings.fields import Order, Rows
from models.identities import LinkedIdentity
from resolvers.columns import own

key = own("id")
provider = own("provider")
linked_at = own("linked_at")


def of_viewer(viewer: FromClause, a: Arguments) -> Rows:
    """Those that open the viewer's account, the first linked one first."""
    row = LinkedIdentity.__table__.alias()
    is_own = row.c.account_id == a.shared("account_id", BigInteger())
    return Rows(row, where=(is_own,), order=(Order(row.c.linked_at), Order(row.c.id)))
