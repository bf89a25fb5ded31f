"""Relay: nodes, edges, pages."""

from typing import Annotated, Generic, TypeVar

import strawberry

from resolvers.columns import own
from schema.fields import GlobalId, argument, field

Item = TypeVar("Item")

First = Annotated[int | None, argument("How many from the beginning, 0 to 100; 20 by default.")]
After = Annotated[str | None, argument("Only what comes behind this cursor.")]
Last = Annotated[int | None, argument("How many from the end, 0 to 100; not with `first`.")]
Before = Annotated[str | None, argument("Only what comes before this cursor.")]


@strawberry.interface(description="An object with a global id, which `node` finds again.")
class Node:
    id: strawberry.ID = field(GlobalId(own("id")), "Opaque, unique over all types, and stable.")


@strawberry.federation.type(shareable=True, description="What a page of a connection tells of its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether the list goes on behind the page.")
    has_previous_page: bool = strawberry.field(description="Whether there is something before the page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the page's first row.")
    end_cursor: str | None = strawberry.field(description="The cursor of the page's last row.")


@strawberry.type(description="A row of a connection.")
class Edge(Generic[Item]):
    cursor: str = strawberry.field(description="Where the row stands: for `after` and `before`.")
    node: Item = strawberry.field(description="The object.")


@strawberry.type(
    description="A list in pages. A page is of one moment, and the next one of another: it goes on behind the keys of the"
    " last row. So rows that come or go shift no others onto two pages or off them. But a row whose own key has changed"
    " in between (its rating, its number of submissions, its name) stands elsewhere now, and is met again or missed if"
    " that is on the other side of the cursor: who gathers several pages keeps the latest of an `id`. Orders that never"
    " change are those of an edition (`slice: {edition:}`)."
)
class Connection(Generic[Item]):
    edges: list[Edge[Item]] = strawberry.field(description="The rows with their cursors.")
    nodes: list[Item] = strawberry.field(description="The objects alone.")
    page_info: PageInfo = strawberry.field(description="What the page tells of the list.")
    total_count: int = strawberry.field(
        description="How many there are on all pages; counted only where it is asked for."
    )
