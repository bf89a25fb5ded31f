"""What the rules of integrity should find, worked out from the raw rows in plain Python, in whole numbers."""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import floor, isqrt
from typing import Any

import psycopg
from psycopg.rows import class_row

SAID = """
SELECT organization.code AS organization, rater_id AS rater, submitted_at AT TIME ZONE 'Europe/Minsk' AS moment,
       channel::text, mark::float / 720720 AS mark, review.text,
       (SELECT (registered_at AT TIME ZONE 'Europe/Minsk')::date FROM account
        WHERE account.rater_id = submission.rater_id) AS made
FROM submission JOIN organization ON organization.id = submission.organization_id
LEFT JOIN review ON submission_id = submission.id WHERE submission.status = 'COUNTED'"""
ACCOUNTS = "SELECT (registered_at AT TIME ZONE 'Europe/Minsk')::date, count(*) FROM account GROUP BY 1"
GROUPS = """
SELECT organization.code, kind_id, (SELECT sphere.id FROM organization_sphere JOIN sphere ON sphere.id = sphere_id
                                    WHERE organization_id = organization.id ORDER BY ordinal, sphere.id LIMIT 1)
FROM organization"""

SAME_LETTERS = str.maketrans("ёіўґ", "еиуг", "'’ʼ`′")


@dataclass(frozen=True)
class Said:
    """A counted submission, its time in the portal's zone, and the day its rater's account was made."""

    organization: str
    rater: int
    moment: datetime
    channel: str | None
    mark: float
    text: str | None
    made: date | None

    @property
    def on(self) -> date:
        """The date of submission."""
        return self.moment.date()


Group = Sequence[Said]
Found = dict[str, Any]


class Evidence:
    """All that the rules look at, read once."""

    def __init__(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            self.said = connection.cursor(row_factory=class_row(Said)).execute(SAID).fetchall()
            self.accounts: dict[date, int] = dict(connection.execute(ACCOUNTS).fetchall())
            self.peers = {code: (kind, sphere) for code, kind, sphere in connection.execute(GROUPS)}

    def findings(self, rule: str, organizations: Collection[str], first: date, last: date) -> list[Found]:
        """The findings of a rule about some organizations in some days, as the API tells them but for their keys."""
        looked_at = [each for each in self.said if first <= each.on <= last]
        return [each for each in RULES[rule](self, looked_at) if each["organization"]["code"] in organizations]

    def bursts(self, looked_at: Group) -> Iterator[Found]:
        """Days against the organization's own habit."""
        by_organization = {
            organization: sorted(each.on for each in group)
            for organization, group in grouped(self.said, lambda each: each.organization).items()
        }
        for (organization, day), group in grouped(looked_at, lambda each: (each.organization, each.on)).items():
            days = by_organization[organization]
            before = bisect_left(days, day) - bisect_left(days, day - timedelta(days=364))
            known = min(364, max(1, (day - days[0]).days))
            expected = Fraction(before + 1, known)
            yield from finding(
                "BURST",
                group,
                CONCERNED=(len(group), 10),
                HABIT_SUBMISSIONS=(before, None),
                HABIT_DAYS=(known, None),
                EXPECTED=(expected, None),
                DEVIATIONS=(deviations(len(group), expected), 6),
            )

    def channels(self, looked_at: Group) -> Iterator[Found]:
        """Channels against the peers'."""
        told = [each for each in looked_at if each.channel]
        return self._shares("ONE_CHANNEL", told, lambda each: each.channel, "channel")

    def hours(self, looked_at: Group) -> Iterator[Found]:
        """Hours of the day against the peers'."""
        return self._shares("ONE_HOUR", looked_at, lambda each: each.moment.hour, "hour")

    def scores(self, looked_at: Group) -> Iterator[Found]:
        """The same extreme score by every criterion against the peers'."""

        def extreme(each: Said) -> int | None:
            return int(each.mark) if each.mark in (1, 5) else None

        return self._shares("EXTREME_SCORES", looked_at, extreme, "score", Fraction(9, 10))

    def _shares(
        self,
        rule: str,
        looked_at: Group,
        subject: Callable[[Said], Any],
        name: str,
        least: Fraction = Fraction(1, 2),
    ) -> Iterator[Found]:
        whole = Counter(each.organization for each in looked_at)
        of_peers = Counter(self.peers[each.organization] for each in looked_at)
        peers_concerned = Counter((self.peers[each.organization], subject(each)) for each in looked_at)
        for (organization, about), group in grouped(looked_at, lambda each: (each.organization, subject(each))).items():
            if about is None:
                continue
            peers = self.peers[organization]
            there = of_peers[peers] - whole[organization]
            there_concerned = peers_concerned[peers, about] - len(group)
            expected = Fraction(whole[organization] * (there_concerned + 1), there + 1)
            yield from finding(
                rule,
                group,
                {name: about},
                SUBMISSIONS=(whole[organization], 30),
                CONCERNED=(len(group), None),
                SHARE=(Fraction(len(group), whole[organization]), least),
                PEER_SUBMISSIONS=(there, 300),
                PEER_CONCERNED=(there_concerned, None),
                EXPECTED=(expected, None),
                TIMES=(len(group) / expected, 2),
                DEVIATIONS=(deviations(len(group), expected), 6),
            )

    def identical(self, looked_at: Group) -> Iterator[Found]:
        """One text of several raters."""
        for group in texts(looked_at, 40).values():
            yield from finding(
                "IDENTICAL_TEXTS",
                group,
                TEXT_LENGTH=(length(group), 40),
                REVIEWS=(len(group), None),
                RATERS=(len({each.rater for each in group}), 3),
            )

    def copied(self, looked_at: Group) -> Iterator[Found]:
        """One text at several organizations."""
        found = texts(looked_at, 100)
        spread = Counter(text for _, text in found)
        for (_, text), group in found.items():
            yield from finding(
                "COPIED_TEXTS",
                group,
                TEXT_LENGTH=(length(group), 100),
                REVIEWS=(len(group), None),
                ORGANIZATIONS=(spread[text], 3),
            )

    def new_accounts(self, looked_at: Group) -> Iterator[Found]:
        """Accounts of one day."""
        known = [each for each in looked_at if each.made]
        accounts = sum(self.accounts.values())
        by_organization = grouped(known, lambda each: each.organization)
        for (organization, made), group in grouped(known, lambda each: (each.organization, each.made)).items():
            assert made
            raters = len({each.rater for each in by_organization[organization]})
            here = len({each.rater for each in group})
            expected = Fraction(raters * self.accounts[made], accounts)
            yield from finding(
                "NEW_ACCOUNTS",
                group,
                RATERS=(raters, None),
                CONCERNED=(here, 10),
                ACCOUNTS=(accounts, None),
                ACCOUNTS_OF_THE_DAY=(self.accounts[made], None),
                EXPECTED=(expected, None),
                DEVIATIONS=(deviations(here, expected), 6),
            )


RULES: Mapping[str, Callable[[Evidence, Group], Iterator[Found]]] = {
    "BURST": Evidence.bursts,
    "ONE_CHANNEL": Evidence.channels,
    "ONE_HOUR": Evidence.hours,
    "EXTREME_SCORES": Evidence.scores,
    "IDENTICAL_TEXTS": Evidence.identical,
    "COPIED_TEXTS": Evidence.copied,
    "NEW_ACCOUNTS": Evidence.new_accounts,
}


def finding(
    rule: str,
    group: Group,
    about: Mapping[str, Any] | None = None,
    **numbers: tuple[Fraction | int, Fraction | int | None],
) -> Iterator[Found]:
    """The finding about a group of submissions, if every number that has a threshold reaches it."""
    if all(value >= least for value, least in numbers.values() if least is not None):
        yield {
            "rule": rule,
            "organization": {"code": group[0].organization},
            "from": min(each.on for each in group).isoformat(),
            "to": max(each.on for each in group).isoformat(),
            "channel": None,
            "hour": None,
            "score": None,
            **(about or {}),
            "numbers": [
                {"name": name, "value": decimal(value), "threshold": None if least is None else decimal(least)}
                for name, (value, least) in numbers.items()
            ],
        }


def grouped(said: Group, key: Callable[[Said], Hashable]) -> dict[Any, list[Said]]:
    """Submissions by a key."""
    groups: dict[Any, list[Said]] = {}
    for each in said:
        groups.setdefault(key(each), []).append(each)
    return groups


def texts(said: Group, least: int) -> dict[tuple[str, str], list[Said]]:
    """Reviews of at least so many characters, by organization and words."""
    long = [each for each in said if each.text and len(each.text) >= least]
    return grouped(long, lambda each: (each.organization, words(each.text or "")))


def words(text: str) -> str:
    """A text without what does not tell two texts apart."""
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFC", text).lower().translate(SAME_LETTERS))


def length(group: Group) -> int:
    """Characters of the shortest way in which a text is written."""
    return min(len(each.text or "") for each in group)


def deviations(seen: int, expected: Fraction) -> Fraction:
    """(seen - expected) / sqrt(expected), rounded down to hundredths; 0 where nothing is above."""
    if seen <= expected:
        return Fraction(0)
    return Fraction(isqrt(floor((seen - expected) ** 2 / expected * 10_000)), 100)


def decimal(number: Fraction | int) -> str:
    """A number rounded down to four decimals, without the zeros at its end."""
    whole, rest = divmod(floor(number * 10_000), 10_000)
    return f"{whole}.{rest:04}".rstrip("0").rstrip(".")
