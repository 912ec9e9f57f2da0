"""Shows and commands of VNC beside FRR's bgpd, while no endpoint of it is registered.

Every line of FRR's list is typed into both, without BGP, with it, and with groups and policies.
Where FRR would register something, ours says that it does not.
"""

from collections.abc import Iterator

import pytest

from bgp.commands.vnc_exec import NOT_CARRIED
from grammar.node import ENABLE
from tests.bgp.commandline import Terminal
from tests.printed.coverage import lines, read
from tests.support.realbgpd import RealBgpd, real_bgpd

pytestmark = pytest.mark.real

GROUPS = """
vnc nve-group G
prefix vn 198.51.100.0/24
exit-vnc
vnc nve-group H
exit-vnc
vrf-policy Word1
exit-vrf-policy
vrf-policy Word2
rt both 65000:3
exit-vrf-policy
vnc export bgp group-nve group G
vnc export bgp group-nve group H
"""
TYPED = (
    "router bgp 65000",
    *GROUPS.split("\n"),
    "vnc export bgp mode group-nve",
    "vnc export bgp mode ce",
    "vnc export bgp mode registering-nve",
    "vnc export bgp mode none",
    "rfp holddown-factor 50",
    "rfp full-table-download on",
    "vnc redistribute ipv6 static",
    "vnc redistribute ipv4 bgp-direct",
    "vnc redistribute ipv6 rip",
    "vnc redistribute ipv4 kernel",
    "vnc redistribute resolve-nve roo-ec-local-admin 77",
    "vnc export bgp mode ce",
    "vnc defaults",
    "response-lifetime 77",
    "response-lifetime infinite",
    "exit-vnc",
)
"""Lines of config; behind each the shows are compared."""
FURTHER = (
    "add vnc prefix 10.0.0.0/8 vn 198.51.100.1 un 192.0.2.1",
    "add vrf Word2 prefix 10.0.0.0/8",
    "add vrf Word2 prefix 10.0.0.0/8 rd nothing label 5",
    "add vrf Word2 prefix 10.0.0.0/8 rd 1:1",
    "clear vrf Word2 all",
    "clear vrf Word2 prefix 10.0.0.0/8 rd 1:1",
    "show vnc nves",
    "clear vnc counters",
    "show vnc nves",
)


@pytest.fixture(scope="module")
def real() -> Iterator[RealBgpd]:
    with real_bgpd("vnc") as bgpd:
        yield bgpd


def of_vnc() -> list[str]:
    """The lines of FRR's list."""
    enable = next(node for node in read("bgpd") if node.name == "enable")
    starts = ("show vnc", "clear vnc", "clear vrf", "add v", "show debugging bgp vnc")
    notations = [each for each in enable.notations if each.startswith(starts)]
    assert len(notations) > 45
    return [line for notation in notations for line in lines(notation)]


def both(real: RealBgpd, ours: Terminal, line: str) -> None:
    assert ours.type(line) == real.type(line), line


def test_lines_are_answered_as_by_frr(real: RealBgpd) -> None:
    ours = Terminal(ENABLE)
    asked = of_vnc()
    for line in asked:
        both(real, ours, line)
    for typed in ("configure terminal", *TYPED):
        both(real, ours, typed)
        if typed != "configure terminal":
            both(real, ours, "do show vnc summary")
    both(real, ours, "end")
    for line in (*asked, *FURTHER):
        both(real, ours, line)
    for what in ("verbose", "import-bi-attach"):
        both(real, ours, f"debug bgp vnc {what}")
        both(real, ours, "show debugging bgp vnc")


def test_what_would_be_registered_is_refused() -> None:
    ours = Terminal(ENABLE)
    ours.type("configure terminal", *TYPED, "vnc defaults", "rd 1:1", "rt both 1:1", "end")
    for line in (
        "add vnc prefix 10.0.0.0/8 vn 198.51.100.1 un 192.0.2.1 cost 5",
        "add vrf Word2 prefix 10.0.0.0/8 rd 1:1 label 5",
    ):
        assert ours.type(line) == (13, f"{NOT_CARRIED}\n")
    assert "Unknown: 0" in ours.type("show vnc nves")[1]
