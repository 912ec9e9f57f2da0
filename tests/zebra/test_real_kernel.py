"""What our zebra and staticd put into a real kernel, against what FRR's put there."""

import re
from collections.abc import Iterator

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab, Namespace
from tests.support.wait import until
from tests.zebra.ours import Components

pytestmark = pytest.mark.real

ZEBRA = """\
interface e1
 ip address 10.0.1.1/24
 ipv6 address 2001:db8:1::1/64
exit
interface e2
 ip address 10.0.2.1/24
exit
interface e3
 ip address 10.0.3.1/30
exit
ip nht resolve-via-default
"""
STATICD = """\
ip route 10.60.0.0/24 10.0.1.2
ip route 10.60.1.0/24 10.0.1.2 150
ip route 10.60.3.0/24 e1
ip route 10.60.4.0/24 10.0.1.2 e1
ip route 10.60.5.0/24 Null0
ip route 10.60.6.0/24 blackhole
ip route 10.60.7.0/24 reject
ip route 10.60.8.0/24 10.0.1.2
ip route 10.60.8.0/24 10.0.2.2
ip route 10.60.9.0/24 10.60.0.7
ip route 10.60.11.0/24 10.0.1.2 5
ip route 10.60.11.0/24 10.0.2.2 10
ip route 10.60.12.0/24 192.0.2.77 e1 onlink
ip route 10.60.13.0/24 10.0.1.2 table 100
ip route 10.60.15.1/32 10.0.1.2
ip route 10.60.16.0/24 10.60.8.1
ipv6 route 2001:db8:60::/48 2001:db8:1::2
ipv6 route 2001:db8:61::/48 fe80::2 e1
ipv6 route 2001:db8:62::/48 blackhole
"""
FILES = {"zebra.conf": ZEBRA, "staticd.conf": STATICD}
SHOWS = (
    "show ip route",
    "show ipv6 route",
    "show ip route table 100",
    "show ip route summary",
    "show interface brief",
    "show zebra router table summary",
    "show ip route 10.60.9.0/24",
    "show ip route 10.60.16.0/24 json",
)


def make_node(lab: Lab, name: str) -> Namespace:
    node, far = lab.namespace(name), lab.namespace(f"{name}h")
    for number in (1, 2, 3):
        lab.link(node, f"e{number}", far, f"h{number}")
    node.ip("route", "add", "10.70.0.0/24", "dev", "e1")
    return node


@pytest.fixture
def nodes() -> Iterator[tuple[Lab, Namespace, Namespace]]:
    with Lab() as lab:
        yield lab, make_node(lab, "frr"), make_node(lab, "own")


def kernel(node: Namespace) -> list[str]:
    """Routes and next-hop objects, with each id written as what it stands for."""
    objects = {}
    for line in node.ip("nexthop", "show").splitlines():
        words = line.split()
        objects[words[1]] = " ".join(words[2:]).strip()
    for number, text in objects.items():
        if text.startswith("group"):
            parts = text.split()[1].split("/")
            objects[number] = "group " + "/".join(objects[part.split(",")[0]] for part in parts)
    routes = node.ip("route", "show", "table", "all") + node.ip(
        "-6", "route", "show", "table", "all"
    )
    lines = sorted(set(objects.values()))
    for line in routes.replace("\n\t", " ").splitlines():
        if "fe80:" not in line or "proto static" in line:
            lines.append(re.sub(r"nhid (\d+)", lambda found: objects.get(found[1], "?"), line))
    return sorted(lines)


def without_ids(text: str) -> str:
    text = re.sub(r"\d\d:\d\d:\d\d", "TIME", text)
    return re.sub(r'GroupId":\d+', 'GroupId":ID', text)


def test_same_routes_as_frr(nodes: tuple[Lab, Namespace, Namespace]) -> None:
    _, theirs, own = nodes
    frr = FrrRouter(theirs, FILES)
    frr.start("zebra", "staticd")
    ours = Components(own, FILES)
    try:
        until(lambda: "10.60.16.0/24" in kernel_text(theirs), 15.0, "FRR's routes")
        until(lambda: kernel(own) == kernel(theirs), 15.0, "the same routes")
        for line in SHOWS:
            assert without_ids(ours.show(line)) == without_ids(frr.show(line)), line
        down_and_up(theirs, own)
    finally:
        ours.stop()
    assert "10.60" not in kernel_text(own)
    assert not own.ip("nexthop", "show")


def static_routes(node: Namespace) -> list[str]:
    return [line for line in kernel(node) if "proto static" in line]


def kernel_text(node: Namespace) -> str:
    return "\n".join(kernel(node))


def down_and_up(theirs: Namespace, own: Namespace) -> None:
    """Both follow a link that goes down; when it is back, FRR forgets to mend its groups."""
    before = static_routes(own)
    for node in (theirs, own):
        node.ip("link", "set", "e2", "down")
    until(lambda: "dev e2 weight 1" not in kernel_text(theirs), 15.0, "FRR's routes with e2 down")
    until(lambda: static_routes(own) == static_routes(theirs), 15.0, "the same routes with e2 down")
    for node in (theirs, own):
        node.ip("link", "set", "e2", "up")
    until(lambda: static_routes(own) == before, 15.0, "our routes with e2 up again")


def test_leftovers_go_and_lost_routes_return(nodes: tuple[Lab, Namespace, Namespace]) -> None:
    _, _, node = nodes
    node.ip("address", "add", "10.0.1.1/24", "dev", "e1")
    node.ip("route", "add", "10.99.0.0/24", "dev", "e1", "proto", "186", "metric", "20")
    node.ip("route", "add", "10.98.0.0/24", "dev", "e1", "proto", "99", "metric", "20")
    ours = Components(node, {"staticd.conf": "ip route 10.60.0.0/24 10.0.1.2\n"})
    try:
        until(lambda: "10.60.0.0/24" in kernel_text(node), 10.0, "the static route")
        until(lambda: "10.99.0.0/24" not in kernel_text(node), 10.0, "no leftover")
        assert "K>* 10.98.0.0/24 [0/20] is directly connected, e1" in ours.show("show ip route")
        node.ip("route", "del", "10.60.0.0/24")
        until(lambda: "10.60.0.0/24" in kernel_text(node), 10.0, "the route put back")
    finally:
        ours.stop()
    assert "10.98.0.0/24" in kernel_text(node)
    assert "10.60.0.0/24" not in kernel_text(node)
