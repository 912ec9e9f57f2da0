"""Lines that are wrong, beside FRR's zebra and staticd: the same answer, the same configuration.

As `test_wrong_lines` does for bgpd, with the recorded lines of each node; what is right by chance
stays configured on both sides, and is printed the same.
"""

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from grammar.node import CONFIG
from tests.interop.wrong import HEADER, mangled
from tests.printed.replay import places, read
from tests.printed.terminals import Terminal, terminal
from tests.support.realbgpd import RealDaemon, real_daemon

pytestmark = pytest.mark.real

LINES = 2000
STEP = 100
DEVICES = ("prt0", "prt1")
NODES: dict[str, dict[str, tuple[str, ...]]] = {
    "zebra": {
        "config": (),
        "config-with-lists": (),
        "interface": ("interface prt0",),
        "link-params": ("interface prt0", "link-params"),
        "route-map": ("route-map RM permit 10",),
        "vrf": ("vrf red",),
        "pseudowire": ("pseudowire PW1",),
        "srv6-locator": ("segment-routing", "srv6", "locators", "locator L1"),
        "line-vty": ("line vty",),
    },
    "staticd": {
        "config": (),
        "config-with-routes": (),
        "vrf": ("vrf red",),
        "line-vty": ("line vty",),
    },
}
LEFT_OUT = (
    *("log file", "log filtered-file"),
    *("no service cputime-warning", "no service walltime-warning"),
    *("ipv6 router-id", "mpls lsp", "match metric 0"),
)
"""Files that FRR's daemons may not write, as it is another user; where it answers with an internal
error; what it prints otherwise or ends by; what depends on whether `mpls enable` was typed."""


def drawn(daemon: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Nodes and wrong lines of them."""
    nodes = NODES[daemon]
    lines = {name: sorted({each["typed"] for each in read(daemon, name).records}) for name in nodes}
    while True:
        name = rng.choice(sorted(nodes))
        line = mangled(rng, rng.choice(lines[name]))
        if name == "link-params" and "-1" in line.split():
            continue  # FRR prints no end of line behind it
        if line and not any(word in line for word in LEFT_OUT):
            yield name, line


def enter(real: RealDaemon, ours: Terminal, lines: tuple[str, ...]) -> None:
    """Both go to a node."""
    for line in ("end", "configure terminal", *lines):
        real.type(line)
    ours.session.go(CONFIG)
    ours.type(*lines)


def differences(real: RealDaemon, ours: Terminal) -> list[str]:
    """What one has configured and the other has not."""
    text = real.type("do show running-config")[1]
    told = [place for place in places(text.splitlines()) if place[1] not in HEADER]
    own = [place for place in places(ours.session.config_lines()) if place[1] not in HEADER]
    wanted = Counter(place for place in told if not place[1].startswith("hostname"))
    got = Counter(place for place in own if not place[1].startswith("hostname"))
    return [*(f"- {line}" for line in wanted - got), *(f"+ {line}" for line in got - wanted)]


@pytest.mark.parametrize("daemon", NODES)
def test_wrong_lines_are_refused_in_the_same_words(daemon: str) -> None:
    rng = random.Random(8_04_04)
    lines = drawn(daemon, rng)
    ours, refused, differing = terminal(daemon, DEVICES), 0, []
    with real_daemon(f"wrong-{daemon}", daemon, *DEVICES) as real:
        for line in ("enable", "configure terminal", "no ip forwarding", "no ipv6 forwarding"):
            real.type(line)
            ours.type(line)
        typed: list[str] = []
        for number in range(1, LINES + 1):
            name, line = next(lines)
            typed.append(f"{name}: {line}")
            enter(real, ours, NODES[daemon][name])
            answer, own = real.type(line), ours.type(line)
            refused += answer[0] != 0
            if answer != own:
                differing.append((name, line, answer, own))
            if not number % STEP:
                assert differences(real, ours) == [], "\n".join(typed[-STEP:])
    assert differing == []
    assert refused > LINES // 4
