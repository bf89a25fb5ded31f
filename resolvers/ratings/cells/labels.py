"""Labels: what the key of a cell is called, and in which order cells stand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BigInteger, FromClause, Integer, Text, case, cast, extract, func, null
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.elements import ColumnElement

from models.areas import Area
from models.criteria import Criterion
from models.organizations import Organization, OrganizationKind
from models.services import Category, Service, Sphere
from resolvers.languages import Language, in_language
from resolvers.ratings.cells import wording
from resolvers.ratings.cells.dimensions import MEMBERS, NONE, Dimension, Key

NAMES = ("name_be", "name_ru", "name_en")

# The code of what was not told; no row's code begins with a hyphen.
NOT_TOLD = "-"
NO_ORGANIZATION: ColumnElement[Any] = cast(null(), BigInteger)


@dataclass(frozen=True)
class Label:
    """What a key stands for; `target` is joined to the cells for it by `condition`.

    `names` are in the order of NAMES. `order` sorts the cells of the dimension, before the key
    itself does.
    """

    code: ColumnElement[Any]
    names: Sequence[ColumnElement[Any]]
    order: Sequence[ColumnElement[Any]] = ()
    organization_id: ColumnElement[Any] = NO_ORGANIZATION
    target: FromClause | None = None
    condition: ColumnElement[bool] | None = None


Labelling = Callable[[Key, Language], Label]


def label(dimension: Dimension, key: Key, language: Language) -> Label:
    """The label of a key of a dimension."""
    return LABELS[dimension](key, language)


def _row(table: Any, *columns: str) -> Labelling:
    """A row's own code and names, sorted by columns or else by name."""

    def labelled(key: Key, language: Language) -> Label:
        row = table.__table__.alias()
        by = [row.c[each] for each in columns] or [in_language(row, "name", language)]
        return Label(
            code=row.c.code, names=[row.c[name] for name in NAMES], order=by, target=row, condition=row.c.id == key
        )

    return labelled


def _or_none(labelling: Labelling) -> Labelling:
    """The same for keys that may stand for what was not told, which comes last."""

    def labelled(key: Key, language: Language) -> Label:
        own, told = labelling(key, language), key != NONE
        return replace(
            own,
            code=case((told, own.code), else_=NOT_TOLD),
            names=[case((told, name), else_=other) for name, other in zip(own.names, wording.NOT_TOLD, strict=True)],
            order=[~told, *(func.coalesce(each, "" if isinstance(each.type, Text) else 0) for each in own.order)],
        )

    return labelled


def _subordinate(key: Key, language: Language) -> Label:
    return replace(_row(Organization)(key, language), organization_id=key)


def _category(key: Key, language: Language) -> Label:
    """In the order of the spheres."""
    row, sphere = Category.__table__.alias(), Sphere.__table__.alias()
    return Label(
        code=row.c.code,
        names=[row.c[name] for name in NAMES],
        order=[sphere.c.ordinal, row.c.ordinal],
        target=row.join(sphere, sphere.c.id == row.c.sphere_id),
        condition=row.c.id == key,
    )


def _member(dimension: Dimension, texts: Mapping[Any, wording.Texts]) -> Labelling:
    """A member of an enumeration, in the order of its declaration."""
    places = dict(enumerate(MEMBERS[dimension], 1))

    def labelled(key: Key, language: Language) -> Label:
        names = [case({place: texts[each][n] for place, each in places.items()}, value=key) for n in range(len(NAMES))]
        return Label(code=case({place: each.name for place, each in places.items()}, value=key), names=names)

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
    Dimension.SPHERE: _or_none(_row(Sphere, "ordinal")),
    Dimension.CATEGORY: _or_none(_category),
    Dimension.SERVICE: _or_none(_row(Service)),
    Dimension.AREA: _or_none(_row(Area)),
    Dimension.KIND: _row(OrganizationKind, "ordinal"),
    Dimension.CHANNEL: _or_none(_member(Dimension.CHANNEL, wording.CHANNELS)),
    Dimension.RATER_KIND: _member(Dimension.RATER_KIND, wording.RATER_KINDS),
    Dimension.VERIFIED: _member(Dimension.VERIFIED, wording.VOUCHINGS),
    Dimension.CRITERION: _row(Criterion, "ordinal"),
    Dimension.DAY: lambda key, _: _interval(_plainly(cast(key, Text)), key),
    Dimension.WEEK: lambda key, _: _interval(_plainly(func.to_char(key, 'IYYY-"W"IW')), key),
    Dimension.MONTH: lambda key, _: _interval(_of_year(wording.MONTHS, "month", key), key),
    Dimension.QUARTER: lambda key, _: _interval(_of_year(wording.QUARTERS, "quarter", key), key),
    Dimension.YEAR: lambda key, _: _interval(_plainly(func.to_char(key, "YYYY")), key),
}
