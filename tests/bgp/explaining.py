"""Two routers in memory, and what one says of its session with the other."""

import json
from collections.abc import Callable
from typing import Any

from pyvtysh.testing.router import VirtualRouter

BOTH = " no bgp ebgp-requires-policy\n"


def lines(asn: int, neighbor: str, remote: int, *more: str, more_of_bgp: str = BOTH) -> str:
    """A `router bgp` with one neighbor; `N` in further lines is the neighbor."""
    head = f"router bgp {asn}\n{more_of_bgp} neighbor {neighbor} remote-as {remote}\n"
    return head + "".join(f" {line.replace('N', neighbor)}\n" for line in more)


def explained(router: VirtualRouter, name: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(router.execute(f"explain neighbor {name} json"))
    return answer


def causes(router: VirtualRouter, name: str = "10.0.1.2") -> dict[str, dict[str, Any]]:
    """The causes by their names: of the session, else of its families."""
    answer = explained(router, name)
    found = list(answer.get("causes", ()))
    for family in answer.get("families", ()):
        found += family.get("causes", [family] if "cause" in family else [])
    return {each["cause"]: each for each in found}


Config = Callable[..., tuple[VirtualRouter, VirtualRouter]]


US, THEM = lines(65001, "10.0.1.2", 65002), lines(65002, "10.0.1.1", 65001)
