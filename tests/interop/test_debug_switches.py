"""`debug bgp ...` beside FRR's bgpd: what is answered, shown and printed, line by line.

Sequences of such lines are drawn at random, the same in every run, for the enable node and for
config; `show debugging` and the configuration are compared behind each.
"""

import random
from collections.abc import Iterator

import pytest

from bgp.commands.debug import statuses
from grammar.node import CONFIG, ENABLE, Node
from tests.bgp.commandline import Terminal
from tests.support.realbgpd import RealBgpd, real_bgpd

pytestmark = pytest.mark.real

SEQUENCES, LENGTH = 30, 40
PEERS = ("10.0.0.1", "2001:db8::1", "eth0")
PREFIXES = ("10.0.0.0/8", "10.1.2.3/16", "2001:db8::/32")
EVPN = (
    "macip mac 00:11:22:aa:bb:cc",
    "2 mac 00:11:22:AA:bb:cc ip 10.0.0.1",
    "multicast ip 10.0.0.1",
    "prefix ip 10.1.2.3/16",
)
PLAIN = (
    *("as4", "as4 segment", "nht", "update-groups", "flowspec", "labelpool", "pbr", "pbr error"),
    *("graceful-restart", "evpn mh es", "evpn mh route", "bfd", "vnc verbose"),
    *("vpn leak-from-vrf", "vpn leak-to-vrf", "vpn rmap-event", "vpn label"),
)


@pytest.fixture(scope="module")
def real() -> Iterator[RealBgpd]:
    with real_bgpd("debug") as bgpd:
        yield bgpd


def draw(rng: random.Random) -> str:
    """One line."""
    no, peer, prefix = rng.choice(("", "", "no ")), rng.choice(PEERS), rng.choice(PREFIXES)
    words = rng.choice(
        (
            rng.choice(PLAIN),
            f"{rng.choice(('keepalives', 'neighbor-events', 'updates in', 'updates out'))} {peer}",
            f"{rng.choice(('updates prefix', 'zebra prefix', 'bestpath'))} {prefix}",
            f"updates prefix l2vpn evpn type {rng.choice(EVPN)}",
            rng.choice(("keepalives", "neighbor-events", "updates in", "updates out")),
        )
    )
    return f"{no}debug bgp {words}"


def everything_off(real: RealBgpd, printed: list[str]) -> None:
    real.type("end")
    real.type("configure terminal")
    for line in printed:
        real.type(f"no {line}")
    real.type("end")
    for topic in PLAIN:
        real.type(f"no debug bgp {topic}")
    real.type("no debug bgp")


def of_debugging(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("debug bgp ")]


@pytest.mark.parametrize("node", [ENABLE, CONFIG], ids=["enable", "config"])
def test_switches_are_answered_shown_and_printed(real: RealBgpd, node: Node) -> None:
    rng = random.Random(8_04_04)
    for _ in range(SEQUENCES):
        ours = Terminal(node)
        real.type("end")
        if node is CONFIG:
            real.type("configure terminal")
        do = "do " if node is CONFIG else ""
        typed: list[str] = []
        for _ in range(LENGTH):
            line = draw(rng)
            typed.append(line)
            assert ours.type(line) == real.type(line), typed
            shown = real.type(f"{do}show debugging")[1]
            told = "".join(f"  {each}\n" for each in statuses(ours.daemon.config))
            assert f"BGP debugging status:\n{told}" == shown, typed
            printed = of_debugging(real.type(f"{do}show running-config")[1])
            assert of_debugging("\n".join(ours.printed())) == printed, typed
        everything_off(real, printed)
