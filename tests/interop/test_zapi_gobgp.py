"""The router of the guide's first way: GoBGP with our zebra under it, configured as the guide says.

It wants the dialect of FRR 8.1, which our zebra speaks to it; from FRR's own zebra 8.4.4 it panics.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab, Process
from tests.support.router import Router
from tests.support.scenario import KINDS, PASSIVE_NODE, UNDER_TEST
from tests.support.wait import until

pytestmark = pytest.mark.real

CONFIG = """\
[global.config]
  as = 65001
  port = 179
  router-id = "192.168.122.1"

[[peer-groups]]
  [peer-groups.config]
    peer-group-name = "example"
    peer-as = 64512
  [[peer-groups.afi-safis]]
    [peer-groups.afi-safis.config]
      afi-safi-name = "ipv4-unicast"
  [[peer-groups.afi-safis]]
    [peer-groups.afi-safis.config]
      afi-safi-name = "ipv4-flowspec"
  [peer-groups.transport]
    [peer-groups.transport.config]
      remote-port = 7946

[[dynamic-neighbors]]
  [dynamic-neighbors.config]
    prefix = "192.168.122.0/24"
    peer-group = "example"

[zebra.config]
  enabled = true
  url = "unix:{socket}"
  redistribute-route-type-list = ["connect"]
  version = 6
{more}
"""
NODE = PASSIVE_NODE.replace(" neighbor 192.168.122.1 passive\n", "")
NODE += "router bgp 64512\n neighbor 192.168.122.1 timers connect 1\n"
MORE = {"ours": "", "embedded": '  software-name = "frr8.1"'}


class GuideRouter:
    """gobgpd and zebra on the router, FRR on the node that announces."""

    def __init__(self, lab: Lab, kind: str) -> None:
        self.namespace, node = lab.namespace("router"), lab.namespace("n102")
        lab.link(self.namespace, "virbr0", node, "eth0")
        lab.link(self.namespace, "enp3s0", node, "eth1")
        self.namespace.ip("address", "add", "192.168.122.1/24", "dev", "virbr0")
        self.namespace.ip("address", "add", "10.2.20.4/23", "dev", "enp3s0")
        node.ip("address", "add", "192.168.122.102/24", "dev", "eth0")
        files = {"daemons": "bgpd=no\n", "zebra.conf": "log stdout\n"}
        self.router: Router = KINDS[kind](self.namespace, files)
        self.router.start("zebra")
        self.node = FrrRouter(node, {"frr.conf": NODE})
        self.node.start()
        self.gobgpd = self.start_gobgpd(MORE[kind])

    def start_gobgpd(self, more: str) -> Process:
        socket = self.router.run / "zserv.api"
        path = Path(self.namespace.directory / "gobgp.conf")
        path.write_text(CONFIG.format(socket=socket, more=more))
        argv = ["gobgpd", "-t", "toml", "-f", str(path), "--pprof-disable"]
        return self.namespace.spawn(argv, log="gobgpd.out")

    def rib(self) -> dict[str, str]:
        """The next hop of each prefix in gobgpd's table."""
        done = self.namespace.run(["gobgp", "global", "rib", "-j"], check=False)
        found = {}
        for prefix, paths in json.loads(done.stdout or "{}").items() if not done.returncode else ():
            hops = [a["nexthop"] for a in paths[0]["attrs"] if "nexthop" in a]
            found[prefix] = hops[0]
        return found

    def kernel(self) -> list[str]:
        """The kernel's routes of BGP, without the ids of their next hops."""
        listed = self.namespace.ip("route", "list", "proto", "bgp").splitlines()
        lines = [[word for word in line.split() if not word.isdigit()] for line in listed]
        return [" ".join(word for word in words if word != "nhid") for words in lines]


@pytest.fixture(params=[kind for kind in UNDER_TEST if kind in MORE])
def guide(request: pytest.FixtureRequest) -> Iterator[GuideRouter]:
    with Lab() as lab:
        yield GuideRouter(lab, request.param)


def via(prefix: str) -> str:
    return f"{prefix} via 192.168.122.102 dev virbr0 metric"


def test_the_guide_with_gobgp(guide: GuideRouter) -> None:
    learned = {"172.19.0.0/32": "192.168.122.102", "172.19.0.100/32": "192.168.122.102"}
    connected = {"192.168.122.0/24": "0.0.0.0", "10.2.20.0/23": "0.0.0.0"}
    until(lambda: guide.rib() == connected | learned, 20, "connected and learned prefixes")
    both = [via("172.19.0.0"), via("172.19.0.100")]
    until(lambda: guide.kernel() == both, 5, "its routes in the kernel")
    line = "B>* 172.19.0.100/32 [20/0] via 192.168.122.102, virbr0, weight 1"
    until(lambda: line in guide.router.show("show ip route"), 5, "the kernel's answer at zebra")

    # Interfaces and routes that come and go.
    guide.namespace.ip("address", "add", "10.9.0.1/24", "dev", "enp3s0")
    until(lambda: guide.rib().get("10.9.0.0/24") == "0.0.0.0", 5, "a new connected prefix")
    guide.namespace.ip("link", "set", "enp3s0", "down")
    gone = {"10.9.0.0/24", "10.2.20.0/23"}
    until(lambda: not gone & set(guide.rib()), 5, "the prefixes of a link that is down are gone")
    family = "address-family ipv4 unicast"
    guide.node.configure("router bgp 64512", family, "no network 172.19.0.100/32")
    until(lambda: guide.kernel() == both[:1], 5, "a withdrawn route leaves the kernel")

    # A client that dies takes its routes along, and is served again when it comes back.
    guide.gobgpd.stop(9)
    until(lambda: guide.kernel() == [], 5, "the routes of the dead client are gone")
    guide.gobgpd = guide.start_gobgpd("")
    until(lambda: guide.kernel() == both[:1], 20, "and there again with the client")
    assert guide.gobgpd.running
