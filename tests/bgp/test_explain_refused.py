"""`explain neighbor`: what either end refuses, in words of its own, with the line that mends it."""

import pytest

from bgp.drops import FAR, UNSIGNED, counts_of
from bgp.peerstate import LastNotification
from bgp.wire.errors import Cease, Code
from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology
from tests.bgp.explaining import BOTH, THEM, US, Config, causes, explained, lines

V6 = ("address-family ipv6 unicast", " neighbor N activate")
V4 = "address-family ipv4 unicast"
HEAD = "router bgp 65001"
N = "neighbor 10.0.1.2"


def ours(*more: str, more_of_bgp: str = BOTH) -> str:
    return lines(65001, "10.0.1.2", 65002, *more, more_of_bgp=more_of_bgp)


def theirs(*more: str, more_of_bgp: str = BOTH) -> str:
    return lines(65002, "10.0.1.1", 65001, *more, more_of_bgp=more_of_bgp)


GROUP = (
    f"{HEAD}\n{BOTH} neighbor G peer-group\n neighbor G remote-as 65002\n neighbor G shutdown\n"
    f" {N} peer-group G\n"
)
REFUSED = {
    "hold time, refused there": (
        ours("neighbor N timers 3 9"),
        theirs(more_of_bgp=BOTH + " bgp minimum-holdtime 20\n"),
        ("hold-time", "10.0.1.2 does not take the hold time of 9 s", [HEAD, f"{N} timers 3 180"]),
    ),
    "hold time, refused here": (
        ours(more_of_bgp=BOTH + " bgp minimum-holdtime 20\n"),
        theirs("neighbor N timers 3 9"),
        (
            "hold-time",
            "10.0.1.2 offers a hold time of 9 s, the least is 20 s",
            [HEAD, "no bgp minimum-holdtime"],
        ),
    ),
    "roles that do not fit": (
        ours("neighbor N local-role customer"),
        theirs("neighbor N local-role customer"),
        (
            "role",
            "this router's is customer, that of 10.0.1.2 is customer",
            [HEAD, f"{N} local-role provider"],
        ),
    ),
    "a role asked for here": (
        ours("neighbor N local-role customer strict-mode"),
        theirs(),
        (
            "role",
            "10.0.1.2 has none, which `strict-mode` asks for",
            [HEAD, f"no {N} local-role customer"],
        ),
    ),
    "a role asked for there": (
        ours(),
        theirs("neighbor N local-role customer strict-mode"),
        ("role", "this router's is none", [HEAD, f"{N} local-role ROLE"]),
    ),
    "capabilities": (
        ours("neighbor N strict-capability-match"),
        theirs(*V6),
        (
            "capability",
            "10.0.1.2 has not activated the same address families",
            [HEAD, f"no {N} strict-capability-match"],
        ),
    ),
    "a group that is shut down": (
        GROUP,
        THEM,
        ("shutdown", "10.0.1.2 is shut down here", [HEAD, "no neighbor G shutdown"]),
    ),
    "BGP that is shut down": (
        ours(more_of_bgp=BOTH + " bgp shutdown\n"),
        THEM,
        ("shutdown", "all of BGP is shut down", [HEAD, "no bgp shutdown"]),
    ),
    "shut down there from the start": (
        US,
        theirs("neighbor N shutdown"),
        ("closed", "10.0.1.2 closes each connection without a word", []),
    ),
    "another password": (
        ours("neighbor N password A"),
        theirs("neighbor N password B"),
        (
            "md5",
            "MD5: 1 segment came with the signature of another password",
            [HEAD, f"{N} password WORD"],
        ),
    ),
    "a password here alone": (
        ours("neighbor N password A"),
        theirs(),
        ("md5", "MD5: 1 segment came without the signature", [HEAD, f"no {N} password"]),
    ),
    "a password there alone": (
        US,
        theirs("neighbor N password B"),
        ("md5", "came with a signature, and there is no password", [HEAD, f"{N} password WORD"]),
    ),
    "an address to connect from that is another's": (
        ours("neighbor N update-source 192.0.2.7"),
        "",
        (
            "update-source",
            "update-source 192.0.2.7 is no address of this router",
            [HEAD, f"no {N} update-source"],
        ),
    ),
    "an interface to connect from that is not there": (
        ours("neighbor N update-source dum7"),
        "",
        (
            "update-source",
            "there is no interface dum7 (update-source)",
            [HEAD, f"no {N} update-source"],
        ),
    ),
    "GTSM and nobody": (
        ours("neighbor N ttl-security hops 1"),
        "",
        ("ttl", "with `ttl-security hops 1` it looks so", [HEAD, f"{N} ttl-security hops MORE"]),
    ),
    "lists that do not exist": (
        ours(V4, " neighbor N filter-list LIST in"),
        THEM,
        (
            "no-as-path-list",
            "as-path access-list LIST in does not exist: it denies all",
            ["bgp as-path access-list LIST permit .*"],
        ),
    ),
    "an access-list that does not exist": (
        ours(V4, " neighbor N distribute-list LIST out"),
        THEM,
        (
            "no-access-list",
            "access-list LIST out does not exist: it denies all",
            ["access-list LIST permit any"],
        ),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_has_its_own_words(pair: Config, name: str) -> None:
    here, there, (cause, says, mend) = REFUSED[name]
    us, _ = pair(here, there, 5)
    found = causes(us)
    assert cause in found, us.execute("explain neighbor 10.0.1.2")
    assert says in found[cause]["text"]
    assert found[cause]["lines"] == mend


@pytest.mark.parametrize("name", [name for name in REFUSED if "role" in name or "hold" in name])
def test_the_lines_that_are_said_mend_it(pair: Config, topology: Topology, name: str) -> None:
    here, there, (cause, _, mend) = REFUSED[name]
    us, _ = pair(here, there, 5)
    assert cause in causes(us)
    with us.configure() as config:
        config(*(line.replace("ROLE", "provider") for line in mend))
    topology.until(lambda: explained(us, "10.0.1.2")["up"])


def test_a_vrf_that_is_not_there(pair: Config) -> None:
    us, _ = pair(US + "router bgp 65001 vrf red\n neighbor 10.0.3.2 remote-as 65002\n", THEM, 2)
    found = causes(us, "vrf red 10.0.3.2")
    assert found["vrf"]["text"] == "VRF red is not there"


def test_a_neighbor_that_falls_silent(pair: Config, topology: Topology) -> None:
    us, them = pair(ours("neighbor N timers 1 3"), THEM)
    (peer,) = us.bgpd.instances[None].peers.values()
    assert peer.main.connection is not None
    peer.main.connection.pause()
    topology.until(lambda: "hold-timer" in causes(us) and "hold-timer" in causes(them, "10.0.1.1"))
    said = causes(us)["hold-timer"]["text"]
    assert said == "nothing was heard of 10.0.1.2 for the hold time of 3 s"
    said = causes(them, "10.0.1.1")["hold-timer"]["text"]
    assert said == "10.0.1.1 heard nothing of this router for its hold time"


TOLD = [
    (Cease.COLLISION, b"", "collision", "one of two connections was closed", f"{N} passive"),
    (Cease.BFD_DOWN, b"", "bfd", "BFD there says that the way between is down", ""),
    (Cease.OUT_OF_RESOURCES, b"", "resources", "for want of resources", ""),
    (Cease.ADMINISTRATIVE_RESET, b"\3now", "reset", "reset the session: 'now'", ""),
    (Cease.CONFIGURATION_CHANGE, b"", "reset", "its configuration for it changed", ""),
    (Cease.PEER_UNCONFIGURED, b"", "unconfigured", "took this router out", ""),
    (Cease.CONNECTION_REJECTED, b"", "rejected", "rejects the connection", ""),
    (
        *(Cease.MAXIMUM_PREFIXES, b"\0\2\1\0\0\0\7", "maximum-prefix"),
        *("its maximum-prefix 7 of IPv6 Unicast", f"{N} maximum-prefix-out 7"),
    ),
    (99, b"", "notification", "Cease", ""),
]


@pytest.fixture
def alone(topology: Topology) -> VirtualRouter:
    """A router whose neighbour was never there."""
    us, them = topology.router("us"), topology.router("them")
    topology.wire(us, them, "10.0.1.0/24")
    us.load(US)
    topology.advance(2)
    return us


@pytest.mark.parametrize(("subcode", "data", "name", "says", "mend"), TOLD)
def test_what_a_neighbor_says_at_the_end(
    alone: VirtualRouter, subcode: int, data: bytes, name: str, says: str, mend: str
) -> None:
    (peer,) = alone.bgpd.instances[None].peers.values()
    peer.state.last_notification = LastNotification(True, Code.CEASE, subcode, data)
    peer.state.reset_reason = type(peer.state.reset_reason).NOTIFICATION_RECEIVED
    found = causes(alone)[name]
    assert says in found["text"]
    assert (found["lines"] or [""])[-1] == mend


def test_which_of_two_connections_says_why(alone: VirtualRouter) -> None:
    (peer,) = alone.bgpd.instances[None].peers.values()
    collision = LastNotification(False, Code.CEASE, Cease.COLLISION)
    refusal = LastNotification(True, Code.OPEN, 6)
    peer.main.failure = None
    for last, aside in ((collision, refusal), (refusal, collision)):
        peer.state.last_notification, peer.state.aside = last, aside
        assert "hold-time" in causes(alone)


def test_the_kernels_counts_are_read() -> None:
    text = "TcpExt: A TCPMD5NotFound TCPMinTTLDrop\nTcpExt: 1 2 3\nIpExt: X\nIpExt: 9\n"
    found = counts_of(text)
    assert (found[UNSIGNED], found[FAR]) == (2, 3)
    assert not any(counts_of("").values())
