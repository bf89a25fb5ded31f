"""Schemes: what a few organizations of the demo do to their own submissions, so that findings have something to find.

Each finding's rule has an organization whose submissions are bent to it: when they came, from whom,
through which channel, what they say. How many there are, and their scores, stay what chance made them.
"""

from collections.abc import Sequence

from exchange.demo.organizations import Organization
from exchange.demo.timeline import SLICES, slice_days

# The last quarter and the last year of the demo's time.
LAST_SLICE = SLICES - 1
LAST_YEAR = SLICES - 4
BURST_DAY = slice_days(LAST_SLICE)[60]
# The accounts that were made for the purpose: an even number, as raters of odd and even slices differ.
ACCOUNTS = 24
# As many submissions as make each rule's case beyond doubt.
USUAL = 400
ALWAYS = (0, LAST_SLICE)
PRAISE = "Лучшее учреждение района, всем советую обращаться только сюда, спасибо руководителю лично!"
COPIED = (
    "Отличная работа всего коллектива, вежливое обслуживание, никаких очередей, современные условия,"
    " высокая ответственность каждого сотрудника!"
)


class Honest:
    """No scheme: everything stays as it came. Schemes bend one thing each."""

    def moment(self, slice_: int, moment: int) -> int:
        """When a submission is made, in seconds from the demo's first day."""
        return moment

    def rater(self, slice_: int, home: int, rater: int) -> int:
        """Who makes it."""
        return rater

    def channel(self, number: int, channel: str) -> str:
        """Through which channel the service was rendered."""
        return channel

    def review(self, slice_: int, text: str) -> str:
        """What it says."""
        return text


class OneDay(Honest):
    """Everything of the last quarter comes on one day."""

    def moment(self, slice_: int, moment: int) -> int:
        return moment % 86400 + BURST_DAY * 86400 if slice_ == LAST_SLICE else moment


class OneHour(Honest):
    """Three of four come between nine and ten in the evening."""

    def moment(self, slice_: int, moment: int) -> int:
        return moment - moment % 86400 + 21 * 3600 + moment % 3600 if moment % 4 else moment


class OneChannel(Honest):
    """Four of five come by telephone."""

    def channel(self, number: int, channel: str) -> str:
        return "PHONE" if number % 5 else channel


class OneText(Honest):
    """All reviews of the last year say the same."""

    def __init__(self, text: str) -> None:
        self._text = text

    def review(self, slice_: int, text: str) -> str:
        return self._text if slice_ >= LAST_YEAR else text


class NewAccounts(Honest):
    """The raters of the last year hold accounts that were made for it, all on one day."""

    def rater(self, slice_: int, home: int, rater: int) -> int:
        return home + (rater - home) % ACCOUNTS if slice_ >= LAST_YEAR else rater


HONEST = Honest()
SCHEMES = (OneDay(), OneHour(), OneChannel(), OneText(PRAISE), NewAccounts(), *(OneText(COPIED) for _ in range(3)))


def schemes(organizations: Sequence[Organization], counts: Sequence[int]) -> list[Honest]:
    """The scheme of each organization: of those open throughout, the ones with about the usual number have one."""
    made = [HONEST for _ in organizations]
    able = [i for i, each in enumerate(organizations) if each.services and (each.life.first, each.life.last) == ALWAYS]
    for i, scheme in zip(sorted(able, key=lambda i: abs(counts[i] - USUAL)), SCHEMES, strict=False):
        made[i] = scheme
    return made
