"""Texts: reviews in the same words, by several raters of one organization or at several organizations.

Words are the same when nothing but case, punctuation, blanks and letters that Russian and
Belarusian spell differently tells them apart: the database keeps their digest with each review.
"""

from typing import Any

from sqlalchemy import FromClause, Select, func, select

from models.reviews import Review
from resolvers.integrity.judging import UNITS, FindingNumberName, Measure, Scene, Suspects, count, submissions

# Short texts are the same by chance. Longer ones are not, least of all over a whole country.
LENGTH_IDENTICAL = 40
LENGTH_COPIED = 100
RATERS = 3
ORGANIZATIONS = 3


def identical_texts(scene: Scene) -> Suspects:
    """A text that several raters wrote to one organization."""
    s = submissions()
    rows = _texts(s, scene, LENGTH_IDENTICAL).where(scene.looks_at(s.c.organization_id)).subquery()
    return Suspects(
        rows,
        (
            Measure(FindingNumberName.TEXT_LENGTH, count(rows.c.length), LENGTH_IDENTICAL * UNITS),
            Measure(FindingNumberName.REVIEWS, count(rows.c.reviews)),
            Measure(FindingNumberName.RATERS, count(rows.c.raters), RATERS * UNITS),
        ),
        rows.c.digest,
    )


def copied_texts(scene: Scene) -> Suspects:
    """A text that stands at several organizations of the country, for each of them that is looked at."""
    text = _texts(submissions(), scene, LENGTH_COPIED).subquery()
    spread = select(text, func.count().over(partition_by=text.c.digest).label("organizations")).subquery()
    rows = select(spread).where(scene.looks_at(spread.c.organization_id)).subquery()
    return Suspects(
        rows,
        (
            Measure(FindingNumberName.TEXT_LENGTH, count(rows.c.length), LENGTH_COPIED * UNITS),
            Measure(FindingNumberName.REVIEWS, count(rows.c.reviews)),
            Measure(FindingNumberName.ORGANIZATIONS, count(rows.c.organizations), ORGANIZATIONS * UNITS),
        ),
        rows.c.digest,
    )


def _texts(s: FromClause, scene: Scene, length: int) -> Select[Any]:
    """Each text of at least so many characters at each organization."""
    review = Review.__table__.alias()
    characters = func.char_length(review.c.text)
    return (
        select(
            s.c.organization_id,
            review.c.digest,
            func.min(characters).label("length"),
            func.count().label("reviews"),
            func.count(s.c.rater_id.distinct()).label("raters"),
            func.min(s.c.submitted_on).label("first"),
            func.max(s.c.submitted_on).label("last"),
        )
        .join_from(s, review, review.c.submission_id == s.c.id)
        .where(*scene.counted(s), characters >= length)
        .group_by(s.c.organization_id, review.c.digest)
    )
