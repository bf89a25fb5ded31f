"""Concentrations: one channel, one hour of the day or one extreme score that carries an organization."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, FromClause, Integer, Select, and_, case, cast, func, select
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import CTE

from models import policies
from models.policies import PolicyName
from models.submissions import MARK_UNITS
from resolvers.integrity.judging import (
    DEVIATIONS,
    UNITS,
    FindingNumberName,
    Measure,
    Scene,
    Suspects,
    count,
    deviations,
    once,
    ratio,
    submissions,
)
from resolvers.sets import peers

SUBMISSIONS = 30
PEER_SUBMISSIONS = 300
SHARE = UNITS // 2
# Many give the highest score by every criterion, and to some deservedly more: only nearly all are too many.
EXTREME_SHARE = 9 * UNITS // 10
TIMES = 2 * UNITS
NEITHER = 0

Subject = Callable[[Any], ColumnElement[Any]]


def one_channel(scene: Scene) -> Suspects:
    """Of the submissions that tell their channel, those of one."""
    rows = _shares(scene, lambda s: s.c.channel, lambda s: s.c.channel.is_not(None))
    return Suspects(rows, _measures(rows), rows.c.subject, channel=rows.c.subject)


def one_hour(scene: Scene) -> Suspects:
    """The submissions of one hour of the day, 0 to 23, in the portal's time zone."""
    # Looked up once, not for each submission.
    zone = select(policies.words(PolicyName.TIME_ZONE)).scalar_subquery()

    def hour(s: Any) -> ColumnElement[int]:
        return cast(func.extract("hour", func.timezone(zone, s.c.submitted_at)), Integer)

    rows = _shares(scene, hour)
    return Suspects(rows, _measures(rows), rows.c.subject, hour=rows.c.subject)


def extreme_scores(scene: Scene) -> Suspects:
    """The submissions that give the same extreme score by every criterion: 1, or 5."""

    def extreme(s: Any) -> ColumnElement[Any]:
        return case((s.c.mark == MARK_UNITS, 1), (s.c.mark == 5 * MARK_UNITS, 5), else_=NEITHER)

    shares = _shares(scene, extreme)
    rows = select(shares).where(shares.c.subject != NEITHER).subquery()
    return Suspects(rows, _measures(rows, EXTREME_SHARE), rows.c.subject, score=rows.c.subject)


def _measures(share: FromClause, least: int = SHARE) -> tuple[Measure, ...]:
    """What share the subject has here, and how far that is above the peers' share.

    One submission of the subject is added to the peers': what never happened there may happen.
    """
    here, whole = share.c.here, share.c.whole
    there, there_whole = share.c.there + 1, share.c.there_whole + 1
    expected = whole * there
    return (
        Measure(FindingNumberName.SUBMISSIONS, count(whole), SUBMISSIONS * UNITS),
        Measure(FindingNumberName.CONCERNED, count(here)),
        Measure(FindingNumberName.SHARE, ratio(here, whole), least),
        Measure(FindingNumberName.PEER_SUBMISSIONS, count(share.c.there_whole), PEER_SUBMISSIONS * UNITS),
        Measure(FindingNumberName.PEER_CONCERNED, count(share.c.there)),
        Measure(FindingNumberName.EXPECTED, ratio(expected, there_whole)),
        Measure(FindingNumberName.TIMES, ratio(here * there_whole, expected), TIMES),
        Measure(FindingNumberName.DEVIATIONS, deviations(here, expected, there_whole), DEVIATIONS),
    )


def _shares(scene: Scene, subject: Subject, wanted: Subject | None = None) -> FromClause:
    """How many submissions an organization has of each subject and in all, and its peers without it."""
    group = peers.groups()
    counted = once(_counted(scene, group, subject, wanted))
    whole = _sums(counted, counted.c.organization_id)
    alike = _sums(counted, counted.c.kind_id, counted.c.sphere_id)
    alike_in_it = _sums(counted, counted.c.kind_id, counted.c.sphere_id, counted.c.subject)
    return (
        select(
            counted,
            whole.c.number.label("whole"),
            (alike_in_it.c.number - counted.c.here).label("there"),
            (alike.c.number - whole.c.number).label("there_whole"),
        )
        .select_from(
            counted.join(whole, _same(counted, whole))
            .join(alike, _same(counted, alike))
            .join(alike_in_it, _same(counted, alike_in_it))
        )
        .where(scene.looks_at(counted.c.organization_id))
        .subquery()
    )


def _sums(counted: FromClause, *keys: ColumnElement[Any]) -> FromClause:
    """How many submissions there are by some keys."""
    number = cast(func.sum(counted.c.here), BigInteger)
    return select(*keys, number.label("number")).group_by(*keys).subquery()


def _same(counted: FromClause, sums: FromClause) -> ColumnElement[bool]:
    """Whether the keys of sums are those of a row."""
    return and_(*(key == counted.c[key.name] for key in sums.c if key.name != "number"))


def _counted(scene: Scene, group: CTE, subject: Subject, wanted: Subject | None) -> Select[Any]:
    """How many submissions of each subject the organizations have that are to be compared."""
    s = submissions()
    of = subject(s).label("subject")
    numbers = select(
        s.c.organization_id,
        of,
        func.count().label("here"),
        func.min(s.c.submitted_on).label("first"),
        func.max(s.c.submitted_on).label("last"),
    )
    compared = scene.is_among(s.c.organization_id, peers.of_any(scene.organizations, group))
    picked = (compared,) if wanted is None else (compared, wanted(s))
    each = numbers.where(*scene.counted(s), *picked).group_by(s.c.organization_id, of).subquery()
    kind = (group.c.kind_id, group.c.sphere_id)
    return select(each, *kind).join_from(each, group, group.c.organization_id == each.c.organization_id)
