"""Which reviews."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from schema.enums.voices import ReviewState
from schema.fields import argument
from schema.inputs import described
from schema.scalars import Date

TEXT = (
    "Words of the text in any order, or beginnings of them; ё is е, і is и, ў is у, and small typing errors are forgiven."
    " At most 200 characters. What a moderator has masked is not found."
)


@strawberry.input(description="How a criterion was scored.")
class ScoredFilter:
    criterion: str = described("The code of the criterion, which was scored.")
    scores: list[int] | None = described("Scores from 1 to 5: it was scored with one of them.", default=UNSET)


@strawberry.input(
    description="Which reviews. Conditions are joined by AND, values in a list by OR; an empty list fits nothing, an"
    " unknown code is an error."
)
class ReviewFilter:
    state: list[ReviewState] | None = described("In one of these states.", default=UNSET)
    text: str | None = described(TEXT, default=UNSET)
    from_: Date | None = described("The first date of submission.", name="from", default=UNSET)
    to: Date | None = described("The last date of submission, inclusive.", default=UNSET)
    marks: list[int] | None = described(
        "Marks from 1 to 5: the mark of the submission, rounded half up, is one of them.", default=UNSET
    )
    services: list[str] | None = described("Codes of services: one of them was rendered.", default=UNSET)
    scored: ScoredFilter | None = described("How a criterion was scored.", default=UNSET)
    seen: bool | None = described("True: a head has marked it as seen; false: not.", default=UNSET)
    seen_late: bool | None = described(
        "True: it was not seen within the days of the policy `SEEN_DAYS`, whether a head has marked it later (with"
        " `seen: true`) or has yet to (with `seen: false`); false: not so.",
        default=UNSET,
    )
    answered: bool | None = described("True: there is a reply; false: not.", default=UNSET)
    unanswered_days: int | None = described(
        "There is no reply though it came at least so many days ago, 0 to 10,000.", default=UNSET
    )
    overdue: bool | None = described(
        "True: it is unanswered beyond the days of the policy `REPLY_DAYS`, and somebody has to; false: not.",
        default=UNSET,
    )


Reviewed = Annotated[ReviewFilter | None, argument("Which of them; by default all.")]
