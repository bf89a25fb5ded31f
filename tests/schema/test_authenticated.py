"""Gateways are told the truth about who is refused: whoever is not signed in, where it says @authenticated."""

from schema.schema import build, executable
from schema.sdl import sdl_of
from tests.clients import Client
from tests.least import directed, operation

SCHEMA = executable()
assert SCHEMA.mutation_type
MUTATIONS = SCHEMA.mutation_type.fields


async def refuses_strangers(client: Client, name: str) -> bool:
    """Whether a mutation is refused whoever is not signed in."""
    answer = await client.query(*operation("mutation", name, MUTATIONS[name]))
    codes = {error["extensions"]["code"] for error in answer.errors}
    assert codes <= {"UNAUTHENTICATED", "FORBIDDEN"}, name  # the latter where a browser's own page should have asked
    return "UNAUTHENTICATED" in codes


async def test_mutations_say_whether_they_refuse_strangers(writing_client: Client) -> None:
    refusing = {f"Mutation.{name}" for name in MUTATIONS if await refuses_strangers(writing_client, name)}
    # Without a link to rate by, that is: with one it is for nobody else than strangers.
    assert refusing - {"Mutation.submitQuestionnaire"} == directed("authenticated").keys()
    assert "Mutation.signIn" not in refusing


def test_no_read_says_so_as_strangers_are_answered() -> None:
    """They find nothing, or null; a gateway that refused them would say something else than this graph does."""
    assert "@authenticated" not in sdl_of(build()).partition("type Query ")[2].partition("\n}")[0]
