"""BIRD sends several paths of one prefix, told apart by path ids (RFC 7911)."""

import json
from collections.abc import Iterator

import pytest

from tests.support.bird import Bird
from tests.support.namespaces import Lab
from tests.support.router import Router
from tests.support.scenario import KINDS, UNDER_TEST
from tests.support.wait import until

pytestmark = pytest.mark.real

PREFIX = "172.31.0.0/24"
CONFIG = """\
router bgp 65001
 bgp router-id 10.0.0.1
 no bgp ebgp-requires-policy
 neighbor 10.0.0.2 remote-as 65002
"""
BIRD = """\
router id 10.0.0.2;
protocol device {{}}
{routes}
protocol bgp frr {{
  local 10.0.0.2 as 65002;
  neighbor 10.0.0.1 as 65001;
  connect retry time 1; connect delay time 1; error wait time 1, 2;
  ipv4 {{ import none; export all; add paths tx; next hop keep; }};
}}
"""


def bird_config(*meds: int) -> str:
    routes = "\n".join(
        f"protocol static way{med} {{ ipv4 {{ preference {med}; }}; "
        f"route {PREFIX} via 10.0.0.{med} {{ bgp_med = {med}; }}; }}"
        for med in meds
    )
    return BIRD.format(routes=routes)


@pytest.fixture(params=UNDER_TEST)
def pair(request: pytest.FixtureRequest) -> Iterator[tuple[Router, Bird]]:
    with Lab() as lab:
        router, peer = lab.namespace("router"), lab.namespace("bird")
        lab.link(router, "eth0", peer, "eth0")
        router.ip("address", "add", "10.0.0.1/24", "dev", "eth0")
        peer.ip("address", "add", "10.0.0.2/24", "dev", "eth0")
        bird = Bird(peer, bird_config(11, 12))
        bird.start()
        made = KINDS[request.param](router, {"bgpd.conf": CONFIG})
        made.start()
        yield made, bird


def ways(router: Router) -> list[str]:
    """The next hop of the chosen path, None when there is no path."""
    shown = json.loads(router.show("show ip bgp json"))["routes"].get(PREFIX, [])
    return [path["nexthops"][0]["ip"] for path in shown if path.get("bestpath")]


def test_a_path_that_is_withdrawn_leaves_the_other(pair: tuple[Router, Bird]) -> None:
    router, bird = pair
    until(lambda: len(ways(router)) == 1, 20, "the prefix of BIRD")
    listed = router.show("show bgp neighbors 10.0.0.2")
    assert "IPv4 Unicast: RX advertised" in listed
    for left, gone in ((12, 11), (11, 12)):
        bird.configure(bird_config(11, 12))
        until(lambda: len(ways(router)) == 1, 10, "both paths")
        bird.configure(bird_config(left))
        until(lambda left=left: ways(router) == [f"10.0.0.{left}"], 10, f"{gone} withdrawn")
    bird.configure(bird_config())
    until(lambda: ways(router) == [], 10, "no path left")
