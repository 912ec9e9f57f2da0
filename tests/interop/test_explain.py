"""`explain` and `test` over sockets, with FRR as the neighbour that is asked to send again.

```
ours 10.0.1.1 AS 65001   zebra, staticd and bgpd in processes, the kernel of a namespace
frr  10.0.1.2 AS 65002   FRR's daemons, spoken to by our vtysh
```
"""

import json
from collections.abc import Iterator

import pytest

from tests.support.namespaces import Lab
from tests.support.ours import OurRouter, OurVtyshRouter
from tests.support.wait import until

pytestmark = pytest.mark.real

OURS = """\
ip prefix-list BAD seq 5 permit 172.17.0.0/16
route-map IN deny 5
 match ip address prefix-list BAD
route-map IN permit 10
 set local-preference 200
router bgp 65001
 bgp router-id 10.0.1.1
 no bgp ebgp-requires-policy
 neighbor 10.0.1.2 remote-as 65002
 address-family ipv4 unicast
  neighbor 10.0.1.2 route-map IN in
"""
FRR = """\
ip route 172.16.0.0/16 Null0
ip route 172.17.0.0/16 Null0
router bgp 65002
 bgp router-id 10.0.1.2
 no bgp ebgp-requires-policy
 neighbor 10.0.1.1 remote-as 65001
 address-family ipv4 unicast
  redistribute static
"""


@pytest.fixture(scope="module")
def routers() -> Iterator[tuple[OurRouter, OurVtyshRouter]]:
    with Lab() as lab:
        one, two = lab.namespace("ours"), lab.namespace("frr")
        lab.link(one, "eth0", two, "eth0")
        one.ip("address", "add", "10.0.1.1/24", "dev", "eth0")
        two.ip("address", "add", "10.0.1.2/24", "dev", "eth0")
        ours = OurRouter(one, {"frr.conf": OURS})
        frr = OurVtyshRouter(two, {"frr.conf": FRR})
        for router in (ours, frr):
            router.start()
        until(lambda: "172.16.0.0/16" in ours.show("show ip route bgp"), 40, "FRR's route")
        yield ours, frr


def test_frr_is_asked_for_what_was_refused(routers: tuple[OurRouter, OurVtyshRouter]) -> None:
    """It marks the beginning and the end of what it repeats (RFC 7313)."""
    ours, _ = routers
    lines = [line.strip() for line in ours.show("explain bgp 172.17.0.0/16").splitlines()]
    said = "From 10.0.1.2 (AS 65002): refused: route-map IN deny 5: denies it"
    assert f"{said} (sent again on request)" in lines
    taken = ours.show("explain bgp 172.16.0.0/16 neighbor 10.0.1.2")
    assert "Inwards (sent again on request): accepted, changed" in taken
    assert "set local-preference 200: local preference: none -> 200" in taken
    assert "kernel: has it in table 254" in taken
    nothing = ours.show("explain bgp 192.0.2.0/24 neighbor 10.0.1.2")
    assert "it was asked for all of its routes, and has none to the prefix" in nothing


def test_programs_get_one_document(routers: tuple[OurRouter, OurVtyshRouter]) -> None:
    ours, _ = routers
    answer = json.loads(ours.show("explain bgp 172.16.0.0/16 json"))
    assert answer["paths"][0]["nextHop"] == "10.0.1.2"
    assert answer["rib"]["kernel"][0]["state"] == "installed"
    tried = json.loads(ours.show("test route-map IN in neighbor 10.0.1.2 json"))
    counts = tried["routes"], tried["accepted"], tried["acceptedNow"], tried["changed"]
    assert counts == (2, 1, 1, 0)
    assert "is up for" in ours.show("explain neighbor 10.0.1.2")


def test_frrs_daemons_get_one_line(routers: tuple[OurRouter, OurVtyshRouter]) -> None:
    _, frr = routers
    result = frr.vtysh("explain ip route 10.0.1.0/24")
    assert result.stdout == "% zebra does not offer explain: it is not ours\n"
    assert result.exit


def test_the_kernels_drops_say_that_it_is_md5(routers: tuple[OurRouter, OurVtyshRouter]) -> None:
    """FRR signs nothing: its segments are dropped before anybody sees them, and counted."""
    ours, _ = routers
    lines = ("configure terminal", "router bgp 65001", "neighbor 10.0.1.2 password S")
    assert ours.vtysh(*lines).exit == 0
    until(lambda: "MD5: " in ours.show("explain neighbor 10.0.1.2"), 60, "a dropped segment")
    said = ours.show("explain neighbor 10.0.1.2")
    assert "came without the signature that `password` asks for" in said
    assert "mend: router bgp 65001 / no neighbor 10.0.1.2 password" in said
    assert ours.vtysh(*lines[:2], "no neighbor 10.0.1.2 password").exit == 0
    until(lambda: " is up for " in ours.show("explain neighbor 10.0.1.2"), 60, "the session")
