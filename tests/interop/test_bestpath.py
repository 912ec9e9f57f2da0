"""The decision process beside FRR's: five FRR neighbors, one prefix per step, several options.

```
r2 (65002)   r3 (65003)   r5 (65003)      eBGP
        \\       |        /
             r1 (65001)                   FRR, then ours
        /                 \\
r4 (65001)            r6 (65001)          iBGP
```
The order in which paths are listed, and which of two equal eBGP paths is older, follow the moment
of arrival; both are left out of the comparison until `compare-routerid` makes them certain.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.router import Router
from tests.support.scenario import KINDS
from tests.support.wait import steady, until

pytestmark = pytest.mark.real

CONFIGS = Path(__file__).parent.parent / "golden" / "bestpath"
NEIGHBORS = {2: 65002, 3: 65003, 5: 65003, 4: 65001, 6: 65001}
PREFIXES = [f"10.{number}.0.0/24" for number in range(20, 34)]
BY_ARRIVAL = {"10.28.0.0/24", "10.29.0.0/24"}

STATIC = """\
ip route 10.22.0.0/24 blackhole
ip route 10.96.0.0/24 10.0.6.6
"""
BGP = "\n".join(
    [
        "router bgp 65001",
        " bgp router-id 1.1.1.1",
        " no bgp ebgp-requires-policy",
        *(f" neighbor 10.0.{n}.{n} remote-as {asn}" for n, asn in NEIGHBORS.items()),
        " address-family ipv4 unicast",
        "  network 10.22.0.0/24",
        "  maximum-paths 1",
        "  neighbor 10.0.2.2 weight 500",
        " exit-address-family",
        "!",
        "",
    ]
)
STEPS = {
    "weight": [],
    "plain": ["no neighbor 10.0.2.2 weight", "neighbor 10.0.6.6 next-hop-self"],
    "router id": ["bgp bestpath compare-routerid"],
    "any MED": ["bgp always-compare-med"],
    "missing MED": ["bgp bestpath med missing-as-worst"],
    "deterministic": ["bgp deterministic-med"],
    "no AS path": ["bgp bestpath as-path ignore"],
    "multipath": [
        "no bgp bestpath as-path ignore",
        "bgp bestpath as-path multipath-relax",
        "maximum-paths 8",
        "maximum-paths ibgp 8",
    ],
    "preference": ["bgp default local-preference 120"],
}


def config(number: int) -> str:
    """The configuration of a neighbor."""
    return (CONFIGS / f"r{number}.conf").read_text()


class Scene:
    """One router under test among its neighbors."""

    def __init__(self, lab: Lab, kind: str) -> None:
        namespace = lab.namespace("r1")
        self.neighbors: dict[int, Router] = {}
        for number in NEIGHBORS:
            other = lab.namespace(f"r{number}")
            lab.link(namespace, f"e{number}", other, "e1")
            namespace.ip("address", "add", f"10.0.{number}.1/24", "dev", f"e{number}")
            other.ip("address", "add", f"10.0.{number}.{number}/24", "dev", "e1")
            self.neighbors[number] = FrrRouter(other, {"frr.conf": config(number)})
            self.neighbors[number].start()
        files = {"bgpd.conf": BGP, "staticd.conf": STATIC}
        self.router: Router = KINDS[kind](namespace, files)
        self.router.start()
        until(self.converged, 60, "all sessions up and all paths there")

    def converged(self) -> bool:
        peers = self.show("show ip bgp summary json")["ipv4Unicast"]["peers"]
        counts = [peers[f"10.0.{n}.{n}"]["pfxRcd"] for n in NEIGHBORS]
        if counts != [config(number).count(" network ") for number in NEIGHBORS]:
            raise AssertionError(str(counts))
        return True

    def show(self, command: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.router.show(command))
        return found

    def apply(self, lines: list[str]) -> None:
        if lines:
            self.router.configure("router bgp 65001", *lines)
            self.router.vtysh("clear bgp * soft")
        self.quiet()

    def quiet(self) -> None:
        """Wait until the table's version and the kernel stand still."""

        def state() -> list[object]:
            return [self.show("show ip bgp json")["tableVersion"], self.kernel()]

        steady(state, 20, "the table stands still")

    def decisions(self) -> dict[str, list[tuple[object, ...]]]:
        """What was decided: by prefix, the paths by neighbor."""
        said = self.router.vtysh(*(f"show ip bgp {prefix} json" for prefix in PREFIXES)).stdout
        answers = documents(said)
        assert len(answers) == len(PREFIXES), said
        return {
            prefix: sorted(_facts(path) for path in answer.get("paths", []))
            for prefix, answer in zip(PREFIXES, answers, strict=True)
        }

    def kernel(self) -> list[str]:
        """The kernel's BGP routes; the order of equal next hops follows FRR's hash and is cut."""
        listed = self.router.namespace.ip("-j", "route", "list", "proto", "bgp")
        return sorted(
            f"{route['dst']} {sorted(hop['gateway'] for hop in route.get('nexthops', [route]))}"
            for route in json.loads(listed)
        )

    def announced(self) -> dict[int, list[str]]:
        """What each neighbor hears from the router under test, as it shows it itself."""
        found = {}
        for number, neighbor in self.neighbors.items():
            routes = json.loads(neighbor.show("show ip bgp json"))["routes"]
            found[number] = sorted(
                f"{prefix} {path['path']} {path.get('locPrf')} {path.get('metric')}"
                f" {path['origin']} {[hop['ip'] for hop in path['nexthops']]}"
                for prefix, paths in routes.items()
                for path in paths
                if path["peerId"] == f"10.0.{number}.1"
            )
        return found


def documents(text: str) -> list[dict[str, Any]]:
    """JSON documents that stand one behind the other."""
    decoder, found = json.JSONDecoder(), []
    while text := text.lstrip():
        document, end = decoder.raw_decode(text)
        found.append(document)
        text = text[end:]
    return found


def _facts(path: dict[str, Any]) -> tuple[object, ...]:
    best = path.get("bestpath", {})
    return (
        path["peer"]["peerId"],
        path.get("valid", False),
        best.get("overall", False),
        path.get("multipath", False),
        path.get("weight", 0),
        path.get("locPrf", 0),
        path.get("metric", 0),
        path["aspath"]["string"],
        path["origin"],
        path["nexthops"][0]["ip"],
        path["nexthops"][0].get("metric"),
    )


Story = dict[str, tuple[dict[str, Any], list[str], dict[int, list[str]]]]
"""By step: decisions, kernel routes, and what the neighbors hear."""


@pytest.fixture(scope="module")
def ours() -> Story:
    return play("ours")


@pytest.fixture(scope="module")
def frrs() -> Story:
    return play("frr")


def play(kind: str) -> Story:
    """Go through the steps with one router."""
    with Lab() as lab:
        scene = Scene(lab, kind)
        story = {}
        for name, lines in STEPS.items():
            scene.apply(lines)
            story[name] = (scene.decisions(), scene.kernel(), scene.announced())
        return story


def certain(step: str, prefix: str) -> bool:
    """False where the moment of arrival decides."""
    return prefix not in BY_ARRIVAL or step not in ("weight", "plain")


@pytest.mark.parametrize("step", STEPS)
def test_same_paths_are_best(step: str, ours: Story, frrs: Story) -> None:
    for prefix in PREFIXES:
        assert frrs[step][0][prefix], prefix
        if certain(step, prefix):
            assert ours[step][0][prefix] == frrs[step][0][prefix], prefix


@pytest.mark.parametrize("step", STEPS)
def test_same_routes_are_in_the_kernel(step: str, ours: Story, frrs: Story) -> None:
    def sure(story: Story) -> list[str]:
        return [route for route in story[step][1] if certain(step, route.split()[0])]

    assert sure(ours) == sure(frrs)


@pytest.mark.parametrize("step", STEPS)
def test_neighbors_hear_the_same(step: str, ours: Story, frrs: Story) -> None:
    def sure(story: Story) -> dict[int, list[str]]:
        return {
            number: [line for line in lines if certain(step, line.split()[0])]
            for number, lines in story[step][2].items()
        }

    assert sure(ours) == sure(frrs)
