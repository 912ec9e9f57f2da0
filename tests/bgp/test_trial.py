"""`test route-map`: one route as typed, and the live table; traced filters are the real ones."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgp.bgpd import Bgpd
from bgp.explain.quiet import Noted, QuietPolicy
from bgp.explain.trace import TracedPolicy, values_of
from bgp.policy.decision import Asked
from bgp.policy.evaluate import Policy
from bgp.policy.route import Route
from bgp.wire.attributes.aspath import AsPath
from grammar.base.errors import Status
from grammar.base.log import MemoryLog
from grammar.base.scheduler import FakeScheduler
from grammar.base.values import Address, Prefix
from grammar.node import CONFIG
from grammar.session import Session
from pyvtysh.host.wire import Addresses
from pyvtysh.testing.pipes import Ether, PipeTransport
from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology
from tests.bgp.announcing import with_neighbors

MAPS = """\
ip prefix-list P seq 5 deny 10.1.0.0/16
ip prefix-list P seq 10 permit 10.0.0.0/8 le 24
ip prefix-list HOPS seq 5 permit 192.0.2.0/28 le 32
access-list A seq 5 permit 10.2.0.0/16
bgp as-path access-list ASP seq 5 deny _65003_
bgp as-path access-list ASP seq 10 permit ^6500
bgp community-list standard C seq 5 permit 65001:1
route-map CALLED permit 10
 match metric 5
 set weight 7
route-map M permit 10
 match ip address prefix-list P
 match as-path ASP
 set local-preference 200
 on-match next
route-map M permit 20
 match community C
 set community 65001:9 additive
 on-match goto 40
route-map M deny 30
 match ip address A
route-map M permit 40
 match ip next-hop prefix-list HOPS
 call CALLED
route-map M permit 50
 match ip address prefix-list NONE
route-map M permit 60
 match ip address prefix-list P
 call MISSING
 set as-path prepend 65001
"""


@pytest.fixture
def us(topology: Topology) -> VirtualRouter:
    return with_neighbors(topology)


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The policy of a bgpd with these maps."""
    scheduler = FakeScheduler()
    transport = PipeTransport(Ether(scheduler), Addresses(()))
    bgpd = Bgpd(scheduler, scheduler.clock, MemoryLog(), transport, "r1")
    session = Session(bgpd, CONFIG)
    for line in MAPS.splitlines():
        reply = session.execute(line)
        assert not reply.status, line
    return bgpd.policy


PREFIXES = ("10.1.0.0/16", "10.2.0.0/16", "10.3.4.0/24", "10.3.4.0/25", "172.16.0.0/12")
ROUTES = st.fixed_dictionaries(
    {
        "prefix": st.sampled_from(PREFIXES),
        "path": st.lists(st.sampled_from([65002, 65003]), max_size=3),
        "communities": st.sampled_from([(), (65001 << 16 | 1,), (7,)]),
        "gateway": st.sampled_from(["192.0.2.1", "192.0.2.99"]),
        "med": st.sampled_from([None, 5]),
    }
)


def route(policy: Policy, drawn: dict[str, Any], asked: type[Asked]) -> Route:
    prefix = Prefix.parse(drawn["prefix"])
    attrs = policy.pool.make(
        origin=0,
        as_path=AsPath.sequence(*drawn["path"]),
        communities=drawn["communities"],
        med=drawn["med"],
    )
    gateway = Address.parse(drawn["gateway"])
    return Route(prefix, attrs, gateway, local_as=65001, asked=asked(prefix.key))


def hits(policy: Policy) -> list[int]:
    return [
        rule.hits
        for lists in policy.filters.prefix_lists.values()
        for found in lists.values()
        for rule in found.rules.values()
    ]


@given(drawn=ROUTES)
def test_who_watches_sees_what_would_be_done(policy: Policy, drawn: dict[str, Any]) -> None:
    """The policy that notes its steps, and the one that counts nothing, decide as the real one."""
    real = route(policy, drawn, Asked)
    verdict = policy.permits("M", real)
    counted, invoked = hits(policy), policy.filters.route_maps["M"].invoked
    for kind in (TracedPolicy, QuietPolicy):
        other = route(policy, drawn, Noted)
        assert kind(policy).permits("M", other) is verdict
        assert values_of(other) == values_of(real)
    assert hits(policy) == counted
    assert policy.filters.route_maps["M"].invoked == invoked


def trial(router: VirtualRouter, words: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(router.execute(f"test route-map {words} json"))
    return answer


def test_a_route_as_it_is_typed(us: VirtualRouter) -> None:
    text = us.execute(
        "test route-map IN prefix 172.16.9.0/24 as-path 65002 65010 "
        "community 65002:1 no-export med 5 from 10.0.1.2"
    )
    lines = [line.strip() for line in text.splitlines()]
    assert lines[0] == "route-map IN permits 172.16.9.0/24"
    assert "match as-path UPSTREAM: bgp as-path access-list UPSTREAM seq 5 permit ^65002" in lines
    assert lines[-2:] == [
        "~ local preference: none -> 200",
        "~ communities: 65002:1 no-export -> 65001:1 65002:1 no-export",
    ]
    denied = us.execute("test route-map IN prefix 172.17.0.0/16")
    assert denied.startswith(
        "route-map IN denies 172.17.0.0/16\n  route-map IN deny 5: denies it\n"
    )
    answer = trial(us, "OUT prefix 10.0.0.0/8 large-community 1:2:3 tag 9 origin egp own")
    assert answer["permits"] is False
    assert "large communities 1:2:3" in answer["route"][0]["text"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("NONE prefix 10.0.0.0/8", "% There is no route-map NONE\n"),
        ("NONE in neighbor 10.0.1.2", "% There is no route-map NONE\n"),
        ("IN prefix 10.0.0.0/8 community x:y", "% These are no communities: x:y\n"),
        ("IN prefix 10.0.0.0/8 large-community 1:2", "% These are no large communities: 1:2\n"),
        ("IN prefix 10.0.0.0/8 from nobody", "% There is no neighbor nobody\n"),
        ("IN in neighbor 10.0.9.9", "% No such neighbor in this view/vrf\n"),
        ("IN in neighbor 10.0.1.2 ipv6", "% 10.0.1.2 does not exchange IPv6 Unicast now\n"),
    ],
)
def test_bad_words_get_one_line(us: VirtualRouter, words: str, says: str) -> None:
    answer = us.run(f"test route-map {words}")
    assert (answer.text, answer.status) == (says, Status.CONFIG_FAILED)


def test_the_map_in_use_changes_nothing(us: VirtualRouter) -> None:
    """So what is judged now is what the table has: with routes sent again, kept, and outwards."""
    summary = json.loads(us.execute("show bgp ipv4 unicast summary json"))
    for neighbor, inward in (("10.0.1.2", "IN"), ("10.0.2.2", "OUT")):
        found = trial(us, f"{inward} in neighbor {neighbor}")
        counts = found["routes"], found["gained"], found["lost"], found["changed"]
        assert counts == (3, 0, 0, 0)
        assert found["acceptedNow"] == summary["peers"][neighbor]["pfxRcd"]
    found = trial(us, "OUT out neighbor 10.0.1.2")
    assert (found["gained"], found["lost"], found["changed"]) == (0, 0, 0)
    assert found["acceptedNow"] == summary["peers"]["10.0.1.2"]["pfxSnt"]


def test_differences_are_told_and_come_true(us: VirtualRouter, topology: Topology) -> None:
    us.load(
        "route-map NEW permit 5\n match ip address prefix-list BAD\n set local-preference 50\n"
        "route-map NEW deny 10\n match ip address prefix-list CUST\nroute-map NEW permit 20\n"
    )
    lines = us.execute("test route-map NEW in neighbor 10.0.1.2").splitlines()
    assert lines[0] == (
        "route-map NEW in, neighbor 10.0.1.2, IPv4 Unicast: 3 routes, 2 accepted (now 1): "
        "2 more, 1 fewer, 0 changed"
    )
    assert {line.split(":")[0].strip() for line in lines[1:]} == {
        "- 172.16.5.0/24",
        "+ 172.17.0.0/16",
        "+ 192.0.2.0/24",
    }
    with us.configure() as config:
        config(
            "router bgp 65001",
            "address-family ipv4 unicast",
            "neighbor 10.0.1.2 route-map NEW in",
        )
    topology.advance(10)
    summary = json.loads(us.execute("show bgp ipv4 unicast summary json"))
    assert summary["peers"]["10.0.1.2"]["pfxRcd"] == 2


def test_a_neighbor_without_policy_gets_one(us: VirtualRouter) -> None:
    found = trial(us, "OUT out neighbor 10.0.2.2")
    assert (found["acceptedNow"], found["accepted"], found["gained"]) == (0, 2, 2)
    assert found["differences"][0]["change"] == "gained"
