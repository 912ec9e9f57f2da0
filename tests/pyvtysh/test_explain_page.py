"""docs/shell-explain.md: every example is run on the routers of the page, and is as shown.

A block that begins with `! NAME` is the configuration of a router; in the others what stands below
a line with a prompt is what it prints, to the byte. Routers `r1` and `r2`, `r1` and `r3` have a
wire.
"""

import re
from pathlib import Path

import pytest

from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology

PAGE = (Path(__file__).parents[2] / "docs" / "shell-explain.md").read_text()
BLOCKS = re.findall(r"^```\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
CONFIGS = dict(re.findall(r"^! (\w+)\n(.*)\Z", block, flags=re.DOTALL)[0] for block in BLOCKS[:2])
SHOWN = [
    (line, says)
    for block in BLOCKS[2:]
    for line, says in re.findall(r"^r1# (.*)\n((?:(?!r1# ).*\n)*)", block, flags=re.MULTILINE)
]


@pytest.fixture(scope="module")
def router() -> VirtualRouter:
    topology = Topology()
    one, two, three = (topology.router(name) for name in ("r1", "r2", "r3"))
    topology.wire(one, two, "10.0.1.0/24")
    topology.wire(one, three, "10.0.2.0/24")
    one.load(CONFIGS["r1"])
    two.load(CONFIGS["r2"])
    three.load(CONFIGS["r2"].replace("65002", "65003").replace("10.0.1.", "10.0.2."))
    asked = "show bgp ipv4 172.16.5.0/24"
    topology.until(lambda: one.run(asked).text.count("valid, external") == 2)
    topology.advance(60)
    return one


def test_there_are_examples() -> None:
    assert {line.split()[0] for line, _ in SHOWN} == {"explain", "test"}


@pytest.mark.parametrize(("line", "says"), SHOWN)
def test_an_example_is_as_shown(router: VirtualRouter, line: str, says: str) -> None:
    said = re.sub(r"\d\d:\d\d:\d\d", "00:01:00", router.run(line).text)
    assert said == says


def test_all_causes_are_named() -> None:
    """Those of the code, as far as it spells them out."""
    folder = Path(__file__).parents[2] / "bgp" / "explain"
    code = "".join(path.read_text() for path in folder.iterdir() if path.suffix == ".py")
    names = set(re.findall(r'Cause\(\s*"([a-z-]+)"', code))
    names |= {f"no-{kind}" for kind in re.findall(r'yield _missing\("([a-z-]+)"', code)}
    assert len(names) > 30
    listed = PAGE[PAGE.index("Causes have names in JSON") :]
    assert sorted(name for name in names if f"`{name}`" not in listed.split("\n\n")[0]) == []
