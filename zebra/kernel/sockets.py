"""The rtnetlink sockets: one that hears changes, one that makes them, and one for each dump."""

import ctypes
import errno
import fcntl
import socket
import sys
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from struct import Struct, pack

from zebra.kernel.api import Change, Refused
from zebra.kernel.decode import NetlinkMessage, attributes, messages
from zebra.kernel.encode import (
    HEADER,
    RTM_DELNEXTHOP,
    RTM_DELROUTE,
    RTM_NEWNEXTHOP,
    RTM_NEWROUTE,
    asking_for_ack,
    encode_batch,
    encode_dump,
)

NETLINK_ROUTE = 0
_SOL_NETLINK = 270
_NETLINK_ADD_MEMBERSHIP, _NETLINK_DROP_MEMBERSHIP = 1, 2
_NETLINK_CAP_ACK = 10
_NETLINK_EXT_ACK = 11
_SO_ATTACH_FILTER = 26
_SO_RCVBUFFORCE = 33
_MONITOR_BUFFER = 32 << 20
_COMMAND_BUFFER = 4 << 20
_RECEIVE = 1 << 18

_NLMSG_ERROR, _NLMSG_DONE = 2, 3
_NLM_F_DUMP_INTR = 0x10
_NLM_F_ACK_TLVS = 0x200
_NLMSGERR_ATTR_MSG = 1
_DUMP_TIMEOUT = 10.0
_ERROR = Struct("=i")
_KIND = Struct("=H")
_NONE, _LOST = -1, -2
"""No answer yet, and none that will come."""
_TWICE = {errno.EEXIST: 0, errno.EADDRNOTAVAIL: 0, errno.ESRCH: 0, errno.ENOENT: 0}
"""Answers to what had been done already."""
_GONE = (errno.ESRCH, errno.ENOENT, errno.ENODEV)
_HARMLESS = {RTM_DELROUTE: _GONE, RTM_DELNEXTHOP: _GONE, RTM_NEWROUTE: (errno.ENETDOWN,)}
"""Refusals that mean no more than that the kernel was first, by kinds of requests."""

# link, IPv4 addresses and routes, IPv6 addresses and routes, next-hop objects
_GROUPS = (1, 5, 7, 9, 11, 32)
_HOSTS = 3
"""Neighbours, of bridges, too."""

OWN_ECHO = (RTM_NEWROUTE, RTM_DELROUTE, RTM_NEWNEXTHOP, RTM_DELNEXTHOP)
"""News that the command socket's own changes cause and nobody wants back."""


def _open(buffer: int) -> socket.socket:
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, NETLINK_ROUTE)
    sock.bind((0, 0))
    try:
        sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, buffer)
    except PermissionError:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    return sock


# --- changes -------------------------------------------------------------------------------------


class CommandSocket:
    """Sends changes and reads their ACKs.

    The kernel works through a `send` before it returns, so the ACKs are there at once.
    """

    def __init__(self, buffer: int = 0) -> None:
        self._socket = _open(buffer or _COMMAND_BUFFER)
        self._socket.setsockopt(_SOL_NETLINK, _NETLINK_CAP_ACK, 1)
        with suppress(OSError):  # before Linux 4.12 there are no reasons
            self._socket.setsockopt(_SOL_NETLINK, _NETLINK_EXT_ACK, 1)
        self._socket.setblocking(False)
        self.on_refused: Callable[[Refused], None] = lambda refused: None
        self._sequence = 0
        self.port: int = self._socket.getsockname()[0]

    def program(self, changes: Sequence[Change]) -> list[int]:
        """Errno per change; EINVAL for one not encodable.

        What was not answered, for want of memory, is sent once more, alone; ENOBUFS if that is
        not answered either. Doing a thing twice changes nothing.
        """
        answers = self._exchange(changes)
        if _LOST in answers:
            for at in [at for at, answer in enumerate(answers) if answer == _LOST]:
                (answer,) = self._exchange(changes[at : at + 1])
                answers[at] = {_LOST: errno.ENOBUFS, **_TWICE}.get(answer, answer)
        return answers

    def _exchange(self, changes: Sequence[Change]) -> list[int]:
        first = self._sequence + 1
        parts = encode_batch(changes, first)
        answers = [_NONE if part else errno.EINVAL for part in parts]
        self._sequence = (self._sequence + len(changes)) & 0x7FFFFFFF
        last = max((at for at, part in enumerate(parts) if part), default=-1)
        if last >= 0:
            # Errors are told always; the ACK of the last one says that there are no more.
            parts[last] = asking_for_ack(parts[last])
            try:
                self._socket.send(b"".join(parts))
            except OSError as error:
                wanting = error.errno in (errno.ENOBUFS, errno.EAGAIN, errno.EMSGSIZE)
                silence = _LOST if wanting else error.errno or errno.EIO
            else:
                whole = self._read_answers(first, answers)
                silence = 0 if whole and answers[last] != _NONE else _LOST
            if _NONE in answers:
                answers = [silence if answer == _NONE else answer for answer in answers]
        return answers

    def _read_answers(self, first: int, answers: list[int]) -> bool:
        """Enter what came; False if something was lost."""
        whole = True
        while True:
            try:
                data = self._socket.recv(_RECEIVE)
            except BlockingIOError:
                return whole
            except OSError as error:
                if error.errno != errno.ENOBUFS:
                    raise
                whole = False
                continue
            for message in messages(data):
                at = message.sequence - first
                if message.type == _NLMSG_ERROR and 0 <= at < len(answers):
                    answers[at] = -_ERROR.unpack_from(message.body)[0]
                    if answers[at]:
                        self._tell(message, answers[at])

    def _tell(self, message: NetlinkMessage, error: int) -> None:
        kind = _KIND.unpack_from(message.body, _ERROR.size + 4)[0]
        if error in _HARMLESS.get(kind, ()):
            return
        reason = ""
        if message.flags & _NLM_F_ACK_TLVS:  # the request itself is left out of it (CAP_ACK)
            found = attributes(message.body, _ERROR.size + HEADER.size)
            reason = found.get(_NLMSGERR_ATTR_MSG, b"").rstrip(b"\0").decode(errors="replace")
        self.on_refused(Refused(kind, error, message.sequence, self.port, reason))

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


# --- news ----------------------------------------------------------------------------------------


class MonitorSocket:
    """Hears links, addresses, routes and next-hop objects; `own_port`'s changes are left out.

    `buffer` is the size in octets of the memory for what was not read yet, 0 for a large one.
    """

    def __init__(self, own_port: int, buffer: int = 0) -> None:
        self._socket = _open(buffer or _MONITOR_BUFFER)
        self._own_port = own_port
        with suppress(OSError):  # the check in `read` does the same, later
            self._leave_out(own_port)
        for group in _GROUPS:
            self._socket.setsockopt(_SOL_NETLINK, _NETLINK_ADD_MEMBERSHIP, group)
        self._socket.setblocking(False)

    def fileno(self) -> int:
        """For the event loop."""
        return self._socket.fileno()

    def follow_hosts(self, on: bool) -> None:
        """Hear of neighbours, too, or no more."""
        change = _NETLINK_ADD_MEMBERSHIP if on else _NETLINK_DROP_MEMBERSHIP
        self._socket.setsockopt(_SOL_NETLINK, change, _HOSTS)

    def read(self, seconds: float) -> Iterator[NetlinkMessage]:
        """What came, datagrams for so long; OSError with ENOBUFS if some were lost."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                data = self._socket.recv(_RECEIVE)
            except BlockingIOError:
                return
            for message in messages(data):
                if message.port != self._own_port or message.type not in OWN_ECHO:
                    yield message

    def discard(self) -> None:
        """Pass over all that came: everything will be listed."""
        while True:
            try:
                self._socket.recv(1)  # the rest of a datagram goes with its beginning
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno != errno.ENOBUFS:
                    raise

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _leave_out(self, port: int) -> None:
        # A full table that we install would come back as a million datagrams: the kernel drops
        # them by a classic BPF program over the netlink header. Its loads are in network order.
        kinds = [socket.htons(kind) for kind in OWN_ECHO]
        load, load_half, equal, leave = 0x20, 0x28, 0x15, 0x06
        program = [
            (load, 0, 0, 12),
            (equal, 0, len(kinds) + 1, socket.htonl(port & 0xFFFFFFFF)),
            (load_half, 0, 0, 4),
            *((equal, len(kinds) - at, 0, kind) for at, kind in enumerate(kinds)),
            (leave, 0, 0, 0xFFFFFFFF),
            (leave, 0, 0, 0),
        ]
        code = ctypes.create_string_buffer(b"".join(pack("=HBBI", *step) for step in program))
        form = pack("@HP", len(program), ctypes.addressof(code))
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, form)


# --- dumps ---------------------------------------------------------------------------------------


def dump(command: int, family: int, form: Struct, rest: bytes = b"") -> Iterator[NetlinkMessage]:
    """All objects that an RTM_GET... with the fixed header `form` lists; OSError if it fails."""
    with _open(_COMMAND_BUFFER) as sock:
        sock.settimeout(_DUMP_TIMEOUT)
        sock.send(encode_dump(command, family, 1, form, rest))
        while True:
            for message in messages(sock.recv(_RECEIVE)):
                if message.type == _NLMSG_DONE:
                    return
                if message.type == _NLMSG_ERROR:
                    number = -_ERROR.unpack_from(message.body)[0]
                    raise OSError(number, f"the kernel refuses to list ({command})")
                yield message


def dump_whole(
    command: int, family: int, form: Struct, rest: bytes = b""
) -> Sequence[NetlinkMessage]:
    """As `dump` but at once, and again if something changed in between."""
    listed: list[NetlinkMessage] = []
    for _ in range(5):
        listed = list(dump(command, family, form, rest))
        if not any(message.flags & _NLM_F_DUMP_INTR for message in listed):
            break
    return listed


# --- what netlink does not tell ------------------------------------------------------------------

_SIOCETHTOOL = 0x8946
_ETHTOOL_GSET = 1
_ETHTOOL_SIZE = 44


def link_speed(name: str) -> int:
    """Mbit/s as the driver says, 4294967295 if it does not know, 0 if it has no such question."""
    command = array("B", pack("=I", _ETHTOOL_GSET).ljust(_ETHTOOL_SIZE, b"\0"))
    request = pack("16sP", name.encode()[:15], command.buffer_info()[0]).ljust(40, b"\0")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            fcntl.ioctl(sock, _SIOCETHTOOL, request)
        except OSError:
            return 0
    low = int.from_bytes(command[12:14], sys.byteorder)
    high = int.from_bytes(command[28:30], sys.byteorder)
    return high << 16 | low


class LinkSpeeds:
    """The speeds of links by ifindex; of one without carrier the last one is known.

    Linux holds a lock while it takes away what led over a link that goes down, which is 100 ms for
    100,000 routes: drivers that are asked meanwhile answer afterwards.
    """

    def __init__(self) -> None:
        self._known: dict[int, int] = {}

    def of(self, ifindex: int, name: str, running: bool) -> int:
        """Mbit/s as `link_speed`."""
        if running or ifindex not in self._known:
            self._known[ifindex] = link_speed(name)
        return self._known[ifindex]

    def forget(self, ifindex: int) -> None:
        """The link is gone."""
        self._known.pop(ifindex, None)
