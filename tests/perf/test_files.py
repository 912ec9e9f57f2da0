"""What a change must not break: a long file loads in time that grows with its lines, no faster."""

import resource

import pytest

from tests.perf.load import cpu
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router


def configuration(lines: int) -> str:
    """Some `lines` lines: static routes, members of a group with filters, lists, route-maps."""
    part = lines // 6
    routes = (f"10.{index // 250}.{index % 250}.0/24" for index in range(2 * part))
    text = [f"ip route {route} 192.0.2.{index % 200 + 1}" for index, route in enumerate(routes)]
    text += ["router bgp 65000", " neighbor RR peer-group", " neighbor RR remote-as 65001"]
    peers = [f"172.16.{index // 200}.{index % 200 + 1}" for index in range(part // 4)]
    for peer in peers:
        text += [f" neighbor {peer} peer-group RR", f" neighbor {peer} description to {peer}"]
    text.append(" address-family ipv4 unicast")
    for index, peer in enumerate(peers):
        text.append(f"  neighbor {peer} route-map M{index} in")
        text.append(f"  neighbor {peer} prefix-list P{index // 4} out")
    text += [" exit-address-family", "exit"]
    for index in range(part):
        prefix = f"10.{index // 250}.{index % 250}.0/24"
        text.append(f"ip prefix-list P{index // 20} seq {5 * (index % 20 + 1)} permit {prefix}")
    for index in range(2 * part // 5):
        text += [f"route-map M{index} permit 10", f" match ip address prefix-list P{index // 10}"]
        text += [" set local-preference 200", " set metric 10", "exit"]
    return "\n".join([*text, ""])


def load(router: Router, lines: int) -> float:
    """CPU seconds of vtysh and all daemons for `vtysh -b` with such a file."""
    router.start()
    pids = [process.pid for process in router.processes.values()]
    before = _children() + sum(map(cpu, pids))
    router.write("frr.conf", configuration(lines))
    router.load()
    return _children() + sum(map(cpu, pids)) - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.real
def test_three_times_the_lines_cost_at_most_four_times_the_cpu() -> None:
    # Measured 2.3: the languages are loaded once. FRR, from 1,500 to 3,000: five times the CPU.
    with Lab() as lab:
        small, large = (
            load(OurRouter(lab.namespace(name)), lines)
            for name, lines in (("small", 500), ("large", 1500))
        )
    assert large <= 4 * small, (small, large)
