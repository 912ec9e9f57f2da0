"""The TCP vty of a daemon (`-A`, `-P`): telnet with a password, a prompt and echo, as FRR's.

Line editing is what a raw telnet client needs: backspace, Ctrl-C, Ctrl-D, Ctrl-U, Ctrl-Z, `?` and
Tab. Nothing is paged.
"""

import asyncio
import re
from collections import deque
from collections.abc import Callable, Iterator
from enum import Enum, auto
from time import monotonic
from typing import Any

from grammar.base.errors import Status
from grammar.base.log import Level
from grammar.common.config import VERSION, CommonConfig
from grammar.common.password import opens
from grammar.language.complete import complete
from grammar.language.match import split_words
from grammar.node import ENABLE, VIEW
from grammar.session import Session
from pyvtysh.host.answering import Answering
from pyvtysh.host.bouncer import Bouncer
from pyvtysh.host.usage import VTY_PORTS

PORTS = VTY_PORTS
"""FRR's TCP ports."""

_GREETING = (
    f"\nHello, this is FRRouting (version {VERSION}).\n"
    "Copyright 1996-2005 Kunihiro Ishiguro, et al.\n\n\nUser Access Verification\n\n"
)
_OPTIONS = b"\xff\xfb\x01\xff\xfb\x03\xff\xfe\x22\xff\xfd\x1f"
"""WILL ECHO, WILL SUPPRESS-GO-AHEAD, DONT LINEMODE, DO NAWS."""

_BEGIN, _END = b"\xff\xfa", b"\xff\xf0"
"""Around what is said of one option."""
_TELNET = re.compile(rb"\xff(?:[\xfb-\xfe].|\xfa.*?(?:\xff\xf0|\Z)|[^\xfa-\xfe])", re.DOTALL)
"""Options; what is said of one may go on in what comes next. Each byte is looked at once."""
_TRIES = 3
_LINE_LIMIT = 4096
_AT_ONCE = 64
"""Keys that are worked off before somebody else has a turn: a `?` may cost 0.1 ms."""


OnClient = Callable[[Session, str], None]
"""Hears of the session of a client that came, and its address."""


def _unheard(session: Session, address: str) -> None:
    pass


class State(Enum):
    """What the next line is."""

    PASSWORD = auto()
    ENABLE_PASSWORD = auto()
    COMMAND = auto()


class TelnetConnection(Answering):
    """One telnet client of a daemon."""

    def __init__(
        self,
        daemon: Any,
        on_end: Callable[[Answering], None],
        on_client: OnClient = _unheard,
        bouncer: Bouncer | None = None,
        *,
        password_needed: bool,
    ) -> None:
        super().__init__(Session(daemon), on_end)
        self._on_client = on_client
        self._bouncer = bouncer
        self._common: CommonConfig = daemon.common
        self._state = State.PASSWORD if password_needed else State.COMMAND
        self._tries = 0
        self._line = ""
        self._half = b""
        """The beginning of a telnet option."""
        self._keys: deque[int] = deque()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet the client, or refuse it while there is no password."""
        super().connection_made(transport)
        if self._bouncer is not None and not self._bouncer.admits(self._address()):
            self.abort()
            return
        self._on_client(self.session, self._address())
        if self._state is State.PASSWORD and self._common.password is None:
            self.put(self.encoded("Vty password is not set.\n"))
            self.close()
            return
        self.put(self.encoded(_GREETING) + _OPTIONS + self._prompt())

    def user(self) -> str:
        """The line of `who`."""
        transport = self._transport
        sock = transport.get_extra_info("socket") if transport is not None else None
        fd = sock.fileno() if sock is not None else -1
        star = "*" if self.session.node.is_config else " "
        return f"{star}vty[{fd}] connected from {self._address()}.\n"

    def _address(self) -> str:
        transport = self._transport
        peer = transport.get_extra_info("peername") if transport is not None else None
        return peer[0] if peer else "unknown"

    def data_received(self, data: bytes) -> None:
        """Take in keys, without the options of telnet."""
        self._keys += self._without_options(data)
        if len(self._keys) > _LINE_LIMIT and self._transport is not None:
            self._transport.pause_reading()
        self.pump()

    def _without_options(self, data: bytes) -> bytes:
        found, self._half = self._half + data, b""
        keys, iac, rest = _TELNET.sub(self._option, found).partition(b"\xff")
        if iac:
            self._half = iac + rest
        return keys

    def _option(self, found: re.Match[bytes]) -> bytes:
        option: bytes = found[0]
        if option.startswith(_BEGIN) and not option.endswith(_END):
            # Its end is still to come; of what is between, a first byte of that is all that counts.
            self._half = _BEGIN + (b"\xff" if option[2:].endswith(b"\xff") else b"")
        return b""

    def take(self) -> bool:
        """Work off keys, at most to the end of a line that has an answer; False without keys."""
        if not self._keys:
            return False
        for _ in range(_AT_ONCE):
            if not self._keys or self._text is not None or self._ended:
                break
            self._key(chr(self._keys.popleft()))
        self._flush()
        if self._ended:
            self._keys.clear()
        elif self._transport is not None and len(self._keys) <= _LINE_LIMIT:
            self._transport.resume_reading()
        return True

    def _key(self, key: str) -> None:
        match key:
            case "\r":
                if self._keys and self._keys[0] in b"\n\0":
                    self._keys.popleft()
                self._enter()
            case "\n":
                self._enter()
            case "\x7f" | "\x08":
                if self._line:
                    self._line = self._line[:-1]
                    self._echo("\b \b")
            case "\x03" | "\x15":
                self._line = ""
                self.put(b"\r\n" + self._prompt())
            case _:
                self._other_key(key)

    def _other_key(self, key: str) -> None:
        if key == "\x04" and not self._line:
            self.close()
        elif key == "\x1a":
            self._line = "end"
            self._enter()
        elif key in "?\t" and self._state is State.COMMAND:
            self._offer(key)
        elif key >= " " and len(self._line) < _LINE_LIMIT:
            self._line += key
            self._echo(key)

    def _echo(self, text: str) -> None:
        if self._state is State.COMMAND:
            self._out += text.encode("latin-1", "replace")

    def _offer(self, key: str) -> None:
        words = split_words(self._line)
        # Without words there may still be blanks that are none of ASCII's.
        partial = words.pop() if words and self._line[-1] != " " else ""
        found = complete(self.session.daemon.language.graph(self.session.node), words, partial)
        if key == "\t" and len(found.texts) == 1:
            rest = found.texts[0][len(partial) :] + " "
            self._line += rest
            self._echo(rest)
            return
        rows = found.help_lines if key == "?" else ["  ".join(found.texts)]
        text = "".join(f"{row}\n" for row in rows)
        self.put(self.encoded(f"\n{text}") + self._prompt() + self._line.encode("latin-1"))

    def _enter(self) -> None:
        line, self._line = self._line, ""
        self.put(b"\r\n")
        if self._state is not State.COMMAND:
            self._check(line)
            return
        asks = self._common.enable_password is not None and self.session.node is VIEW
        if asks and line.strip() and "enable".startswith(line.strip()) and len(line.strip()) > 1:
            self._state, self._tries = State.ENABLE_PASSWORD, 0
            self.put(self._prompt())
            return
        reply = self.session.execute(line)
        self.begin(iter(reply.output), reply.status)

    def _check(self, password: str) -> None:
        enabling = self._state is State.ENABLE_PASSWORD
        stored = self._common.enable_password if enabling else self._common.password
        if stored is None or opens(password, stored):
            self._state = State.COMMAND
            if enabling or self._common.advanced_vty:
                self.session.go(ENABLE)
        else:
            self._tries += 1
            if self._bouncer is not None and not self._bouncer.wrong(self._address()):
                self._tries = _TRIES
            if self._tries >= _TRIES and enabling:
                self._state = State.COMMAND
                self.put(self.encoded("% Bad enable passwords, too many failures!\n"))
            elif self._tries >= _TRIES:
                self.put(self.encoded("% Bad passwords, too many failures!\n"))
                self.close()
                return
        self.put(self._prompt())

    def _prompt(self) -> bytes:
        if self._state is not State.COMMAND:
            return b"Password: "
        node = self.session.node
        name = self._common.hostname or self._common.system_hostname
        return f"{name}{node.prompt}{'>' if node is VIEW else '#'} ".encode()

    def encoded(self, text: str) -> bytes:
        """UTF-8 with CR LF."""
        return text.replace("\n", "\r\n").encode("utf-8", "surrogateescape")

    def ending(self, status: Status) -> bytes:
        """The next prompt, unless this was the end."""
        return b"" if self.session.closed else self._prompt()


class TelnetServer:
    """The TCP listener of one daemon, which has `common` as every component; "" is any address."""

    def __init__(
        self, daemon: Any, address: str, port: int, on_client: OnClient = _unheard
    ) -> None:
        self._on_client = on_client
        self.daemon = daemon
        self.address = address
        self.port = port
        self.connections: set[Answering] = set()
        self._bouncer = Bouncer(monotonic, self._warn, lambda: len(self.connections))
        self._server: asyncio.Server | None = None
        self._closed = False

    def __str__(self) -> str:
        return f"{self.address or 'all addresses'} port {self.port}"

    async def start(self) -> None:
        """Take the address and port; OSError names them. Clients are refused until `accept`."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            self._connection,
            self.address or None,
            self.port,
            reuse_address=True,
            start_serving=False,
        )

    async def accept(self) -> None:
        """Listen and answer; OSError. Whether there is a password has to be known by now."""
        assert self._server is not None
        await self._server.start_serving()

    def _connection(self) -> TelnetConnection:
        needed = self.daemon.common.login is not False
        connection = TelnetConnection(
            self.daemon,
            self.connections.discard,
            self._on_client,
            self._bouncer,
            password_needed=needed,
        )
        self.connections.add(connection)
        if self._closed:
            connection.abort()
        return connection

    def _warn(self, text: str) -> None:
        self.daemon.common.process.log(Level.WARNINGS, text)

    def users(self) -> Iterator[str]:
        """The lines of `who`; a star marks who configures."""
        for connection in self.connections:
            if isinstance(connection, TelnetConnection):
                yield connection.user()

    @property
    def ports(self) -> list[int]:
        """The ports listened on (of interest when 0 was asked for)."""
        sockets = self._server.sockets if self._server is not None else ()
        return [sock.getsockname()[1] for sock in sockets]

    def close(self) -> None:
        """Stop listening and drop every client."""
        if self._server is not None:
            self._server.close()
        self._closed = True
        for connection in list(self.connections):
            connection.abort()
