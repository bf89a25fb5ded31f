"""Reviews in numbers, for officials."""

from sqlalchemy import func, select

from auth import visibility
from engine.meanings.arguments import Arguments
from engine.meanings.fields import Rows
from models.reviews import REVIEWS, ReviewState
from resolvers.columns import own
from resolvers.voices import deadlines, reviews

total = own("total")
pending = own("pending")
published = own("published")
hidden = own("hidden")
private = own("private")
masked = own("masked")
unseen = own("unseen")
seen_late = own("seen_late")
unanswered = own("unanswered")
overdue = own("overdue")


def of_officials(_: None, a: Arguments) -> Rows:
    """The same in numbers: how many there are in each state, in one row."""
    row = REVIEWS.alias()
    told = {state.name.lower(): row.c.state == state for state in ReviewState}
    told |= {"masked": row.c.is_masked, "unseen": row.c.seen_on.is_(None), "unanswered": row.c.answered_on.is_(None)}
    told |= {"seen_late": deadlines.is_seen_late(row), "overdue": deadlines.is_overdue(row)}
    numbers = {"total": func.count(), **{name: func.count().filter(condition) for name, condition in told.items()}}
    query = select(*(number.label(name) for name, number in numbers.items())).select_from(row)
    return Rows(query.where(visibility.is_officials_review(row, a), *reviews.asked_for(row, a)).lateral())
