"""FRR's bgpd and ours under the same sessions and the same bytes, and what can be compared of both.

Both run on loopback without zebra. Feeders announce; monitors keep what they are told, decoded from
the bytes here and by no code of ours, so that it does not matter how messages are packed.
"""

import re
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from bgp.wire.capability import AddPath, AddPathMode, Capability, Multiprotocol, RouteRefresh
from bgp.wire.message import MessageType, pack
from bgp.wire.refresh import Refresh
from bgp.wire.update import encode_withdraw
from grammar.base.values import Address, Afi, Prefix
from tests.perf.ear import Ear
from tests.perf.load import TARGET, daemon
from tests.perf.stream import mixed, said
from tests.support.masks import mask
from tests.support.vty import Vty
from tests.support.wait import until

ASN = 64600
FEEDERS = {f"f{number}": (f"127.0.1.{number}", 64600 + number) for number in range(1, 11)}
FAMILIES: tuple[Capability, ...] = (Multiprotocol(1, 1), Multiprotocol(2, 1), RouteRefresh())
NEXTHOPS = {Afi.IPV4: "192.0.2.", Afi.IPV6: "2001:db8::"}
MARK = 64999 << 16
"""Communities from here on say how much a feeder has announced."""


@dataclass(frozen=True)
class Monitor:
    """A neighbour that listens: address, AS, the lines of it in each family, and what it offers."""

    address: str
    asn: int
    lines: tuple[str, ...] = ()
    offered: tuple[Capability, ...] = FAMILIES


ADDPATH = AddPath(tuple((afi, 1, AddPathMode.RECEIVE) for afi in (1, 2)))
MONITORS = {
    "external": Monitor("127.0.2.1", 64701),
    "route-map": Monitor("127.0.2.2", 64702, ("route-map OUT out",)),
    "prefix-list": Monitor("127.0.2.3", 64703, ("prefix-list SOME out",)),
    "internal": Monitor("127.0.2.4", ASN),
    "client": Monitor("127.0.2.5", ASN, ("route-reflector-client",)),
    "paths": Monitor("127.0.2.6", 64706, ("addpath-tx-all-paths",), (*FAMILIES, ADDPATH)),
    "late": Monitor("127.0.2.7", 64707),
}
FIRST = tuple(name for name in MONITORS if name != "late")
MARKS = "198.51.100.0/24 le 32"
POLICY = f"""\
bgp route-map delay-timer 0
ip prefix-list NONE seq 5 deny any
ip prefix-list MARKS seq 5 permit {MARKS}
ip prefix-list SOME seq 5 permit {MARKS}
ip prefix-list SOME seq 10 permit 0.0.0.0/0 ge 20 le 23
ip prefix-list LOW seq 5 permit 0.0.0.0/2 le 32
ip prefix-list HIGH seq 5 permit 80.0.0.0/5 le 32
bgp as-path access-list FAR seq 5 permit _[0-9]*7_
bgp community-list standard ODD seq 5 permit 3007:7
bgp community-list standard ODD seq 10 permit 3008:8
route-map OUT permit 5
 match ip address prefix-list MARKS
exit
route-map OUT deny 10
 match community ODD
exit
route-map OUT permit 20
 match as-path FAR
 set metric 50
 set community 64600:20 additive
exit
route-map OUT permit 30
 match ip address prefix-list LOW
 set as-path prepend 64600 64600
exit
route-map OUT permit 40
exit
route-map IN permit 10
 match ip address prefix-list LOW
 set local-preference 200
exit
route-map IN deny 20
 match ip address prefix-list HIGH
exit
route-map IN permit 30
 match as-path FAR
 set local-preference 90
 set community 64600:30 additive
exit
route-map IN permit 40
exit
"""


def configuration() -> str:
    """All neighbours are passive; feeders but the first hear nothing, the third is kept whole."""
    lines = [
        POLICY,
        f"router bgp {ASN}",
        f" bgp router-id {TARGET}",
        " no bgp ebgp-requires-policy",
        " coalesce-time 50",
    ]
    families: dict[str, list[str]] = {"ipv4": [], "ipv6": []}
    filters = {
        **dict.fromkeys(list(FEEDERS)[1:], ("prefix-list NONE out",)),
        **{name: monitor.lines for name, monitor in MONITORS.items()},
        "f2": ("prefix-list NONE out", "route-map IN in"),
        "f3": ("prefix-list NONE out", "soft-reconfiguration inbound"),
    }
    neighbours = FEEDERS | {name: (one.address, one.asn) for name, one in MONITORS.items()}
    for name, (address, asn) in neighbours.items():
        lines += [f" neighbor {address} remote-as {asn}", f" neighbor {address} passive"]
        if asn != ASN:
            lines.append(f" neighbor {address} ebgp-multihop 255")
        families["ipv6"].append(f"  neighbor {address} activate")
        for own in filters.get(name, ()):
            families["ipv4"].append(f"  neighbor {address} {own}")
            if own[0] in "ar" and own != "route-map OUT out":
                families["ipv6"].append(f"  neighbor {address} {own}")
    for family, settings in families.items():
        lines += [f" address-family {family} unicast", *settings, " exit-address-family"]
    return "\n".join([*lines, "exit", ""])


class Side:
    """One of the two daemons, and the sessions with it by name."""

    def __init__(self, kind: str, port: int, folder: Path) -> None:
        self.kind, self.port = kind, port
        self.vty = Vty(folder, "bgpd")
        self.sessions: dict[str, Ear] = {}

    def up(self, name: str) -> None:
        """A session; right after its start a daemon refuses some."""
        if name in FEEDERS:
            at, offered = FEEDERS[name], FAMILIES
        else:
            monitor = MONITORS[name]
            at, offered = (monitor.address, monitor.asn), monitor.offered
        for _ in range(200):
            try:
                self.sessions[name] = Ear(at, (TARGET, self.port), offered)
            except (ConnectionError, TimeoutError):
                time.sleep(0.05)
            else:
                return
        raise TimeoutError(f"{self.kind}: no session of {name}")

    def ask(self, line: str) -> str:
        """The answer to a line, which has to be taken."""
        text, status = self.vty.ask(line)
        assert status == 0, (self.kind, line, text)
        return text

    def type(self, *lines: str) -> None:
        """Configure."""
        for line in ("configure terminal", *lines, "end"):
            self.ask(line)

    def told(self) -> dict[str, int]:
        """How many prefixes each session was told of, counted again when they came again."""
        for session in self.sessions.values():
            session.now()
        return {
            name: session.heard.count for name, session in self.sessions.items() if name in MONITORS
        }

    def facts(self, lines: Iterable[str]) -> dict[str, Any]:
        """All that has to be equal, with the answers to these lines."""
        lines = [*lines, "show bgp summary json", "show bgp neighbors json"]
        lines += [f"show bgp {family} unicast json" for family in ("ipv4", "ipv6")]
        found: dict[str, Any] = {line: plain(self.ask(line)) for line in lines}
        for name in self.sessions:
            found[f"heard by {name}"] = self.sessions[name].now().by_prefix()
        return found


def family_of(prefix: str) -> str:
    return "ipv6" if ":" in prefix else "ipv4"


CHANCE = re.compile(
    r'"((?:bgpT|t)ableVersion|(?:bgpV|v)ersion|lastUpdate|updatesSent|subGroupId'
    r'|addpathTxId(?:All)?(?=": ?[1-9]))": ?(\{[^}]*\}|\d+)'
)


def plain(text: str) -> str:
    """An answer without what depends on how often work was interrupted: versions, packing, ids."""
    text = CHANCE.sub(r'"\1"', text)
    return text if len(text) > 200_000 else mask(text)


class Both:
    """Both daemons with two feeders and all monitors but the late one, and what is done to both."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.sides: list[Side] = []
        self.announced: dict[tuple[str, Afi], dict[int, None]] = {}
        self._marks = 0

    def __enter__(self) -> Self:
        for kind in ("frr", "ours"):
            folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="pv-ft-")))
            _, port = self._stack.enter_context(daemon(kind, folder, configuration()))
            until((folder / "bgpd.vty").exists, 10, f"the vty of {kind}")
            self.sides.append(Side(kind, port, folder))
        self.up(*FIRST, "f1", "f2")
        return self

    def __exit__(self, *_: object) -> None:
        for side in self.sides:
            for session in side.sessions.values():
                session.end()
            side.vty.socket.close()
        self._stack.close()

    def up(self, *names: str) -> None:
        """Open sessions."""
        for side in self.sides:
            for name in names:
                side.up(name)

    def down(self, name: str) -> None:
        """Close a session, and wait until the routers have noticed."""
        address = FEEDERS[name][0] if name in FEEDERS else MONITORS[name].address
        self.announced = {key: keys for key, keys in self.announced.items() if key[0] != name}
        for side in self.sides:
            side.sessions.pop(name).end()
            line = f"show bgp neighbors {address} json"
            until(lambda s=side, m=line: '"Established"' not in s.ask(m), 10, f"{name} is gone")  # type: ignore[misc]

    def announce(self, feeder: str, keys: Sequence[int], seed: int, afi: Afi = Afi.IPV4) -> None:
        """A feeder announces, in this order, with attributes drawn from `seed`."""
        address, asn = FEEDERS[feeder]
        at = NEXTHOPS[afi] + address.rpartition(".")[2]
        self.announced.setdefault((feeder, afi), {}).update(dict.fromkeys(keys))
        self.say(feeder, mixed(keys, asn, seed, Address.parse(at)))

    def withdraw(self, feeder: str, keys: Sequence[int], afi: Afi = Afi.IPV4) -> None:
        """It takes them back, in this order."""
        for key in keys:
            del self.announced[feeder, afi][key]
        self.say(feeder, list(encode_withdraw(keys, afi)))

    def clear(self) -> None:
        """Take everything back, and end all sessions that were not there at first."""
        for name in [*self.sides[0].sessions]:
            if name not in (*FIRST, "f1", "f2"):
                self.down(name)
        for feeder, afi in self.announced:
            self.withdraw(feeder, list(self.announced[feeder, afi]), afi)
        self.announced.clear()

    def say(self, feeder: str, messages: list[bytes]) -> None:
        """Send messages, and wait until both routers have read them and told of them."""
        for side in self.sides:
            side.sessions[feeder].say(messages)
        self.mark(feeder)

    def mark(self, feeder: str) -> None:
        """Wait until all that a feeder said has come through to everybody."""
        self._marks += 1
        address, asn = FEEDERS[feeder]
        prefix = Prefix.parse(f"198.51.100.{address.rpartition('.')[2]}/32")
        community = MARK + self._marks
        message = said([prefix.key], asn, Address.parse("192.0.2.9"), communities=(community,))
        for side in self.sides:
            side.sessions[feeder].say(message)
        wanted = (0xC0, 8, community.to_bytes(4, "big"))

        def through(ear: Ear) -> bool:
            told = ear.now().routes.get((1, prefix.key), {})
            return any(wanted in attributes for attributes, _ in told.values())

        for side in self.sides:
            for name, ear in side.sessions.items():
                if name == "f1" != feeder or name in MONITORS:
                    until(
                        lambda e=ear: through(e), 20, f"{side.kind}: {name} is told", interval=0.01
                    )  # type: ignore[misc]

    def type(self, *lines: str) -> None:
        """Configure both."""
        for side in self.sides:
            side.type(*lines)

    def ask(self, line: str) -> None:
        """Type a line outside the configuration."""
        for side in self.sides:
            side.ask(line)

    def refresh(self, name: str) -> None:
        """A session asks to be told everything again (RFC 2918)."""
        for side in self.sides:
            side.sessions[name].say([pack(MessageType.ROUTE_REFRESH, Refresh(1, 1).encode())])

    def compare(self, *prefixes: str, lines: Iterable[str] = ()) -> dict[str, Any]:
        """Both must come to the same, which is given; FRR is slow to tell some of it.

        Of each of these prefixes all is compared, and the answers to these lines.
        """
        asked = [f"show bgp {family_of(one)} unicast {one} json" for one in prefixes]
        asked += lines
        found: list[dict[str, Any]] = []

        def same() -> bool:
            found[:] = [side.facts(asked) for side in self.sides]
            return found[0] == found[1]

        try:
            until(same, 4, "both the same", interval=0.2)
        except AssertionError:
            raise AssertionError("\n".join(differences(*found))) from None
        return found[0]


def differences(theirs: dict[str, Any], ours: dict[str, Any]) -> list[str]:
    """What differs, some lines of each."""
    lines = []
    for name in theirs:
        if theirs[name] == ours[name]:
            continue
        pairs: list[tuple[object, object]]
        if isinstance(theirs[name], str):
            one, other = theirs[name].splitlines(), ours[name].splitlines()
            differ = (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
            at = max(next(differ, min(len(one), len(other))) - 3, 0)
            pairs = [("\n".join(one[at : at + 8]), "\n".join(other[at : at + 8]))]
        else:
            some = [
                key
                for key in {**theirs[name], **ours[name]}
                if theirs[name].get(key) != ours[name].get(key)
            ]
            pairs = [((key, theirs[name].get(key)), ours[name].get(key)) for key in some[:3]]
            lines.append(f"{len(some)} prefixes")
        lines += [f"--- {name}\nFRR  {pair[0]}\nours {pair[1]}" for pair in pairs]
    return lines
