"""The post: where messages go, a server by SMTP or a folder."""

import os
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from events.messages import Outgoing, message_of

TIMEOUT_SECONDS = 10
PORTS = {"smtp": 25, "smtps": 465}


class Undeliverable(Exception):
    """Nobody takes mail for that address: trying again does not help."""


class Post(Protocol):
    """Takes messages, one at a time and blocking; raises OSError for what may go well later, or Undeliverable."""

    def send(self, outgoing: Outgoing) -> None: ...


@dataclass(frozen=True)
class Folder:
    """Writes each message to a file, for a portal to be tried without a mail server."""

    path: Path
    sender: str

    def send(self, outgoing: Outgoing) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        target = self.path / f"{outgoing.id:08}-{outgoing.kind.value.lower()}.eml"
        temporary = target.with_suffix(f".{os.getpid()}")
        # Links in messages open accounts.
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(message_of(outgoing, self.sender).as_bytes())
        temporary.replace(target)


@dataclass(frozen=True)
class Smtp:
    """Hands messages to a mail server.

    `smtps` speaks TLS from the start. `smtp` takes it where the server offers it, and sends a user's
    password only then.
    """

    host: str
    port: int
    sender: str
    tls: bool = False
    user: str | None = None
    password: str | None = None

    def send(self, outgoing: Outgoing) -> None:
        message = message_of(outgoing, self.sender)
        try:
            with self._connected() as server:
                if self.user is not None:
                    server.login(self.user, self.password or "")
                self._hand_over(server, message)
        except smtplib.SMTPRecipientsRefused as refused:
            if all(code >= 500 for code, _ in refused.recipients.values()):
                raise Undeliverable from None
            raise

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.tls:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
        elif self.user is not None:
            server.close()
            raise smtplib.SMTPNotSupportedError("The mail server offers no TLS: a password is not sent without it.")
        return server

    def _hand_over(self, server: smtplib.SMTP, message: EmailMessage) -> None:
        server.send_message(message)


def post_at(url: str, sender: str, folder: Path) -> Post:
    """The server that a URL names, as `smtp://user:password@host:587`; the folder, if it is empty."""
    if not url:
        return Folder(folder, sender)
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("The URL of a mail server begins with smtp:// or smtps:// and names a host.")
    user = None if parts.username is None else unquote(parts.username)
    password = None if parts.password is None else unquote(parts.password)
    port = parts.port or PORTS[parts.scheme]
    return Smtp(parts.hostname, port, sender, parts.scheme == "smtps", user, password)
