"""One next hop under many routes leads elsewhere: what that costs, and how long it takes.

bgpd has the routes from a feeder some hops away, all with the next hop 10.255.0.1, to which static
routes lead over one gateway or the other.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from grammar.base.values import Address
from tests.perf.kernel import FEEDERS, ROUTER, ROUTER_AS, ROUTERS, connect, within
from tests.perf.load import Watch, cpu
from tests.perf.stream import FEEDER_AS, announcements
from tests.support.namespaces import Lab
from tests.support.router import DAEMONS, Router
from tests.support.wait import until

NEXTHOP = "10.255.0.1"
GATEWAYS = {"e1": "10.1.0.2", "e2": "10.2.0.2"}
FILES = {
    "zebra.conf": "",
    "staticd.conf": f"ip route 10.255.0.0/24 {GATEWAYS['e1']}\n",
    "bgpd.conf": f"""\
router bgp {ROUTER_AS}
 bgp router-id {ROUTER}
 no bgp ebgp-requires-policy
 neighbor {FEEDERS[0]} remote-as {FEEDER_AS}
 neighbor {FEEDERS[0]} passive
 neighbor {FEEDERS[0]} ebgp-multihop 2
 address-family ipv4 unicast
  neighbor {FEEDERS[0]} prefix-list NONE out
 exit-address-family
exit
ip prefix-list NONE seq 5 deny any
""",
}
OVER_1, OVER_2 = (f"ip route 10.255.0.0/24 {gate}" for gate in GATEWAYS.values())


@dataclass(frozen=True)
class Flap:
    """One change: seconds until all routes went there, CPU seconds of the daemons until all was
    quiet, how many routes zebra told the kernel, the longest answers of the vtys in ms, and how
    long somebody idle had to wait for a processor meanwhile."""

    seconds: float
    cpu: dict[str, float]
    routes: int
    wait: dict[str, float]
    late: float


class Flapping:
    """A router with `size` routes over one next hop; use it within a `Lab`."""

    def __init__(self, lab: Lab, kind: str, size: int) -> None:
        self.node, self.far = lab.namespace("router"), lab.namespace("far")
        for name, address in (("eth0", ROUTER), ("e1", "10.1.0.1"), ("e2", "10.2.0.1")):
            lab.link(self.node, name, self.far, name)
            self.node.ip("address", "add", f"{address}/24", "dev", name)
        for name, address in (("eth0", FEEDERS[0]), *GATEWAYS.items()):
            self.far.ip("address", "add", f"{address}/24", "dev", name)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        self.size = size
        self.router: Router = ROUTERS[kind](self.node, FILES)
        self.router.start(*DAEMONS)
        self._feeder = within(self.far, lambda: connect(FEEDERS[0]))
        self._feeder.say(announcements(size, Address.parse(NEXTHOP)))
        until(lambda: self.over() == {"e1": size}, 120, "all routes")
        self._settle()

    def close(self) -> None:
        """End everything."""
        self.router.stop()
        self._feeder.close()

    def _settle(self) -> None:
        """Until nobody works any more; to be asked all the time costs a tenth of the time."""
        pids = [self.router.processes[name].pid for name in DAEMONS]
        last = -1.0
        while (now := sum(map(cpu, pids))) - last > 0.06:
            last = now
            time.sleep(0.3)

    def over(self) -> dict[str, int]:
        """How many of bgpd's routes go over which links."""
        found: dict[str, int] = {}
        listed = self.node.ip("-oneline", "route", "show", "proto", "bgp").splitlines()
        for line in listed:
            words = line.split()
            links = "".join(sorted(words[at + 1] for at, word in enumerate(words) if word == "dev"))
            found[links] = found.get(links, 0) + 1
        return found

    def told(self) -> int:
        """How many changes of routes zebra has told the kernel."""
        for line in self.router.show("show zebra dplane").splitlines():
            if line.strip().startswith("Route updates:"):
                return int(line.split()[-1])
        raise AssertionError("no count of route updates")

    def flap(self, *lines: str, links: str) -> Flap:
        """Type lines of staticd, until all routes go over these links and nobody works."""
        return self.change(lambda: self.router.configure(*lines), links)

    def change(self, action: Callable[[], object], links: str) -> Flap:
        """Do something of the kind."""
        pids = {name: self.router.processes[name].pid for name in DAEMONS}
        before, routes = {name: cpu(pid) for name, pid in pids.items()}, self.told()
        watches = {name: Watch(self.router.run / f"{name}.vty") for name in ("zebra", "bgpd")}
        begin = time.perf_counter()
        action()
        try:
            until(lambda: self.over() == {links: self.size}, 120, f"all routes over {links}")
            seconds = time.perf_counter() - begin
            self._settle()
        finally:
            waits = {name: watch.stop() for name, watch in watches.items()}
        used = {name: cpu(pid) - before[name] for name, pid in pids.items()}
        late = max(watch.late for watch in watches.values())
        return Flap(seconds, used, self.told() - routes, waits, late)
