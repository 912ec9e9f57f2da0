"""The port: `GET /metrics`, one answer for each connection, a few connections at once."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pyvtysh.host.metrics.collected import exposition, seen

if TYPE_CHECKING:
    from pyvtysh.host.hosted import Component, Hosted

AT_ONCE = 8
"""Connections that are answered; further ones are told to come again."""
_MOST = 4 * AT_ONCE
"""Connections; further ones are dropped."""
PATIENCE = 5.0
"""Seconds that a client may take to ask, and to take the answer."""
_HEAD = 8192
"""Bytes of a request."""

_TEXT = "text/plain; charset=utf-8"


class MetricsServer:
    """Serves the metrics of daemons of this process."""

    def __init__(self, daemons: "Sequence[Hosted[Component]]", address: str, port: int) -> None:
        self._daemons = daemons
        self._place = address, port
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        """Listen and answer; OSError."""
        self._server = await asyncio.start_server(self._serve, *self._place, limit=_HEAD)

    @property
    def port(self) -> int:
        """The port that is listened on (of interest when 0 was asked for)."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    def close(self) -> None:
        """Listen no more, and drop who is being answered."""
        if self._server is not None:
            self._server.close()
        for client in self._clients:
            client.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._clients) >= _MOST:
            writer.transport.abort()
            return
        self._clients.add(writer)
        try:
            async with asyncio.timeout(PATIENCE):
                writer.write(await self._answer(reader))
                await writer.drain()
                writer.close()
                await writer.wait_closed()
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError):
            pass  # the client asked nothing, or too much, or went away
        finally:
            self._clients.discard(writer)
            with contextlib.suppress(RuntimeError):  # the loop is at its end
                writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        if len(self._clients) > AT_ONCE:
            return _response("503 Service Unavailable", b"too many at once\n")
        request, *headers = head.split("\r\n")
        method, path, *_ = [*request.split(" "), "", ""]
        if method != "GET":
            return _response("405 Method Not Allowed", b"only GET\n", more="Allow: GET\r\n")
        if path.partition("?")[0] != "/metrics":
            return _response("404 Not Found", b"there is /metrics\n")
        accept = ""
        for header in headers:
            name, _, value = header.partition(":")
            if name.strip().lower() == "accept":
                accept = value.strip()
        now = [await seen(hosted) for hosted in self._daemons]
        body, kind = await asyncio.to_thread(exposition, now, accept)
        return _response("200 OK", body, kind)


def _response(status: str, body: bytes, kind: str = _TEXT, more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}{more}Connection: close\r\n\r\n".encode("latin-1") + body
