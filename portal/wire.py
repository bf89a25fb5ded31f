"""On the wire: the head of an answer leaves together with its body.

uvicorn writes one after the other. Each write is a packet of its own that wakes up whoever waits for it, and the one
more took a twelfth of the processor's time for a small answer.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# A head that tells how long its body is. One that does not is that of a stream, which may have nothing to tell for long.
LENGTH = b"\r\ncontent-length: "


class Gathering:
    """A transport that keeps back the head of an answer until there is more of it to write, or it is over."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self.is_closing = transport.is_closing
        self._has_begun = False
        self._head: bytes | None = None

    def write(self, piece: bytes) -> None:
        """Write a piece of an answer, with the head before it if that was kept back."""
        if self._head is not None:
            head, self._head = self._head, None
            self.transport.writelines((head, piece))
        elif not self._has_begun and LENGTH in piece:
            self._head = piece
        else:
            self.transport.write(piece)
        self._has_begun = True

    def end(self) -> None:
        """Write what was kept back. The next piece begins another answer."""
        if self._head is not None:
            head, self._head = self._head, None
            self.transport.write(head)
        self._has_begun = False

    def close(self) -> None:
        """Close the transport once all is written."""
        self.end()
        self.transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.transport, name)


class Protocol(HttpToolsProtocol):
    """uvicorn's HTTP over such a transport."""

    transport: Any

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See asyncio."""
        super().connection_made(transport)
        self.transport = Gathering(transport)

    def on_response_complete(self) -> None:
        """See uvicorn. The answer to HEAD is over without a body."""
        self.transport.end()
        super().on_response_complete()

    def handle_websocket_upgrade(self) -> None:
        """See uvicorn. What speaks WebSocket writes its frames itself, though an answer may not be over yet."""
        gathering, self.transport = self.transport, self.transport.transport
        super().handle_websocket_upgrade()
        self.transport = gathering
