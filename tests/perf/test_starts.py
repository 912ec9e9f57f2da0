"""What a change must not break: what a one-shot vtysh and the start of a daemon cost."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

import pytest

from tests.perf.starts import ASYNCIO, FILES, Cost, Started, background, one_shots, run
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def router() -> Iterator[Router]:
    with Lab() as lab:
        yield OurRouter(lab.namespace("start"), FILES)


@pytest.fixture(scope="module")
def started(router: Router) -> Iterator[dict[str, Started]]:
    with background(router) as first:  # which may have to compile modules
        costs = {daemon: one.cost for daemon, one in first.items()}
    with background(router) as second:
        yield {
            daemon: replace(one, cost=min(one.cost, costs[daemon], key=lambda cost: cost.cpu))
            for daemon, one in second.items()
        }


def cpu(costs: list[Cost]) -> float:
    return median(cost.cpu for cost in costs)


@pytest.mark.parametrize("line", ["show ip bgp summary", "show running-config"])
def test_a_one_shot_line_costs_little_more_than_the_interpreter(
    router: Router, started: dict[str, Started], line: str
) -> None:
    # Measured: 1.1 times the start of Python, 0.5 to 0.6 times FRR's vtysh.
    costs = one_shots(router, [line], 9)
    assert cpu(costs["ours"]) <= 1.4 * cpu(costs["python"]), costs
    assert cpu(costs["ours"]) <= 0.8 * cpu(costs["frr"]), costs


def test_a_start_costs_a_few_imports_of_asyncio(started: dict[str, Started]) -> None:
    # Measured 2.0 (zebra), 1.6 (staticd) and 2.7 (bgpd); a library too many is seen.
    unit = cpu([run(ASYNCIO) for _ in range(5)])
    for daemon, factor in {"zebra": 2.8, "staticd": 2.3, "bgpd": 3.7}.items():
        assert started[daemon].cost.cpu <= factor * unit, (daemon, started[daemon], unit)


def test_a_started_daemon_answers_at_once(router: Router, started: dict[str, Started]) -> None:
    for daemon in started:
        with socket.socket(socket.AF_UNIX) as vty:
            vty.settimeout(5)
            vty.connect(str(router.run / f"{daemon}.vty"))
            vty.sendall(b"enable\0")
            assert vty.recv(4) == bytes(4)
    assert started["bgpd"].memory <= 40, started
