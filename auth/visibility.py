"""Who sees which rows: the one place that says so, as SQL conditions.

`arguments` are those of any field: they carry whether the viewer is signed in (shape) and who it
is (shared). What is not visible is not found.
"""

from typing import Any

from sqlalchemy import BigInteger, false
from sqlalchemy.sql.elements import ColumnElement

from auth import permissions
from auth.permissions import Permission

Conditions = tuple[ColumnElement[bool], ...]


def everyone(row: Any, arguments: Any) -> Conditions:
    """Public: what the law registers, everybody may see."""
    return ()


def published_questionnaires(row: Any, arguments: Any) -> Conditions:
    """Drafts are their authors' business; retired forms stay to be read."""
    return (row.c.published_at.is_not(None),)


def own_submissions(row: Any, arguments: Any) -> Conditions:
    """A submission is seen by its rater only: protected is who, not the mark."""
    if not arguments.shape.signed_in:
        return (false(),)
    return (row.c.rater_id == arguments.shared("rater_id", BigInteger()),)


def findings(organization_id: ColumnElement[Any], arguments: Any) -> Conditions:
    """Integrity findings are the operator's, and the supervising bodies' of what they stand above."""
    if not arguments.shape.signed_in:
        return (false(),)
    account = arguments.shared("account_id", BigInteger())
    return (permissions.held(account, Permission.READ_FINDINGS, organization_id),)


def account_findings(arguments: Any) -> Conditions:
    """Findings about accounts are the operator's alone, who looks after the accounts."""
    if not arguments.shape.signed_in:
        return (false(),)
    account = arguments.shared("account_id", BigInteger())
    return (permissions.held_anywhere(account, Permission.READ_ACCOUNT_FINDINGS),)
