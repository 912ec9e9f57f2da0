"""bfdd beside FRR's: the same lines, the same printed configuration, the same answers.

Neither has anyone to talk to, so every session is down. FRR numbers sessions at random and lists
them in the order of a hash: the numbers are masked, the lists sorted. What FRR told zebra of
sessions that are shut down is masked too: ours tells nobody.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router

pytestmark = pytest.mark.real

CONFIG = """\
bfd
 profile slow
  transmit-interval 1000
  receive-interval 2000
  detect-multiplier 50
  echo-mode
  echo receive-interval disabled
  echo transmit-interval 100
  minimum-ttl 20
  passive-mode
  shutdown
 exit
 profile defaults
  transmit-interval 300
  receive-interval 300
  detect-multiplier 3
  echo receive-interval 50
  echo transmit-interval 50
  no echo-mode
  no passive-mode
  no shutdown
  minimum-ttl 254
 exit
 peer 10.0.0.1
  receive-interval 400
  transmit-interval 200
  detect-multiplier 5
  echo-mode
  echo-interval 55
  passive-mode
 exit
 peer 10.0.0.9 multihop local-address 10.0.0.2
  minimum-ttl 250
  profile defaults
 exit
 peer 10.0.0.9 multihop local-address 10.0.0.3 vrf red
  shutdown
 exit
 peer fe80::1 interface lo
 exit
 peer 2001:db8::1 local-address 2001:db8::2 interface lo
 exit
 peer 10.0.0.20 vrf red
 exit
 peer 10.0.0.22 local-address 10.0.0.1
  profile unheard-of
 exit
 peer 10.0.0.23 vrf default
 exit
 peer 10.0.0.25 multihop local-address 10.0.0.4 vrf red
  profile slow
 exit
 peer 10.0.0.24 interface lo vrf red
 exit
exit
debug bfd zebra
debug bfd peer
ip prefix-list two description of MetalLB's kind
ip prefix-list one permit 172.16.1.10/24
ip prefix-list one deny any
ipv6 prefix-list six seq 7 permit 2001:db8::/32 ge 48 le 64
access-list four permit 10.0.0.0/8
ipv6 access-list six deny any
mac access-list layer permit any
no ip prefix-list one seq 10 deny any
"""
TAKEN_BACK = (
    "bfd",
    "no profile defaults",
    "no peer 10.0.0.20 vrf red",
    "no peer 10.0.0.77",
    "no profile nobody",
    "profile slow",
    "no shutdown",
    "no passive-mode",
    "no echo-mode",
    "no minimum-ttl",
    "exit",
    "peer 10.0.0.1",
    "detect-multiplier 3",
    "no passive-mode",
)
REFUSED = (
    ("peer 10.0.0.30 multihop",),
    ("peer 10.0.0.30 multihop local-address 10.0.0.2 interface lo",),
    ("peer fe80::2",),
    ("peer 10.0.0.1", "minimum-ttl 10"),
    ("peer 10.0.0.9 multihop local-address 10.0.0.2", "echo-mode"),
    ("peer 10.0.0.1", "label x"),
    ("peer 10.0.0.1", "detect-multiplier 1"),
    ("peer 10.0.0.1", "receive-interval 9"),
    ("profile",),
)
ANSWERS = (
    "show running-config",
    "show bfd peer 10.0.0.1",
    "show bfd peer 10.0.0.1 json",
    "show bfd peer 10.0.0.1 counters",
    "show bfd peer 10.0.0.1 counters json",
    "show bfd peer 10.0.0.22",
    "show bfd peer 10.0.0.9",
    "show bfd peer 10.0.0.9 multihop",
    "show bfd peer 10.0.0.9 multihop local-address 10.0.0.2 json",
    "show bfd peer 10.0.0.99 json",
    "show bfd peer fe80::1 interface lo",
    "show bfd peer 10.0.0.22 local-address 10.0.0.8",
    "show bfd peer nobody",
    "show bfd vrf red peer 10.0.0.24 json",
    "show bfd vrf red peer 10.0.0.1",
    "show bfd vrf nowhere peers",
    "show bfd vrf nowhere peers json",
    "show bfd distributed",
    "show debugging",
    "clear bfd peer 10.0.0.1 counters",
    "clear bfd peer 10.0.0.99 counters",
)
LISTS = (
    "show bfd peers",
    "show bfd peers counters",
    "show bfd vrf red peers",
    "show bfd vrf default peers counters",
)
JSON_LISTS = (
    "show bfd peers json",
    "show bfd peers brief json",
    "show bfd vrf red peers json",
    "show bfd peers counters json",
)


def masked(text: str) -> str:
    text = re.sub(r"(Zebra notifications: )\d|(\"zebra-notifications\":)\d", "<>", text)
    text = re.sub(r"^hostname \w+$", "hostname <>", text, flags=re.MULTILINE)
    text = re.sub(
        r"Downtime: \d+ second|(ID: )(?!0)\d+|(\"id\":)\d+|(\"downtime\":)\d+", "<>", text
    )
    return re.sub(r"^\d{3,10} +(?=\S+ +\S+ +(?:admin-)?down)", "<id> ", text, flags=re.MULTILINE)


class Pair:
    """FRR's bfdd with its vtysh, and ours with ours."""

    def __init__(self, lab: Lab) -> None:
        self.routers: list[Router] = [
            FrrRouter(lab.namespace("frr"), {"bfdd.conf": ""}),
            OurRouter(lab.namespace("ours"), {"bfdd.conf": ""}),
        ]
        for router in self.routers:
            router.start("bfdd")
            loaded = router.vtysh_run("-f", router.write("bfd.lines", CONFIG))
            assert loaded.exit == 0, loaded.text

    def same(self, *lines: str) -> str:
        texts = [masked(router.vtysh(*lines).text) for router in self.routers]
        assert texts[0] == texts[1], lines
        return texts[0]

    def shown(self, line: str) -> list[str]:
        return [router.show(line) for router in self.routers]


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with Lab() as lab:
        yield Pair(lab)


@pytest.mark.parametrize("line", ANSWERS)
def test_the_same_answer(pair: Pair, line: str) -> None:
    assert pair.same(line)


@pytest.mark.parametrize("line", LISTS)
def test_the_same_list(pair: Pair, line: str) -> None:
    theirs, ours = (masked(text).split("\n\n") for text in pair.shown(line))
    head = "BFD Peers:\n"
    assert theirs[0].startswith(head)
    assert ours[0].startswith(head)
    parts = [sorted([part.removeprefix(head) for part in each]) for each in (theirs, ours)]
    assert parts[0] == parts[1]


def test_the_same_brief_list(pair: Pair) -> None:
    for line in ("show bfd peers brief", "show bfd vrf all peers brief"):
        theirs, ours = (masked(text).splitlines() for text in pair.shown(line))
        assert theirs[:3] == ours[:3]
        assert sorted(theirs) == sorted(ours)


@pytest.mark.parametrize("line", JSON_LISTS)
def test_the_same_json_list(pair: Pair, line: str) -> None:
    def known(text: str) -> list[Any]:
        rows = json.loads(text)
        rows.sort(key=lambda row: (row["peer"], row["vrf"], row.get("local", "")))
        changing = ("id", "downtime", "zebra-notifications")
        return [([*row], {key: row[key] for key in row if key not in changing}) for row in rows]

    theirs, ours = map(known, pair.shown(line))
    assert theirs == ours


@pytest.mark.parametrize("lines", REFUSED, ids=lambda lines: lines[-1])
def test_the_same_refusal(pair: Pair, lines: tuple[str, ...]) -> None:
    assert "[exit 1]" in pair.same("configure terminal", "bfd", *lines)


def test_the_same_lines_after_some_are_taken_back(pair: Pair) -> None:
    pair.same("configure terminal", *TAKEN_BACK)
    assert "detect-multiplier 3" not in pair.same("show running-config")
    pair.same("configure terminal", "no bfd", "no debug bfd zebra")
    assert "\nbfd\n" not in pair.same("show running-config")
    for line in (*LISTS, *JSON_LISTS, "show bfd peers brief"):
        pair.same(line)
    pair.same("configure terminal", "bfd")
    assert "\nbfd\nexit\n" in pair.same("show running-config")
