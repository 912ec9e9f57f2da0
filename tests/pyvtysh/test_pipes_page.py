"""docs/shell-pipes.md: its examples, on a router in memory that is as the page says.

In a block, `r1# ` begins a line that is typed; what stands below it is what it answers, where `...`
is anything.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyvtysh.pipes.earlier import Earlier
from pyvtysh.pipes.watching import printing
from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology

PAGE = (Path(__file__).parents[2] / "docs" / "shell-pipes.md").read_text()
CONFIG = PAGE.partition("```frr\n")[2].partition("```")[0]
BLOCKS = re.findall(r"^```\n((?:r1#|\$) .*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
OTHER = """ip route 10.10.0.0/16 Null0
ip route 10.2.0.0/16 Null0
router bgp 65002
 no bgp ebgp-requires-policy
 neighbor 10.0.12.1 remote-as 65001
 address-family ipv4 unicast
  network 10.10.0.0/16
  network 10.2.0.0/16 route-map BEHIND
  network 10.255.0.2/32
 exit-address-family
exit
route-map BEHIND permit 10
 set as-path prepend 65003
"""


@pytest.fixture
def router() -> Iterator[VirtualRouter]:
    topology = Topology()
    loopback = "interface lo\n address 10.255.0.{}/32\ninterface eth0\n wire a\n"
    made = topology.router("r1", interfaces=loopback.format(1), config=CONFIG)
    eth0 = f"{loopback.format(2)} address 10.0.12.2/24\n"
    topology.router("r2", interfaces=eth0, config=OTHER)
    topology.advance(30)
    made.shell.seen.earlier = Earlier()
    yield made
    topology.close()


def steps(block: str) -> Iterator[tuple[str, str]]:
    parts = re.split(r"^r1# (.*)\n", block, flags=re.MULTILINE)[1:]
    return zip(parts[::2], parts[1::2], strict=True)


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.startswith("r1#")])
def test_an_example_is_as_shown(
    block: str, router: VirtualRouter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for line, answer in steps(block):
        text = router.run(line).text
        wanted = ".*".join(map(re.escape, answer.split("...")))
        assert re.fullmatch(wanted, text), f"{line}\n{text}"


def test_the_watch_is_as_shown(router: VirtualRouter) -> None:
    (block,) = [block for block in BLOCKS if block.startswith("$")]
    shown = block.split("\n", 1)[1]

    def stop(seconds: float) -> None:
        raise KeyboardInterrupt

    command = shown.split(": ", 1)[1].split("  ")[0]
    text = router.drive("watch", printing(router.shell, command, 5, stop)).text
    assert re.sub(r"\d\d:\d\d:\d\d", "12:00:00", text) == shown
