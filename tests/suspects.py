"""Organizations below the REGION of `tests.stage`: for each rule one that is just over its thresholds, and some just under.

All have peers in each other: none works in a sphere. Dates are counted back from today, so that
everything lies within the 364 days that are looked at unless told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, LiteralString
from zoneinfo import ZoneInfo

import psycopg

from models import recount
from tests.stage import PLACE

ZONE = ZoneInfo("Europe/Minsk")
# 40 and 100 characters, to be written in different ways.
TEXT = "The best place in town for all of us ok!"
LONG_TEXT = "Whoever comes here is met by people who know their work, explain all of it, and never let you wait ."
ACCOUNTS_DAY, CAMPAIGN_DAY = timedelta(days=1000), timedelta(days=1001)

GUILTY = {
    "BURST": {"BURST-10", "BURST-12"},
    "ONE_CHANNEL": {"CHANNEL-15"},
    "ONE_HOUR": {"HOUR-15"},
    "EXTREME_SCORES": {"SCORES-27"},
    "IDENTICAL_TEXTS": {"TEXT-3"},
    "COPIED_TEXTS": {"COPY-A", "COPY-B", "COPY-C"},
    "NEW_ACCOUNTS": {"ACCOUNTS-10"},
}


@dataclass(frozen=True)
class Said:
    """One submission. Without a rater it is by somebody who submits nothing else."""

    organization: str
    days_ago: int
    hour: int = 9
    channel: str = "IN_PERSON"
    scores: Sequence[int] = (5, 4, 4)
    text: str | None = None
    status: str = "COUNTED"
    rater: str | None = None
    made: timedelta | None = None


def said() -> list[Said]:
    """Everything that is said of the suspects."""
    calm = [each for number in range(12) for each in quiet(f"CALM-{number}", 6)]
    return [*quiet("EVERYDAY", 300), *calm, *_bursts(), *_concentrations(), *_texts(), *_accounts()]


def quiet(organization: str, number: int, days: int = 363) -> list[Said]:
    """So many submissions over so many days, of all hours of work, of all channels, of middling scores."""
    return [
        Said(organization, days - i * days // number, 8 + i % 12, _channel(i), (1 + i % 5, 3, 2 + i % 3))
        for i in range(number)
    ]


def _channel(number: int) -> str:
    return "PHONE" if number % 20 == 0 else ("ONLINE" if number % 3 else "IN_PERSON")


def _bursts() -> Iterator[Said]:
    # Nothing before: 10 in a day are a burst, 9 are not, and of 12 of which 3 were rejected 9 are left.
    yield from (Said("BURST-10", 5, 8 + i) for i in range(10))
    yield from (Said("BURST-9", 5, 8 + i) for i in range(9))
    yield from (Said("BURST-REJECTED", 5, 8 + i, status="REJECTED" if i < 3 else "COUNTED") for i in range(12))
    # 818 in the 364 days before let 2.25 a day be expected: 2.25 + 6 * 1.5 = 11.25.
    for number in (11, 12):
        code = f"BURST-{number}"
        yield from quiet(code, 818, 364)
        yield from (Said(code, 0, 8 + i) for i in range(number))


def _concentrations() -> Iterator[Said]:
    for number in (14, 15):
        usual = quiet(f"CHANNEL-{number}", 30)
        yield from (replace(each, channel="PHONE" if i < number else "ONLINE") for i, each in enumerate(usual))
        usual = quiet(f"HOUR-{number}", 30)
        yield from (replace(each, hour=21 if i < number else 8 + i % 12) for i, each in enumerate(usual))
    yield from (replace(each, channel="PHONE", hour=21) for each in quiet("FEW-29", 29))
    for number in (26, 27):
        usual = quiet(f"SCORES-{number}", 30)
        yield from (replace(each, scores=(1, 1, 1) if i < number else (2, 3, 4)) for i, each in enumerate(usual))


def _texts() -> Iterator[Said]:
    written = [TEXT, TEXT.upper(), TEXT.replace(" ", ", ", 1)]
    yield from (Said("TEXT-3", 9 + i, text=text) for i, text in enumerate(written))
    yield from (Said("TEXT-2", 9 + i, text=text) for i, text in enumerate(written[:2]))
    yield from (Said("TEXT-SHORT", 9 + i, text=TEXT[:-1]) for i in range(3))
    yield from (Said("TEXT-ONE-RATER", 9 + i, text=TEXT + " Yes.", rater="fan") for i in range(3))
    yield from (Said(f"COPY-{place}", 9, text=LONG_TEXT) for place in "ABC")
    yield from (Said(f"COPY-{place}", 9, text=LONG_TEXT[:-2] + "!") for place in "DEF")
    yield from (Said(f"COPY-{place}", 9, text="Two: " + LONG_TEXT) for place in "GH")


def _accounts() -> Iterator[Said]:
    yield from (Said("ACCOUNTS-10", 20 + i, made=ACCOUNTS_DAY) for i in range(10))
    yield from (Said("ACCOUNTS-9", 20 + i, made=ACCOUNTS_DAY) for i in range(9))


REGISTER: LiteralString = """
INSERT INTO organization (code, kind_id, area_id, registration, opened_on, name_en)
SELECT suspect, organization_kind.id, area.id, 'STATUTORY', '2000-01-01', suspect
FROM unnest(%s::text[]) AS suspect, organization_kind, area"""
RATERS: LiteralString = """
INSERT INTO rater (pseudonym, kind) SELECT md5(code)::uuid, 'PERSON' FROM unnest(%s::text[]) AS code"""
ACCOUNTS: LiteralString = """
INSERT INTO account (code, rater_id, registered_at, email)
SELECT person.code, rater.id, made, person.code || '@example.org'
FROM unnest(%s::text[], %s::timestamptz[]) AS person (code, made) JOIN rater ON pseudonym = md5(person.code)::uuid"""
SUBMISSIONS: LiteralString = """
INSERT INTO submission (id, organization_id, rater_id, rater_kind, questionnaire_id, channel, scores, submitted_at,
                        submitted_on, status, status_at)
SELECT 1000000 + number, organization.id, rater.id, 'PERSON', questionnaire.id, channel::channel,
       string_to_array(scores, ',')::smallint[], at, (at AT TIME ZONE 'Europe/Minsk')::date,
       status::submission_status, CASE WHEN status <> 'COUNTED' THEN now() END
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::text[]) WITH ORDINALITY
     AS said (organization, person, channel, scores, at, status, number)
JOIN organization ON organization.code = said.organization JOIN rater ON pseudonym = md5(person)::uuid
JOIN questionnaire ON questionnaire.code = 'HEALTH'"""
REVIEWS: LiteralString = """
INSERT INTO review (submission_id, text)
SELECT 1000000 + number, text FROM unnest(%s::text[]) WITH ORDINALITY AS said (text, number) WHERE text IS NOT NULL"""


def plant(url: str) -> None:
    """Add the suspects to the country of `tests.stage`."""
    all_, today = said(), datetime.now(ZONE).date()
    people = [each.rater or f"person-{number}" for number, each in enumerate(all_)]
    made = {
        person: _moment(today, _made(number, each))
        for number, (person, each) in enumerate(zip(people, all_, strict=True))
    }
    codes = sorted({each.organization for each in all_})
    rows = [_row(today, person, each) for person, each in zip(people, all_, strict=True)]
    with psycopg.connect(url) as connection:
        connection.execute(REGISTER, [codes])
        connection.execute(PLACE, ["SUBORDINATION", "SUBORDINATION", "REGION", codes])
        connection.execute(RATERS, [list(made)])
        connection.execute(ACCOUNTS, [list(made), list(made.values())])
        connection.execute(SUBMISSIONS, [list(column) for column in zip(*rows, strict=True)])
        connection.execute(REVIEWS, [[each.text for each in all_]])
        recount.rebuild(connection)


def _row(today: date, person: str, each: Said) -> tuple[Any, ...]:
    at = _moment(today, timedelta(days=each.days_ago), each.hour)
    return each.organization, person, each.channel, ",".join(map(str, each.scores)), at, each.status


def _made(number: int, each: Said) -> timedelta:
    """When an account was made: every second one in a campaign, which is nobody's fault."""
    if each.made is not None:
        return each.made
    return CAMPAIGN_DAY if number % 2 else timedelta(days=1100 + number // 2 % 400)


def _moment(today: date, ago: timedelta, hour: int = 12) -> datetime:
    return datetime.combine(today - ago, time(hour, 30), ZONE)
