"""Every table, in one place, for migrations and tools that need the whole."""

from models import (
    applications,
    areas,
    audit,
    base,
    criteria,
    editions,
    grants,
    hierarchies,
    organizations,
    policies,
    questionnaires,
    raters,
    rulings,
    services,
    submissions,
    totals,
)

__all__ = [
    "applications",
    "areas",
    "audit",
    "criteria",
    "editions",
    "grants",
    "hierarchies",
    "metadata",
    "organizations",
    "policies",
    "questionnaires",
    "raters",
    "rulings",
    "services",
    "submissions",
    "totals",
]

metadata = base.Base.metadata
