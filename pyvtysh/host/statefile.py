"""The file that describes a kernel in memory: interfaces, their addresses and wires, and routes.

    interface eth0
     wire r1-r2
     address 10.0.12.1/24
     address 10.1.0.1 peer 10.1.0.2/32
     mtu 9000
     mac 02:00:00:00:00:01
     speed 1000
     no carrier
     down
    route 192.0.2.0/24 via 10.0.12.9 proto dhcp metric 100
    route blackhole 198.51.100.0/24

What follows a # is a comment, and so is a line that begins with !. `ip address`, `ipv6 address`,
`shutdown`, `ip route` and `ipv6 route` are taken as well. A route is written as for ip(8).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from grammar.base.values import Address, Prefix
from zebra.kernel.api import RouteKind, RouteProtocol

_NAME_LIMIT = 15
_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", re.IGNORECASE)
_KINDS = {kind.name.lower(): kind for kind in RouteKind}
_PROTOCOLS = {protocol.name.lower(): int(protocol) for protocol in RouteProtocol}
_SEGMENT = re.compile(r"[A-Za-z0-9_.-]{1,32}")


class StateError(ValueError):
    """A line that is not understood; `line` counts from 1."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


@dataclass(frozen=True, slots=True)
class StateAddress:
    """An address with the length of its network, and the far end if there is one."""

    prefix: Prefix
    peer: Address | None = None


@dataclass(frozen=True, slots=True)
class StateLink:
    """An interface; `wire` names the segment it is plugged into, `mac` None is one of its own."""

    name: str
    wire: str = ""
    addresses: tuple[StateAddress, ...] = ()
    mtu: int = 1500
    mac: bytes | None = None
    speed: int = 10000
    carrier: bool = True
    up: bool = True


@dataclass(frozen=True, slots=True)
class StateRoute:
    """A route that somebody else put in; `where` it is written: the name given, and the line."""

    prefix: Prefix
    kind: RouteKind = RouteKind.UNICAST
    gate: Address | None = None
    device: str = ""
    protocol: int = RouteProtocol.BOOT
    metric: int = 0
    table: int = 254
    source: Address | None = None
    onlink: bool = False
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class State:
    """What a file describes; the interfaces by name, in the order of the file."""

    links: dict[str, StateLink] = field(default_factory=dict)
    routes: tuple[StateRoute, ...] = ()


_NOTHING = State()


def parse_state(text: str, name: str = "", before: State = _NOTHING) -> State:
    """Read the description called `name`, which goes on where `before` ended.

    StateError for the first line that is wrong.
    """
    links = dict(before.links)
    routes = list(before.routes)
    current: StateLink | None = None
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words or words[0].startswith("!") or words == ["exit"]:
            continue
        if words[0] in ("ip", "ipv6") and len(words) > 1:
            del words[0]
        try:
            match words:
                case ["interface", device]:
                    current = links.get(device) or StateLink(_link_name(device))
                case ["route", *rest]:
                    routes.append(replace(_route(rest), where=f"{name}, line {number}"))
                    continue
                case _ if current is not None:
                    current = _of_link(current, words)
                case _:
                    raise ValueError(f"not understood: {line.strip()}")
        except ValueError as error:
            raise StateError(number, str(error)) from None
        links[current.name] = current
    return State(links, tuple(routes))


def _link_name(name: str) -> str:
    if len(name) > _NAME_LIMIT or "/" in name:
        raise ValueError(f"{name}: not a name for an interface")
    return name


def _of_link(link: StateLink, words: list[str]) -> StateLink:
    match words:
        case ["address", own]:
            return _with_address(link, StateAddress(_prefix(own)))
        case ["address", own, "peer", far]:
            peer, address = _prefix(far), Address.parse(own)
            prefix = Prefix(address.afi, address.value, peer.length)
            return _with_address(link, StateAddress(prefix, peer.address))
        case ["wire", segment] if _SEGMENT.fullmatch(segment):
            return replace(link, wire=segment)
        case ["mtu", number]:
            return replace(link, mtu=_number(number, 68, 65535))
        case ["speed", number]:
            return replace(link, speed=_number(number, 0, 1 << 31))
        case ["mac", mac] if _MAC.fullmatch(mac):
            return replace(link, mac=bytes.fromhex(mac.replace(":", "")))
        case ["no", "carrier"]:
            return replace(link, carrier=False)
        case ["down" | "shutdown"]:
            return replace(link, up=False)
        case _:
            raise ValueError(f"not understood: {' '.join(words)}")


def _with_address(link: StateLink, address: StateAddress) -> StateLink:
    return replace(link, addresses=(*link.addresses, address))


def _prefix(text: str) -> Prefix:
    if "/" not in text:
        raise ValueError(f"{text}: an address with the length of its network is needed")
    return Prefix.parse(text, with_host=True)


def _number(text: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise ValueError(f"{text}: not a number from {least} to {most}")
    return int(text)


# --- routes as ip(8) writes them -----------------------------------------------------------------


def _route(words: list[str]) -> StateRoute:
    kind = RouteKind.UNICAST
    if words and words[0] in _KINDS:
        kind = _KINDS[words.pop(0)]
    if not words:
        raise ValueError("route: a prefix is needed")
    prefix = _destination(words.pop(0), words)
    route = StateRoute(prefix, kind)
    while words:
        word = words.pop(0)
        if word == "onlink":
            route = replace(route, onlink=True)
        elif word in _WITH_VALUE and words:
            route = _WITH_VALUE[word](route, words.pop(0))
        else:
            raise ValueError(f"route {prefix}: {word} is not understood")
    if kind is RouteKind.UNICAST and route.gate is None and not route.device:
        raise ValueError(f"route {prefix}: via or dev is needed")
    return route


def _destination(text: str, rest: list[str]) -> Prefix:
    if text == "default":
        wide = any(":" in word for word in rest)
        return Prefix.parse("::/0" if wide else "0.0.0.0/0")
    if "/" not in text:
        return Address.parse(text).host_prefix()
    return Prefix.parse(text)


def _protocol(text: str) -> int:
    return _PROTOCOLS[text] if text in _PROTOCOLS else _number(text, 0, 255)


_WITH_VALUE: dict[str, Callable[[StateRoute, str], StateRoute]] = {
    "via": lambda route, text: replace(route, gate=Address.parse(text)),
    "dev": lambda route, text: replace(route, device=text),
    "src": lambda route, text: replace(route, source=Address.parse(text)),
    "proto": lambda route, text: replace(route, protocol=_protocol(text)),
    "metric": lambda route, text: replace(route, metric=_number(text, 0, (1 << 32) - 1)),
    "table": lambda route, text: replace(route, table=_number(text, 1, (1 << 32) - 1)),
}
