"""The lines of the config node at work beside FRR: files of messages and tables, the code point of
sessions, routes that zebra is not given, and what it is told of those that it is.

Two routers, FRR's and ours, each with a peer of its own that is FRR and says the same.
"""

import json
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router
from tests.support.vty import Vty
from tests.support.wait import until

pytestmark = pytest.mark.real

ROUTER = """
hostname router
bgp send-extra-data zebra
bgp session-dscp 10
router bgp 65001
 bgp router-id 10.0.0.1
 no bgp ebgp-requires-policy
 no bgp network import-check
 coalesce-time 100
 neighbor 10.0.0.2 remote-as 65002
 neighbor 10.0.0.2 passive
 network 10.1.0.0/16
 address-family ipv6 unicast
  neighbor 10.0.0.2 activate
 exit-address-family
"""
PEER = """
hostname peer
route-map X permit 10
 set community 65002:1 65002:2
 set extcommunity rt 65002:9
 set large-community 65002:1:2 65002:3:4
 set as-path prepend 65010 4200000000
 set metric 77
 set atomic-aggregate
 set aggregator as 65010 1.1.1.1
router bgp 65002
 bgp router-id 10.0.0.2
 no bgp ebgp-requires-policy
 no bgp network import-check
 bgp route-map delay-timer 1
 coalesce-time 100
 neighbor 10.0.0.1 remote-as 65001
 neighbor 10.0.0.1 timers connect 1
 network 10.9.0.0/16 route-map X
 network 10.8.0.0/16
 network 10.1.0.0/16
 address-family ipv4 unicast
  neighbor 10.0.0.1 send-community all
 address-family ipv6 unicast
  neighbor 10.0.0.1 activate
  neighbor 10.0.0.1 send-community all
  network fd09::/32 route-map X
  network fd08::/32
 exit-address-family
"""
KINDS = {"frr": FrrRouter, "ours": OurRouter}
DEBUGGED = (
    "debug bgp updates prefix 10.9.0.0/16",
    "debug bgp updates prefix fd09::/32",
    "debug bgp zebra prefix 10.9.0.0/16",
    "debug bgp update-groups",
    "debug bgp bestpath 10.9.0.0/16",
    "debug bgp bestpath 10.1.0.0/16",
    "debug bgp bestpath fd09::/32",
)
PLACES = ("old_select=0x", "in holddown", "Rx Intf up")
"""Lines that name places in the memory of FRR's bgpd, or tell of a cable made just before."""
EXTENDED = 17
STATE_CHANGE = 5
ACTIVE = 3


@dataclass
class Side:
    """A router under test and the vty of its bgpd, in config."""

    router: Router
    peer: Router
    bgpd: Vty
    zebra: Vty

    def ask(self, line: str) -> str:
        return self.bgpd.ask(f"do {line}")[0]

    def has(self, *prefixes: str) -> bool:
        text = self.ask("show bgp ipv4 unicast") + self.ask("show bgp ipv6 unicast")
        return all(prefix in text for prefix in prefixes)

    @property
    def file(self) -> Path:
        return Path(self.router.run)


def cable(lab: Lab, kind: str) -> Side:
    one, other = lab.namespace(f"{kind}-a"), lab.namespace(f"{kind}-b")
    lab.link(one, "eth0", other, "eth0")
    for node, number in ((one, 1), (other, 2)):
        node.ip("link", "set", "eth0", "down")
        node.ip("link", "set", "eth0", "address", f"02:00:00:00:00:0{number}")
        node.ip("link", "set", "eth0", "up")
        node.ip("address", "add", f"10.0.0.{number}/24", "dev", "eth0")
        node.ip("address", "add", f"fd00::{number}/64", "dev", "eth0", "nodad")
    router = KINDS[kind](one, {"bgpd.conf": ROUTER})
    peer = FrrRouter(other, {"bgpd.conf": PEER})
    router.start("zebra", "bgpd")
    bgpd, zebra = Vty(router.run, "bgpd"), Vty(router.run, "zebra")
    bgpd.ask("configure terminal")
    return Side(router, peer, bgpd, zebra)


@pytest.fixture(scope="module")
def sides() -> Iterator[dict[str, Side]]:
    with Lab() as lab:
        made = {kind: cable(lab, kind) for kind in KINDS}
        for side in made.values():
            for line in ("all {}/all", "updates-et {}/updates"):
                text, status = side.bgpd.ask(f"dump bgp {line.format(side.file)}")
                assert (text, status) == ("", 0)
            for line in (f"log file {side.file}/log", *DEBUGGED):
                assert side.bgpd.ask(line) == ("", 0)
        for side in made.values():
            side.peer.start("zebra", "bgpd")
        for side in made.values():
            everything = ("10.8.0.0", "10.9.0.0", "fd08::", "fd09::")
            until(partial(side.has, *everything), 20, "routes")
            until(partial(ended, side), 20, "the ends of both families")
        yield made
        for side in made.values():
            side.bgpd.socket.close()
            side.zebra.socket.close()


def ended(side: Side) -> bool:
    text = side.ask("show bgp neighbors 10.0.0.2")
    return text.count("End-of-RIB received: Yes") + text.count("End-of-RIB send: Yes") >= 2


def records(path: Path) -> list[tuple[int, int, bytes]]:
    """Type, subtype and body of each record, without its time."""
    data, found, start = path.read_bytes(), [], 0
    while start < len(data):
        _, kind, subtype, length = struct.unpack_from("!IHHI", data, start)
        body = data[start + 12 : start + 12 + length]
        found.append((kind, subtype, body[4:] if kind == EXTENDED else body))
        start += 12 + length
    return found


def of_the_session(found: list[tuple[int, int, bytes]]) -> list[tuple[int, int, bytes]]:
    """Without the states before there was a connection, which have a time of their own."""
    return [each for each in found if each[1] != STATE_CHANGE or max(each[2][-4:]) > ACTIVE]


def test_messages_and_states_are_written_down(sides: dict[str, Side]) -> None:
    wanted, got = (of_the_session(records(side.file / "all")) for side in sides.values())
    assert sorted(got) == sorted(wanted)
    states = [[each for each in found if each[1] == STATE_CHANGE] for found in (got, wanted)]
    assert states[0] == states[1]
    assert len(states[0]) >= 4
    updates = [records(side.file / "updates") for side in sides.values()]
    assert sorted(updates[1]) == sorted(updates[0])
    assert {(kind, body[38:39]) for kind, _, body in updates[1]} == {(EXTENDED, b"\x02")}


def ageless(path: Path) -> list[tuple[int, int, bytes]]:
    """Entries of tables without the time each path came at."""
    found = []
    for kind, subtype, body in records(path):
        if subtype != 1:
            start = 5 + (body[4] + 7) // 8 + 2
            timeless = body[:start]
            while start < len(body):
                peer, _, size = struct.unpack_from("!HIH", body, start)
                start += 8 + size
                timeless += struct.pack("!HH", peer, size) + body[start - size : start]
            body = timeless
        found.append((kind, subtype, body))
    return found


def logged(side: Side) -> list[str]:
    """The debug lines so far, without their times."""
    lines = (side.file / "log").read_text().splitlines()
    lines = [line for line in lines if not any(place in line for place in PLACES)]
    return sorted(line.partition(" BGP: ")[2] for line in lines if " BGP: " in line)


def test_debug_lines_say_the_same(sides: dict[str, Side]) -> None:
    frr, ours = sides.values()
    until(lambda: logged(frr) == logged(ours), 5, f"{set(logged(frr)) ^ set(logged(ours))}")
    text = "\n".join(logged(ours))
    for words in (
        "rcvd UPDATE w/ attr",
        "send UPDATE 10.9.0.0/16",
        "Tx route add",
        "add peer",
        "due to weight",
    ):
        assert words in text


def filled(path: Path) -> bool:
    return path.stat().st_size > 500


def test_tables_are_written_down(sides: dict[str, Side]) -> None:
    for side in sides.values():
        assert side.bgpd.ask(f"dump bgp routes-mrt {side.file}/table") == ("", 0)
    for side in sides.values():
        until(partial(filled, side.file / "table"), 10, "a table")
    wanted, got = (ageless(side.file / "table") for side in sides.values())
    assert got == wanted
    assert len(got) == 6


def test_sessions_have_the_code_point(sides: dict[str, Side]) -> None:
    for side in sides.values():
        argv = side.router.namespace.argv(["ss", "-Htn", "--tos", "dst", "10.0.0.2"])
        text = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
        assert "tos:0x28" in text


def shown(side: Side, line: str) -> str:
    return side.zebra.ask(line)[0]


def test_zebra_shows_what_it_was_told(sides: dict[str, Side]) -> None:
    titles = ("AS-Path", "Communities", "Large-Communities", "Selection reason")
    members = ("asPath", "communities", "largeCommunities", "selectionReason")
    for prefix in ("10.8.0.0/16", "10.9.0.0/16"):
        texts = [shown(side, f"show ip route {prefix}").splitlines() for side in sides.values()]
        wanted, got = ([line for line in text if line.strip().startswith(titles)] for text in texts)
        assert got == wanted
        assert len(got) > 1
        told = [
            json.loads(shown(side, f"show ip route {prefix} json"))[prefix][0]
            for side in sides.values()
        ]
        assert [told[1][name] for name in members] == [told[0][name] for name in members]


def is_shown(side: Side, *, there: bool) -> bool:
    return ("10.9." in shown(side, "show ip route")) is there


def test_no_rib_takes_routes_back(sides: dict[str, Side]) -> None:
    for side in sides.values():
        for line, there in (("bgp no-rib", False), ("no bgp no-rib", True)):
            assert side.bgpd.ask(line) == ("", 0)
            until(partial(is_shown, side, there=there), 10, line)
            assert side.has("10.9.0.0")
    answers = {side.bgpd.ask("no bgp no-rib") for side in sides.values()}
    assert len(answers) == 1
