"""Lists, held to be the same however they are paged."""

from typing import Any

from engine.executor import Caller
from tests.engine.net import Net

# Lists at the root and below it, short enough to be read in whole.
LISTS = (
    "{ list: organizations(PAGE) BELOW }",
    "{ list: organizations(filter: {closed: null} orderBy: RATING_DESC PAGE) BELOW }",
    '{ list: organizations(filter: {subordinateTo: {code: "BY-GOV"}, maxDepth: 2} PAGE) BELOW }',
    '{ organization(by: {code: "BY-GOV"}) { list: children(orderBy: NAME PAGE) BELOW } }',
    '{ organization(by: {code: "BY-GOV"}) { list: subordinates(filter: {rated: true} PAGE) BELOW } }',
    '{ area(code: "BY") { list: organizations(orderBy: SUBMISSIONS_DESC PAGE) BELOW } }',
)
BELOW = "{ totalCount nodes { code } edges { cursor node { code } } pageInfo { hasNextPage hasPreviousPage } }"


async def hold_list(net: Net, way: str, caller: Caller) -> None:
    """All pages of all sizes are parts of one list, which is as long as it says."""
    whole, cursors = await _whole(net, way, caller)
    assert len(set(whole)) == len(whole) > 4
    for size in (1, 4):
        middle = len(whole) // 2
        pages = {
            f"first: {size}": whole[:size],
            f"last: {size}": whole[-size:],
            f'first: {size}, after: "{cursors[middle]}"': whole[middle + 1 :][:size],
            f'last: {size}, before: "{cursors[middle]}"': whole[:middle][-size:],
        }
        for arguments, expected in pages.items():
            page = await _page(net, way, caller, arguments)
            assert [node["code"] for node in page["nodes"]] == expected
            assert page["totalCount"] == len(whole)


async def _whole(net: Net, way: str, caller: Caller) -> tuple[list[str], list[str]]:
    """The codes and the cursors of a list, page by page."""
    codes: list[str] = []
    cursors: list[str] = []
    arguments, has_next = "first: 50", True
    while has_next:
        page = await _page(net, way, caller, arguments)
        assert page["pageInfo"]["hasPreviousPage"] == bool(codes)
        codes += [edge["node"]["code"] for edge in page["edges"]]
        cursors += [edge["cursor"] for edge in page["edges"]]
        arguments, has_next = f'first: 50, after: "{cursors[-1]}"', page["pageInfo"]["hasNextPage"]
        assert len(codes) <= page["totalCount"]
        assert has_next == (len(codes) < page["totalCount"])
    return codes, cursors


async def _page(net: Net, way: str, caller: Caller, arguments: str) -> Any:
    document = net.read_whole(way.replace("PAGE", arguments).replace("BELOW", BELOW))
    answered = await net.answered(document, None, {}, caller)
    assert not answered.errors
    found = answered.data
    while "list" not in found:
        (found,) = found.values()
    return found["list"]
