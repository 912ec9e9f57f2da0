"""What programs ask a router, and what each of them looks for in the answer.

A path names members of a JSON answer by `/`; `*` is any of an object or a list, of which there has
to be one. A type ends it: `s` text, `i` an integer, `n` a number, `b`, `o` an object, `l` a list.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None
TYPES: dict[str, type | tuple[type, ...]] = {
    "s": str,
    "i": int,
    "n": (int, float),
    "b": bool,
    "o": dict,
    "l": list,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A command of a program: paths that its JSON has, or expressions that its text fits."""

    program: str
    command: str
    paths: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    empty: bool = False
    """Nothing may be answered, as FRR does."""

    def check(self, text: str) -> None:
        """AssertionError unless the program finds what it looks for."""
        what = f"{self.program}: {self.command}"
        if self.paths:
            answer = json.loads(text)
            for path in self.paths:
                place, _, kind = path.rpartition(":")
                found = list(reach(answer, [step for step in place.split("/") if step]))
                assert found, f"{what}: no {place} in {text[:2000]}"
                assert all(isinstance(one, TYPES[kind]) for one in found), f"{what}: {path}"
        for expression in self.texts:
            assert re.search(expression, text, re.M), f"{what}: {expression!r} not in {text}"
        assert text or self.empty, f"{what}: no answer"


def reach(value: Json, steps: list[str]) -> Iterator[Json]:
    """Every value that a path leads to."""
    if not steps:
        yield value
        return
    first, rest = steps[0], steps[1:]
    if first == "*" and isinstance(value, list):
        members = list(value)
    elif isinstance(value, dict):
        members = [one for name, one in value.items() if first in ("*", name)]
    else:
        members = []
    for member in members:
        yield from reach(member, rest)


PEER = "10.0.0.2"
_STATE = ("state:s", "remoteAs:i", "msgRcvd:i", "msgSent:i", "peerUptimeMsec:n", "pfxRcd:i")
_HEAD = ("routerId:s", "as:i", "ribCount:i", "ribMemory:i", "peerCount:i", "peerMemory:i")
_SESSION = (
    "remoteAs:i",
    "localAs:i",
    "remoteRouterId:s",
    "bgpVersion:i",
    "bgpState:s",
    "addressFamilyInfo/*/sentPrefixCounter:i",
    "messageStats/opensSent:i",
    "messageStats/totalRecv:i",
)
_COUNTS = ("routes/*/fib:i", "routes/*/rib:i", "routes/*/fibOffLoaded:i", "routes/*/type:s")

EXPORTER: tuple[tuple[str, Asked], ...] = tuple(
    (daemon, Asked("frr_exporter", command, paths, texts))
    for daemon, command, paths, texts in (
        (
            "bgpd",
            "show bgp vrf all ipv4  summary json",
            (
                *(f"default/ipv4Unicast/{path}" for path in _HEAD),
                *(f"default/ipv4Unicast/peers/{PEER}/{path}" for path in _STATE),
            ),
            (),
        ),
        ("bgpd", "show bgp vrf all ipv6  summary json", (":o",), ()),
        ("bgpd", "show bgp vrf all l2vpn evpn summary json", (":o",), ()),
        (
            "bgpd",
            "show bgp vrf all neighbors json",
            (
                "default/vrfId:i",
                "default/vrfName:s",
                f"default/{PEER}/addressFamilyInfo/ipv4Unicast/acceptedPrefixCounter:i",
            ),
            (),
        ),
        ("bgpd", "show version", (), (r"FRRouting (\S+)", r"on (.+)\.$")),
        ("zebra", "show version", (), (r"FRRouting (\S+)", r"on (.+)\.$")),
        ("zebra", "show ip route vrf all summary json", _COUNTS, ()),
        ("zebra", "show ipv6 route vrf all summary json", ("routesTotal:i",), ()),
        ("zebra", "show ip route vrf default summary json", (*_COUNTS, "routesTotalFib:i"), ()),
        ("bfdd", "show bfd peers json", ("*/peer:s", "*/status:s"), ()),
        ("bfdd", "show bfd peers counters json", ("*/peer:s", "*/session-up:i"), ()),
    )
)
"""With the daemon whose socket is asked, character by character as it is sent."""

COMMANDS: tuple[Asked, ...] = (
    # MetalLB and frr-k8s: liveness, metrics, statuses
    Asked("metallb", "show daemons", texts=(r"^ zebra bgpd.*$",)),
    Asked("metallb", "show bgp vrf all json", ("default:o",)),
    Asked("metallb", "show bgp vrf default neighbors json", tuple(f"{PEER}/{p}" for p in _SESSION)),
    Asked("metallb", "show bfd vrf default peers json", ("*/remote-receive-interval:i",)),
    Asked("metallb", "show bfd vrf default peers counters json", ("*/zebra-notifications:i",)),
    Asked("frr-k8s", "show running-conf", texts=(r"^router bgp 65001$",)),
    Asked("metallb", "show bgp neighbor json", (f"{PEER}/connectionsDropped:i",)),
    Asked("metallb", f"show bgp neighbor {PEER} json", (f"{PEER}/gracefulRestartInfo:o",)),
    Asked(
        "metallb", "show bgp vrf default ipv4 json", ("routes/*/*/valid:b", "routes/*/*/origin:s")
    ),
    Asked("metallb", "show bgp ipv4 json", ("routes/*/*/nexthops/*/ip:s",)),
    Asked("metallb", "show bgp ipv6 json", ("routes:o",)),
    Asked("metallb", "show bgp vrf all neighbor", texts=(f"BGP neighbor is {PEER}",)),
    Asked("metallb", "show bfd vrf all peer", empty=True),
    # Cilium
    Asked("cilium", "show bgp ipv4 json detail", ("routes/*/*/aspath/segments:l", "localAS:i")),
    # Ansible
    Asked("ansible", "show version", texts=(r"FRRouting (\S+) \((\S+)\)",)),
    Asked("ansible", "show memory", texts=(r"^Memory statistics for zebra:", "Total heap alloc")),
    Asked("ansible", "show startup-config", empty=True),
    Asked(
        "ansible",
        "show interface",
        texts=(
            r"^Interface (\S+) is up, line protocol is (up|down)",
            r"HWaddr: (\S+)",
            r"Type: (\S+)",
            r"vrf: (\S+)",
            r"mtu (\d+)",
            r"inet (\S+)/(\d+)",
        ),
    ),
    # suzieq, by the columns of its template for interfaces
    Asked(
        "suzieq",
        "show int vrf all",
        texts=(
            r"^Interface \S+ is \S+, line protocol is \S+\n  Link ups: +\d+ +last: \S+",
            r"^  vrf: \S+$",
            r"^  index \d+ metric \d+ mtu \d+ speed \d+",
            r"^  inet \S+$",
        ),
    ),
    Asked("suzieq", "show evpn vni detail json", empty=True),
    # netlab
    Asked("netlab", "show bgp summary json", (f"ipv4Unicast/peers/{PEER}/state:s",)),
    Asked("netlab", "show bgp ipv4 unicast summary established json", (f"peers/{PEER}/state:s",)),
    Asked("netlab", "show bgp ipv4 172.30.0.0/24 json", ("prefix:s", "paths/*/peer/routerId:s")),
    Asked("netlab", "show ip route json", ("*/*/protocol:s", "*/*/metric:i", "*/*/nexthops:l")),
    Asked("netlab", "show ip route bgp json", (":o",)),
    Asked("netlab", "show ipv6 route json", (":o",)),
    # SONiC
    Asked("sonic", "show bgp vrfs json", ("vrfs/default:o",)),
    Asked("sonic", "show bgp peer-group G json", (":o",)),
    Asked("sonic", "show ip bgp summary", texts=(r"local AS number \d+",)),
    Asked("sonic", "show ip bgp neighbor", texts=(r"BGP state = \w+", r"remote AS \d+")),
    # VyOS, hyperglass, FRR-MAD, ovn-kubernetes
    Asked("vyos", "show run", texts=("^frr version 8.4.4$",)),
    Asked("vyos", "show bgp ipv4 unicast json", ("routes:o",)),
    Asked("hyperglass", "show bgp ipv4 unicast 172.30.0.0/24 json", ("paths/*/nexthops/*/ip:s",)),
    Asked("frr-mad", "show interface json", ("eth0/administrativeStatus:s",)),
    Asked("ovn-kubernetes", f"show bfd peer {PEER}", texts=(r"peer",)),
    # FRR's own topology tests
    Asked("topotests", "show nexthop-group rib", texts=(r"^ID: \d+ \(zebra\)",)),
    Asked("topotests", "show vrf", empty=True),
    Asked("topotests", "show evpn vni json", empty=True),
    Asked("topotests", "show mpls table json", (":o",)),
)
