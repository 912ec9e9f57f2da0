"""An instance of a VRF that is a namespace (`zebra -n`): our bgpd beside FRR's, on FRR's zebra."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.frr import FrrRouter
from tests.support.mixed import MixedRouter
from tests.support.namespaces import Lab, Namespace
from tests.support.wait import until

pytestmark = pytest.mark.real

CONFIG = """\
hostname router
router bgp 65001
 bgp router-id 10.0.0.1
 no bgp ebgp-requires-policy
 neighbor 10.0.0.2 remote-as 65002
 neighbor 10.0.0.2 timers connect 1
exit
router bgp 65011 vrf red
 bgp router-id 10.5.0.1
 no bgp ebgp-requires-policy
 neighbor 10.5.0.2 remote-as 65012
 neighbor 10.5.0.2 {opens}
 address-family ipv4 unicast
  redistribute connected
 exit-address-family
exit
"""
PEER = """\
router bgp {asn}
 bgp router-id {address}
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor {router} remote-as {other}
 neighbor {router} {opens}
 address-family ipv4 unicast
  network 172.16.0.0/24
  network {network}
 exit-address-family
"""
SHOWS = (
    "show bgp vrfs",
    "show bgp vrfs json",
    "show ip bgp",
    "show ip bgp vrf red",
    "show ip bgp vrf red json",
    "show ip bgp vrf red 172.16.0.0/24",
    "show ip bgp vrf red summary",
    "show ip bgp vrf red nexthop",
    "show bgp vrf all summary",
    "show ip route vrf red bgp",
)
_TIMES = re.compile(
    r"\d\d:\d\d:\d\d|\w{3} \w{3} +\d+ |(?<=Epoch\":)\d+|(?<=Msec\":)\d+|(?<= 65012 ) +\d+ +\d+"
    r"|(?<= 65002 ) +\d+ +\d+|(?<=MsgRcvd|MsgSent)\d+"
)
ACTIVE, PASSIVE = "timers connect 1", "passive"


class NamespacedRouter(MixedRouter):
    """Its daemons see the namespace of the VRF by its name, and no other."""

    def __init__(
        self, namespace: Namespace, vrf: Namespace, ours: Sequence[str], text: str
    ) -> None:
        super().__init__(namespace, {"bgpd.conf": text}, ours=ours)
        self.own_options["zebra"] = ["-n"]
        self._vrf = vrf

    def daemon_argv(self, daemon: str) -> Sequence[str | Path]:
        script = (
            "mount -t tmpfs none /run/netns && touch /run/netns/red && "
            'mount --bind "$0" /run/netns/red && exec "$@"'
        )
        argv = super().daemon_argv(daemon)
        return ["unshare", "--mount", "sh", "-c", script, self._vrf.handle, *argv]


@contextmanager
def routers(ours: Sequence[str], opens: str) -> Iterator[tuple[NamespacedRouter, Namespace]]:
    other = PASSIVE if opens == ACTIVE else ACTIVE
    with Lab() as lab:
        own, red = lab.namespace("router"), lab.namespace("red")
        for place, number in ((own, 0), (red, 5)):
            peer = lab.namespace(f"peer{number}")
            lab.link(place, f"eth{number}", peer, "eth0")
            place.ip("address", "add", f"10.{number}.0.1/24", "dev", f"eth{number}")
            peer.ip("address", "add", f"10.{number}.0.2/24", "dev", "eth0")
            text = PEER.format(
                asn=65002 if number == 0 else 65012,
                address=f"10.{number}.0.2",
                router=f"10.{number}.0.1",
                other=65001 if number == 0 else 65011,
                opens=other if number else ACTIVE,
                network=f"172.16.{number + 1}.0/24",
            )
            FrrRouter(peer, {"bgpd.conf": text}).start("zebra", "bgpd")
        router = NamespacedRouter(own, red, ours, CONFIG.format(opens=opens))
        router.start("zebra", "bgpd")
        until(
            lambda: "172.16.6.0/24" in red.ip("route", "list", "proto", "bgp")
            and "172.16.1.0/24" in own.ip("route", "list", "proto", "bgp"),
            30,
            "routes in both tables of the kernel",
        )
        yield router, red


def shown(ours: Sequence[str], opens: str) -> dict[str, str]:
    with routers(ours, opens) as (router, red):
        answers = {line: _TIMES.sub("<>", router.show(line)) for line in SHOWS}
        answers["ip route"] = red.ip("route", "list", "proto", "bgp")
        return answers


@pytest.mark.parametrize("opens", [ACTIVE, PASSIVE])
def test_sessions_and_routes_of_a_vrf(opens: str) -> None:
    assert shown(["bgpd"], opens) == shown([], opens)
