"""Reads a whole list page by page, as a client does."""

from typing import Any

from tests.clients import Client


async def forward(client: Client, field: str, arguments: str = "", size: int = 100, node: str = "code") -> list[str]:
    """What a connection at the root holds, in its order; a node is named by the one scalar selected of it."""
    found: list[str] = []
    after = ""
    while True:
        page = await _page(client, field, f"{arguments} first: {size} {after}", node)
        found += _named(page)
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = f'after: "{page["pageInfo"]["endCursor"]}"'


async def backward(client: Client, field: str, arguments: str = "", size: int = 100, node: str = "code") -> list[str]:
    """The same, read from the last page to the first."""
    found: list[str] = []
    before = ""
    while True:
        page = await _page(client, field, f"{arguments} last: {size} {before}", node)
        found = _named(page) + found
        if not page["pageInfo"]["hasPreviousPage"]:
            return found
        before = f'before: "{page["pageInfo"]["startCursor"]}"'


async def _page(client: Client, field: str, arguments: str, node: str) -> Any:
    info = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
    answer = await client.data(f"{{ {field}({arguments}) {{ nodes {{ {node} }} {info} }} }}")
    return answer[field]


def _named(page: Any) -> list[str]:
    names: list[str] = []
    for node in page["nodes"]:
        value = node
        while isinstance(value, dict):
            (value,) = value.values()
        names.append(value)
    return names
