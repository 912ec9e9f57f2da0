"""`explain bgp`: a route on its way in, in the table and out; refused ones; the steps compared."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bgp.explain.decision import compare, outcome
from bgp.peer import Peer
from bgp.rib.bestpath import choose
from bgp.rib.path import Path, best_of, paths_of
from bgp.rib.rules import Rules
from grammar.base.errors import Status
from grammar.base.pause import Pause
from grammar.session import Session
from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology
from tests.bgp.announcing import with_neighbors
from tests.bgp.test_ranking import ANY_RULES, DRAWN


@pytest.fixture
def us(topology: Topology) -> VirtualRouter:
    return with_neighbors(topology)


def explained(router: VirtualRouter, words: str) -> list[str]:
    return router.execute(f"explain bgp {words}").splitlines()


def peers(router: VirtualRouter) -> list[Peer]:
    return list(router.bgpd.instances[None].sorted_peers())


def test_clauses_steps_and_announcements_are_named(us: VirtualRouter) -> None:
    lines = [line.strip() for line in explained(us, "172.16.5.0/24 neighbor 10.0.1.2")]
    for line in (
        "172.16.5.0/24 in IPv4 Unicast: 2 paths, the best is from 10.0.1.2 (AS 65002)",
        "Inwards (sent again on request): accepted, changed",
        "route-map IN deny 5: does not match: match ip address prefix-list BAD: "
        "no line of ip prefix-list BAD speaks of it",
        "route-map IN permit 10: permits it",
        "match ip address prefix-list CUST: ip prefix-list CUST seq 5 permit 172.16.0.0/12 le 24",
        "match as-path UPSTREAM: bgp as-path access-list UPSTREAM seq 5 permit ^65002",
        "set local-preference 200: local preference: none -> 200",
        "set community 65001:1 additive: communities: none -> 65001:1",
        "Next hop 10.0.1.2: usable by the connected route 10.0.1.0/24 over two, metric 0",
        "against 10.0.2.2 (AS 65003): won by local preference (the higher wins): 200 against 100",
    ):
        assert line in lines
    assert any(line.startswith("To 10.0.1.2: announced: ") for line in lines)
    (silent,) = [line for line in lines if line.startswith("To 10.0.2.2:")]
    assert "ebgp-requires-policy" in silent
    assert "neighbor 10.0.2.2 route-map NAME out" in silent


def test_refused_routes_are_asked_for_again(us: VirtualRouter) -> None:
    """They were not kept: the neighbour sends them once more, and nothing else changes."""
    before = us.show("bgp ipv4")
    lines = [line.strip() for line in explained(us, "172.17.0.0/16")]
    said = "From 10.0.1.2 (AS 65002): refused: route-map IN deny 5: denies it"
    assert f"{said} (sent again on request)" in lines
    assert (
        "match ip address prefix-list BAD: ip prefix-list BAD seq 5 permit 172.17.0.0/16" in lines
    )
    unmatched = explained(us, "192.0.2.0/24 neighbor 10.0.2.2")
    assert "    no entry matches: the route is denied" in unmatched
    assert us.show("bgp ipv4") == before
    assert not [state for peer in peers(us) for state in peer.families.values() if state.ears]


def test_kept_routes_are_not_asked_for(us: VirtualRouter, topology: Topology) -> None:
    with us.configure() as config:
        config(
            "router bgp 65001",
            "address-family ipv4 unicast",
            "neighbor 10.0.1.2 soft-reconfiguration inbound",
        )
    topology.advance(10)
    sent = peers(us)[0].state.counters.route_refresh_sent
    lines = explained(us, "172.17.0.0/16 neighbor 10.0.1.2")
    assert any("(kept by soft-reconfiguration inbound)" in line for line in lines)
    assert peers(us)[0].state.counters.route_refresh_sent == sent


def test_programs_get_the_same(us: VirtualRouter) -> None:
    answer = json.loads(us.execute("explain bgp ipv4 unicast 172.16.5.0/24 json"))
    assert answer["pathCount"] == 2
    best, other = answer["paths"]
    if not best["best"]:
        best, other = other, best
    assert best["from"] == "10.0.1.2"
    assert best["localPreference"] == 200
    assert other["decision"][0]["reason"] == "Local Pref"
    assert other["decision"][0]["value"] == "100"
    assert other["decision"][0]["otherValue"] == "200"
    assert [one["announced"] for one in answer["announcements"]] == [True, False]


def test_what_cannot_be_explained_is_said_in_one_line(us: VirtualRouter) -> None:
    for line, says in (
        ("explain bgp vrf red 172.16.5.0/24", "% View/Vrf red is unknown\n"),
        ("explain bgp ipv6 172.16.5.0/24", "% 172.16.5.0/24 is not an ipv6 prefix\n"),
        (
            "explain bgp 172.16.5.0/24 neighbor 10.9.9.9",
            "% No such neighbor in this view/vrf\n",
        ),
    ):
        answer = us.run(line)
        assert (answer.text, answer.status) == (says, Status.CONFIG_FAILED)
    assert explained(us, "198.51.100.0/24 neighbor 10.0.1.2")[0].endswith("no path in the table")


def test_words_of_ours_leave_abbreviations_to_frr(us: VirtualRouter) -> None:
    """`ex` is `exit`, `te` is `terminal`: as if there were no others."""
    assert us.run("te").status != 0
    listed = us.run("list").text
    assert "explain" not in listed
    assert us.run("expl bgp 198.51.100.0/24").status == 0


@given(DRAWN, ANY_RULES, st.integers(0, 9))
def test_steps_are_those_of_the_decision(paths: list[Path], rules: Rules, before: int) -> None:
    """What is said of a path is what was decided; of two paths the reason is the one shown."""
    chosen = paths[before] if before < len(paths) else None
    entry = choose(paths, chosen, rules)
    best = best_of(entry)
    valid = [path for path in paths if path.valid]
    for path in paths_of(entry):
        said = outcome(path, entry, rules).fields
        if not path.valid:
            assert said["outcome"] == "invalid"
        elif path is best:
            assert said["outcome"] == "best"
            assert said["reason"] == entry.reason
        else:
            beside = path in entry.multipath
            assert said["outcome"] == ("multipath" if beside else "lost")
            found = compare(path, best, entry, rules)
            if len(valid) == 2:
                assert not found.wins
                assert found.reason == said["reason"] == entry.reason


def test_a_dampened_route_is_no_lost_next_hop(us: VirtualRouter, topology: Topology) -> None:
    with us.configure() as config:
        config("router bgp 65001", "address-family ipv4 unicast", "bgp dampening 1 100 100 4")
    with topology.routers["three"].configure() as config:
        config("no ip route 172.16.5.0/24 Null0")
    topology.advance(2)
    lines = explained(us, "172.16.5.0/24")
    assert any("Next hop 10.0.2.2: usable by the connected route" in line for line in lines)
    assert any(line.endswith("its neighbor withdrew it (dampening)") for line in lines)
    with topology.routers["three"].configure() as config:
        config("ip route 172.16.5.0/24 Null0")
    topology.advance(2)
    lines = explained(us, "172.16.5.0/24")
    assert any(line.endswith("it is suppressed for its flaps") for line in lines)


def test_a_network_without_a_route_is_told(us: VirtualRouter, topology: Topology) -> None:
    with us.configure() as config:
        config("router bgp 65001", "address-family ipv4 unicast", "network 10.99.0.0/16")
    topology.advance(2)
    lines = [line.strip() for line in explained(us, "10.99.0.0/16")]
    assert "Decision: takes no part: zebra has no route to the prefix" in lines
    assert "Next hop: this router; no route to the prefix (bgp network import-check)" in lines


def listeners(router: VirtualRouter) -> int:
    return sum(len(state.ears) for peer in peers(router) for state in peer.families.values())


def test_who_goes_away_listens_no_more(us: VirtualRouter) -> None:
    answer = iter(Session(us.bgpd).execute("explain bgp 172.17.0.0/16 | include X").output)
    assert isinstance(next(answer), Pause)
    assert listeners(us) == 1
    del answer
    assert listeners(us) == 0


def test_a_viewer_asks_no_neighbor(us: VirtualRouter) -> None:
    session = Session(us.bgpd)
    session.read_only = True
    text = "".join(session.execute("explain bgp 172.17.0.0/16").output)
    assert "From 10.0.1.2 (AS 65002): nothing accepted; `explain bgp PREFIX neighbor" in text
    assert listeners(us) == 0
