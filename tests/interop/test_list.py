"""`list`: a node offers nothing that FRR's node does not know, and all that the guide needs.

Where FRR lists a command and its `no` form on two lines ours may have them on one, so lines are
compared by their leading keywords.
"""

import re
from collections.abc import Iterator

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.router import Router
from tests.support.scenario import KINDS, UNDER_TEST

pytestmark = pytest.mark.real

ROUTER = ("configure terminal", "router bgp 65001")
NODES: dict[str, tuple[str, ...]] = {
    "enable": (),
    "config": ("configure terminal",),
    "router": ROUTER,
    "family": (*ROUTER, "address-family ipv4 unicast"),
    "interface": ("configure terminal", "interface lo"),
}
NEEDED = {
    "enable": [
        "configure",
        "show [ip] bgp",
        "clear [ip] bgp",
        "copy running-config startup-config",
    ],
    "config": ["router bgp", "ip forwarding", "ip route", "debug bgp"],
    "router": ["neighbor", "bgp router-id", "address-family", "exit", "end"],
    "family": ["neighbor", "network", "exit-address-family"],
    "interface": ["ip address", "shutdown", "exit"],
}
# What FRR 8.4.4 does not have and ours takes all the same, since the guide lists it.
EXTRA = {"debug bgp all"}


def listed(router: Router, node: str) -> list[str]:
    lines = router.vtysh(*NODES[node], "list").stdout.splitlines()
    return [re.sub(r"^(?:\[no\]|no) ", "", line.strip()) for line in lines]


def keywords(line: str) -> str:
    """The words before the first choice or variable."""
    found = re.match(r"(?:[a-z][a-z0-9-]* ?)+(?![A-Z.])", line)
    return found.group().strip() if found else ""


def agree(ours: str, theirs: str) -> bool:
    """True if one begins with the other: a choice of words may be written as one line or many."""
    return bool(theirs) and (ours.startswith(theirs) or theirs.startswith(ours))


@pytest.fixture(scope="module")
def frr() -> Iterator[dict[str, list[str]]]:
    with Lab() as lab:
        router = FrrRouter(lab.namespace("model"))
        router.start()
        yield {node: listed(router, node) for node in NODES}


@pytest.fixture(scope="module", params=UNDER_TEST)
def router(request: pytest.FixtureRequest) -> Iterator[Router]:
    with Lab() as lab:
        made = KINDS[request.param](lab.namespace("router"))
        made.start()
        yield made


@pytest.mark.parametrize("node", NODES)
def test_every_listed_command_is_one_of_frrs(
    router: Router, frr: dict[str, list[str]], node: str
) -> None:
    ours = listed(router, node)
    known = {keywords(line) for line in frr[node]} | EXTRA
    unknown = [line for line in ours if not any(agree(keywords(line), k) for k in known)]
    assert not unknown, "\n".join(unknown)
    for start in NEEDED[node]:
        assert any(line.startswith(start) for line in ours), f"{start}: {ours}"
