"""Every table, in one place, for migrations and tools that need the whole."""

from models import (
    applications,
    areas,
    attempts,
    audit,
    base,
    credentials,
    criteria,
    editions,
    grants,
    hierarchies,
    mail,
    organizations,
    policies,
    questionnaires,
    raters,
    rulings,
    services,
    sessions,
    submissions,
    totals,
)

__all__ = [
    "applications",
    "areas",
    "attempts",
    "audit",
    "credentials",
    "criteria",
    "editions",
    "grants",
    "hierarchies",
    "mail",
    "metadata",
    "organizations",
    "policies",
    "questionnaires",
    "raters",
    "rulings",
    "services",
    "sessions",
    "submissions",
    "totals",
]

metadata = base.Base.metadata
