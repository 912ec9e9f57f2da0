"""Who is at the other end of a vty socket, what they may do, and what they did.

The kernel tells the process, user and groups of a client as they were when it connected (unix(7):
SO_PEERCRED, SO_PEERGROUPS). The socket's mode says who may connect; a client that comes by way of
the socket for viewers, or that is in the group of viewers and in none that may configure, gets a
session that is read-only.
"""

import contextlib
import grp
import os
import pwd
import socket
import struct
from collections.abc import Callable
from typing import Protocol

from grammar.access import changes
from grammar.audit import Audit, Entry, Result, told
from grammar.base.clock import Clock
from grammar.base.errors import Status
from grammar.base.log import Level
from grammar.call import Call, Reply
from grammar.node import Node
from grammar.secrets import masked
from grammar.session import Session
from pyvtysh.host.options import VIEWERS

OPERATORS = "frrvty"
"""FRR's group of those who may use the shell."""

_PEERGROUPS = getattr(socket, "SO_PEERGROUPS", 59)
_MOST_GROUPS = 65536  # Linux's NGROUPS_MAX
_NO_TERMINAL = "-"
_NOBODY = 2**32 - 1
_CREDENTIALS = struct.Struct("=iII")


def group_number(name: str) -> int | None:
    """The number of a group; None if there is none of that name."""
    with contextlib.suppress(KeyError):
        return grp.getgrnam(name).gr_gid
    return None


class Process:
    """A process that lines come from; names are looked up when asked for, by the first line."""

    def __init__(self, pid: int, uid: int) -> None:
        self.uid = uid
        self._pid = pid
        self._terminal: str | None = None
        self._user: str | None = None

    @property
    def user(self) -> str:
        """The user's name, with that of who logged in where it is another (`root(alice)`)."""
        if self._user is None:
            login = self._login()
            self._user = user_name(self.uid)
            if login is not None and login != self.uid:
                self._user += f"({user_name(login)})"
        return self._user

    def _login(self) -> int | None:
        """Who logged in, whoever they have become since; None when nobody did."""
        with contextlib.suppress(OSError, ValueError), open(f"/proc/{self._pid}/loginuid") as file:
            number = int(file.read())
            return number if number != _NOBODY else None
        return None

    @property
    def terminal(self) -> str:
        """`pts/3`; `-` without one."""
        if self._terminal is None:
            self._terminal = _terminal_of(self._pid)
        return self._terminal


class Client(Process):
    """The process at the other end of a unix socket, with the groups it was in."""

    def __init__(self, end: socket.socket) -> None:
        """OSError when the kernel does not say."""
        credentials = end.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        pid, uid, gid = _CREDENTIALS.unpack(credentials)
        super().__init__(pid, uid)
        raw = b""
        with contextlib.suppress(OSError):  # before Linux 4.13
            raw = end.getsockopt(socket.SOL_SOCKET, _PEERGROUPS, 4 * _MOST_GROUPS)
        self.groups = {gid, *struct.unpack(f"={len(raw) // 4}I", raw)}


def user_name(uid: int) -> str:
    """The name of a user, else the number."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _terminal_of(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            number = int(file.read().rpartition(")")[2].split()[4])
    except (OSError, ValueError, IndexError):
        return _NO_TERMINAL
    major, minor = os.major(number), os.minor(number)
    if 136 <= major <= 143:  # Unix98 pseudoterminals
        return f"pts/{(major - 136) * 2**20 + minor}"
    return f"tty{minor}" if major == 4 and minor < 64 else _NO_TERMINAL


class Remote:
    """A client of the TCP vty: nobody by name, at an address."""

    user = "-"

    def __init__(self, address: str) -> None:
        self.terminal = address


class Who(Protocol):
    """Whoever typed a line."""

    @property
    def user(self) -> str:
        """The name."""
        ...

    @property
    def terminal(self) -> str:
        """Where."""
        ...


class Door:
    """Lets clients in to the sessions of one daemon."""

    def __init__(
        self,
        audit: Audit,
        note: Callable[[Level, str], None],
        clock: Clock,
        view_group: str = VIEWERS,
    ) -> None:
        """`note` writes to the log; no group of the name `view_group`, no viewers."""
        self.audit = audit
        self.note = note
        self.clock = clock
        self.viewers = group_number(view_group)
        self._operators = group_number(OPERATORS)

    def admit(self, session: Session, end: socket.socket, *, read_only: bool) -> None:
        """A client of a unix socket gets its session, `read_only` if it came as a viewer.

        One of whom the kernel tells nothing may only look.
        """
        try:
            client = Client(end)
        except OSError:
            session.read_only = True
            return
        session.read_only = read_only or self._views(client)
        session.witness = Recorder(client, self)

    def admit_remote(self, session: Session, address: str) -> None:
        """A client of the TCP vty: what it may do is asked by passwords."""
        session.witness = Recorder(Remote(address), self)

    def admit_starter(self, session: Session) -> None:
        """Whoever has started this process, on its own terminal."""
        session.witness = Recorder(Process(os.getpid(), os.getuid()), self)

    def _views(self, client: Client) -> bool:
        """Whether a client may only look, although the socket's mode let it in."""
        if client.uid in (0, os.geteuid()) or self._operators in client.groups:
            return False
        return self.viewers in client.groups


class Recorder:
    """Writes down what one session changes (`grammar.session.Witness`)."""

    def __init__(self, who: Who, door: Door) -> None:
        self._who = who
        self._door = door

    def ran(self, call: Call, node: Node, reply: Reply) -> None:
        """Remember a line that changes something or was not allowed to, and log it."""
        refused = reply.status == Status.READ_ONLY
        if not refused and not changes(call):
            return
        entry = Entry(
            self._door.clock.wall(),
            told(self._who.user),
            self._who.terminal,
            node.prompt if node.is_config else "",
            told(masked(call.line)),
            Result.of(reply.status),
            "" if refused else _first_line(reply),
        )
        self._door.audit.add(entry)
        self._door.note(Level.INFORMATIONAL, entry.log_text)


def _first_line(reply: Reply) -> str:
    """What a line that was not simply taken was answered."""
    if reply.status == Status.SUCCESS or not isinstance(reply.output, list | tuple):
        return ""
    return told(masked(next(iter("".join(reply.output).strip().splitlines()), "")))
