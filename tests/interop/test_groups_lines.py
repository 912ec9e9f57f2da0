"""Lines of peer-groups, members, listen ranges and interface neighbors beside FRR's bgpd.

Sequences of such lines, drawn at random but the same in every run, are typed into the real bgpd and
into ours: every answer and, after every line, the whole configuration are compared.
"""

import random
from collections.abc import Iterator

import pytest

from grammar.node import CONFIG
from tests.bgp.commandline import Terminal
from tests.support.realbgpd import RealBgpd, real_bgpd

pytestmark = pytest.mark.real

SEQUENCES, LENGTH = 30, 40
GROUPS = ("G1", "G2")
ADDRESSES = ("10.0.0.1", "10.0.0.2", "10.0.0.3", "2001:db8::1")
INTERFACES = ("prt0", "prt1")
EVERYONE = (*GROUPS, *ADDRESSES, *INTERFACES)
NUMBERS = ("65001", "65002", "external")
OF_GROUPS = ("65000", "internal", *NUMBERS)
RANGES = ("10.1.0.0/16", "10.2.0.0/16", "10.1.1.0/24", "2001:db8:1::/48")
FIRST = (
    "router bgp 65000",
    "neighbor G1 peer-group",
    "neighbor G1 remote-as 65001",
    "neighbor G2 peer-group",
    "neighbor G2 remote-as external",
)
OPTIONS = (
    "passive",
    "shutdown",
    "shutdown message {word}",
    "password {word}",
    "description {word}",
    "timers {small} {hold}",
    "timers connect {small}",
    "timers delayopen {small}",
    "advertisement-interval {small}",
    "port {port}",
    "update-source 1.1.1.{small}",
    "disable-connected-check",
    "enforce-first-as",
    "local-as 6510{small}",
    "local-as 6510{small} no-prepend",
    "local-as 6510{small} no-prepend replace-as",
    "capability dynamic",
    "capability extended-nexthop",
    "dont-capability-negotiate",
    "override-capability",
    "strict-capability-match",
    "graceful-restart",
    "graceful-restart-helper",
    "graceful-restart-disable",
    "bfd",
    "bfd profile {word}",
    "bfd check-control-plane-failure",
    "solo",
    "activate",
    "next-hop-self",
    "next-hop-self force",
    "route-reflector-client",
    "soft-reconfiguration inbound",
    "maximum-prefix {small}",
    "maximum-prefix {small} 50 warning-only",
    "allowas-in {small}",
    "allowas-in origin",
    "weight {small}",
    "route-map {word} in",
    "route-map {word} out",
    "default-originate",
    "default-originate route-map {word}",
    "send-community",
    "send-community large",
    "send-community both",
    "addpath-tx-all-paths",
    "addpath-tx-bestpath-per-AS",
)


@pytest.fixture(scope="module")
def real() -> Iterator[RealBgpd]:
    with real_bgpd("frr") as bgpd:
        yield bgpd


def draw(rng: random.Random) -> str:
    """One line."""
    anyone, group, kind = rng.choice(EVERYONE), rng.choice(GROUPS), rng.random()
    number, interface = rng.choice(NUMBERS), rng.choice(INTERFACES)
    if kind < 0.08:
        if anyone in GROUPS:
            number = rng.choice(OF_GROUPS)
        return f"neighbor {anyone} remote-as {number}"
    if kind < 0.2:
        return f"neighbor {anyone} peer-group {group}"
    if kind < 0.24:
        tail = rng.choice(("", f"peer-group {group}", f"remote-as {number}"))
        return f"neighbor {interface} interface {rng.choice(('', 'v6only '))}{tail}"
    if kind < 0.27:
        return rng.choice(
            (
                f"no neighbor {rng.choice(ADDRESSES)}",
                f"no neighbor {anyone} peer-group {group}",
                f"no neighbor {interface} interface",
                f"no neighbor {rng.choice(ADDRESSES)} remote-as {number}",
            )
        )
    if kind < 0.32:
        no = rng.choice(("", "", "no "))
        return f"{no}bgp listen range {rng.choice(RANGES)} peer-group {group}"
    if kind < 0.37:
        return rng.choice(
            (
                "no bgp default ipv4-unicast",
                "bgp default ipv6-unicast",
                "bgp listen limit 7",
                "address-family ipv4 unicast",
                "address-family ipv6 unicast",
                "exit-address-family",
            )
        )
    small = rng.choice((1, 2, 5))
    option = rng.choice(OPTIONS).format(
        small=small, hold=3 * small + 3, word=rng.choice("ab"), port=rng.choice((179, 1790))
    )
    if rng.random() < 0.3:
        option = "shutdown" if option.startswith("shutdown") else option
        return f"no neighbor {anyone} {option}"
    return f"neighbor {anyone} {option}"


def instance(lines: list[str]) -> list[str]:
    """`router bgp` of a printed configuration, without marks between blocks."""
    start = next((at for at, line in enumerate(lines) if line.startswith("router bgp")), 0)
    return [line for line in lines[start:] if line.strip() not in ("", "!", "exit", "end")]


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_answers_and_configuration_are_those_of_frr(real: RealBgpd, seed: int) -> None:
    rng = random.Random(seed)
    ours = Terminal(CONFIG)
    for line in ("end", "configure", "no router bgp"):
        real.type(line)
    typed: list[str] = []
    for line in (*FIRST, *(draw(rng) for _ in range(LENGTH))):
        typed.append(line)
        status, text = real.type(line)
        assert ours.type(line) == (status, text), typed
        printed = real.type("show running-config")[1].splitlines()
        assert instance(ours.printed()) == instance(printed), typed
