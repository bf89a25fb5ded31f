"""Labels: what the key of a cell is called, and in which order cells stand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import FromClause, Integer, Text, case, cast, extract, func
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.elements import ColumnElement

from models.areas import Area
from models.criteria import Criterion
from models.organizations import Organization, OrganizationKind
from models.services import Category, Service, Sphere
from resolvers.cells import wording
from resolvers.cells.dimensions import NO_ID, NO_MEMBER, Dimension, Key
from resolvers.languages import Language, in_language

NAMES = ("name_be", "name_ru", "name_en")

# The code of what was not told; no row's code begins with a hyphen.
NOT_TOLD = "-"


@dataclass(frozen=True)
class Label:
    """What a key stands for; `target` is joined to the cells for it by `condition`.

    `names` are in the order of NAMES. `order` sorts the cells of the dimension, before the key
    itself does.
    """

    code: ColumnElement[Any]
    names: Sequence[ColumnElement[Any]]
    order: Sequence[ColumnElement[Any]] = ()
    organization_id: ColumnElement[Any] | None = None
    target: FromClause | None = None
    condition: ColumnElement[bool] | None = None


Labelling = Callable[[Key, Language], Label]


def label(dimension: Dimension, key: Key, language: Language) -> Label:
    """The label of a key of a dimension."""
    return LABELS[dimension](key, language)


def _row(table: Any, *columns: str) -> Labelling:
    """A row's own code and names, sorted by columns or else by name; what was not told comes last."""

    def labelled(key: Key, language: Language) -> Label:
        row = table.__table__.alias()
        by = [row.c[each] for each in columns] or [in_language(row, "name", language)]
        return _of_row(row, key, by)

    return labelled


def _of_row(row: FromClause, key: Key, by: Sequence[ColumnElement[Any]]) -> Label:
    told = key != NO_ID
    return Label(
        code=func.coalesce(row.c.code, NOT_TOLD),
        names=[case((told, row.c[name]), else_=other) for name, other in zip(NAMES, wording.NOT_TOLD, strict=True)],
        order=[~told, *(func.coalesce(each, "" if isinstance(each.type, Text) else 0) for each in by)],
        target=row,
        condition=row.c.id == key,
    )


def _subordinate(key: Key, language: Language) -> Label:
    return replace(_row(Organization)(key, language), organization_id=key)


def _category(key: Key, language: Language) -> Label:
    """In the order of the spheres."""
    row, sphere = Category.__table__.alias(), Sphere.__table__.alias()
    own = _of_row(row, key, [sphere.c.ordinal, row.c.ordinal])
    return replace(own, target=row.join(sphere, sphere.c.id == row.c.sphere_id))


def _member(texts: Mapping[Any, wording.Texts]) -> Labelling:
    """A member of an enumeration, in the order of its declaration."""
    places = {each.name: place for place, each in enumerate(texts)}
    named = [({each.name: text[n] for each, text in texts.items()}, wording.NOT_TOLD[n]) for n in range(len(NAMES))]

    def labelled(key: Key, language: Language) -> Label:
        return Label(
            code=case((key == NO_MEMBER, NOT_TOLD), else_=key),
            names=[case(found, value=key, else_=other) for found, other in named],
            order=[case(places, value=key, else_=len(places))],
        )

    return labelled


def _interval(names: Sequence[ColumnElement[Any]], key: Key) -> Label:
    return Label(code=cast(key, Text), names=names)


def _plainly(text: ColumnElement[str]) -> Sequence[ColumnElement[str]]:
    """The same in all languages."""
    return [text] * len(NAMES)


def _of_year(texts: Sequence[wording.Texts], part: str, key: Key) -> Sequence[ColumnElement[str]]:
    """A part of a year, by its number, and the year."""
    number, year = cast(extract(part, key), Integer), func.to_char(key, "YYYY")
    return [array([each[n] for each in texts])[number].concat(" ").concat(year) for n in range(len(NAMES))]


LABELS: dict[Dimension, Labelling] = {
    Dimension.SUBORDINATE: _subordinate,
    Dimension.SPHERE: _row(Sphere, "ordinal"),
    Dimension.CATEGORY: _category,
    Dimension.SERVICE: _row(Service),
    Dimension.AREA: _row(Area),
    Dimension.KIND: _row(OrganizationKind, "ordinal"),
    Dimension.CHANNEL: _member(wording.CHANNELS),
    Dimension.RATER_KIND: _member(wording.RATER_KINDS),
    Dimension.CRITERION: _row(Criterion, "ordinal"),
    Dimension.DAY: lambda key, _: _interval(_plainly(cast(key, Text)), key),
    Dimension.WEEK: lambda key, _: _interval(_plainly(func.to_char(key, 'IYYY-"W"IW')), key),
    Dimension.MONTH: lambda key, _: _interval(_of_year(wording.MONTHS, "month", key), key),
    Dimension.QUARTER: lambda key, _: _interval(_of_year(wording.QUARTERS, "quarter", key), key),
    Dimension.YEAR: lambda key, _: _interval(_plainly(func.to_char(key, "YYYY")), key),
}
