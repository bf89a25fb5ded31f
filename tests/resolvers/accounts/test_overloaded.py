"""Who is sent away because too many passwords are being looked at has not tried anything."""

from pathlib import Path
from typing import Any

import pytest

from auth import passwords
from tests.browsers import CHANGE, CHEAP, PASSWORD, REGISTER, SIGN_IN, browser_of, with_password
from tests.clients import client_of
from tests.digests import digests

ME, EMAIL = "citizen-1", "citizen-1@example.org"
ERASE = "mutation($input: EraseMyAccountInput!) { eraseMyAccount(input: $input) { __typename } }"


@pytest.mark.parametrize(
    ("operation", "given"),
    [
        (SIGN_IN, {"email": EMAIL, "password": PASSWORD}),
        (REGISTER, {"email": "new@example.org", "password": "green river boats"}),
        (CHANGE, {"currentPassword": PASSWORD, "newPassword": "green river boats"}),
        (ERASE, {"password": PASSWORD}),
    ],
    ids=["signIn", "register", "changePassword", "eraseMyAccount"],
)
async def test_nothing_is_counted(
    stage_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, operation: str, given: dict[str, Any]
) -> None:
    with_password(stage_url, ME)
    async with client_of(stage_url, tmp_path, **CHEAP) as client, browser_of(client) as browser:
        await browser.sign_in(EMAIL)
        before = digests(stage_url)
        with monkeypatch.context() as busy:
            busy.setattr(passwords, "MOST", 0)
            assert (await browser.ask(operation, input=given)).refusal == ("OVERLOADED", None)
        assert digests(stage_url) == before
        assert not (await browser.ask(operation, input=given)).errors
