"""Enumerations of accounts: who rates, and what holds a session."""

from models.raters import RaterKind
from models.sessions import SessionKind
from schema.fields import described

__all__ = ["RaterKind", "SessionKind"]

described(
    RaterKind,
    "For whom a rater speaks.",
    PERSON="For themselves.",
    BUSINESS="For a company or a sole trader.",
)
described(
    SessionKind,
    "What holds a session.",
    BROWSER="A browser, in a cookie that no script can read.",
    APP="An app, by a short access token and a refresh token that is another after each use.",
)
