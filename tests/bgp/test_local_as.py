"""`local-as` and `solo`: what they do to paths and to update-groups (FRR's forms)."""

import pytest

from bgp.config import IPV4_UNICAST
from tests.bgp.routers import instance, line_of, originate, peer, routes, session, start

PREFIX, BACK = "172.16.3.0/24", "172.16.1.0/24"


@pytest.mark.parametrize(
    ("lines", "seen", "told"),
    [
        ({}, "65100 65003", "65100 65002 65001"),
        ({"local_as_no_prepend": True}, "65003", "65100 65002 65001"),
        (
            {"local_as_no_prepend": True, "local_as_replace_as": True},
            "65003",
            "65100 65001",
        ),
    ],
)
def test_local_as_stands_in_paths_as_frr_puts_it(
    lines: dict[str, bool], seen: str, told: str
) -> None:
    network, (a, b) = line_of(65001, 65002)
    c = network.router("10.0.0.3", 65003)
    session(b, c, local_as=65100, **lines)
    of_c = c.config.instances[None].peers
    next(iter(of_c.values())).remote_as = 65100
    originate(c, PREFIX)
    originate(a, BACK)
    start(network, [a, b, c])
    assert routes(b)[PREFIX].attrs.as_path.text == seen
    assert routes(c)[BACK].attrs.as_path.text == told


def test_a_solo_neighbor_shares_no_update_group() -> None:
    network, (a, b) = line_of(65001, 65002)
    c = network.router("10.0.0.3", 65002)
    session(a, c)
    config = a.config.instances[None].peers
    start(network, [a, b, c])
    assert len(instance(a).groups[IPV4_UNICAST]) == 1
    lone = peer(a, "10.0.0.3")
    config[lone.name].solo = True
    lone.resolve()
    lone.families[IPV4_UNICAST].regroup()
    assert len(instance(a).groups[IPV4_UNICAST]) == 2
