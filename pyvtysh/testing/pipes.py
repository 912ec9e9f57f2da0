"""Connections of BGP between routers of one process: `bgp.transport` without sockets.

What `pyvtysh.host.wire` does between processes: a connection whose way is gone stands still, and
nobody answers where nobody is. MD5 keys are compared; hops are not counted.
"""

import errno
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

from bgp.drops import MISSIGNED, SIGNED, UNSIGNED
from bgp.sockets import Endpoint, TcpInfo
from bgp.transport import (
    HIGH_WATER,
    LOW_WATER,
    Attempt,
    Connection,
    Dial,
    Listener,
    TurnsAway,
    nobody,
)
from grammar.base.scheduler import Scheduler
from grammar.base.values import Address, Prefix
from pyvtysh.host.wire import Network

_OnAccept = Callable[[Connection], None]
_FIRST_PORT = 49152
_descriptors = count(20)
"""What shows take for the numbers of sockets."""


class Pipe:
    """One end of a connection."""

    def __init__(self, scheduler: Scheduler, local: Endpoint, remote: Endpoint) -> None:
        self.local, self.remote = local, remote
        self.fd = next(_descriptors)
        self.on_data: Callable[[bytes], None] = _ignore
        self.on_close: Callable[[OSError | None], None] = _ignore
        self.on_drained: Callable[[], None] = _nothing
        self.far: Pipe | None = None
        self._scheduler = scheduler
        self._sent: list[bytes] = []
        self._scheduled = self._high = False
        self._closed = self._ended = self._paused = self._cut = False

    @staticmethod
    def pair(scheduler: Scheduler, caller: Endpoint, called: Endpoint) -> "tuple[Pipe, Pipe]":
        """Both ends."""
        near, far = Pipe(scheduler, caller, called), Pipe(scheduler, called, caller)
        near.far, far.far = far, near
        return near, far

    @property
    def open(self) -> bool:
        """False when either end closed."""
        return not self._closed and not self._ended

    def write(self, data: bytes) -> None:
        """Send; what does not arrive yet is kept."""
        if self.open:
            self._sent.append(data)
            self._high = self._high or self.buffered > HIGH_WATER
            self._later()

    @property
    def buffered(self) -> int:
        """Bytes that have not arrived."""
        return sum(map(len, self._sent))

    def tcp_info(self) -> TcpInfo | None:
        """There is no kernel in between."""
        return None

    def close(self) -> None:
        """Send what is kept, then close."""
        self._closed = True
        self._let_go()
        self._later()

    def _let_go(self) -> None:
        # Who used it may hold it still: that would be a cycle.
        self.on_data = self.on_close = _ignore
        self.on_drained = _nothing

    def pause(self) -> None:
        """Take nothing."""
        self._paused = True

    def resume(self) -> None:
        """Take again."""
        self._paused = False
        self._both()

    def cut(self, on: bool) -> None:
        """Stand still, or go on: nothing comes and nothing goes while there is no way."""
        if on is not self._cut:
            self._cut = on
            self._both()

    def _both(self) -> None:
        self._later()
        if self.far is not None:
            self.far._later()

    def _later(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._scheduler.call_soon(self._move)

    def _move(self) -> None:
        """What was sent arrives, if it can."""
        self._scheduled = False
        far = self.far
        if far is None or self._cut or far._cut or self._ended:
            return
        if not far.open:
            self._sent.clear()
        elif not far._paused:
            data, self._sent = b"".join(self._sent), []
            if data:
                far.on_data(data)
        if self._closed and not self._sent and far.open:
            far._ended = True
            on_close = far.on_close
            far._let_go()
            on_close(None)
        if self._high and self.buffered < LOW_WATER:
            self._high = False
            if self.open:
                self.on_drained()
        if self._closed and not self._sent and not far.open:
            self.far = far.far = None


@dataclass(frozen=True, slots=True)
class _Listening:
    transport: "PipeTransport"
    listener: Listener


class Ether:
    """Where the transports of a topology meet: who listens, by the name of its address."""

    def __init__(self, scheduler: Scheduler) -> None:
        self.scheduler = scheduler
        self.listening: dict[str, _Listening] = {}
        self.within: dict[str, Ether] = {}
        self.ports = count(_FIRST_PORT)


class PipeTransport:
    """`bgp.transport.Transport` of one router or speaker, which is where `network` says."""

    def __init__(self, ether: Ether, network: Network, port: int = 179) -> None:
        """`port` 0 does not listen."""
        self.listeners: list[Listener] = []
        self.dscp = 0
        self._ether = ether
        self._network = network
        self._port = port
        self._on_accept: _OnAccept | None = None
        self._own: dict[str, _Listening] = {}
        self._pipes: list[Pipe] = []
        self._keys: dict[Address | Prefix, str] = {}
        self._dropped: Counter[str] = Counter()
        network.follow(self._changed)

    def listen(self, on_accept: _OnAccept, turns_away: TurnsAway = nobody) -> None:
        """Listen on all own addresses, those that come later too."""
        if self._port:
            self._on_accept = on_accept
            self._changed()

    def unlisten(self) -> None:
        """Listen no longer."""
        self._on_accept = None
        self._set_listening({})

    def _changed(self) -> None:
        """Addresses, links or routes are others."""
        self._pipes = [pipe for pipe in self._pipes if pipe.open]
        for pipe in self._pipes:
            pipe.cut(not self._network.reaches(pipe.remote))
        if self._on_accept is not None:
            self._set_listening(dict(self._network.addresses()))

    def _set_listening(self, wanted: dict[str, Endpoint]) -> None:
        shared = self._ether.listening
        for name in self._own.keys() - wanted.keys():
            del shared[name], self._own[name]
        for name, own in wanted.items():
            if name not in shared:  # who has an address first keeps it
                one = _Listening(self, Listener(replace(own, port=self._port), -1))
                shared[name] = self._own[name] = one
        self.listeners = [one.listener for one in self._own.values()]

    def connect(
        self,
        dial: Dial,
        on_connected: Callable[[Connection], None],
        on_failed: Callable[[OSError], None],
    ) -> Attempt:
        """Begin to connect; EHOSTUNREACH where nobody has the address, ETIMEDOUT by MD5."""

        def join() -> None:
            try:
                near, far, accept = self._joined(dial)
            except OSError as error:
                on_failed(error)
            else:
                on_connected(near)
                accept(far)

        return self._ether.scheduler.call_soon(join)

    def _joined(self, dial: Dial) -> tuple[Pipe, Pipe, _OnAccept]:
        remote, network = dial.remote, self._network
        source = dial.source or network.source(remote)
        found = self._ether.listening.get(network.called(remote))
        if found is None or source is None or not network.reaches(remote):
            raise _error(errno.EHOSTUNREACH)
        other = found.transport
        called = found.listener.endpoint
        local = Endpoint(source, next(self._ether.ports), remote.scope)
        caller = replace(local, scope=called.scope if source.is_link_local else 0)
        accept = other._on_accept
        way_back = other._network.reaches(caller)
        if accept is None or not way_back:
            raise _error(errno.ETIMEDOUT)
        if (key := other._key(source)) != dial.password:
            other._dropped[_why_dropped(key, dial.password)] += 1
            raise _error(errno.ETIMEDOUT)
        near, far = Pipe.pair(self._ether.scheduler, local, remote)
        far.local, far.remote = called, caller
        self._pipes.append(near)
        other._pipes.append(far)
        return near, far, accept

    def _key(self, peer: Address) -> str | None:
        exact = self._keys.get(peer)
        if exact is not None:
            return exact
        host = peer.host_prefix()
        found = (
            key
            for prefix, key in self._keys.items()
            if isinstance(prefix, Prefix) and prefix.covers(host)
        )
        return next(found, None)

    def set_password(self, peer: Address | Prefix, password: str | None) -> None:
        """The key of who connects from there."""
        if password is None:
            self._keys.pop(peer, None)
        else:
            self._keys[peer] = password

    def set_ttl(self, connection: Connection, ttl: int, min_ttl: int) -> None:
        """There are no hops."""

    def set_mss(self, connection: Connection, mss: int) -> None:
        """There are no segments."""

    def dropped(self) -> Counter[str]:
        """What a kernel would have dropped here."""
        return self._dropped

    def within(self, vrf: str, netns: str) -> "PipeTransport":
        """Among those that are in the VRF too."""
        ether = self._ether.within.setdefault(vrf, Ether(self._ether.scheduler))
        return PipeTransport(ether, self._network, self._port)


def _why_dropped(key: str | None, signed: str | None) -> str:
    if signed is None:
        return UNSIGNED
    return SIGNED if key is None else MISSIGNED


def _error(number: int) -> OSError:
    return OSError(number, os.strerror(number))


def _ignore(_value: object) -> None:
    pass


def _nothing() -> None:
    pass
