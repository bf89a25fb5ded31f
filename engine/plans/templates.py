"""Templates: plans lent to documents that ask for the same in other words.

A client that writes values, aliases, fragments or a choice of fields of its own into every text makes each a new document.
What a plan is made for is its outline. So a template is planned for the operation that stands for a skeleton
(`outlines.py`), once somebody asks by it for the second time, and new documents borrow it, once: whoever comes back gets a plan
of its own, which reads nothing else and needs no renaming.

Which leaves are asked for would make many templates of one skeleton. Those that are columns of a stored table as they are cost
next to nothing: they are `free`, and a template has all that were asked for so far, for whoever asks for some of them. Of the
others it has those that are asked for.
"""

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass

from graphql import OperationDefinitionNode

from engine.meanings.decisions import Outcomes
from engine.meanings.requests import Path, Request
from engine.plans.outlines import Leaves, Outline
from engine.plans.queries import QueryPlan
from engine.plans.variants import fitting
from engine.recent import Recent

# How many plans are kept to be lent to new documents, and how much memory they may take, in tokens: each keeps parts
# of the tree of the document that it was made for.
TEMPLATES = 500
TEMPLATE_TOKENS = 100_000
# How many skeletons are known, and how many objects and fields these may have together.
SKELETONS = 2_000
SKELETON_PARTS = 50_000

NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Template:
    """A plan that is lent, and the leaves that it reads."""

    plan: QueryPlan
    leaves: Leaves

    @property
    def outcomes(self) -> Outcomes:
        """What the plan was told of the values."""
        return self.plan.outcomes

    def has(self, leaves: Leaves) -> bool:
        """Whether it reads all that is asked for."""
        return all(own <= self.leaves[place] for place, own in leaves.items())


# From the operation that stands for a skeleton to its plan, and the places of fields that are stored columns.
Planner = Callable[[OperationDefinitionNode], Awaitable[tuple[QueryPlan, set[Path]]]]


class Templates:
    """The templates that are kept, and which leaves are free in each skeleton that somebody asked by."""

    def __init__(self) -> None:
        self.plans: Recent[Hashable, Template] = Recent(TEMPLATES, TEMPLATE_TOKENS)
        self._free: Recent[Hashable, Leaves] = Recent(SKELETONS, SKELETON_PARTS)

    def __len__(self) -> int:
        """How many plans are kept to be lent."""
        return len(self.plans)

    def meet(self, request: Request, outline: Outline) -> None:
        """Know a skeleton from now on: whoever asks by it next is lent a plan."""
        skeleton = request.shape, outline.skeleton
        if self._free.get(skeleton) is None:
            self._free.put(skeleton, {}, outline.size)

    async def of(self, request: Request, outline: Outline, weight: int, planned: Planner) -> Template | None:
        """A template for a request as it reads it; None where nobody has asked by its skeleton.

        `weight` is that of the document, behind a template that has to be `planned`.
        """
        skeleton = request.shape, outline.skeleton
        free = self._free.get(skeleton)
        if free is None:
            return None
        _, found = self._fitting(skeleton, free, request, outline)
        if found is not None and found.has(outline.leaves):
            return found
        leaves = _joined(outline.leaves, free)
        plan, stored = await planned(outline.operation(leaves))
        more = {place: frozenset(each for each in own if (*place, each) in stored) for place, own in leaves.items()}
        # Meanwhile others may have asked for more.
        free = _joined(more, self._free.get(skeleton) or free)
        self._free.put(skeleton, free, outline.size)
        key, _ = self._fitting(skeleton, free, request, outline)
        made = Template(plan, leaves)
        self.plans.put(key, made, weight + sum(map(len, leaves.values())))
        return made

    def _fitting(
        self, skeleton: Hashable, free: Leaves, request: Request, outline: Outline
    ) -> tuple[Hashable, Template | None]:
        """The template that has all leaves that are not free, and its key."""
        dear = tuple(own - free.get(place, NONE) for place, own in outline.leaves.items())
        return fitting(self.plans.get, (skeleton, dear), request)


def _joined(some: Leaves, more: Leaves) -> Leaves:
    """Leaves, and those of others in the same places."""
    return {place: own | more.get(place, NONE) for place, own in some.items()}
