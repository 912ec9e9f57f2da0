"""zebra's shows of static, connected and kernel routes of every form against FRR's transcripts.

The router is the one of the transcripts: its configuration, its links, and the routes that were
put into its kernel. Ages are not compared, nor how often a route-map was asked.
"""

import re

import pytest

from grammar.base.values import IP, Address, Prefix
from tests.support.golden import FOLDER, Transcript, transcripts
from tests.support.masks import mask
from tests.zebra.stack import RUNNING, Stack, address
from zebra.kernel.api import (
    AddAddress,
    InstallRoute,
    KernelNexthop,
    KernelRoute,
    Link,
    RouteKind,
    RouteProtocol,
    Scope,
)

CONFIG = (FOLDER / "show-static" / "r1.conf").read_text().splitlines()
E1, E2, E3 = 2, 3, 4
AGE = re.compile(r"\b\d\d:\d\d:\d\d\b")
DATE = re.compile(r"\d{4}/\d\d/\d\d <age>\.\d\d")
GROUP = re.compile(r"(\]|/\d+) \(\d+\)(?= )")
ASKED = re.compile(r'(Invoked |Invoked: |"invoked":)\d+')


def way(gate: str | None, ifindex: int, weight: int = 1) -> KernelNexthop:
    return KernelNexthop(Address.parse(gate) if gate else None, ifindex, weight)


def prefix(text: str) -> Prefix:
    return Prefix.parse(text)


BOOT, STATIC, OPENR = RouteProtocol.BOOT, RouteProtocol.STATIC, 99
ROUTES = (
    KernelRoute(prefix("10.70.0.0/24"), (way("10.0.1.2", E1),), protocol=BOOT),
    KernelRoute(prefix("10.70.1.0/24"), (way("10.0.1.2", E1),), protocol=BOOT, metric=300),
    KernelRoute(prefix("10.70.2.0/24"), (way(None, E1),), protocol=OPENR, scope=Scope.LINK),
    KernelRoute(prefix("10.70.3.0/24"), protocol=BOOT, type=RouteKind.BLACKHOLE),
    KernelRoute(
        prefix("10.70.4.0/24"),
        (way("10.0.3.2", E3),),
        protocol=STATIC,
        prefsrc=Address.parse("10.0.3.1"),
    ),
    KernelRoute(
        prefix("10.70.5.0/24"), (way("10.0.1.2", E1, 2), way("10.0.3.2", E3, 3)), protocol=BOOT
    ),
    KernelRoute(prefix("10.70.6.0/24"), (way("10.0.1.2", E1),), table=100, protocol=BOOT),
    KernelRoute(
        prefix("2001:db8:70::/48"), (way("2001:db8:1::2", E1),), protocol=BOOT, metric=1024
    ),
)
LINKS = (
    Link(E1, "e1", RUNNING, 1500, bytes.fromhex("562ab964e22f"), E1, "veth", 10000),
    Link(E2, "e2", RUNNING, 1500, bytes.fromhex("3257b767644b"), E2, "veth", 10000),
    Link(E3, "e3", RUNNING, 1500, bytes.fromhex("fa27fbfdaf94"), E3, "veth", 10000),
)


@pytest.fixture(scope="module")
def router() -> Stack:
    stack = Stack(LINKS)
    stack.zebra.common.kernel_release = "6.1.0-18-amd64"
    for afi in IP:
        stack.kernel.set_forwarding(afi, True)
    static = [line for line in CONFIG if re.match(r"ip(v6)? route ", line)]
    maps = CONFIG.index("access-list ACL1 seq 5 permit 10.60.0.0/16")
    stack.static(*static)
    stack.configure(*(line for line in CONFIG[CONFIG.index("interface e1") : maps] if line != "!"))
    for ifindex, local in (
        (E3, "fe80::f827:fbff:fefd:af94/64"),
        (E1, "fe80::542a:b9ff:fe64:e22f/64"),
    ):
        stack.kernel.change(AddAddress(address(ifindex, local)))
    stack.scheduler.advance(1)
    stack.configure(*(line for line in CONFIG[maps:] if line != "!"))
    stack.scheduler.advance(20)
    for route in ROUTES:
        stack.kernel.change(InstallRoute(route))
    stack.scheduler.advance(10)
    return stack


def masked(text: str) -> str:
    """Without ages, numbers of groups, and how often a map was asked.

    FRR's "changed" stays at routes that a map denied, until its maps are asked again.
    """
    text = DATE.sub("<date>", AGE.sub("<age>", mask(text)))
    text = text.replace('"internalStatus":2,', '"internalStatus":0,')
    return ASKED.sub(r"\1<n>", GROUP.sub(r"\1 (<nhg>)", text))


@pytest.mark.parametrize(
    "transcript", transcripts("show-static"), ids=lambda transcript: transcript.name
)
def test_show(router: Stack, transcript: Transcript) -> None:
    (command,) = transcript.vtysh_commands
    actual = router.show(command) + "[exit 0]\n"
    assert masked(actual) == masked(transcript.text)
