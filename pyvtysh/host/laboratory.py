"""A kernel in memory as files describe it: interfaces, wires to other routers, foreign routes.

`apply` brings the kernel from what was described before to what is described now, as hands would:
what configuration or zebra changed besides stays. It is also how programs drive such a kernel:

    laboratory.apply(parse_state("interface eth0\\n address 10.0.0.1/24\\n down\\n"))
"""

import asyncio
import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from bgp.sockets import Endpoint
from grammar.base.scheduler import Scheduler
from grammar.base.values import Address, Afi
from pyvtysh.host.errors import StartError, reason
from pyvtysh.host.segment import End, Plug, cables
from pyvtysh.host.statefile import (
    State,
    StateAddress,
    StateError,
    StateLink,
    StateRoute,
    parse_state,
)
from zebra.kernel.api import (
    AddAddress,
    InstallRoute,
    KernelNexthop,
    KernelRoute,
    Link,
    LinkAddress,
    RemoveAddress,
    RemoveRoute,
    Scope,
    SetLink,
)
from zebra.kernel.memory import ETHERNET, LOOPBACK, MemoryKernel
from zebra.rtadv.advertiser import Advertiser

_HOP_LIMIT = 255
_HASHED = 5


class Laboratory:
    """A `kernel` in memory, and the wires of its interfaces."""

    def __init__(self, loop: Scheduler, wires: Path | Plug | None, name: str) -> None:
        """`wires` is the folder of the wires, for which `loop` has to be asyncio's, or makes them.

        `name` is the router's: the Ethernet addresses follow from it.
        """
        if isinstance(wires, Path):
            assert isinstance(loop, asyncio.AbstractEventLoop)
            wires = cables(loop, wires / "wires")
        self.kernel = MemoryKernel(loop.call_soon, link_local=True)
        self.kernel.follow(self._follow)
        self.state = State()
        self._plug_in = wires
        self._name = name
        self._segments: dict[int, End] = {}
        self._wires: dict[int, str] = {}
        self._advertiser: Advertiser | None = None

    def apply(self, state: State) -> list[str]:
        """Carry out what differs from the state before; what could not be, a sentence each."""
        before, self.state = self.state, state
        failed: list[str] = []
        for route in before.routes:
            if route not in state.routes:
                self.kernel.change(RemoveRoute(self._route(route)))
        for name in before.links.keys() - state.links.keys():
            self._remove(name)
        for link in state.links.values():
            failed += self._link(before.links.get(link.name), link)
        for route in state.routes:
            if route not in before.routes and (error := self._add_route(route)):
                failed.append(f"{route.where}: route {route.prefix}: {error}")
        return failed

    def close(self) -> None:
        """Pull all plugs."""
        for segment in self._segments.values():
            segment.close()
        self._segments.clear()

    def index(self, name: str) -> int:
        """The number of an interface, 0 if there is none."""
        found = (link.ifindex for link in self.kernel.links() if link.name == name)
        return next(found, 0)

    def wire(self, ifindex: int) -> str:
        """The name of the wire that an interface is plugged into; empty without one."""
        return self._wires.get(ifindex, "")

    # --- interfaces ------------------------------------------------------------------------------

    def _link(self, before: StateLink | None, now: StateLink) -> Iterator[str]:
        if before == now:
            return
        ifindex = self._made(now)
        if before is None or (before.wire, before.carrier) != (now.wire, now.carrier):
            yield from self._plug(ifindex, now)
        if before is None or before.up is not now.up:
            self.kernel.change(SetLink(ifindex, now.up))
        old = () if before is None else before.addresses
        gone = [_address(ifindex, each) for each in old if each not in now.addresses]
        new = [_address(ifindex, each) for each in now.addresses if each not in old]
        for address in gone:
            self.kernel.change(RemoveAddress(address))
        for address in new:
            if error := self.kernel.change(AddAddress(address)):
                yield f"interface {now.name}: address {address.prefix}: {os.strerror(error)}"

    def _made(self, now: StateLink) -> int:
        """The number of the interface; it has the form that is wanted, and is new if need be."""
        ifindex = self.index(now.name)
        if not ifindex:
            ifindex = max(link.ifindex for link in self.kernel.links()) + 1
            self.kernel.set_link(Link(ifindex, now.name, ETHERNET, kind="veth"))
        link = next(each for each in self.kernel.links() if each.ifindex == ifindex)
        mac = now.mac or self._mac(now.name)
        shaped = replace(link, mtu=now.mtu, speed=now.speed, hw_address=mac)
        if shaped != link and ifindex != LOOPBACK.ifindex:
            self.kernel.set_link(shaped)
        return ifindex

    def _plug(self, ifindex: int, link: StateLink) -> Iterator[str]:
        self._unplug(ifindex)
        self.kernel.set_carrier(ifindex, on=link.carrier and not link.wire)
        if not link.wire or not link.carrier:
            return
        if self._plug_in is None:
            yield f"interface {link.name}: a wire needs --wire DIR"
            return
        mac = (link.mac or self._mac(link.name)).hex(":")
        try:
            segment = self._plug_in(
                link.wire,
                mac,
                lambda: self.kernel.set_carrier(ifindex, on=segment.carrier),
                lambda data: self._received(ifindex, data),
            )
        except OSError as error:
            yield f"interface {link.name}: wire {link.wire}: {reason(error)}"
            return
        self._segments[ifindex], self._wires[ifindex] = segment, link.wire

    def _unplug(self, ifindex: int) -> None:
        self._wires.pop(ifindex, None)
        segment = self._segments.pop(ifindex, None)
        if segment is not None:
            segment.close()

    def _remove(self, name: str) -> None:
        ifindex = self.index(name)
        if ifindex > LOOPBACK.ifindex:
            self._unplug(ifindex)
            self.kernel.remove_link(ifindex)

    def _mac(self, name: str) -> bytes:
        found = hashlib.blake2b(f"{self._name} {name}".encode(), digest_size=_HASHED)
        return b"\x02" + found.digest()

    def _follow(self) -> None:
        """The far ends learn which of our interfaces are up."""
        up = {link.ifindex: link.up for link in self.kernel.links()}
        for ifindex, segment in self._segments.items():
            segment.set_up(up.get(ifindex, False))

    # --- routes ----------------------------------------------------------------------------------

    def _add_route(self, route: StateRoute) -> str:
        if route.device and not self.index(route.device):
            return f"there is no interface {route.device}"
        error = self.kernel.change(InstallRoute(self._route(route)))
        return os.strerror(error) if error else ""

    def _route(self, route: StateRoute) -> KernelRoute:
        way = KernelNexthop(route.gate, self.index(route.device), onlink=route.onlink)
        return KernelRoute(
            route.prefix,
            (way,) if way != KernelNexthop() else (),
            route.table,
            route.protocol,
            route.metric,
            route.kind,
            route.source,
        )

    # --- where BGP is (`pyvtysh.host.wire.Network`) -----------------------------------------------

    def addresses(self) -> Iterator[tuple[str, Endpoint]]:
        """The own addresses: link-local ones by the wire, those of the loopback not."""
        for link in self.kernel.links():
            for each in self.kernel.addresses(link.ifindex):
                own = Endpoint(each.prefix.address, 0)
                if own.address.is_link_local:
                    own = replace(own, scope=link.ifindex)
                if link.up and each.scope is not Scope.HOST and (name := self.called(own)):
                    yield name, own

    def called(self, remote: Endpoint) -> str:
        """Its text, with the wire for a link-local address; empty where there is no wire."""
        if not remote.address.is_link_local:
            return str(remote.address)
        wire = self.wire(remote.scope)
        return f"{remote.address}%{wire}" if wire else ""

    def reaches(self, remote: Endpoint) -> bool:
        """By the kernel's routes; a link-local address by the carrier of its link."""
        if remote.address.is_link_local:
            return any(
                link.ifindex == remote.scope and link.running for link in self.kernel.links()
            )
        return self.kernel.way_to(remote.address) is not None

    def source(self, remote: Endpoint) -> Address | None:
        """An address of the link that leads there, the nearest; else one of any link."""
        way = self.kernel.way_to(remote.address)
        near, scope = remote.address, remote.scope
        if way is not None and not scope:
            near, scope = way.gate or near, way.ifindex
        own = [
            (each.ifindex == scope, -(each.prefix.value ^ near.value), each.prefix.address)
            for link in self.kernel.links()
            for each in self.kernel.addresses(link.ifindex)
            if each.prefix.afi is near.afi
            and each.prefix.address.is_link_local is remote.address.is_link_local
        ]
        return max(own, default=(False, 0, None), key=lambda one: one[:2])[2]

    def follow(self, follower: Callable[[], None]) -> None:
        """Whatever happens in the kernel may change it."""
        self.kernel.follow(follower)

    # --- router advertisements (`zebra.rtadv.advertiser.Wire`) ------------------------------------

    def attach(self, advertiser: Advertiser) -> None:
        """Carry its messages over the wires."""
        self._advertiser = advertiser
        advertiser.attach(self)

    def join(self, ifindex: int) -> None:
        """Whoever is plugged in hears everything."""

    def leave(self, ifindex: int) -> None:
        """The advertiser passes over what it does not want."""

    def send(self, ifindex: int, to: Address, data: bytes) -> None:
        """Send from the interface's link-local address; OSError without one."""
        source = next(
            (
                address.prefix.address
                for address in self.kernel.addresses(ifindex)
                if address.prefix.afi is Afi.IPV6 and address.prefix.address.is_link_local
            ),
            None,
        )
        if source is None or ifindex not in self._segments:
            raise OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
        self._segments[ifindex].send(source.pack() + data)

    def _received(self, ifindex: int, data: bytes) -> None:
        size = Afi.IPV6.size
        if self._advertiser is not None and len(data) > size:
            source = Address.unpack(data[:size])
            self._advertiser.received(ifindex, source, _HOP_LIMIT, data[size:])


def _address(ifindex: int, address: StateAddress) -> LinkAddress:
    return LinkAddress(ifindex, address.prefix, address.peer)


def read_state(texts: list[str]) -> State:
    """What the values of `--memory` describe: files, or `NAME=PREFIX`; StartError."""
    state = State()
    for text in texts:
        name, equals, prefix = text.partition("=")
        written = f"interface {name}\n address {prefix}\n" if equals else _contents(text)
        try:
            state = parse_state(written, text, state)
        except StateError as error:
            where = f"--memory {text}" if equals else f"{text}, line {error.line}"
            raise StartError(f"{where}: {error}") from None
    return state


def open_laboratory(texts: list[str], folder: Path | None) -> Laboratory:
    """The kernel that the values of `--memory` describe, with its wires in `folder`; StartError."""
    state = read_state(texts)
    name = " ".join(text if "=" in text else os.path.abspath(text) for text in texts)
    made = Laboratory(asyncio.get_running_loop(), folder, name)
    failed = made.apply(state)
    if failed:
        made.close()
        raise StartError(failed[0])
    return made


def reread(laboratory: Laboratory, texts: list[str]) -> list[str]:
    """Carry out what changed in the files of `--memory`; a sentence for each thing that is wrong.

    Nothing is changed when a file is not understood.
    """
    try:
        return laboratory.apply(read_state(texts))
    except StartError as error:
        return [str(error)]


def _contents(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise StartError(f"--memory {path}: {reason(error)}") from None
    except UnicodeDecodeError:
        raise StartError(f"--memory {path}: not a text") from None
