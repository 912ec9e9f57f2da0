"""Neighbours on an interface, with zebra and bgpd of either kind, and FRR at the other end.

What is shown is compared in `tests/conformance` (`unnumbered-...`); here it is who works with whom.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.frr import FrrRouter
from tests.support.mixed import MixedRouter
from tests.support.namespaces import Lab, Namespace
from tests.support.router import Router
from tests.support.wait import until

pytestmark = pytest.mark.real

OURS = {"bgpd": ("bgpd",), "zebra": ("zebra",)}


def _config(number: int, *lines: str) -> dict[str, str]:
    more = "".join(f" {line}\n" for line in lines)
    text = (
        f"frr defaults datacenter\n!\nrouter bgp 6500{number}\n bgp router-id 10.255.0.{number}\n"
        f" no bgp network import-check\n neighbor eth0 interface remote-as external\n"
        f" neighbor eth0 timers connect 1\n neighbor eth0 timers 1 3\n{more}"
        f" address-family ipv4 unicast\n  network 10.{number}.0.0/16\n exit-address-family\n"
    )
    return {"frr.conf": text, "zebra.conf": "", "bgpd.conf": ""}


class Link:
    """A router under test and FRR on one cable, none of them with an address."""

    def __init__(self, lab: Lab, ours: tuple[str, ...], own: tuple[str, ...] = ()) -> None:
        self.node, self.far = lab.namespace("node"), lab.namespace("far")
        lab.link(self.node, "eth0", self.far, "eth0")
        for last, end in ((1, self.node), (2, self.far)):
            end.ip("link", "set", "eth0", "down")
            end.ip("link", "set", "eth0", "address", f"02:00:00:00:00:0{last}")
            end.ip("link", "set", "eth0", "up")
            end.sysctl("net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
        self.router = MixedRouter(self.node, _config(1, *own), ours=ours)
        self.frr = FrrRouter(self.far, _config(2, *own, "neighbor eth0 passive"))

    def start(self) -> None:
        for router in (self.frr, self.router):
            router.start("zebra", "bgpd")

    def await_route(self, node: Namespace, prefix: str, gate: str, timeout: float = 20.0) -> None:
        """The route is in the kernel, by the other's link-local address."""
        wanted = f"via inet6 {gate} dev eth0"
        until(lambda: wanted in node.ip("route", "show", prefix), timeout, f"{prefix} {wanted}")

    def await_routes(self) -> None:
        self.await_route(self.node, "10.2.0.0/16", "fe80::ff:fe00:2")
        self.await_route(self.far, "10.1.0.0/16", "fe80::ff:fe00:1")


@contextmanager
def _linked(ours: tuple[str, ...], *own: str) -> Iterator[Link]:
    with Lab() as lab:
        made = Link(lab, ours, own)
        made.start()
        yield made


def _neighbor(router: Router) -> dict[str, object]:
    found: dict[str, object] = json.loads(router.show("show bgp neighbors eth0 json"))["eth0"]
    return found


@pytest.mark.parametrize("ours", OURS.values(), ids=OURS)
def test_found_and_found_again(ours: tuple[str, ...]) -> None:
    with _linked(ours) as link:
        link.await_routes()
        assert "fe80::ff:fe00:2/128" in link.router.show("show interface eth0")
        kernel = link.node.ip("-4", "neigh", "show", "nud", "permanent")
        assert "169.254.0.1 dev eth0 lladdr 02:00:00:00:00:02 PERMANENT proto zebra" in kernel
        # A bgpd that comes anew hears of the neighbour from zebra.
        link.router.stop("bgpd")
        until(lambda: not link.node.ip("route", "show", "10.2.0.0/16"), 5, "no route")
        link.router.write("bgpd.conf", (link.router.config / "frr.conf").read_text())
        (link.router.config / "frr.conf").unlink()
        link.router.start("bgpd")
        link.await_routes()
        link.router.configure("router bgp 65001", "no neighbor eth0 interface")
        until(
            lambda: "eth0" not in link.router.show("show ipv6 nd ra-interfaces"),
            5,
            "no more advertisements",
        )


def test_a_key_that_differs_lets_nothing_through() -> None:
    with _linked(("zebra", "bgpd"), "neighbor eth0 password right") as link:
        link.await_routes()
        link.frr.configure("router bgp 65002", "neighbor eth0 password wrong")
        until(lambda: _neighbor(link.router)["bgpState"] != "Established", 15, "it is down")
        link.router.configure("router bgp 65001", "no neighbor eth0 passive")
        with pytest.raises(AssertionError, match="not within"):
            link.await_route(link.node, "10.2.0.0/16", "fe80::ff:fe00:2", timeout=1)
        link.frr.configure("router bgp 65002", "neighbor eth0 password right")
        link.await_routes()


def test_another_address_is_followed() -> None:
    with _linked(("zebra", "bgpd")) as link:
        link.await_routes()
        link.far.ip("address", "add", "fe80::99/64", "dev", "eth0", "nodad")
        link.far.ip("address", "del", "fe80::ff:fe00:2/64", "dev", "eth0")
        # FRR goes on to advertise every ten seconds, from the new address.
        link.frr.configure("interface eth0", "ipv6 nd ra-interval 1")
        link.await_route(link.node, "10.2.0.0/16", "fe80::99")
        assert _neighbor(link.router)["bgpNeighborAddr"] == "fe80::99"
