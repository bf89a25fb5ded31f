"""DataLoaders: each one statement for all the keys that a level of the answer asks for."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Function, Integer, Row, Select, cast, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import aliased
from strawberry.dataloader import DataLoader

from benchmarks.peers.orm.entities import is_open, name_of, without
from models.areas import Area
from models.criteria import Criterion
from models.hierarchies import Hierarchy, Position
from models.organizations import Organization, OrganizationSphere
from models.services import Sphere
from models.submissions import MARK_UNITS
from models.totals import Pool, Total

Key = TypeVar("Key", bound=Hashable)
Rows = dict[Any, list[Any]]
Owned = tuple[int, Pool]
Children = tuple[int, Hierarchy, int]


class Loaders:
    """The loaders of one request. Each statement has a session of its own: they run side by side."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions
        self.area: DataLoader[int, Area] = DataLoader(self._areas)
        self.spheres: DataLoader[int, list[Sphere]] = DataLoader(self._spheres)
        self.total: DataLoader[Owned, Total] = DataLoader(self._totals)
        self.by_criterion: DataLoader[Owned, list[Any]] = DataLoader(self._by_criterion)
        self.children: DataLoader[Children, list[Organization]] = DataLoader(self._children)

    async def rows(self, query: Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
        """What a statement answers."""
        async with self._sessions() as session:
            return (await session.execute(query)).all()

    async def _areas(self, ids: list[int]) -> list[Area]:
        found = {
            area.id: area
            for (area,) in await self.rows(select(Area).where(Area.id.in_(ids)).options(without(Area.boundary)))
        }
        return [found[id_] for id_ in ids]

    async def _spheres(self, ids: list[int]) -> list[list[Sphere]]:
        query = (
            select(OrganizationSphere.organization_id, Sphere)
            .join(Sphere, Sphere.id == OrganizationSphere.sphere_id)
            .where(OrganizationSphere.organization_id.in_(ids))
            .order_by(Sphere.ordinal, Sphere.id)
        )
        owned = grouped(await self.rows(query))
        return [owned[id_] for id_ in ids]

    async def _totals(self, keys: list[Owned]) -> list[Total]:
        return await in_groups(keys, lambda key: key[1], self._totals_of_pool)

    async def _totals_of_pool(self, pool: Pool, keys: Sequence[Owned]) -> list[Total]:
        ids = [id_ for id_, _ in keys]
        query = select(Total).where(Total.pool == pool, Total.organization_id.in_(ids))
        found = {total.organization_id: total for (total,) in await self.rows(query)}
        return [found[id_] for id_ in ids]

    async def _by_criterion(self, keys: list[Owned]) -> list[list[Any]]:
        return await in_groups(keys, lambda key: key[1], self._criteria_of_pool)

    async def _criteria_of_pool(self, pool: Pool, keys: Sequence[Owned]) -> list[list[Any]]:
        ids = [id_ for id_, _ in keys]
        sums: Function[Any] = func.unnest(Total.criterion_sums, Total.criterion_counts)
        tally = sums.table_valued("sum", "count", with_ordinality="id").render_derived()
        query = (
            select(
                Total.organization_id,
                Criterion,
                func.rating_value(tally.c.sum * MARK_UNITS, tally.c.count),
                cast(tally.c.count, Integer),
            )
            .select_from(Total)
            .join(tally, true())
            .join(Criterion, Criterion.id == tally.c.id)
            .where(Total.pool == pool, Total.organization_id.in_(ids), tally.c.count > 0)
            .order_by(Criterion.ordinal, Criterion.id)
        )
        owned: Rows = defaultdict(list)
        for owner, *row in await self.rows(query):
            owned[owner].append(row)
        return [owned[id_] for id_ in ids]

    async def _children(self, keys: list[Children]) -> list[list[Organization]]:
        return await in_groups(keys, lambda key: key[1:], self._children_of)

    async def _children_of(self, asked: tuple[Hierarchy, int], keys: Sequence[Children]) -> list[list[Organization]]:
        """The first children of each parent, numbered in one pass over those of all parents."""
        (hierarchy, first), ids = asked, [id_ for id_, *_ in keys]
        order = (name_of(Organization), Organization.id)
        number = func.row_number().over(partition_by=Position.parent_id, order_by=order)
        numbered = (
            select(Organization, Position.parent_id.label("owner"), number.label("number"))
            .join(Position, Position.organization_id == Organization.id)
            .where(Position.hierarchy == hierarchy, Position.parent_id.in_(ids), is_open(Organization))
            .subquery()
        )
        child = aliased(Organization, numbered)
        query = (
            select(numbered.c.owner, child)
            .where(numbered.c.number <= first)
            .order_by(numbered.c.owner, numbered.c.number)
            .options(without(child.search), without(child.location))
        )
        owned = grouped(await self.rows(query))
        return [owned[id_] for id_ in ids]


def grouped(rows: Sequence[Any]) -> Rows:
    """Rows of an owner and what it owns, by owner."""
    owned: Rows = defaultdict(list)
    for owner, item in rows:
        owned[owner].append(item)
    return owned


async def in_groups(keys: list[Any], group_of: Callable[[Any], Any], load: Callable[[Any, Any], Any]) -> list[Any]:
    """Load the keys of each group together; the answers in the order of the keys."""
    groups: Rows = defaultdict(list)
    for key in keys:
        groups[group_of(key)].append(key)
    found: dict[Any, Any] = {}
    for group, members in groups.items():
        found.update(zip(members, await load(group, members), strict=True))
    return [found[key] for key in keys]
