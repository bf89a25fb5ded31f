"""The root lists: each one statement for its organizations."""

import base64
from typing import Any

import orjson
from sqlalchemy import ARRAY, Select, Text, and_, case, collate, func, literal, or_, select, tuple_

from benchmarks.peers.orm.entities import is_open, name_of, without
from models import policies
from models.areas import Area
from models.base import COLLATION
from models.organizations import Organization, OrganizationSphere
from models.policies import PolicyName
from models.services import Sphere
from models.totals import Pool, Total

NAME = name_of(Organization)


def organizations(*more: Any) -> Select[*tuple[Any, ...]]:
    """Organizations without what few lists show."""
    return select(Organization, *more).options(without(Organization.search), without(Organization.location))


def by_code(code: str) -> Select[*tuple[Any, ...]]:
    return organizations().where(Organization.code == code)


def by_name(first: int, after: str | None) -> Select[*tuple[Any, ...]]:
    """A page by keyset."""
    query = organizations().where(is_open(Organization)).order_by(NAME, Organization.id).limit(first)
    if after is not None:
        name, id_ = orjson.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        query = query.where(tuple_(NAME, Organization.id) > tuple_(collate(literal(name), COLLATION), literal(id_)))
    return query


def cursor(last: Organization) -> str:
    """Stands behind an organization in the list by name."""
    keys = [last.name_ru or last.name_be or last.name_en, last.id]
    return base64.urlsafe_b64encode(orjson.dumps(keys)).rstrip(b"=").decode()


def by_text(text: str, first: int) -> Select[*tuple[Any, ...]]:
    """The best match first; the two longest words find the candidates by the index."""
    split = func.string_to_array(func.search_normal(text), " ", type_=ARRAY(Text()))
    words = select(func.array_remove(split, "", type_=ARRAY(Text()))).scalar_subquery()
    word = func.unnest(words).column_valued("word")
    ordered = select(word).order_by(func.length(word).desc(), word).limit(1)
    longest, second = ordered.scalar_subquery(), ordered.offset(1).scalar_subquery()
    relevance = func.search_relevance(Organization.search, words)
    looked_for = (longest, select(func.coalesce(second, longest)).scalar_subquery())
    candidates = [
        or_(Organization.search.like(literal("% ").concat(each).concat("%")), Organization.search.bool_op("%>")(each))
        for each in looked_for
    ]
    return (
        organizations()
        .where(is_open(Organization), *candidates, relevance > 0)
        .order_by(relevance.desc(), func.length(Organization.search), Organization.id.desc())
        .limit(first)
    )


def in_box(west: float, south: float, east: float, north: float, limit: int) -> Select[*tuple[Any, ...]]:
    """The best rated organizations of a box, each with how many the box holds."""
    box = func.ST_MakeEnvelope(west, south, east, north, 4326)
    return (
        select(Organization, func.count().over())
        .options(without(Organization.search))
        .join(Total, and_(Total.organization_id == Organization.id, Total.pool == Pool.OWN))
        .where(is_open(Organization), Organization.location.bool_op("&&")(box))
        .where(func.ST_Intersects(Organization.location, box))
        .order_by(func.coalesce(Total.value, 0).desc(), Organization.id.desc())
        .limit(limit)
    )


def ranked(spheres: list[str], areas: list[str], first: int) -> Select[*tuple[Any, ...]]:
    """Organizations of a set with position, how many share it, out of how many, and why not ranked."""
    minimum = select(policies.whole(PolicyName.MIN_RATERS)).scalar_subquery()
    ranked = and_(Total.submissions > 0, Total.raters >= minimum)
    reason = case((Total.submissions == 0, "NO_SUBMISSIONS"), (~ranked, "TOO_FEW_RATERS"))
    position = func.rank().over(partition_by=[ranked], order_by=Total.value.desc())
    tied = func.count().over(partition_by=[ranked, Total.value])
    return (
        organizations(
            case((ranked, position)),
            case((ranked, tied), else_=0),
            func.count().filter(ranked).over(),
            reason,
        )
        .join(Total, and_(Total.organization_id == Organization.id, Total.pool == Pool.OWN))
        .where(
            is_open(Organization), Organization.id.in_(_in_spheres(spheres)), Organization.area_id.in_(_in_areas(areas))
        )
        .order_by(case((ranked, Total.value), else_=0).desc(), Organization.id.desc())
        .limit(first)
    )


def _in_spheres(codes: list[str]) -> Select[*tuple[Any, ...]]:
    works = select(OrganizationSphere.organization_id)
    return works.join(Sphere, Sphere.id == OrganizationSphere.sphere_id).where(Sphere.code.in_(codes))


def _in_areas(codes: list[str]) -> Select[*tuple[Any, ...]]:
    top = Area.__table__.alias()
    return select(Area.id).join(top, Area.path.op("<@")(top.c.path)).where(top.c.code.in_(codes))
