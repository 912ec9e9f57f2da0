"""Daemons that are killed and started again: kernel, zebra, bgpd and node agree afterwards."""

import os
import signal
from collections.abc import Iterator

import pytest

from tests.support.namespaces import Lab
from tests.support.router import Router
from tests.support.scenario import GUIDE, SoftRouter
from tests.support.wait import until

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def scenario() -> Iterator[SoftRouter]:
    with Lab() as lab:
        scenario = SoftRouter(lab, "ours", {"bgpd.conf": GUIDE})
        scenario.node.start()
        scenario.router.start()
        scenario.converge()
        yield scenario


def bgp_routes(router: Router) -> int:
    return router.namespace.ip("route", "list", "proto", "bgp").count("via 192.168.122.102")


def kill(router: Router, daemon: str) -> None:
    process = router.processes.pop(daemon)
    os.kill(process.popen.pid, signal.SIGKILL)
    process.popen.wait()


def test_bgpd_killed_takes_its_routes_along_and_brings_them_back(scenario: SoftRouter) -> None:
    router = scenario.router
    kill(router, "bgpd")
    until(lambda: bgp_routes(router) == 0, 10, "no BGP routes in the kernel")
    assert "172.19.0.100" not in router.show("show ip route")
    router.start("bgpd")
    scenario.converge()


def test_zebra_killed_leaves_the_kernel_alone_and_takes_over_what_it_finds(
    scenario: SoftRouter,
) -> None:
    router = scenario.router
    kill(router, "zebra")
    assert bgp_routes(router) == 2
    assert "2 " in router.show("show ip bgp summary")
    router.start("zebra")
    scenario.converge()
    both = "ebgp                 2                    2"
    until(lambda: both in router.show("show ip route summary"), 10, "routes in zebra again")
    assert router.show("show ip route bgp").count("B>* 172.19.0") == 2


def test_terminated_daemons_leave_no_route(scenario: SoftRouter) -> None:
    router = scenario.router
    router.stop("bgpd", "staticd", "zebra")
    assert router.namespace.ip("route", "list", "proto", "bgp") == ""
    assert router.namespace.ip("nexthop", "list") == ""
