"""The lines and shows that FRR's users write most: ours takes and refuses them as FRR does."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.frequent import NODES, UNKNOWN, Answer, Asked, recorded
from tests.pyvtysh.hosting import Place

RECORDED = recorded()
ON_PURPOSE = {
    f"show bgp {word} 10.0.0.9 graceful-restart json" for word in ("neighbor", "neighbors")
}
"""Incomplete in FRR; see `docs/differences.md`."""


@pytest.fixture(scope="module")
def asked() -> Iterator[Asked]:
    with tempfile.TemporaryDirectory(prefix="pv-frequent-") as name:
        place = Place(Path(name))
        place.run.mkdir()
        with place.start("pyvtysh", "--no-shell", "--memory", "eth0=10.0.0.1/24", "-p", "0"):
            asked = Asked(place.run)
            yield asked
            asked.close()


def differences(wanted: list[Answer], got: list[Answer | None]) -> str:
    return "\n".join(
        f"FRR  {one}\nours {other}" for one, other in zip(wanted, got, strict=True) if one != other
    )


def test_shows(asked: Asked) -> None:
    wanted = [answer for answer in RECORDED if answer.node == "show"]
    wanted = [each for each in wanted if each.line not in ON_PURPOSE]
    got: list[Answer | None] = [asked.show(each.daemon, each.line) for each in wanted]
    assert differences(wanted, got) == ""


@pytest.mark.parametrize("node", NODES)
def test_lines(asked: Asked, node: str) -> None:
    wanted = [answer for answer in RECORDED if answer.node == node]
    assert wanted
    got = [asked.typed(node, each.daemon, each.line) for each in wanted]
    assert differences(wanted, list(got)) == ""


def test_lines_that_frr_does_not_know(asked: Asked) -> None:
    unknown = [answer.line for answer in RECORDED if answer.node == "unknown"]
    taken = [
        answer
        for node in ("config", "interface", "route-map", "router bgp", "ipv4 unicast")
        for line in unknown
        if (answer := asked.typed(node, "bgpd", line)) is None or answer.status != UNKNOWN
    ]
    assert taken == []
