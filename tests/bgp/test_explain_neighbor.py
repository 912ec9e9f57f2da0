"""`explain neighbor`: each reason why a session is not up, or has no routes, with what mends it."""

import errno

import pytest

from grammar.base.errors import Status
from pyvtysh.testing.topology import Topology
from tests.bgp.explaining import BOTH, THEM, US, Config, causes, explained, lines

CASES = {
    "no-remote-as": (
        "router bgp 65001\n neighbor G peer-group\n neighbor 10.0.1.2 peer-group G\n",
        THEM,
        ["router bgp 65001", "neighbor 10.0.1.2 remote-as ASN"],
    ),
    "shutdown": (
        lines(65001, "10.0.1.2", 65002, "neighbor N shutdown"),
        THEM,
        ["router bgp 65001", "no neighbor 10.0.1.2 shutdown"],
    ),
    "no-family": (
        lines(65001, "10.0.1.2", 65002, more_of_bgp=" no bgp default ipv4-unicast\n"),
        THEM,
        ["router bgp 65001", "address-family ipv4 unicast", "neighbor 10.0.1.2 activate"],
    ),
    "as-mismatch": (
        lines(65001, "10.0.1.2", 65009),
        THEM,
        ["router bgp 65001", "neighbor 10.0.1.2 remote-as 65002"],
    ),
    "no-connection": (US, "", []),
    "unreachable": (
        lines(65001, "192.0.2.1", 65002) + " neighbor 10.0.1.2 remote-as 65002\n",
        THEM,
        ["ip route 192.0.2.1/32 GATEWAY"],
    ),
    "router-id": (
        lines(65001, "10.0.1.2", 65001, more_of_bgp=" bgp router-id 1.1.1.1\n"),
        lines(65001, "10.0.1.1", 65001, more_of_bgp=" bgp router-id 1.1.1.1\n"),
        ["router bgp 65001", "bgp router-id A.B.C.D"],
    ),
    "no-common-family": (
        US,
        lines(
            65002,
            "10.0.1.1",
            65001,
            "address-family ipv6 unicast",
            " neighbor N activate",
            more_of_bgp=BOTH + " no bgp default ipv4-unicast\n",
        ),
        ["router bgp 65001", "address-family AFI SAFI", "neighbor 10.0.1.2 activate"],
    ),
    "no-policy": (
        lines(65001, "10.0.1.2", 65002, more_of_bgp=""),
        THEM,
        ["router bgp 65001", "address-family ipv4 unicast", "neighbor 10.0.1.2 route-map NAME out"],
    ),
    "no-route-map": (
        lines(
            65001,
            "10.0.1.2",
            65002,
            "address-family ipv4 unicast",
            " neighbor N route-map NIL in",
        ).replace("ENIL", "NIL"),
        THEM,
        [],
    ),
    "nothing-to-announce": (
        US,
        THEM,
        ["router bgp 65001", "address-family ipv4 unicast", "network A.B.C.D/M"],
    ),
    "passive": (
        lines(65001, "10.0.1.2", 65002, "neighbor N passive"),
        lines(65002, "10.0.1.1", 65001, "neighbor N passive"),
        ["router bgp 65001", "no neighbor 10.0.1.2 passive"],
    ),
    "maximum-prefix": (
        lines(
            65001,
            "10.0.1.2",
            65002,
            "address-family ipv4 unicast",
            " neighbor N maximum-prefix 1",
        ),
        "ip route 10.8.0.0/16 Null0\nip route 10.9.0.0/16 Null0\n"
        + lines(65002, "10.0.1.1", 65001, "address-family ipv4 unicast", " redistribute static"),
        [
            "router bgp 65001",
            "address-family ipv4 unicast",
            "neighbor 10.0.1.2 maximum-prefix MORE",
        ],
    ),
    "not-activated": (
        US,
        lines(65002, "10.0.1.1", 65001, "address-family ipv6 unicast", " neighbor N activate"),
        ["router bgp 65001", "address-family ipv6 unicast", "neighbor 10.0.1.2 activate"],
    ),
    "not-offered": (
        lines(65001, "10.0.1.2", 65002, "address-family ipv6 unicast", " neighbor N activate"),
        THEM,
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_cause_is_found_and_what_mends_it(pair: Config, name: str) -> None:
    ours, theirs, mend = CASES[name]
    us, _ = pair(ours, theirs)
    neighbor = "192.0.2.1" if name == "unreachable" else "10.0.1.2"
    found = causes(us, neighbor)
    assert name in found, us.execute(f"explain neighbor {neighbor}")
    if mend:
        assert found[name]["lines"] == mend


@pytest.mark.parametrize(
    ("number", "name", "says"),
    [
        (errno.ECONNREFUSED, "refused", "10.0.1.2 refuses connections to port 179"),
        (errno.ECONNRESET, "closed", "10.0.1.2 ended the connection (Connection reset by peer)"),
        (errno.EADDRNOTAVAIL, "update-source", "cannot connect from the own address"),
        (errno.ETIMEDOUT, "no-connection", "no answer from 10.0.1.2 (Connection timed out)"),
        (errno.ENOBUFS, "socket", "the connection failed: No buffer space available"),
    ],
)
def test_what_the_socket_said_is_told(pair: Config, number: int, name: str, says: str) -> None:
    us, _ = pair(US, "")
    (peer,) = us.bgpd.instances[None].peers.values()
    peer.main.failure = OSError(number, "")
    assert causes(us)[name]["text"].startswith(says)


def test_a_password_may_be_why_there_is_no_answer(pair: Config) -> None:
    us, _ = pair(lines(65001, "10.0.1.2", 65002, "neighbor N password S"), "")
    assert causes(us)["md5"]["lines"] == ["router bgp 65001", "neighbor 10.0.1.2 password WORD"]


def test_what_is_said_mends_it(pair: Config, topology: Topology) -> None:
    """The lines of an AS mismatch are typed as they were said, and the session comes up."""
    us, _ = pair(lines(65001, "10.0.1.2", 65009), THEM)
    cause = causes(us)["as-mismatch"]
    assert "says it is AS 65002, configured is remote-as 65009" in cause["text"]
    with us.configure() as config:
        config(*cause["lines"])
    topology.until(lambda: explained(us, "10.0.1.2")["up"])
    assert us.execute("explain neighbor 10.0.1.2").startswith("10.0.1.2 (AS 65002) is up for ")


def test_the_other_end_of_a_mismatch_hears_of_it(pair: Config) -> None:
    _, them = pair(lines(65001, "10.0.1.2", 65009), THEM)
    found = causes(them, "10.0.1.1")
    assert "as-mismatch" in found, them.execute("explain neighbor 10.0.1.1")
    assert "on 10.0.1.1: " in them.execute("explain neighbor 10.0.1.1")


def test_an_operators_words_are_told(pair: Config, topology: Topology) -> None:
    us, them = pair(US, THEM)
    with them.configure() as config:
        config("router bgp 65002", "neighbor 10.0.1.1 shutdown message back at noon")
    topology.advance(3)
    assert "back at noon" in causes(us)["shutdown"]["text"]


def test_next_hops_that_cannot_be_reached_are_counted(pair: Config, topology: Topology) -> None:
    theirs = lines(
        65001,
        "10.0.1.1",
        65001,
        "address-family ipv4 unicast",
        " redistribute static",
    )
    mapped = "ip route 10.8.0.0/16 Null0\nroute-map FAR permit 10\n set ip next-hop 192.0.2.9\n"
    us, them = pair(lines(65001, "10.0.1.2", 65001), mapped + theirs)
    with them.configure() as config:
        config(
            "router bgp 65001", "address-family ipv4 unicast", "redistribute static route-map FAR"
        )
    topology.advance(10)
    text = causes(us)["next-hop"]["text"]
    assert text == "1 prefix cannot be used: next hop 192.0.2.9: zebra has no route to it"


def test_a_neighbor_that_is_none_gets_one_line(pair: Config) -> None:
    us, _ = pair(US, THEM)
    answer = us.run("explain neighbor 10.0.1.9")
    assert (answer.text, answer.status) == (
        "% No such neighbor in this view/vrf\n",
        Status.CONFIG_FAILED,
    )


def test_who_does_not_know_this_router_is_named(pair: Config) -> None:
    us, _ = pair(US, "router bgp 65002\n neighbor 10.0.1.9 remote-as 65001\n")
    assert "closed" in causes(us), us.execute("explain neighbor 10.0.1.2")
    assert "does it have a neighbor line" in us.execute("explain neighbor 10.0.1.2")
