"""Traffic through the router: a client fetches the announced page while it is announced.

```
client 10.2.20.5 -- outside 10.2.20.4 router 192.168.122.1 virbr0 -- 192.168.122.102 node
```
The node serves the page on 172.19.0.100:80 and announces the address by BGP. The client sends
172.19.0.0/24 to the router, as the guide's client does.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab, Namespace
from tests.support.router import Router
from tests.support.scenario import ADDRESS, KINDS, UNDER_TEST
from tests.support.wait import until

pytestmark = pytest.mark.real

CLIENT, OUTSIDE, INSIDE, NODE = "10.2.20.5", "10.2.20.4", "192.168.122.1", "192.168.122.102"
ROUTER_CONFIG = f"""\
router bgp 65001
 bgp router-id {INSIDE}
 no bgp ebgp-requires-policy
 neighbor {NODE} remote-as 64512
!
"""
NODE_CONFIG = f"""\
router bgp 64512
 bgp router-id {NODE}
 no bgp ebgp-requires-policy
 neighbor {INSIDE} remote-as 65001
 neighbor {INSIDE} timers connect 1
!
"""
PAGE = "<h1>Welcome</h1>"
SERVER = f"""
import http.server
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = ({PAGE!r} + self.client_address[0]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
http.server.HTTPServer(("{ADDRESS}", 80), Page).serve_forever()
"""
MASQUERADE = """
table ip nat {
  chain postrouting {
    type nat hook postrouting priority srcnat;
    oifname "virbr0" masquerade
  }
}
"""


@dataclass
class Path:
    router: Router
    node: Router
    client: Namespace

    def fetch(self) -> str:
        """What curl gets within a second: the page, or nothing."""
        argv = ["curl", "-s", "--max-time", "1", f"http://{ADDRESS}/"]
        return self.client.run(argv, check=False).stdout

    def announce(self, *, no: bool = False) -> None:
        word = "no " if no else ""
        family = ("router bgp 64512", "address-family ipv4 unicast")
        self.node.configure(*family, f"{word}network {ADDRESS}/32")
        until(lambda: self.in_kernel() is not no, 20, f"{word}{ADDRESS} in the router's kernel")

    def in_kernel(self) -> bool:
        return ADDRESS in self.router.namespace.ip("route", "list", "proto", "bgp")

    def forwarding(self) -> str:
        return self.router.namespace.run(["sysctl", "-n", "net.ipv4.ip_forward"]).stdout.strip()


@pytest.fixture(scope="module", params=UNDER_TEST)
def path(request: pytest.FixtureRequest) -> Iterator[Path]:
    with Lab() as lab:
        client, router, node = (lab.namespace(name) for name in ("client", "router", "node"))
        lab.link(client, "eth0", router, "outside")
        lab.link(router, "virbr0", node, "eth0")
        client.ip("address", "add", f"{CLIENT}/24", "dev", "eth0")
        router.ip("address", "add", f"{OUTSIDE}/24", "dev", "outside")
        router.ip("address", "add", f"{INSIDE}/24", "dev", "virbr0")
        router.sysctl("net.ipv4.ip_forward=0")
        node.ip("address", "add", f"{NODE}/24", "dev", "eth0")
        node.ip("address", "add", f"{ADDRESS}/32", "dev", "lo")
        client.ip("route", "add", "172.19.0.0/24", "via", OUTSIDE)
        node.ip("route", "add", "10.2.20.0/24", "via", INSIDE)
        web = node.spawn([sys.executable, "-c", SERVER], log="web")
        page = ["curl", "-s", f"http://{ADDRESS}/"]
        web.await_ready(lambda: PAGE in node.run(page, check=False).stdout, "the page at the node")
        speaker = FrrRouter(node, {"bgpd.conf": NODE_CONFIG})
        speaker.start()
        ours = KINDS[request.param](router, {"bgpd.conf": ROUTER_CONFIG})
        ours.start()
        yield Path(ours, speaker, client)


def test_the_page_is_there_while_it_is_announced_and_forwarded(path: Path) -> None:
    path.router.configure("ip forwarding")
    assert path.forwarding() == "1"
    assert path.router.show("show ip forwarding") == "IP forwarding is on\n"
    assert path.fetch() == "", "before the announcement"
    path.announce()
    until(lambda: path.fetch() == PAGE + CLIENT, 10, "the page at the client")
    path.announce(no=True)
    assert path.fetch() == "", "after the withdrawal"


def test_without_forwarding_nothing_passes(path: Path) -> None:
    path.announce()
    path.router.configure("no ip forwarding")
    assert path.forwarding() == "0"
    assert path.router.show("show ip forwarding") == "IP forwarding is off\n"
    assert path.fetch() == ""
    path.router.configure("ip forwarding")
    until(lambda: path.fetch() == PAGE + CLIENT, 10, "the page at the client")
    path.announce(no=True)


def test_behind_masquerade_the_node_needs_no_way_back(path: Path) -> None:
    path.router.configure("ip forwarding")
    path.node.namespace.ip("route", "del", "10.2.20.0/24")
    path.announce()
    assert path.fetch() == "", "without a way back"
    path.router.namespace.run(["nft", "-f", "-"], stdin=MASQUERADE)
    until(lambda: path.fetch() == PAGE + INSIDE, 10, "the page, asked for by the router's address")
    path.announce(no=True)
    assert path.fetch() == "", "after the withdrawal"
