"""Names that a client may have meant are told to those who are known, and to no stranger."""

from tests.citizens import Citizen
from tests.clients import Client

MISSPELT = ("{ organisation { code } }", "{ organizations(fist: 1) { totalCount } }", "{ ranking(method: MEEN) { totalCount } }")  # fmt: skip


async def test_strangers_are_told_only_what_they_wrote(client: Client) -> None:
    for text in MISSPELT:
        (error,) = (await client.query(text)).errors
        assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        assert "Did you mean" not in error["message"]


async def test_who_is_signed_in_is_helped(citizen: Citizen) -> None:
    token = citizen.client.token_for(str(citizen.account))
    for text in MISSPELT:
        (error,) = (await citizen.client.query(text, token=token)).errors
        assert "Did you mean" in error["message"]
