"""A router between written feeders and monitors, and a plain model of what it must say.

The router is a whole bgpd in memory whose work is cut into the smallest pieces; between any two of
them something else may happen. The model knows of no pieces: it is asked when all is quiet.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from struct import pack as packed

import pytest

import grammar.base.work
from bgp.bgpd import Bgpd
from bgp.clearing import Clear, clear
from bgp.config import IPV4_UNICAST, IPV6_UNICAST
from bgp.peerstate import mapped
from bgp.rib.path import best_of
from bgp.rib.txids import ALL
from bgp.sockets import Endpoint
from bgp.transport import Connection, Dial
from bgp.wire.capability import AddPath, AddPathMode, FourOctetAs, Multiprotocol, RouteRefresh
from bgp.wire.message import KEEPALIVE, Framer, MessageType, pack
from bgp.wire.nlri import encode_prefix
from bgp.wire.open import Open
from bgp.wire.refresh import Refresh
from bgp.wire.update import join
from grammar.base.values import Address, Afi, Prefix
from grammar.command import Change
from grammar.filters import FilterEffect
from grammar.filters.model import PrefixList, PrefixRule
from tests.bgp.network import MemoryTransport, Network, neighbor
from tests.bgp.routers import instance, peer
from tests.support.heard import Heard, Told

ROUTER, ASN = "10.0.0.1", 65001
FEEDERS = {f"10.0.1.{number}": 65010 + number for number in (1, 2, 3)}
WITH_IDS = "10.0.1.3"
MONITORS = {"10.0.2.1": 65021, "10.0.2.2": 65022, "10.0.2.3": 65023, "10.0.2.4": ASN}
LISTED, INTERNAL, PATHS = "10.0.2.3", "10.0.2.4", "10.0.2.5"
MONITORS[PATHS] = 65025
KEYS = {
    Afi.IPV4: [Prefix.parse(f"{16 + n % 3}.{n}.0.0/{16 + n % 9}").key for n in range(12)],
    Afi.IPV6: [Prefix.parse(f"2001:db8:{n}::/48").key for n in range(4)],
}
FAMILIES = {Afi.IPV4: IPV4_UNICAST, Afi.IPV6: IPV6_UNICAST}
PIECES = ("CHUNK", "PACK", "BATCH", "SLICE")


@dataclass(frozen=True)
class Said:
    """The attributes of an announcement; `taken` is false for a loop and a bad ORIGIN."""

    hops: int
    origin: int
    med: int | None
    community: int
    looped: bool = False

    @property
    def taken(self) -> bool:
        return not self.looped and self.origin <= 2

    def path(self, asn: int) -> tuple[int, ...]:
        """The AS path of a feeder in that AS."""
        return (asn, *((ASN,) if self.looped else ()), *range(70000, 70000 + self.hops))


def attributes(
    said: Said, path: tuple[int, ...], nexthop: bytes, med: int | None, local_pref: int | None
) -> Told:
    """As they are on the wire."""
    members = b"".join(packed("!I", asn) for asn in path)
    found = [
        (0x40, 1, bytes([said.origin])),
        (0x40, 2, bytes([2, len(path)]) + members),
    ]
    if len(nexthop) == 4:
        found.append((0x40, 3, nexthop))
    if med is not None:
        found.append((0x80, 4, packed("!I", med)))
    if local_pref is not None:
        found.append((0x40, 5, packed("!I", local_pref)))
    found.append((0xC0, 8, packed("!I", said.community)))
    return tuple(found), b"" if len(nexthop) == 4 else nexthop


def tlvs(parts: Iterable[tuple[int, int, bytes]]) -> bytes:
    return b"".join(bytes([flags, code, len(data)]) + data for flags, code, data in parts)


class Speaker:
    """A neighbour made of written bytes."""

    def __init__(self, network: Network, address: str, asn: int) -> None:
        self._network, self._address, self._asn = network, Address.parse(address), asn
        self._transport = MemoryTransport(network, self._address)
        network.transports[self._address] = self._transport
        self._wire: Connection | None = None
        self._ids = {WITH_IDS: AddPathMode.SEND, PATHS: AddPathMode.RECEIVE}.get(address)
        self.heard = Heard()
        self._framer = Framer()

    @property
    def is_up(self) -> bool:
        return self._wire is not None

    def up(self) -> None:
        """Connect, until the router takes it."""
        dial = Dial(Endpoint(Address.parse(ROUTER), 179))
        self._network.join(self._transport, dial, self._connected, lambda error: None)

    def _connected(self, wire: Connection) -> None:
        self.heard, self._framer, self._wire = (
            Heard(self._ids is AddPathMode.RECEIVE),
            Framer(),
            wire,
        )
        wire.on_data, wire.on_close = self._hear, self._closed
        offered = [Multiprotocol(1, 1), Multiprotocol(2, 1), RouteRefresh(), FourOctetAs(self._asn)]
        if self._ids is not None:
            offered.append(AddPath(tuple((afi, 1, self._ids) for afi in (1, 2))))
        message = Open(self._asn, 0, self._address.value, tuple(offered))
        wire.write(pack(MessageType.OPEN, message.encode()) + KEEPALIVE)

    def _closed(self, error: OSError | None) -> None:
        self._wire = None

    def _hear(self, data: bytes) -> None:
        self._framer.feed(data)
        for kind, body in self._framer:
            assert kind != MessageType.NOTIFICATION, body.hex()
            if kind == MessageType.UPDATE:
                self.heard.take(body)

    def down(self) -> None:
        """Hang up."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def say(self, data: bytes) -> None:
        """Send, if there is a session."""
        if self._wire is not None:
            self._wire.write(data)


class Crossroads:
    """The router, its neighbours, and the model: what each feeder has announced."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(grammar.base.work, "BUDGET", 0)
        for name, module in list(sys.modules.items()):
            for constant in PIECES:
                if name.startswith("bgp.") and isinstance(getattr(module, constant, None), int):
                    monkeypatch.setattr(module, constant, 3)
        self.network = Network()
        self.bgpd: Bgpd = self.network.router(ROUTER, ASN)
        config = self.bgpd.config.instances[None]
        config.bestpath_compare_routerid = True
        for address, asn in (FEEDERS | MONITORS).items():
            lines = neighbor(self.bgpd, address, asn, passive=True)
            lines.family(IPV6_UNICAST).activate = True
            if address == PATHS:
                for family in FAMILIES.values():
                    lines.family(family).addpath_tx = ALL
            if address == LISTED:
                lines.family(IPV4_UNICAST).prefix_list_out = "SOME"
        self.listed = {0, 1, 2}
        self._list()
        self.speakers = {
            address: Speaker(self.network, address, asn)
            for address, asn in (FEEDERS | MONITORS).items()
        }
        self.model: dict[tuple[str, Afi], dict[tuple[int, int], Said]] = {}
        self.bgpd.start()
        self.rest()

    # --- what may happen -------------------------------------------------------------------------

    def run(self, pieces: int) -> None:
        """Let the router do some pieces of its work."""
        self.network.scheduler.step(pieces)

    def rest(self) -> None:
        """Let it do all, and connect who is not connected."""
        for _ in range(10):
            for speaker in self.speakers.values():
                if not speaker.is_up:
                    speaker.up()
            self.network.advance(5)
            states = [one.negotiated is not None for one in instance(self.bgpd).peers.values()]
            if len(states) == len(self.speakers) and all(states):
                return
        raise AssertionError("sessions do not come up")

    def update(
        self,
        feeder: str,
        afi: Afi,
        withdrawn: dict[int, int],
        announced: dict[int, int],
        said: Said,
    ) -> None:
        """An UPDATE; prefixes are given as places in `KEYS`, each with its path id."""
        if not self.speakers[feeder].is_up:
            return
        table = self.model.setdefault((feeder, afi), {})
        ids = feeder == WITH_IDS
        if ids:  # paths of one neighbour must not be told apart by MED only
            announced = dict.fromkeys(announced, 1 + said.hops)
        lost, come = (
            {(KEYS[afi][place], path_id if ids else 0): None for place, path_id in some.items()}
            for some in (withdrawn, announced)
        )
        for one in lost:
            table.pop(one, None)
        for one in come:
            table.pop(one, None)
            if said.taken:
                table[one] = said
        self.speakers[feeder].say(self._message(feeder, afi, [*lost], [*come], said))

    def _message(
        self,
        feeder: str,
        afi: Afi,
        lost: list[tuple[int, int]],
        come: list[tuple[int, int]],
        said: Said,
    ) -> bytes:
        ids = feeder == WITH_IDS
        gone, new = (
            b"".join(
                (packed("!I", path_id) if ids else b"") + encode_prefix(key, afi)
                for key, path_id in some
            )
            for some in (lost, come)
        )
        nexthop = nexthop_of(feeder, afi)
        parts, _ = attributes(said, said.path(FEEDERS[feeder]), nexthop, said.med, None)
        if afi is Afi.IPV4:
            return pack(MessageType.UPDATE, join(gone, tlvs(parts) if new else b"", new))
        raw = tlvs([(0x80, 15, b"\0\2\1" + gone)]) if gone else b""
        if new:
            raw = tlvs([(0x80, 14, b"\0\2\1\x10" + nexthop + b"\0" + new), *parts]) + raw
        return pack(MessageType.UPDATE, join(b"", raw, b""))

    def lose(self, address: str) -> None:
        """A session ends."""
        self.speakers[address].down()
        for afi in FAMILIES:
            self.model.pop((address, afi), None)

    def clear(self, address: str) -> None:
        """`clear bgp ADDRESS soft out`."""
        clear([peer(self.bgpd, address)], Clear.SOFT_OUT)

    def refresh(self, address: str) -> None:
        """A neighbour wants to hear all again."""
        for afi in FAMILIES:
            self.speakers[address].say(pack(MessageType.ROUTE_REFRESH, Refresh(afi, 1).encode()))

    def permit(self, places: set[int]) -> None:
        """The prefix-list of one monitor permits these IPv4 prefixes."""
        self.listed = places
        self._list()
        self.bgpd.react([Change(FilterEffect.PREFIX_LIST, "SOME")])

    def _list(self) -> None:
        lists = self.bgpd.config.filters.prefix_lists[Afi.IPV4]
        found = lists["SOME"] = PrefixList(name="SOME")
        for place in self.listed:
            prefix = Prefix.from_key(Afi.IPV4, KEYS[Afi.IPV4][place])
            found.put(None, PrefixRule(True, prefix))
        found.put(None, PrefixRule(False, Prefix.parse("0.0.0.0/0"), le=32))

    # --- what must be so then --------------------------------------------------------------------

    def check(self) -> None:
        """All is as the model says."""
        self.rest()
        for afi, family in FAMILIES.items():
            wanted = self._by_key(afi)
            table = instance(self.bgpd).tables[family]
            entries = dict(filter(None, table.walk()))
            assert entries.keys() == wanted.keys()
            for key, entry in entries.items():
                best = best_of(entry)
                assert best is not None
                chosen = min(wanted[key], key=rank)
                assert str(best.source.address) == chosen[0], key  # type: ignore[attr-defined]
                assert best.attrs.as_path.length == len(chosen[2].path(0))
            for feeder in FEEDERS:
                state = peer(self.bgpd, feeder).families[family]
                assert state.accepted == len(self.model.get((feeder, afi), ())), feeder
            for monitor in MONITORS:
                self._check_monitor(monitor, afi, wanted)

    def _check_monitor(
        self, monitor: str, afi: Afi, wanted: dict[int, list[tuple[str, int, Said]]]
    ) -> None:
        expected: dict[int, list[Told]] = {}
        for key, paths in wanted.items():
            filtered = monitor == LISTED and afi is Afi.IPV4
            if filtered and KEYS[afi].index(key) not in self.listed:
                continue
            chosen = paths if monitor == PATHS else [min(paths, key=rank)]
            expected[key] = sorted(told(monitor, afi, *one) for one in chosen)
        routes = self.speakers[monitor].heard.routes
        heard = {key: sorted(paths.values()) for (of, key), paths in routes.items() if of == afi}
        assert heard == expected, (monitor, afi)
        group = peer(self.bgpd, monitor).families[FAMILIES[afi]].group
        assert group is not None
        assert len(group) == sum(map(len, expected.values()))

    def _by_key(self, afi: Afi) -> dict[int, list[tuple[str, int, Said]]]:
        found: dict[int, list[tuple[str, int, Said]]] = {}
        for feeder in FEEDERS:
            for (key, path_id), said in self.model.get((feeder, afi), {}).items():
                found.setdefault(key, []).append((feeder, path_id, said))
        return found


def rank(path: tuple[str, int, Said]) -> tuple[int, int, int]:
    """The decision, as far as the feeders' paths differ."""
    feeder, _, said = path
    return len(said.path(0)), said.origin, Address.parse(feeder).value


def nexthop_of(feeder: str, afi: Afi) -> bytes:
    number = feeder.rpartition(".")[2]
    return Address.parse(feeder if afi is Afi.IPV4 else f"2001:db8:ff::{number}").pack()


def told(monitor: str, afi: Afi, feeder: str, path_id: int, said: Said) -> Told:
    """What a monitor has to hear of a feeder's path."""
    path = said.path(FEEDERS[feeder])
    if monitor == INTERNAL:
        return attributes(said, path, nexthop_of(feeder, afi), said.med, 100)
    own = Address.parse(ROUTER)
    nexthop = own if afi is Afi.IPV4 else mapped(own)
    return attributes(said, (ASN, *path), nexthop.pack(), None, None)
