"""Static routes with MPLS labels: FRR and ours beside each other, on a kernel that has no MPLS.

`mpls enable` makes zebra tell its clients that there is; so the routes get as far as the kernel,
which refuses them.
"""

import re
from collections.abc import Iterator

import pytest

from tests.support.masks import mask
from tests.support.namespaces import Lab
from tests.support.router import Router
from tests.support.scenario import KINDS
from tests.support.wait import until

pytestmark = pytest.mark.real

ZEBRA = "log file {log}\ninterface eth0\n mpls enable\n"
MANY = "/".join(map(str, range(20, 40)))
LINES = (
    "ip route 10.99.0.0/16 10.0.0.2 label 100/200",
    "ip route 10.98.0.0/16 10.0.0.2 label 17",
    "ip route 10.98.0.0/16 10.0.0.3 label 18/19 tag 7",
    "ip route 10.97.0.0/16 10.0.0.2 eth0 label 100/3/4",
    "ip route 10.96.0.0/16 eth0 label 20",
    "ip route 10.95.0.0/16 blackhole label 20",
    "ip route 10.94.0.0/16 10.99.0.1 label 30",
    "ip route 10.93.0.0/16 10.92.0.1 label 30",
    "ip route 10.92.0.0/16 10.0.0.2",
    "ip route 10.91.0.0/16 10.0.0.2 eth0 tag 5 20 nexthop-vrf x label 22 onlink color 7",
    "ip route 10.90.0.0/16 10.0.0.2 onlink table 100 label 22 9",
    f"ip route 10.89.0.0/16 10.0.0.2 label {MANY}",
    f"ip route 10.89.0.0/16 10.0.0.2 label {MANY}",
    f"ip route 10.88.0.0/16 10.0.0.2 eth0 label {MANY} color 3",
    "ip route 10.87.0.0/16 10.0.0.2 label 22/33/44",
    "ip route 10.87.0.0/16 10.0.0.2 label 55",
    "ip route 10.86.0.0/16 10.0.0.2 label 22",
    "ip route 10.86.0.0/16 10.0.0.2",
    "ip route 10.85.0.0/16 10.0.0.2 label 22",
    "no ip route 10.85.0.0/16 10.0.0.2 label 33",
    "ip route 10.84.0.0/16 10.0.0.2 label 0022//+33/x/1048576",
    "ipv6 route 2001:db8:1::/48 fd00::2 label 100/200",
    "ipv6 route 2001:db8:2::/48 from fd00:1::/64 fd00::2 label 3",
    "ipv6 route 2001:db8:3::/48 fd00::2 eth0 label 22 onlink",
)
BRIEF = ("10.83.", "10.85.", "10.86.")
"""Whether zebra hears of such labels depends on how soon they are gone again."""
SHOWS = (
    "show running-config",
    "show ip route",
    "show ip route 10.98.0.0/16",
    "show ip route 10.93.0.0/16 nexthop-group",
    "show ip route table 100",
    "show ip route 10.99.0.0/16 json",
    "show ipv6 route 2001:db8:1::/48 json",
    "show ipv6 route 2001:db8:3::/48",
    "show mpls table",
)
COUNTED = "Intf change updates:"
IDS = re.compile(r'(Nexthop Group ID: |nexthopGroupId":|nhid |NexthopGroupId":)\d+')


@pytest.fixture(scope="module")
def routers() -> Iterator[dict[str, tuple[Router, str]]]:
    """Both with all lines, and what the lines were answered."""
    with Lab() as lab:
        found = {}
        for kind in ("frr", "ours"):
            node, far = lab.namespace(kind), lab.namespace(f"{kind}-far")
            node.directory.chmod(0o777)
            lab.link(node, "eth0", far, "eth0")
            node.ip("address", "add", "10.0.0.1/24", "dev", "eth0")
            node.ip("address", "add", "fd00::1/64", "dev", "eth0", "nodad")
            log = node.directory / "zebra.log"
            router = KINDS[kind](node, {"zebra.conf": ZEBRA.format(log=log), "staticd.conf": ""})
            router.start("zebra", "staticd")
            # Zebra's greeting, and with it that there is MPLS, comes with its first word of VRFs.
            until(lambda r=router: _takes_labels(r), 10, f"{kind} takes labels")  # type: ignore[misc]
            found[kind] = router, router.vtysh("configure terminal", *LINES).text
        for router, _ in found.values():
            until(
                lambda r=router: "2001:db8:3::/48" in r.show("show ipv6 route"),  # type: ignore[misc]
                10,
                "the last route",
            )
        yield found


def _takes_labels(router: Router) -> bool:
    line = "ip route 10.83.0.0/16 10.0.0.2 label 22"
    return router.vtysh("configure terminal", line, f"no {line}").exit == 0


def test_lines_are_answered_as_by_frr(routers: dict[str, tuple[Router, str]]) -> None:
    wanted = routers["frr"][1]
    assert "Exceeded the maximum" in wanted
    assert "Invalid union value" in wanted
    assert routers["ours"][1] == wanted


@pytest.mark.parametrize("command", SHOWS)
def test_labels_are_shown_as_by_frr(routers: dict[str, tuple[Router, str]], command: str) -> None:
    def shown(kind: str) -> str:
        text = IDS.sub(r"\1<id>", mask(routers[kind][0].show(command)))
        text = re.sub(r"\d\d:\d\d:\d\d$", "<age>", text, flags=re.MULTILINE)
        return re.sub(r"(hostname|log file) \S+", r"\1", text)

    assert shown("ours") == shown("frr")


def test_the_kernel_refuses_as_it_does_frr(routers: dict[str, tuple[Router, str]]) -> None:
    def kernel(kind: str) -> tuple[list[str], list[str], list[str]]:
        router = routers[kind][0]
        routes = IDS.sub(r"\1<id>", router.namespace.ip("route")).splitlines()
        plane = router.show("show zebra dplane").splitlines()
        counted = [line for line in plane if line.startswith(COUNTED)]
        log = (router.namespace.directory / "zebra.log").read_text()
        why = [line for line in log.splitlines() if "lwt encapsulation type" in line]
        refused = re.findall(r"\] (\S+: Route install failed|\S+: Unable to open .*)", log)
        lasting = {line for line in refused if not any(one in line for one in BRIEF)}
        return routes, counted, [*sorted(lasting), str(len(why) > 0)]

    assert kernel("ours") == kernel("frr")
