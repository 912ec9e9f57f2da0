"""Steps of clients, links and lines at two zebras, and whether both make the same of them.

After each step every client has to have heard the same from both, byte for byte.
"""

import re
import socket
from dataclasses import dataclass
from difflib import unified_diff
from select import select

from grammar.base.values import Address, Afi, Prefix
from tests.support.masks import AGE
from tests.support.namespaces import Lab
from tests.support.router import Router
from tests.support.vty import Vty
from tests.support.wait import until
from zebra.zapi import messages as zapi
from zebra.zapi.codec import decode, encode
from zebra.zapi.constants import NexthopType, RouteFlag
from zebra.zapi.constants import RouteType as Type

STATIC = RouteFlag.ALLOW_RECURSION | RouteFlag.RR_USE_DISTANCE
ROUTES = ("show ip route", "show ip route json", "show ipv6 route")
KERNEL = ("-4 route", "-6 route")
HARDWARE = "02:00:00:00:00:"
QUIET = 0.1
"""Seconds in which FRR says nothing more, once it has said something."""


@dataclass(frozen=True)
class Step:
    """What `who` does: a client sends, comes (`new`) or goes (`close`), or `ip`, `link`, `type`.

    FRR has to say something then unless it is `silent`. When links or addresses change, and when a
    client goes, several things happen, in any order.
    """

    who: str
    what: tuple[object, ...]
    silent: bool = False


def via(gate: str, weight: int = 0) -> zapi.Nexthop:
    address = Address.parse(gate)
    kind = NexthopType.IPV4 if address.afi is Afi.IPV4 else NexthopType.IPV6
    return zapi.Nexthop(kind, address, weight=weight)


def route(kind: Type, prefix: str, *hops: zapi.Nexthop, **more: object) -> zapi.Route:
    return zapi.Route(kind, Prefix.parse(prefix), hops, **more)  # type: ignore[arg-type]


def add(kind: Type, prefix: str, *hops: zapi.Nexthop, **more: object) -> zapi.RouteAdd:
    return zapi.RouteAdd(route(kind, prefix, *hops, **more))


def gone(kind: Type, prefix: str, **more: object) -> zapi.RouteDelete:
    return zapi.RouteDelete(route(kind, prefix, **more))


def want(kind: Type, instance: int = 0, afi: Afi = Afi.IPV4) -> zapi.RedistributeAdd:
    return zapi.RedistributeAdd(afi, kind, instance)


def new(name: str, kind: Type, instance: int = 0) -> Step:
    return Step("new", (name, zapi.Hello(kind, instance, notify=True)))


class Client:
    """A client of bytes."""

    def __init__(self, router: Router, hello: zapi.Hello) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(router.run / "zserv.api"))
        self._data = b""
        self.send(hello)

    def send(self, *messages: zapi.Message) -> None:
        self._socket.sendall(b"".join(map(encode, messages)))

    def read(self) -> None:
        self._data += self._socket.recv(1 << 16)

    def fileno(self) -> int:
        return self._socket.fileno()

    def heard(self) -> list[bytes]:
        """The messages that were read, without what zebra can do."""
        told = []
        while len(self._data) > 2 and len(self._data) >= (size := int.from_bytes(self._data[:2])):
            told.append(self._data[:size])
            self._data = self._data[size:]
        return [one for one in told if not isinstance(_message(one), zapi.Capabilities)]

    def close(self) -> None:
        self._socket.close()


def _message(data: bytes) -> zapi.Message:
    return decode(int.from_bytes(data[8:10]), data[10:], from_client=False)


class Side:
    """One zebra over two links, and its clients."""

    def __init__(self, lab: Lab, kind: type[Router]) -> None:
        self.node = lab.namespace(f"routes-{kind.kind}")
        for number, name in enumerate(("eth0", "eth1")):
            ends = (
                (name, f"02:00:00:00:00:0{number}"),
                (f"far{number}", f"02:00:00:00:01:0{number}"),
            )
            near, far = (("name", end, "address", hardware) for end, hardware in ends)
            self.node.ip("link", "add", *near, "type", "veth", "peer", *far)
            for end, _ in ends:
                self.node.ip("link", "set", end, "addrgenmode", "none")
                self.node.ip("link", "set", end, "up")
            self.node.ip("address", "add", f"10.{number}.0.1/24", "dev", name)
            self.node.ip("address", "add", f"2001:db8:{number}::1/64", "dev", name, "nodad")
        self.router = kind(self.node, {"zebra.conf": ""})
        self.router.start("zebra")
        self.vty = Vty(self.router.run, "zebra")
        self.clients: dict[str, Client] = {}

    def do(self, step: Step) -> list[str]:
        """The step's own answers."""
        match step.who, step.what:
            case "new", (str(name), zapi.Hello() as hello):
                self.clients[name] = Client(self.router, hello)
            case "close", (str(name),):
                self.clients.pop(name).close()
            case "ip" | "link" as what, lines:
                for line in lines:
                    self.node.ip(*(["link"] if what == "link" else []), *str(line).split())
            case "type", lines:
                for line in ("configure terminal", *lines, "end"):
                    assert self.vty.ask(str(line))[1] == 0, line
            case "show", _:
                return self.shown()
            case name, messages:
                self.clients[name].send(*messages)  # type: ignore[arg-type]
        return []

    def shown(self) -> list[str]:
        """Routes here and in the kernel, without ages and numbers of groups."""
        kernel = [self.node.ip(*line.split()) for line in KERNEL]
        text = re.sub(AGE, "<age>", "".join(self.vty.ask(line)[0] for line in ROUTES))
        text = re.sub(r'(GroupId":)\d+', r"\1<nhg>", text)
        return [text, *(re.sub(r"nhid \d+ ", "", one) for one in kernel)]

    def close(self) -> None:
        self.vty.socket.close()
        for client in self.clients.values():
            client.close()


Sides = tuple[Side, Side]


def play(sides: Sides, *steps: Step) -> None:
    """Have both do the same, and hear the same."""
    for step in steps:
        if step.who == "show":
            shown_alike(sides)
            continue
        for side in sides:
            side.do(step)
        told: tuple[dict[str, list[bytes]], ...] = ({}, {})

        def same(step: Step = step, told: tuple[dict[str, list[bytes]], ...] = told) -> bool:
            listen([client for side in sides for client in side.clients.values()])
            for side, of in zip(sides, told, strict=True):
                for name, client in side.clients.items():
                    of.setdefault(name, []).extend(client.heard())
            theirs, ours = ({n: _ordered(step, m) for n, m in of.items()} for of in told)
            assert step.silent or any(theirs.values()), f"FRR says nothing to {step}"
            rows = _readable(theirs), _readable(ours)
            found = "\n".join(unified_diff(rows[0], rows[1], "frr", "ours", lineterm="", n=2))
            assert not found, found
            assert ours == theirs, step
            return True

        until(same, 8, f"the same after {step}", interval=0.02)


def listen(clients: list[Client]) -> None:
    """Read what clients are told until nobody is told more for a while."""
    while ready := select(clients, [], [], QUIET)[0]:
        for client in ready:
            client.read()


def _ordered(step: Step, told: list[bytes]) -> list[bytes]:
    if step.who == "type":  # whether lines take effect together is a matter of chance
        told = [one for at, one in enumerate(told) if not _passing(one, told[at + 1 :])]
    return sorted(told) if step.who in ("close", "link", "type") else told


def _passing(one: bytes, later: list[bytes]) -> bool:
    """Whether a route is taken back that is told again."""
    gone = _message(one)
    if not isinstance(gone, zapi.RedistributeRoute) or gone.add:
        return False
    news = (_message(each) for each in later)
    return any(
        isinstance(each, zapi.RedistributeRoute)
        and each.add
        and each.route.prefix == gone.route.prefix
        for each in news
    )


def _readable(told: dict[str, list[bytes]]) -> list[str]:
    return [f"{name}: {_message(one)}" for name in sorted(told) for one in told[name]]


def shown_alike(sides: Sides) -> None:
    def same() -> bool:
        theirs, ours = (side.shown() for side in sides)
        rows = ("\n".join(theirs).splitlines(), "\n".join(ours).splitlines())
        found = "\n".join(unified_diff(*rows, "frr", "ours", lineterm="", n=2))
        assert not found, found
        return True

    until(same, 8, "the same shown")


SHOW = Step("show", ())
