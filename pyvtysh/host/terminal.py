"""`-t`: the daemon's vty on standard input and output, as its TCP vty would serve it."""

import asyncio
import os
import sys
import termios
import tty
from typing import Any

from grammar.node import ENABLE
from pyvtysh.host.answering import Answering
from pyvtysh.host.clients import Door
from pyvtysh.host.hosted import Component, Hosted
from pyvtysh.host.signals import Ready, Signals
from pyvtysh.host.telnet import TelnetConnection

_IN, _OUT = 0, 1
_END = b"\x04"


async def attended(signals: Signals, hosted: Hosted[Component], ready: Ready) -> None:
    """Serve until the session ends or a signal comes; with `-d` on from then in the background."""
    options = hosted.options
    session = asyncio.create_task(_session(hosted))
    if options.in_background:
        await session
        _say(f"\n{hosted.name} daemonizing\n")
        await signals.wait(ready)
        return
    session.add_done_callback(lambda task: signals.end.set())
    await signals.wait(ready)
    if session.done():
        _say(f"\n{hosted.name} exiting\n")
    session.cancel()
    await asyncio.gather(session, return_exceptions=True)


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


class _Screen(asyncio.Transport):
    """Standard output as what a connection writes to."""

    def __init__(self, ended: asyncio.Event) -> None:
        super().__init__()
        self._ended = ended

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """All at once: a terminal is as fast as its reader."""
        rest = bytes(data)
        while rest:
            rest = rest[os.write(_OUT, rest) :]

    def is_closing(self) -> bool:
        """True when the user is done."""
        return self._ended.is_set()

    def pause_reading(self) -> None:
        """Nobody but the user has what is typed too fast."""

    def resume_reading(self) -> None:
        """The same."""

    def close(self) -> None:
        """The user is done."""
        self._ended.set()

    def abort(self) -> None:
        """The same."""
        self._ended.set()


class _Terminal(TelnetConnection):
    """A user who has started the daemon, and so needs no password."""

    def __init__(self, daemon: Any, door: Door) -> None:
        super().__init__(daemon, _nothing, password_needed=False)
        self.session.go(ENABLE)
        door.admit_starter(self.session)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """No greeting, only the prompt."""
        Answering.connection_made(self, transport)
        self.put(self._prompt())


def _nothing(connection: Answering) -> None:
    pass


async def _session(hosted: Hosted[Component]) -> None:
    ended = asyncio.Event()
    terminal = _Terminal(hosted.component, hosted.door)
    former = termios.tcgetattr(_IN) if os.isatty(_IN) else None
    if former is not None:
        tty.setraw(_IN)
    try:
        terminal.connection_made(_Screen(ended))
        _read(terminal)
        await ended.wait()
    finally:
        asyncio.get_running_loop().remove_reader(_IN)
        if former is not None:
            termios.tcsetattr(_IN, termios.TCSANOW, former)


def _read(terminal: _Terminal) -> None:
    loop = asyncio.get_running_loop()

    def readable() -> None:
        data = os.read(_IN, 65536)
        if not data:
            loop.remove_reader(_IN)
        terminal.data_received(data or _END)

    try:
        loop.add_reader(_IN, readable)
    except PermissionError:  # a file, of which nobody has to wait for more
        while data := os.read(_IN, 65536):
            terminal.data_received(data)
        terminal.data_received(_END)
