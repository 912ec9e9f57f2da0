"""Lists and route-maps edited by chance while everything uses them: FRR and ours with the same
edits have the same routes, and tell the same, once they are at rest."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.interop.test_policy import ROUTER, messages
from tests.support.crowd import Crowd
from tests.support.namespaces import Lab
from tests.support.router import Router
from tests.support.scenario import KINDS
from tests.support.wait import until

SEED, ROUNDS, EDITS = 5, 6, 8
SOURCE, PLAIN, MAPPED, LISTED, DEFAULT = (f"10.200.0.{n}" for n in (200, 1, 2, 3, 4))
NUMBERS = {SOURCE: 64999, PLAIN: 65101, MAPPED: 65102, LISTED: 65103, DEFAULT: 65104}
NAMES = ("valid", "bestpath", "weight", "locPrf", "metric", "path", "origin")

CONFIG = f"""\
router bgp 65001
 bgp route-map delay-timer 1
exit
ip prefix-list P seq 5 permit 172.16.0.0/12 le 32
bgp as-path access-list A seq 5 permit ^64999
bgp community-list standard C seq 5 permit 65000:1
access-list L seq 5 permit 172.16.0.0/12
route-map IN permit 10
 match ip address prefix-list P
exit
route-map OUT permit 10
exit
route-map NET permit 10
exit
route-map AGG permit 10
exit
route-map SUP permit 10
 match ip address prefix-list P
exit
route-map DEF permit 10
exit
router bgp 65001
 bgp router-id 10.200.0.254
 no bgp ebgp-requires-policy
 no bgp network import-check
{{neighbors}}
 address-family ipv4 unicast
  network 198.51.100.0/24 route-map NET
  network 203.0.113.0/24 route-map NET
  aggregate-address 172.16.0.0/16 route-map AGG suppress-map SUP
  neighbor {SOURCE} route-map IN in
  neighbor {MAPPED} route-map OUT out
  neighbor {MAPPED} unsuppress-map SUP
  neighbor {LISTED} prefix-list P out
  neighbor {LISTED} filter-list A out
  neighbor {LISTED} distribute-list L out
  neighbor {DEFAULT} default-originate route-map DEF
 exit-address-family
exit
"""
NEIGHBORS = "\n".join(
    line
    for address, asn in NUMBERS.items()
    for line in (f" neighbor {address} remote-as {asn}", f" neighbor {address} passive")
)

Edit = Callable[[random.Random], list[str]]


def _prefix(chance: random.Random) -> str:
    return chance.choice(["172.16.0.0/16", "172.16.2.0/24", "198.51.100.0/24", "0.0.0.0/0"])


def _list(chance: random.Random) -> list[str]:
    number, word = chance.choice([5, 10, 15]), chance.choice(["permit", "deny"])
    path, community = chance.choice(["_65100_", "_65200$", ".*"]), chance.choice([1, 2])
    kinds = [
        f"ip prefix-list P seq {number} {word} {_prefix(chance)} le {chance.choice([24, 25, 32])}",
        f"no ip prefix-list P seq {number}",
        f"access-list L seq {number} {word} {_prefix(chance)}",
        f"no access-list L seq {number}",
        f"bgp as-path access-list A seq {number} {word} {path}",
        f"no bgp as-path access-list A seq {number} permit .*",
        f"bgp community-list standard C seq {number} {word} 65000:{community}",
        f"no bgp community-list standard C seq {number} permit 65000:2",
        *chance.sample(["no ip prefix-list P", "no access-list L"], chance.choice([0, 1])),
    ]
    return [chance.choice(kinds)]


MATCHES = ("ip address prefix-list P", "ip address L", "as-path A", "community C", "origin igp")
SETS = ("metric 7", "metric +3", "community 65000:9 additive", "as-path prepend 65001", "weight 4")


def _map(chance: random.Random) -> list[str]:
    # Not AGG: FRR's aggregates do not follow it.
    name = chance.choice(["IN", "OUT", "NET", "SUP", "DEF", "CALLED"])
    number, word = chance.choice([5, 10, 20]), chance.choice(["permit"] * 3 + ["deny"])
    gone = chance.choice([f"no route-map {name}", f"no route-map {name} {word} {number}"])
    lines = [
        f"match {chance.choice(MATCHES)}",
        f"set {chance.choice(SETS)}",
        chance.choice(["on-match next", "no on-match next", "call CALLED", "no call"]),
        f"no match {chance.choice(MATCHES)}",
        "no set metric",
    ]
    if name == "CALLED":
        lines = [line for line in lines if line != "call CALLED"]
    head = f"route-map {name} {word} {number}"
    return [gone] if chance.random() < 0.12 else [head, *chance.sample(lines, 2), "exit"]


class Both:
    """FRR and ours, each with its speakers."""

    def __init__(self, lab: Lab) -> None:
        self._routers: dict[str, tuple[Router, Crowd]] = {}
        for kind in ("frr", "ours"):
            namespace, others = lab.namespace(kind), lab.namespace(f"{kind}c")
            lab.link(namespace, "e1", others, "e1")
            namespace.ip("address", "add", f"{ROUTER}/16", "dev", "e1")
            voices: dict[str, Any] = {
                address: {"asn": asn, "say": [], "about": [""]} for address, asn in NUMBERS.items()
            }
            voices[SOURCE]["say"] = messages(SOURCE, 64999, "172.16.0.0", "2001:db8:ff00::")[:-2]
            for address in voices:
                others.ip("address", "add", f"{address}/16", "dev", "e1")
            config = CONFIG.replace("{neighbors}", NEIGHBORS)
            router = KINDS[kind](namespace, {"bgpd.conf": config})
            router.start()
            self._routers[kind] = router, Crowd(others, ROUTER, 65001, voices)

    def configure(self, lines: list[str]) -> None:
        """Type the lines, up to the first that is refused."""
        typed = [word for line in ["configure", *lines] for word in ("-c", line)]
        frrs, ours = (router.vtysh_run(*typed) for router, _ in self._routers.values())
        assert ours == frrs, lines

    def state(self, kind: str) -> dict[tuple[str, str], Any]:
        """The paths, and what each speaker was told, by prefix."""
        router, crowd = self._routers[kind]
        routes = json.loads(router.show("show bgp ipv4 unicast json")).get("routes", {})
        found: dict[tuple[str, str], Any] = {
            ("table", prefix): [[path.get(name) for name in NAMES] for path in paths]
            for prefix, paths in routes.items()
        }
        for address, heard in crowd.heard().items():
            if address != SOURCE:  # FRR tells it of routes whose next hop it is itself
                found |= {(address, prefix): said for prefix, said in heard.items()}
        return found

    def agree(self, what: str) -> None:
        """Wait until both have had the same state for a while: longer than the delay timer."""
        calm: list[object] = [None]

        def same() -> bool:
            ours, frrs = self.state("ours"), self.state("frr")
            odd = [key for key in {*ours, *frrs} if ours.get(key) != frrs.get(key)]
            if odd:
                texts = (f"{key}: {ours.get(key)}, FRR {frrs.get(key)}" for key in sorted(odd))
                raise AssertionError("\n".join(texts))
            calm.append(ours)
            return len(calm) > 6 and all(state == ours for state in calm[-6:])

        until(same, 12, what, interval=0.2)

    def close(self) -> None:
        for router, crowd in self._routers.values():
            crowd.close()
            router.stop()


@pytest.fixture
def both(lab: Lab) -> Iterator[Both]:
    found = Both(lab)
    yield found
    found.close()


@pytest.mark.real
def test_edits_by_chance_end_where_frr_ends(both: Both) -> None:
    both.agree("both are up")
    chance = random.Random(SEED)
    typed: list[str] = []
    for number in range(ROUNDS):
        edits: list[Edit] = [chance.choice([_list, _map, _map]) for _ in range(EDITS)]
        lines = [line for edit in edits for line in edit(chance)]
        typed += lines
        both.configure(lines)
        both.agree(f"round {number} of {SEED}: {lines}")
    assert len(typed) > ROUNDS * EDITS
