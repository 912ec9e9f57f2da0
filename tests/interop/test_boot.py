"""A bgpd.conf at boot: the guide's own, and one with bad lines, which are told and skipped."""

import re
from collections.abc import Iterator

import pytest

from tests.support.namespaces import Lab
from tests.support.router import Router
from tests.support.scenario import GUIDE, KINDS, UNDER_TEST
from tests.support.wait import until

pytestmark = pytest.mark.real

OURS = [kind for kind in UNDER_TEST if KINDS[kind].is_ours]
CONFIG = """\
router bgp 65001
 bgp router-id 192.168.122.1
 foo bar
 neighbor 192.168.122.102 remote-as 64512
 neighbor 192.168.122.9 timers 3
no bgp ebgp-requires-policy
show ip bgp
 neighbor 192.168.122.8 timers 3 9
nei 192.168.122.7 remote-as 64512
"""
BAD = {3: "foo bar", 5: "neighbor 192.168.122.9 timers 3", 7: "show ip bgp"}
GOOD = """\
router bgp 65001
 bgp router-id 192.168.122.1
 no bgp ebgp-requires-policy
 neighbor 192.168.122.7 remote-as 64512
 neighbor 192.168.122.102 remote-as 64512
exit
"""


@pytest.fixture(scope="module", params=UNDER_TEST)
def router(request: pytest.FixtureRequest) -> Iterator[Router]:
    with Lab() as lab:
        node = lab.namespace("router")
        made = KINDS[request.param](node, {"bgpd.conf": CONFIG})
        made.options = ["--log", "stdout", "--log-level", "debug"]
        made.start()
        yield made


def test_the_good_lines_are_in_force(router: Router) -> None:
    assert GOOD in router.show("show running-config")


def test_each_bad_line_is_told_with_its_number(router: Router) -> None:
    said = router.processes["bgpd"].output()
    for number, line in BAD.items():
        assert re.search(rf"\b{number}\b.*{line}", said), f"line {number}: {line}\n{said}"
    for number in (1, 2, 4, 6, 9):
        assert not re.search(rf"line {number}\b", said), said


@pytest.mark.parametrize("router", OURS, indirect=True)
def test_ours_names_the_file_and_the_reason(router: Router) -> None:
    bgpd = router.processes["bgpd"]
    until(lambda: "bgpd.conf, line 7:" in bgpd.output(), 15, "the file has been read")
    said = bgpd.output().splitlines()
    reasons = {3: "Unknown command", 5: "Command incomplete", 7: "Unknown command"}
    for number, reason in reasons.items():
        told = [line for line in said if re.search(rf"bgpd\.conf, line {number}:", line)]
        assert len(told) == 1, said
        assert reason.lower() in told[0].lower()


@pytest.mark.parametrize("kind", UNDER_TEST)
def test_the_debug_lines_of_the_guides_bgpd_conf_are_in_force(kind: str) -> None:
    files = {"daemons": "bgpd=yes\n", "bgpd.conf": GUIDE}
    with Lab() as lab:
        router = KINDS[kind](lab.namespace("router"), files)
        router.start()
        shown = router.show("show running-config").splitlines()
        lines = [line for line in GUIDE.splitlines() if line.startswith("debug")]
        if not router.is_ours:
            # FRR's bgpd refuses another daemon's lines; ours hands them on, as vtysh would.
            lines = [line for line in lines if "zebra " not in line]
        assert [line for line in shown if line.startswith("debug")] == sorted(lines, key=frrs_order)


def frrs_order(line: str) -> tuple[bool, int]:
    """The order in which the running-config prints the guide's debug lines: zebra's come first."""
    written = ["debug zebra rib", "debug zebra nht"]
    return line not in written, written.index(line) if line in written else 0
