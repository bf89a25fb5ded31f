"""Every table, in one place, for migrations and tools that need the whole."""

from models import (
    areas,
    base,
    criteria,
    grants,
    hierarchies,
    organizations,
    policies,
    questionnaires,
    raters,
    services,
    submissions,
    totals,
)

__all__ = [
    "areas",
    "criteria",
    "grants",
    "hierarchies",
    "metadata",
    "organizations",
    "policies",
    "questionnaires",
    "raters",
    "services",
    "submissions",
    "totals",
]

metadata = base.Base.metadata
