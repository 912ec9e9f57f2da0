"""A router of any kind and a real FRR beside it: one link, eBGP, two networks of FRR's."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.router import Router
from tests.support.scenario import KINDS
from tests.support.wait import until

OURS, THEIRS = "10.0.0.1", "10.0.0.2"
ROUTES = {"172.30.0.0/24", "172.30.1.0/24"}

CONFIG = """\
router bgp 65001
 bgp router-id 10.0.0.1
 no bgp ebgp-requires-policy
 neighbor 10.0.0.2 remote-as 65002
 neighbor 10.0.0.2 timers connect 1
 {own}
"""
PEER_CONFIG = """\
router bgp 65002
 bgp router-id 10.0.0.2
 no bgp ebgp-requires-policy
 no bgp network import-check
 {own}
 neighbor 10.0.0.1 remote-as 65001
 neighbor 10.0.0.1 timers connect 1
 {more}
 address-family ipv4 unicast
  network 172.30.0.0/24
  network 172.30.1.0/24
 exit-address-family
"""


@dataclass
class Beside:
    """Both routers; the daemons of FRR run, those of the router under test are started by hand."""

    router: Router
    frr: Router

    def routes(self) -> dict[str, list[dict[str, object]]]:
        """What the router's BGP table holds."""
        shown = json.loads(self.router.show("show ip bgp json"))
        found: dict[str, list[dict[str, object]]] = shown.get("routes", {})
        return found

    def kernel(self) -> set[str]:
        """Prefixes of BGP in the router's kernel."""
        listed = self.router.namespace.ip("route", "list", "proto", "bgp")
        return {line.split()[0] for line in listed.splitlines() if line.startswith("172.")}

    def state(self) -> str:
        """The session's state as the router tells it."""
        shown = json.loads(self.router.show(f"show bgp neighbors {THEIRS} json"))
        state: str = shown[THEIRS]["bgpState"]
        return state

    def await_routes(self, seconds: float = 20) -> None:
        """Wait for both networks."""
        until(lambda: set(self.routes()) == ROUTES, seconds, "the routes of FRR at the router")


@contextmanager
def beside(kind: str, *, own: str = "!", theirs: str = "!", more: str = "!") -> Iterator[Beside]:
    """The laboratory; `own`, `theirs` and `more` are further lines of the configurations."""
    with Lab() as lab:
        router, peer = lab.namespace("router"), lab.namespace("frr")
        lab.link(router, "eth0", peer, "eth0")
        router.ip("address", "add", f"{OURS}/24", "dev", "eth0")
        peer.ip("address", "add", f"{THEIRS}/24", "dev", "eth0")
        frr = FrrRouter(peer, {"bgpd.conf": PEER_CONFIG.format(own=theirs, more=more)})
        frr.start("zebra", "bgpd")
        yield Beside(KINDS[kind](router, {"bgpd.conf": CONFIG.format(own=own)}), frr)
