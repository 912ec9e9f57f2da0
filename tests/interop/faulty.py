"""Twin routers, FRR's and ours, that suffer the same faults: what each knows and has installed.

```
r   eth0 10.0.0.1/24 fd00::1/64      the kernel's own addresses, BGP with p
    eth1 10.0.1.1/24 fd01::1/64      the kernel's own, BGP with p (the same routes)
    eth2 10.0.2.1/24 fd02::1/64      addresses of zebra.conf
    eth3                             nothing
p   the far ends, .2 and ::2         BIRD, which announces
```
MAC addresses are fixed, and so are link-local ones.
"""

import re
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic, sleep
from typing import TypeVar

from tests.support.bird import Bird
from tests.support.golden import assert_same
from tests.support.namespaces import Lab, Namespace
from tests.support.router import Router
from tests.support.vty import Vty
from tests.support.wait import INTERVAL, until

T = TypeVar("T")
LINKS = 4
ZEBRA = """\
interface eth2
 ip address 10.0.2.1/24
 ipv6 address fd02::1/64
exit
"""
STATIC = """\
ip route 192.0.2.0/24 10.0.0.2
ip route 192.0.3.0/24 10.0.1.2
ip route 192.0.4.0/24 blackhole
ip route 192.0.5.0/24 eth1
ip route 192.0.6.0/24 10.0.0.2 table 100
ip route 192.0.7.0/24 172.30.0.9
ip route 192.0.8.0/24 10.0.2.2 eth2
ip route 192.0.9.0/24 10.0.1.2 5
ip route 192.0.10.0/24 10.99.0.2 eth0 onlink
ip route 192.0.11.0/24 198.51.100.9
ipv6 route 2001:db8:2::/48 fd00::2
ipv6 route 2001:db8:3::/48 fe80::ff:fe00:102 eth1
ipv6 route 2001:db8:4::/48 eth2
ipv6 route 2001:db8:5::/48 fd01::2
ipv6 route 2001:db8:6::/48 blackhole
"""
BGP = """\
router bgp 65001
 bgp router-id 10.0.0.1
 no bgp ebgp-requires-policy
 no bgp default ipv4-unicast
 bgp bestpath compare-routerid
 neighbor 10.0.0.2 remote-as 65002
 neighbor 10.0.0.2 timers connect 1
 neighbor 10.0.1.2 remote-as 65002
 neighbor 10.0.1.2 timers connect 1
 neighbor fd00::2 remote-as 65002
 neighbor fd00::2 timers connect 1
 address-family ipv4 unicast
  neighbor 10.0.0.2 activate
  neighbor 10.0.1.2 activate
  maximum-paths 1
  redistribute connected
  redistribute static
  redistribute kernel
 exit-address-family
 address-family ipv6 unicast
  neighbor fd00::2 activate
 exit-address-family
exit
"""
GRACEFUL = " bgp graceful-restart preserve-fw-state\n bgp graceful-restart\n"
FILES: Mapping[str, str] = {"zebra.conf": ZEBRA, "staticd.conf": STATIC, "bgpd.conf": BGP}
BIRD = """\
router id 10.0.0.2;
protocol device {}
protocol static own4 { ipv4;
  route 172.30.0.0/24 blackhole; route 172.30.1.0/24 blackhole; route 172.30.2.0/24 blackhole; }
protocol static own6 { ipv6; route 2001:db8:30::/48 blackhole; }
template bgp calm { error wait time 1, 2; passive; graceful restart; }
protocol bgp peer0 from calm { local 10.0.0.2 as 65002; neighbor 10.0.0.1 as 65001;
  ipv4 { import none; export where source = RTS_STATIC; }; }
protocol bgp peer1 from calm { local 10.0.1.2 as 65002; neighbor 10.0.1.1 as 65001;
  ipv4 { import none; export where source = RTS_STATIC; }; }
protocol bgp peer6 from calm { local fd00::2 as 65002; neighbor fd00::1 as 65001;
  ipv6 { import none; export where source = RTS_STATIC; }; }
"""
SHOWS = {
    "zebra": (
        "show ip route",
        "show ip route table 100",
        "show ipv6 route",
        "show ip nht",
        "show ipv6 nht",
        "show interface",
        "show ip forwarding",
        "show ipv6 forwarding",
        "show router-id",
    ),
    "bgpd": ("show bgp ipv4 unicast", "show bgp ipv6 unicast"),
}
PASSING = (
    (re.compile(r"(?<![:\w])\d\d:\d\d:\d\d(?![:\w])"), "<age>"),
    (re.compile(r"(last: )\S+ \S+$", re.M), r"\1<date>"),
    (re.compile(r"\(fd \d+\)"), "(fd)"),
    (re.compile(r"(BGP table version is )\d+"), r"\1<version>"),
    (re.compile(r"  Link (ups|downs): .*"), r"  Link \1"),
    (re.compile(r" expires \d+sec"), ""),
    # FRR takes what has the number of the other end for the parent, and keeps it when it moves.
    (re.compile(r"^  Parent (?:interface|ifindex): .*\n", re.M), ""),
    # FRR takes the link-local network of another interface away than that which went.
    (re.compile(r"^C[> ][* ] fe80::/64 .*\n", re.M), ""),
    (
        re.compile(r"(^fe80::.*\n resolved via connected\n is directly connected, ).*", re.M),
        r"\1<any>",
    ),
)
_INET6 = re.compile(r"(?:^  inet6 .*\n)+", re.M)
PATIENCE = 60.0
MARK = "---"
LISTS = ("ip nexthop show", "ip -4 route show table all", "ip -6 route show table all")
STILL = 0.1
"""Seconds for which both have to say the same."""


class Side:
    """One of the twins: the router, its far end, and the commands to both."""

    def __init__(self, kind: type[Router], lab: Lab, files: Mapping[str, str] = FILES) -> None:
        self.lab = lab
        self.node, self.far = lab.namespace("r"), lab.namespace("p")
        self.node.sysctl("net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
        for number in range(LINKS):
            lab.link(self.node, f"eth{number}", self.far, f"eth{number}")
            for end, (space, last) in enumerate(((self.node, 1), (self.far, 2))):
                device = f"eth{number}"
                mac = f"02:00:00:00:{number:02x}:{end + 1:02x}"
                space.ip("link", "set", device, "down", "address", mac)
                space.ip("link", "set", device, "up")
                if number < 3 and (number < 2 or last == 2):
                    space.ip("address", "add", f"10.0.{number}.{last}/24", "dev", device)
                    space.ip("address", "add", f"fd0{number}::{last}/64", "dev", device, "nodad")
        until(self._has_link_locals, 5, "link-local addresses")
        route = ("route", "add", "198.51.100.0/24", "via", "10.0.0.2", "metric", "50")
        self.ip(*route)
        self.ip("route", "add", "198.51.101.0/24", "dev", "eth1", "proto", "static")
        self.ip("route", "add", "198.51.102.0/24", "via", "10.0.1.2", "table", "200")
        self.ip("route", "add", "blackhole", "198.51.103.0/24")
        self.bird = Bird(self.far, BIRD)
        self.bird.start()
        self.router = kind(self.node, files)

    def _has_link_locals(self) -> bool:
        # The kernel looks at carriers once a second.
        spaces = (self.node, self.far)
        return all(one.ip("-6", "address").count("inet6 fe80") == LINKS for one in spaces)

    def start(self) -> None:
        """Start the daemons, zebra well ahead, so that the order of what they say is certain."""
        self.router.start("zebra")

        def ready() -> bool:
            shown = self.ask("show ip route") + self.ask("show ipv6 route")
            return "C>* 10.0.2.0/24" in shown and "C>* fd02::/64" in shown

        until(ready, 10, "connected routes")
        self.router.start("staticd", "bgpd")
        # A next hop that bgpd asks for, too, is told to staticd again.
        until(lambda: "B>* 172.30.2.0" in self.ask("show ip route"), 10, "routes of BGP")
        with Vty(self.router.run, "staticd") as vty:
            for line in ("configure terminal", "ip route 192.0.9.0/24 10.0.2.2 9"):
                assert vty.ask(line) == ("", 0)

    def ask(self, line: str) -> str:
        """The answer of zebra."""
        with Vty(self.router.run, "zebra") as vty:
            return vty.ask(line)[0]

    def ip(self, *words: str) -> None:
        """`ip WORDS` in the router's namespace."""
        self.node.ip(*words)

    def kill(self, *daemons: str) -> None:
        """SIGKILL, and wait for the end."""
        for daemon in daemons:
            self.router.processes.pop(daemon).stop(signal.SIGKILL)

    def state(self) -> str:
        """The kernel's routes and objects, and the shows of the daemons that run."""
        parts = ["# kernel\n", *kernel(self.node)]
        for daemon, lines in SHOWS.items():
            if daemon not in self.router.processes:
                parts.append(f"# no {daemon}\n")
                continue
            with Vty(self.router.run, daemon) as vty:
                for line in lines:
                    text = masked(vty.ask(line)[0])
                    parts.append(f"# {line}\n{in_order(text) if daemon == 'bgpd' else text}")
        return "".join(parts)


def masked(text: str) -> str:
    """Without ages, moments and numbers of sockets; IPv6 addresses in order.

    The kernel makes a link-local address when it likes.
    """
    for pattern, name in PASSING:
        text = pattern.sub(name, text)
    return _INET6.sub(lambda found: "".join(sorted(found[0].splitlines(keepends=True))), text)


def in_order(text: str) -> str:
    """The paths of a prefix in an order that does not depend on which came first."""
    prefix, others, paths, listed = "", [], [], False
    for line in text.splitlines():
        if listed and line:
            prefix = line[3:20] if line[3:4].strip() else prefix
            paths.append(f"{line[:3]}{prefix}{line[20:]}")
        else:
            others.append(line)
            listed = line.lstrip().startswith("Network ")
    return "\n".join([*others, *sorted(paths), ""])


def kernel(node: Namespace) -> Iterator[str]:
    """Routes of all tables with what their next-hop objects stand for; IPv4's, then IPv6's."""
    objects: dict[str, str] = {}
    listed = node.run(["sh", "-c", f"; echo {MARK}; ".join(LISTS)]).stdout
    of_objects, *of_routes = listed.split(f"{MARK}\n")
    for line in of_objects.splitlines():
        words = line.split()
        objects[words[1]] = " ".join(words[2:])
    for number, text in objects.items():
        if text.startswith("group"):
            parts = text.split()[1].split("/")
            members = sorted(objects[part.split(",")[0]] for part in parts)
            objects[number] = "group " + " / ".join(members)
    for found in of_routes:
        for line in sorted(found.replace("\n\t", " ").splitlines()):
            text = masked(line).rstrip()
            yield re.sub(r"nhid (\d+)", lambda n: f"({objects.get(n[1], '?')})", text) + "\n"


class Twins:
    """Both sides; `both` does something to each, `compare` waits until they agree again."""

    def __init__(self, theirs: Side, ours: Side, hands: Executor) -> None:
        self.theirs, self.ours = theirs, ours
        self._hands = hands

    def _each(self, act: Callable[[Side], T]) -> list[T]:
        """What `act` gives for FRR's side and for ours."""
        return list(self._hands.map(act, (self.theirs, self.ours)))

    def both(self, *acts: Callable[[Side], object]) -> None:
        """Do the same to both at once."""

        def do(side: Side) -> None:
            for act in acts:
                act(side)

        self._each(do)

    def compare(self, what: str, holds: Callable[[str], bool] = lambda state: True) -> None:
        """Both say the same, for a moment, and `holds` is true of it; else a diff is raised."""
        deadline = monotonic() + PATIENCE
        since: float | None = None
        before = ""
        while True:
            theirs, ours = self._each(Side.state)
            now = monotonic()
            if theirs != ours or theirs != before or not holds(theirs):
                since = now
            elif since is not None and now - since >= STILL:
                return
            before = theirs
            if now > deadline:
                assert_same(ours, theirs, what, names=("frr", "ours"))
                raise AssertionError(f"{what}: no rest, or not what was expected:\n{theirs}")
            sleep(INTERVAL)


@contextmanager
def twins(
    kinds: Iterable[type[Router]], files: Mapping[str, str] = FILES, *options: str
) -> Iterator[Twins]:
    """Both sides with all daemons running and all routes there."""
    with Lab() as one, Lab() as other, ThreadPoolExecutor(2) as hands:
        sides = [Side(kind, lab, files) for kind, lab in zip(kinds, (one, other), strict=True)]
        list(hands.map(Side.start, sides))
        theirs, ours = sides
        made = Twins(theirs, ours, hands)
        made.compare("at the start", converged)
        yield made


def converged(state: str) -> bool:
    """All routes of all sources are in the kernel."""
    wanted = ("172.30.2.0/24 (", "192.0.7.0/24 (", "2001:db8:30::/48 (", "192.0.8.0/24 (")
    return all(text in state for text in wanted)
