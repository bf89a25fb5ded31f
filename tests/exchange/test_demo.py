"""The demo country: always the same, as large as it says, and plausible enough to try everything on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from exchange import demo
from exchange.progress import Advance
from models import recount
from models.errors import InputError

SCALE = 0.01
# What says everything that depends on chance, in a few characters.
DIGEST: LiteralString = """
SELECT md5(string_agg(line, '' ORDER BY line)) FROM (
    SELECT organization::text AS line FROM organization
    UNION ALL SELECT organization_position::text FROM organization_position
    UNION ALL SELECT rater::text FROM rater
    UNION ALL SELECT submission::text FROM submission
    UNION ALL SELECT review::text FROM review
    UNION ALL SELECT answer::text FROM answer
    UNION ALL SELECT total::text FROM total
) AS lines"""
CONSTRAINTS: LiteralString = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint
WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"""
INDEXES: LiteralString = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"


class Listener:
    """Hears of the steps of a load, and loses patience where it is told to."""

    def __init__(self, patience: int | None = None) -> None:
        self.steps: dict[str, int | None] = {}
        self.done = 0
        self._patience = patience

    @contextmanager
    def step(self, title: str, total: int | None = None) -> Iterator[Advance]:
        self.steps[title] = total
        yield self._advance

    def _advance(self, more: int) -> None:
        self.done += more
        if self.done == self._patience:
            raise KeyboardInterrupt


def rows(url: str, query: LiteralString) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def country(seeded_url: str) -> Iterator[Connection]:
    with psycopg.connect(seeded_url) as connection:
        yield connection


def value(country: Connection, query: LiteralString) -> Any:
    row = country.execute(query).fetchone()
    assert row is not None
    return row[0]


def test_the_same_seed_gives_the_same_rows(empty_url: str, seeded_url: str) -> None:
    demo.load(empty_url, SCALE, 1)
    assert rows(empty_url, DIGEST) == rows(seeded_url, DIGEST)


def test_another_seed_gives_other_rows(empty_url: str, seeded_url: str) -> None:
    demo.load(empty_url, SCALE, 2)
    assert rows(empty_url, DIGEST) != rows(seeded_url, DIGEST)


def test_it_tells_what_it_does_and_made(empty_url: str) -> None:
    watcher = Listener()
    assert demo.is_empty(empty_url)
    summary = demo.load(empty_url, SCALE, 1, watcher)
    assert not demo.is_empty(empty_url)
    assert (summary.organizations, summary.accounts, summary.submissions) == (136, 1401, 6736)
    assert [(summary.reviews, summary.answers)] == rows(
        empty_url, "SELECT (SELECT count(*) FROM review), (SELECT count(*) FROM answer)"
    )
    assert watcher.steps == {"Organizations and accounts": None, "Submissions": 24, "Totals": None}
    assert watcher.done == 24


def test_it_leaves_the_schema_as_it_was(empty_url: str) -> None:
    before = rows(empty_url, CONSTRAINTS), rows(empty_url, INDEXES)
    demo.load(empty_url, SCALE, 1)
    assert (rows(empty_url, CONSTRAINTS), rows(empty_url, INDEXES)) == before


def test_new_rows_go_on_after_the_loaded_ones(clone_url: str) -> None:
    with psycopg.connect(clone_url) as connection:
        added = value(connection, "INSERT INTO rater (kind) VALUES ('PERSON') RETURNING id")
        assert added == 1402


def test_a_second_load_is_refused_and_changes_nothing(clone_url: str) -> None:
    before = rows(clone_url, DIGEST)
    with pytest.raises(InputError, match="has organizations already"):
        demo.load(clone_url, SCALE, 1)
    assert rows(clone_url, DIGEST) == before


@pytest.mark.parametrize("scale", [0, -1, 0.001, 101, float("nan")])
def test_a_scale_out_of_bounds_is_refused(empty_url: str, scale: float) -> None:
    with pytest.raises(InputError, match="scale"):
        demo.load(empty_url, scale)
    assert demo.is_empty(empty_url)


def test_a_load_that_breaks_off_leaves_nothing(empty_url: str) -> None:
    before = rows(empty_url, CONSTRAINTS)

    with pytest.raises(KeyboardInterrupt):
        demo.load(empty_url, SCALE, 1, Listener(patience=12))
    assert demo.is_empty(empty_url)
    assert rows(empty_url, CONSTRAINTS) == before


def test_totals_are_what_the_scores_add_up_to(country: Connection) -> None:
    assert recount.differences(country) == []


def test_it_has_the_stated_sizes(country: Connection) -> None:
    assert value(country, "SELECT count(*) FROM organization") == 136
    assert value(country, "SELECT count(*) FROM account") == 1401
    assert value(country, "SELECT count(*) FROM rater WHERE kind = 'BUSINESS'") > 100
    assert value(country, "SELECT count(*) FROM submission") == 6736
    assert value(country, "SELECT count(*) FROM area") == 442
    assert value(country, "SELECT count(*) FROM service") > 300
    assert value(country, "SELECT count(*) FROM criterion WHERE sphere_id IS NULL") == 5


def test_every_sphere_has_categories_and_organizations(country: Connection) -> None:
    spheres = country.execute(
        """SELECT (SELECT count(*) FROM category WHERE sphere_id = sphere.id),
                  (SELECT count(*) FROM organization_sphere WHERE sphere_id = sphere.id)
           FROM sphere"""
    ).fetchall()
    assert len(spheres) == 32
    assert all(3 <= categories <= 6 and organizations for categories, organizations in spheres)


def test_subordination_has_five_levels_under_one_root(country: Connection) -> None:
    levels: dict[int, int] = dict(
        country.execute(
            """SELECT nlevel(path), count(*) FROM organization_position
               WHERE hierarchy = 'SUBORDINATION' GROUP BY 1"""
        ).fetchall()
    )
    assert set(levels) == {1, 2, 3, 4, 5}
    assert levels[1] == 1
    assert sum(levels.values()) == 136


def test_a_local_clinic_belongs_to_its_district_and_is_overseen_by_its_ministry(country: Connection) -> None:
    trees = country.execute(
        """SELECT hierarchy::text, array_agg(kind.code ORDER BY nlevel(above.path))
           FROM organization JOIN organization_position AS own ON own.organization_id = organization.id
           JOIN organization_position AS above USING (hierarchy)
           JOIN organization AS ancestor ON ancestor.id = above.organization_id
           JOIN organization_kind AS kind ON kind.id = ancestor.kind_id
           WHERE organization.code = 'BY-HO-06-HEALTH-POLYCLINIC-1' AND above.path @> own.path
           GROUP BY 1"""
    ).fetchall()
    assert dict(trees) == {
        "SUBORDINATION": ["GOVERNMENT", "REGIONAL_AUTHORITY", "DISTRICT_AUTHORITY", "ORGANIZATION"],
        "SUPERVISION": ["MINISTRY", "BRANCH_BODY", "ORGANIZATION"],
    }


def test_every_organization_lies_in_its_region(country: Connection) -> None:
    query: LiteralString = """
        SELECT count(*) FROM organization JOIN area ON area.id = area_id
        JOIN area AS region ON region.path @> area.path AND nlevel(region.path) = 2
        WHERE ST_Covers(region.boundary, location)"""
    assert value(country, query) == 136


def test_the_country_is_what_its_regions_cover(country: Connection) -> None:
    query: LiteralString = """
        SELECT bool_and(ST_Area(ST_Difference(region.boundary, whole.boundary)) < 1e-9)
        FROM area AS whole JOIN area AS region ON region.parent_id = whole.id WHERE whole.code = 'BY'"""
    assert value(country, query)


@pytest.mark.parametrize(
    "table", ["area", "organization", "organization_kind", "sphere", "category", "service", "criterion"]
)
def test_names_are_in_three_languages(country: Connection, table: str) -> None:
    names = SQL("SELECT name_be, name_ru, name_en FROM {}").format(Identifier(table))
    for be, ru, en in country.execute(names):
        assert be
        assert not set(ru.lower()) & set("ўі")
        assert not set(en.lower()) & set("абвгдеёжзійклмнопрстуўфхцчшьыэюя")


def test_most_are_satisfied_and_organizations_differ(country: Connection) -> None:
    satisfied = value(country, "SELECT avg((mark >= 4 * 720720)::int)::float FROM submission WHERE status = 'COUNTED'")
    assert satisfied == pytest.approx(0.932, abs=0.01)
    worst, best = country.execute(
        "SELECT min(value), max(value) FROM total WHERE pool = 'OWN' AND raters >= 5"
    ).fetchall()[0]
    assert worst < 400
    assert best > 485


def test_a_few_organizations_have_most_submissions_and_some_have_none(country: Connection) -> None:
    counts = [row[0] for row in country.execute("SELECT submissions FROM total WHERE pool = 'OWN' ORDER BY 1")]
    assert counts[0] == 0
    assert any(0 < count < 5 for count in counts)
    assert counts[-1] > 8 * sum(counts) / len(counts)
    assert sum(counts[-27:]) > sum(counts) / 2


def test_one_in_five_has_a_review(country: Connection) -> None:
    assert value(country, "SELECT count(*) FROM review") / 6736 == pytest.approx(0.2, abs=0.02)
    assert value(country, "SELECT count(*) FROM review WHERE text ~ '[ўі]'") > 50


def test_people_do_not_write_alike_but_for_schemes(country: Connection) -> None:
    alike: LiteralString = """
        SELECT count(*) FROM (SELECT FROM review GROUP BY digest HAVING count(*) > 2) AS text"""
    together: LiteralString = """
        SELECT max(accounts) FROM (SELECT count(*) AS accounts FROM account GROUP BY registered_at::date) AS day"""
    assert value(country, alike) == 2
    assert value(country, together) >= 24


def test_some_do_not_count_some_organizations_are_closed_or_voluntary(country: Connection) -> None:
    statuses: dict[str, int] = dict(
        country.execute("SELECT status::text, count(*) FROM submission GROUP BY 1").fetchall()
    )
    assert statuses["COUNTED"] > 0.97 * 6736
    assert 0 < statuses["REJECTED"] < statuses["WITHDRAWN"]
    assert value(country, "SELECT count(*) FROM organization WHERE closed_on IS NOT NULL") > 0
    assert value(country, "SELECT count(*) FROM organization WHERE registration = 'VOLUNTARY'") > 0


def test_nobody_rates_an_organization_twice_in_a_day(country: Connection) -> None:
    query: LiteralString = """
        SELECT count(*) FILTER (WHERE pause < interval '24 hours'), count(pause) FROM (
            SELECT submitted_at - lag(submitted_at) OVER (
                PARTITION BY organization_id, rater_id ORDER BY submitted_at
            ) AS pause FROM submission
        ) AS pauses"""
    too_soon, again = country.execute(query).fetchall()[0]
    assert too_soon == 0
    assert again > 0


def test_officials_rate_nobody(country: Connection) -> None:
    query: LiteralString = """
        SELECT count(*) FROM role_grant JOIN account ON account.id = account_id
        JOIN submission ON submission.rater_id = account.rater_id"""
    assert value(country, query) == 0
    assert value(country, "SELECT count(DISTINCT role) FROM role_grant") == 6


def test_submissions_are_of_the_form_shown_that_day_while_the_organization_was_open(country: Connection) -> None:
    query: LiteralString = """
        SELECT count(*) FROM submission
        JOIN questionnaire AS form ON form.id = questionnaire_id
        JOIN organization ON organization.id = submission.organization_id
        WHERE submitted_at NOT BETWEEN form.published_at AND coalesce(form.retired_at, 'infinity')
           OR submitted_on NOT BETWEEN opened_on AND coalesce(closed_on, 'infinity')
           OR submitted_on NOT BETWEEN '2020-11-16' AND '2026-11-15'
           OR submitted_on <> (submitted_at AT TIME ZONE 'Europe/Minsk')::date
           OR form.sphere_id IS NOT NULL AND form.sphere_id NOT IN (SELECT sphere_id FROM organization_sphere AS own
                                     WHERE own.organization_id = organization.id)"""
    assert value(country, query) == 0


def test_services_named_are_rendered_and_required_answers_given(country: Connection) -> None:
    strange: LiteralString = """
        SELECT count(*) FROM submission WHERE service_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM organization_service AS own
            WHERE own.organization_id = submission.organization_id AND own.service_id = submission.service_id)"""
    missing: LiteralString = """
        SELECT count(*) FROM submission JOIN question USING (questionnaire_id) WHERE required AND NOT EXISTS (
            SELECT FROM answer WHERE submission_id = submission.id AND question_id = question.id)"""
    assert (value(country, strange), value(country, missing)) == (0, 0)
    assert value(country, "SELECT count(DISTINCT type) FROM question JOIN answer ON question_id = question.id") == 5


def test_a_ministry_asks_in_a_form_of_each_state_and_has_answers(country: Connection) -> None:
    query = """SELECT form.code, published_at IS NULL, count(response.id) > 0, min(answered_on) >= opens_on,
            max(answered_on) <= closes_on
        FROM questionnaire AS form JOIN organization AS owner ON owner.id = owner_id
        LEFT JOIN survey_response AS response ON response.questionnaire_id = form.id
        WHERE owner.code = 'BY-GOV-HEALTH' GROUP BY form.id ORDER BY 1"""
    assert country.execute(query).fetchall() == [
        ("BOOKING-2026", False, True, True, True),
        ("HEALTH-AMBULANCE", False, False, None, None),
        ("HEALTH-DENTAL", True, False, None, None),
        ("HOURS-2025", False, True, True, True),
    ]
