"""The guide's router with a peer-group and a listen range, beside FRR as the same router.

```
router    192.168.122.1/24, 2001:db8::1/64   AS 65001   FRR's daemons, and ours
announcer 192.168.122.102, 2001:db8::2       AS 64512   FRR: connects to it over both families
stranger  192.168.122.103                    AS 64999   FRR: is not of the AS that the group wants
```
The routers stand in laboratories of their own and go through the same steps at the same time.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import pytest

from tests.support.frr import FrrRouter
from tests.support.golden import assert_same
from tests.support.masks import mask
from tests.support.namespaces import Lab
from tests.support.router import Router
from tests.support.scenario import KINDS, UNDER_TEST
from tests.support.wait import until

pytestmark = pytest.mark.real

CONFIG = """\
log file {log} debugging
debug bgp neighbor-events
router bgp 65001
 bgp router-id 192.168.122.1
 bgp log-neighbor-changes
 no bgp ebgp-requires-policy
 no bgp default ipv4-unicast
 neighbor K8S peer-group
 neighbor K8S remote-as 64512
 neighbor K8S password secret
 neighbor K8S timers 5 15
 neighbor SIX peer-group
 neighbor SIX remote-as external
 neighbor SIX description not handed on
 neighbor 192.168.122.200 peer-group K8S
 neighbor 192.168.122.200 timers 3 9
 neighbor 192.168.122.200 passive
 bgp listen limit 2
 bgp listen range 192.168.122.0/24 peer-group K8S
 bgp listen range 2001:db8::/64 peer-group SIX
 !
 address-family ipv4 unicast
  redistribute connected
  neighbor K8S activate
  neighbor K8S soft-reconfiguration inbound
  no neighbor K8S send-community large
 exit-address-family
 !
 address-family ipv6 unicast
  neighbor SIX activate
  neighbor SIX maximum-prefix 10
 exit-address-family
exit
!
"""
ANNOUNCER = """\
router bgp {asn}
 bgp router-id {address}
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor 192.168.122.1 remote-as 65001
 neighbor 192.168.122.1 password secret
 neighbor 192.168.122.1 timers connect 1
{more}
 !
 address-family ipv4 unicast
  network 172.19.0.0/32
  network 172.19.0.100/32
 exit-address-family
exit
!
"""
OVER_IPV6 = """\
 neighbor 2001:db8::1 remote-as 65001
 neighbor 2001:db8::1 timers connect 1
 !
 address-family ipv4 unicast
  no neighbor 2001:db8::1 activate
 exit-address-family
 address-family ipv6 unicast
  network 2001:db8:100::/48
  neighbor 2001:db8::1 activate
 exit-address-family"""

SHOWN = (
    "show running-config",
    "show bgp summary",
    "show ip bgp summary json",
    "show bgp summary established",
    "show bgp peer-group",
    "show bgp peer-group json",
    "show bgp peer-group SIX",
    "show bgp peer-group NONE",
    "show bgp peer-group NONE json",
    "show bgp neighbors 192.168.122.102",
    "show bgp neighbors 192.168.122.102 json",
    "show bgp neighbors 2001:db8::2",
    "show bgp neighbors 192.168.122.200",
    "show ip bgp",
    "show ip bgp 172.19.0.100/32",
    "show bgp ipv6 unicast",
    "clear bgp peer-group NONE",
    "clear bgp peer-group K8S soft",
)
REFUSED = (
    "neighbor 192.168.122.102 passive",
    "neighbor 192.168.122.102 remote-as 64512",
    "no neighbor 192.168.122.102",
)
AFTER = (
    "show bgp summary terse",
    "show bgp peer-group",
    "show ip bgp",
    "show bgp neighbors 10.0.0.2",
)
LOGGED = re.compile(r"Dynamic Neighbor|dynamic|ADJCHANGE|dropped from group")


@dataclass
class Stage:
    """One laboratory."""

    router: Router
    announcer: FrrRouter
    stranger: FrrRouter

    @property
    def log(self) -> str:
        path = self.router.run / "bgpd.log"
        return path.read_text() if path.exists() else ""

    def show(self, *commands: str) -> str:
        """Transcripts, masked; update groups are numbered as sessions happened to come up."""
        text = mask(
            "".join(f"$ {each}\n{self.router.vtysh_run('-c', each).text}" for each in commands)
        )
        text = re.sub(r"Update group \d+, subgroup \d+", "Update group #, subgroup #", text)
        return re.sub(r'"(updateGroupId|subGroupId)":\d+', r'"\1":"#"', text)

    def type(self, *lines: str) -> str:
        return "".join(
            self.router.vtysh_run("-c", "configure", "-c", "router bgp 65001", "-c", line).text
            for line in lines
        )


def build(lab: Lab, kind: str) -> Stage:
    switch = lab.switch("switch")
    nodes = {name: lab.namespace(name) for name in ("router", "announcer", "stranger")}
    addresses = {
        "router": ("192.168.122.1/24", "2001:db8::1/64"),
        "announcer": ("192.168.122.102/24", "2001:db8::2/64"),
        "stranger": ("192.168.122.103/24",),
    }
    for name, node in nodes.items():
        switch.plug(node, "eth0", *addresses[name])
    router = KINDS[kind](nodes["router"])
    router.write("bgpd.conf", CONFIG.format(log=router.run / "bgpd.log"))
    of_group = ANNOUNCER.format(asn=64512, address="192.168.122.102", more=OVER_IPV6)
    foreign = ANNOUNCER.format(asn=64999, address="192.168.122.103", more=" !")
    return Stage(
        router,
        FrrRouter(nodes["announcer"], {"bgpd.conf": of_group}),
        FrrRouter(nodes["stranger"], {"bgpd.conf": foreign}),
    )


@pytest.fixture(scope="module")
def stages() -> Iterator[dict[str, Stage]]:
    kinds = dict.fromkeys(("frr", *UNDER_TEST))
    labs = {kind: Lab() for kind in kinds}
    try:
        made = {kind: build(lab, kind) for kind, lab in labs.items()}
        for stage in made.values():
            stage.router.start("zebra", "bgpd")
        for stage in made.values():
            stage.announcer.start("zebra", "bgpd")
        yield made
    finally:
        for lab in labs.values():
            lab.close()


def everywhere(
    stages: dict[str, Stage], ready: Callable[[Stage], bool], what: str, seconds: float = 25
) -> None:
    for kind, stage in stages.items():
        until(partial(ready, stage), seconds, f"{kind}: {what}")


def compare(stages: dict[str, Stage], told: Callable[[Stage], str], what: str) -> None:
    expected = told(stages["frr"])
    for kind, stage in stages.items():
        if kind != "frr":
            assert_same(told(stage), expected, what, names=("frr", kind))


def shown(command: str) -> Callable[[Stage], str]:
    """What a router answers to a command."""
    return lambda stage: stage.show(command)


def has_routes(stage: Stage) -> bool:
    """Both sessions are up, and all routes were exchanged."""
    text = stage.router.show("show ip bgp") + stage.router.show("show bgp ipv6 unicast")
    prefixes = ("172.19.0.0/32", "172.19.0.100/32", "2001:db8:100::/48")
    listed = stage.router.show("show bgp summary json")
    sent = '"pfxSnt":3' in listed and '"pfxSnt":1' in listed
    return sent and all(f"*> {prefix}" in text for prefix in prefixes)


def test_who_connects_from_the_range_is_shown_as_by_frr(stages: dict[str, Stage]) -> None:
    everywhere(stages, has_routes, "the routes of the announcer")
    for command in SHOWN:
        compare(stages, shown(command), command)
    compare(stages, lambda stage: stage.type(*REFUSED), "lines about a dynamic neighbor")


def test_its_routes_are_in_the_kernel(stages: dict[str, Stage]) -> None:
    def routes(stage: Stage) -> set[str]:
        listed = stage.router.namespace.ip("route", "list", "proto", "bgp").splitlines()
        return {line.split()[0] for line in listed}

    everywhere(stages, lambda stage: routes(stage) == {"172.19.0.0", "172.19.0.100"}, "routes")


def test_it_goes_with_its_session_and_the_log_says_so(stages: dict[str, Stage]) -> None:
    for stage in stages.values():
        stage.announcer.stop("bgpd")
    everywhere(stages, lambda s: "dynamic neighbor" not in s.show("show bgp summary"), "gone")
    for command in AFTER:
        compare(stages, shown(command), command)
    for stage in stages.values():
        stage.stranger.start("zebra", "bgpd")
    everywhere(stages, lambda s: "192.168.122.103 (dynamic neighbor) deleted" in s.log, "refusal")

    def told(stage: Stage) -> str:
        # The two sessions come and go at the same moment, in either order.
        found = [line[20:] for line in stage.log.splitlines() if LOGGED.search(line)]
        return "\n".join(sorted({re.sub(r"count \d$", "count N", line) for line in found}))

    compare(stages, told, "the log")
