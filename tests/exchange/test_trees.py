"""Trees in files: any order, moves with all that is below, and totals that follow."""

from pathlib import Path

import psycopg

from exchange.importing import ImportReport, import_file
from exchange.verification import verify
from tests.digests import digests
from tests.exchange.files import Row, read, sheet

TREE = """
    SELECT code, (SELECT string_agg(above.code, '/' ORDER BY nlevel(ancestor.path))
                  FROM organization_position AS ancestor JOIN organization AS above ON above.id = ancestor.organization_id
                  WHERE ancestor.hierarchy = position.hierarchy AND ancestor.path @> position.path)
    FROM organization_position AS position JOIN organization ON organization.id = organization_id
    WHERE position.hierarchy = 'SUBORDINATION'"""

AREAS = """
    SELECT code, (SELECT string_agg(above.code, '/' ORDER BY nlevel(above.path)) FROM area AS above
                  WHERE above.path @> area.path) FROM area"""

ALONE: Row = {"subordinate_to": "", "supervised_by": ""}

# A cell that is changed, and what is stored of its organization then.
CHANGED: list[tuple[Row, str, object]] = [
    ({"name_en": "Renamed"}, "name_en", "Renamed"),
    ({"name_be": "", "name_ru": "Имя"}, "name_be", None),
    (
        {"kind": "MIN"},
        "(SELECT code FROM organization_kind WHERE id = kind_id)",
        "MIN",
    ),
    ({"closed_on": "2024-01-31"}, "closed_on::text", "2024-01-31"),
    ({"opened_on": ""}, "opened_on::text", "2020-01-01"),
    ({"area": ""}, "area_id", None),
    ({"longitude": "", "latitude": ""}, "location", None),
    ({"longitude": "1e1"}, "ST_X(location)::text", "10"),
    (
        {"services": ""},
        "(SELECT count(*) FROM organization_service WHERE organization_id = id)",
        0,
    ),
    (
        {"spheres": "S2"},
        "(SELECT count(*) FROM organization_sphere WHERE organization_id = id)",
        1,
    ),
]


def places(url: str, query: str = TREE) -> dict[str, str]:
    with psycopg.connect(url) as connection:
        return dict(connection.execute(query.encode()).fetchall())


def register(url: str, directory: Path, *rows: Row) -> ImportReport:
    """Import organizations; where a row names no supervisor it has none."""
    file = sheet(directory / "organizations.csv", "organizations", *({"supervised_by": ""} | row for row in rows))
    return import_file(url, "organizations", file, directory / "rejects.csv")


def test_parents_may_come_after_their_children(small_url: str) -> None:
    assert places(small_url) == {"M": "M", "R": "M/R", "U": "M/R/U"}
    assert places(small_url, AREAS) == {"BY": "BY", "BY-1": "BY/BY-1", "BY-1-1": "BY/BY-1/BY-1-1"}


def test_a_move_takes_everything_below_along_and_recounts(small_url: str, tmp_path: Path) -> None:
    report = register(small_url, tmp_path, {"code": "R", "subordinate_to": "ALONE"})
    assert report == ImportReport(1, 0, 1, 0, 0)
    assert places(small_url) == {"ALONE": "ALONE", "M": "M", "R": "ALONE/R", "U": "ALONE/R/U"}
    assert verify(small_url).agrees
    with psycopg.connect(small_url) as connection:
        found = connection.execute("""
            SELECT code, submissions FROM total JOIN organization ON id = organization_id
            WHERE pool = 'SUBORDINATION' ORDER BY code""").fetchall()
    assert found == [("ALONE", 3), ("M", 1), ("R", 3), ("U", 2)]


def test_parent_and_child_change_places(small_url: str, tmp_path: Path) -> None:
    rows: list[Row] = [
        {"code": "M", "kind": "MIN", "subordinate_to": "U"},
        {"code": "R", "subordinate_to": "M"},
        {"code": "U", "subordinate_to": "", "supervised_by": "M"},
    ]
    register(small_url, tmp_path, *rows)
    assert places(small_url) == {"U": "U", "M": "U/M", "R": "U/M/R"}
    assert verify(small_url).agrees


def test_a_whole_branch_turns_round(small_url: str, tmp_path: Path) -> None:
    rows: list[Row] = [
        {"code": "M", "kind": "MIN", "subordinate_to": "R"},
        {"code": "R", "subordinate_to": "U"},
        {"code": "U", "subordinate_to": ""},
    ]
    register(small_url, tmp_path, *rows)
    assert places(small_url) == {"U": "U", "R": "U/R", "M": "U/R/M"}
    assert verify(small_url).agrees


def test_leaving_a_parent_makes_a_root(small_url: str, tmp_path: Path) -> None:
    register(small_url, tmp_path, {"code": "R", "subordinate_to": ""})
    assert places(small_url) == {"M": "M", "R": "R", "U": "R/U"}
    assert verify(small_url).agrees


def test_a_circle_of_new_rows_is_rejected_with_what_hangs_on_it(small_url: str, tmp_path: Path) -> None:
    before = digests(small_url)
    rows: list[Row] = [
        {"code": "X1", "subordinate_to": "X2"},
        {"code": "X2", "subordinate_to": "X3"},
        {"code": "X3", "subordinate_to": "X1"},
        {"code": "BELOW", "subordinate_to": "X1"},
        {"code": "FURTHER", "subordinate_to": "BELOW"},
    ]
    assert register(small_url, tmp_path, *rows).rejected == len(rows)
    reasons = [row["reason"] for row in read(tmp_path / "rejects.csv")]
    assert reasons == ["would stand above and below the same one"] * 3 + ["no organization has this code"] * 2
    assert digests(small_url) == before


def test_a_circle_through_what_is_stored_is_rejected(small_url: str, tmp_path: Path) -> None:
    before = digests(small_url)
    assert register(small_url, tmp_path, {"code": "M", "kind": "MIN", "subordinate_to": "U"}).rejected == 1
    assert digests(small_url) == before


def test_below_a_rejected_row_nobody_stands(small_url: str, tmp_path: Path) -> None:
    rows: list[Row] = [
        {"code": "CHILD", "subordinate_to": "PARENT"},
        {"code": "PARENT", "kind": "CLUB"},
        {"code": "OTHER"},
    ]
    assert register(small_url, tmp_path, *rows) == ImportReport(3, 1, 0, 0, 2)
    assert [(row["code"], row["field"]) for row in read(tmp_path / "rejects.csv")] == [
        ("CHILD", "subordinate_to"),
        ("PARENT", "kind"),
    ]


def test_the_two_hierarchies_do_not_hinder_each_other(small_url: str, tmp_path: Path) -> None:
    """U is supervised by M; that M is subordinate to U is no circle."""
    rows: list[Row] = [
        {"code": "U", "subordinate_to": "", "supervised_by": "M"},
        {"code": "M", "kind": "MIN", "subordinate_to": "U"},
    ]
    assert register(small_url, tmp_path, *rows).rejected == 0
    assert verify(small_url).agrees


def test_areas_move_with_all_that_is_below(small_url: str, tmp_path: Path) -> None:
    rows: list[Row] = [{"code": "NEW", "parent": ""}, {"code": "BY", "parent": "NEW"}]
    assert import_file(small_url, "areas", sheet(tmp_path / "areas.csv", "areas", *rows)).updated == 1
    assert places(small_url, AREAS)["BY-1-1"] == "NEW/BY/BY-1/BY-1-1"


def test_only_what_differs_is_an_update(small_url: str, tmp_path: Path) -> None:
    kept: Row = {"code": "ALONE", **ALONE}
    assert register(small_url, tmp_path, kept) == ImportReport(1, 0, 0, 1, 0)
    assert register(small_url, tmp_path, kept | {"spheres": "S2|S1|S2"}) == ImportReport(1, 0, 0, 1, 0)
    assert register(small_url, tmp_path, kept | {"spheres": "S2"}) == ImportReport(1, 0, 1, 0, 0)


def test_changed_cells_change_what_is_stored(small_url: str, tmp_path: Path) -> None:
    codes = [f"O{i}" for i in range(len(CHANGED))]
    before: list[Row] = [{"code": code, **ALONE} for code in codes]
    register(small_url, tmp_path, *before)
    after = [row | cells for row, (cells, _, _) in zip(before, CHANGED, strict=True)]
    report = register(small_url, tmp_path, *after)
    assert (report.updated, report.unchanged) == (len(CHANGED) - 1, 1)  # an empty opened_on keeps what was there
    with psycopg.connect(small_url) as connection:
        for code, (cells, expression, expected) in zip(codes, CHANGED, strict=True):
            query = f"SELECT {expression} FROM organization WHERE code = %s"  # noqa: S608 - the list above
            assert connection.execute(query.encode(), [code]).fetchone() == (expected,), cells
