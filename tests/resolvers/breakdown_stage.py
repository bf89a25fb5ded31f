"""The small country of `tests.stage` with areas, whose submissions are made anew as often as one likes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import LiteralString

import psycopg
from hypothesis import strategies as st

from models import recount

ORGANIZATIONS = ["MINISTRY", "REGION", "HOSPITAL", "CLINIC", "CLOSED", "WARD", "SCHOOL", "LONER"]
SERVICES = ["VISIT", "VACCINE", "LESSON"]
CRITERIA = ["PLAIN", "POLITE", "CLEAN"]
DAYS = [date(2025, 12, 29), *(date(2026, month, day) for month in (1, 2, 4) for day in (1, 2, 14, 28))]
RATERS = 12

# HOSPITAL and WARD stand in the north, CLINIC and CLOSED in the south, REGION in the whole region, LONER nowhere. From the
# 14th of February on, a mark of 3 satisfies.
PREPARE: LiteralString = """
INSERT INTO area (code, name_en, parent_id, parent_path)
SELECT 'EAST', 'East', id, path FROM area WHERE code = 'BY';
INSERT INTO area (code, name_en, parent_id, parent_path)
SELECT name, name, id, path FROM area, unnest(ARRAY['NORTH', 'SOUTH']) AS name WHERE code = 'EAST';
UPDATE organization SET area_id = (SELECT id FROM area WHERE area.code = place.area)
FROM (VALUES ('REGION', 'EAST'), ('HOSPITAL', 'NORTH'), ('WARD', 'NORTH'), ('CLINIC', 'SOUTH'), ('CLOSED', 'SOUTH'),
             ('LONER', NULL))
     AS place (code, area)
WHERE organization.code = place.code;
INSERT INTO organization_sphere SELECT organization.id, sphere.id FROM organization, sphere
WHERE (organization.code, sphere.code) IN (('CLINIC', 'SCHOOL'));
UPDATE service SET name_en = initcap(code);
INSERT INTO policy VALUES ('SATISFACTION_MARK', '2026-02-14', '3');
"""
INSERT: LiteralString = """
INSERT INTO submission (organization_id, rater_id, rater_kind, questionnaire_id, service_id, channel, scores, verified,
                        submitted_at, submitted_on, status, status_at)
SELECT organization.id, (SELECT min(id) FROM rater) + %s, %s, questionnaire.id,
       (SELECT id FROM service WHERE code = %s), %s, %s, %s, %s, %s, %s, now()
FROM organization, questionnaire
WHERE organization.code = %s AND (questionnaire.code, version) = (%s, 1)"""


@dataclass(frozen=True)
class Drawn:
    """A submission: by which rater, of which organization, and so on."""

    organization: str
    rater: int
    rater_kind: str
    service: str | None
    channel: str | None
    scores: Sequence[int | None]
    day: date
    status: str = "COUNTED"
    verified: bool = False

    @property
    def row(self) -> tuple[object, ...]:
        """The values of `INSERT`."""
        said = (self.rater, self.rater_kind, self.service, self.channel, list(self.scores), self.verified)
        form = "HEALTH" if len(self.scores) == 3 else "GENERAL"
        return (*said, f"{self.day} 12:00+00", self.day, self.status, self.organization, form)


def drawn(organizations: Sequence[str] = ORGANIZATIONS) -> st.SearchStrategy[list[Drawn]]:
    """A few submissions or many, by few raters."""
    score = st.integers(1, 5)
    one = st.builds(
        Drawn,
        organization=st.sampled_from(organizations),
        rater=st.integers(0, RATERS - 1),
        rater_kind=st.sampled_from(["PERSON", "PERSON", "BUSINESS"]),
        service=st.sampled_from([None, *SERVICES]),
        channel=st.sampled_from([None, "IN_PERSON", "ONLINE", "PHONE", "POST"]),
        scores=st.tuples(score, score, st.none() | score) | st.tuples(score, score),
        day=st.sampled_from(DAYS),
        status=st.sampled_from(["COUNTED"] * 5 + ["WITHDRAWN"]),
        verified=st.booleans(),
    )
    return st.integers(0, 120).flatmap(lambda number: st.lists(one, min_size=number, max_size=number))


def prepare(url: str) -> None:
    """Make of `tests.stage` what the submissions are drawn for."""
    with psycopg.connect(url) as connection:
        connection.execute(PREPARE)


def fill(url: str, submissions: Sequence[Drawn]) -> None:
    """Have these submissions, and no other."""
    with psycopg.connect(url) as connection:
        connection.execute("DELETE FROM submission")
        with connection.cursor() as cursor:
            cursor.executemany(INSERT, [each.row for each in submissions])
        recount.rebuild(connection)
