"""The whole way of a citizen on a real server: real HTTP, real mail, and a log that tells no secret."""

import email
import email.policy
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from auth.cookies import NAME
from tests.browsers import CONFIRM, PASSWORD, REGISTER, SIGN_IN, WHO
from tests.servers import free_port, serving

ME = "anna@example.org"


class Mailbox:
    """The texts of the letters that came."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.arrived = threading.Event()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        assert isinstance(envelope.content, bytes)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.texts.append(message.get_content())
        self.arrived.set()
        return "250 OK"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def mail_url(mailbox: Mailbox) -> Iterator[str]:
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield f"smtp://127.0.0.1:{controller.port}"
    controller.stop(no_assert=True)


def test_from_nobody_to_signed_in(stage_url: str, tmp_path: Path, mailbox: Mailbox, mail_url: str) -> None:
    front = "https://front.example"
    with serving(
        stage_url, tmp_path, PORTAL_MAIL_URL=mail_url, PORTAL_MAIL_SECONDS="0.1", PORTAL_PUBLIC_URL=front
    ) as server:

        def ask(operation: str, cookie: str | None = None, **variables: Any) -> httpx.Response:
            headers = {"Origin": server.address} | ({"Cookie": f"{NAME}={cookie}"} if cookie else {})
            body = {"query": operation, "variables": variables}
            return httpx.post(f"{server.address}/graphql", json=body, headers=headers)

        ask(REGISTER, input={"email": ME, "password": PASSWORD})
        assert mailbox.arrived.wait(30)
        (code,) = re.findall(r"https://front\.example/confirm-email#code=(\S+)", mailbox.texts[0])
        confirmed = ask(CONFIRM, input={"code": code, "password": PASSWORD})
        cookie = re.findall(rf"^{NAME}=([^;]+);", confirmed.headers["set-cookie"])[0]
        assert ask(WHO, cookie).json()["data"]["viewer"]["account"]["code"].startswith("user-")
        tokens = ask(SIGN_IN, input={"email": ME, "password": PASSWORD, "client": "APP"}).json()["data"]["signIn"]
        ask(SIGN_IN, input={"email": ME, "password": "a wrong password"})
        # A value that is refused stands in the answer alone.
        assert ask("query($x: Int!) { viewer { kind } }", cookie, x=PASSWORD).json()["errors"]
        server.process.terminate()
        log = server.process.stderr.read() if server.process.stderr else ""
    secrets = (ME, PASSWORD, code, cookie, tokens["accessToken"], tokens["refreshToken"], "a wrong password")
    assert [each for each in secrets if each in log] == []
