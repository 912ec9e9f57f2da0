"""The screens of the README: `make screens` draws docs/screens/*.svg from routers in memory."""

import io
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

from rich import _export_format
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from pyvtysh.dispatch import collect
from pyvtysh.pipes.earlier import Earlier
from pyvtysh.shell.colours import Painter, painted
from pyvtysh.shell.drawn import summary
from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology
from tests.pyvtysh.lab import Shell, lab

SCREENS = Path(__file__).parents[1] / "docs" / "screens"
FORMAT = re.sub(r"\s*@font-face \{\{.*?\}\}\n", "\n", _export_format.CONSOLE_SVG_FORMAT, flags=re.S)
"""Nothing is fetched from elsewhere to show them."""
WIDTH = 84


class Screen:
    """What somebody sees who types at r1."""

    def __init__(self) -> None:
        self.topology = Topology()
        self.routers = lab(self.topology)
        self.shell = Shell(self.routers["r1"])
        self.shell.seen.earlier = Earlier()
        self.console = Console(
            file=io.StringIO(),
            width=WIDTH,
            record=True,
            force_terminal=True,
            color_system="standard",
        )

    def type(self, line: str) -> None:
        """A line, with its answer in colours."""
        self._prompt(line)
        painter = Painter(line)
        for row in collect(self.shell.execute(line))[0].splitlines():
            self._show(painted(row, painter.spans(row)))

    def draw(self, line: str) -> None:
        """`terminal rich`'s answer to a line."""
        self._prompt(line)
        for row in self.drawn(line).splitlines():
            self._show(row)

    def drawn(self, line: str) -> str:
        """A drawing at this moment of the routers' clock."""
        clock = patch("pyvtysh.shell.drawn.time.monotonic", lambda: self.topology.now)
        with clock, patch.dict(os.environ, {"COLUMNS": str(WIDTH), "TERM": "xterm"}):
            return collect(summary(self.shell, line))[0]

    def _prompt(self, line: str) -> None:
        self._show(f"\x1b[2m{self.shell.prompt}\x1b[0m\x1b[1m{line}\x1b[0m")

    def _show(self, text: str) -> None:
        self.console.print(Text.from_ansi(text), no_wrap=True, overflow="crop")

    def svg(self, name: str) -> str:
        """All of it as a picture."""
        self.topology.close()
        return self.console.export_svg(
            title="vtysh", theme=MONOKAI, code_format=FORMAT, unique_id=name
        )


def tables() -> Screen:
    """Filters, and the tree of AS paths."""
    screen = Screen()
    screen.type("show ip bgp | begin Network")
    screen.type("show ip bgp | sort Path | columns Status Network nexthop Path")
    screen.type("show bgp graph 10.30.0.0/16")
    screen.type("show ip bgp summary | json ipv4Unicast.peers.*.state")
    return screen


def flap(router: VirtualRouter, many: int) -> None:
    """So many changes of a route, each told to the neighbours."""
    number = int(router.name[1])
    for metric in range(many):
        with router.configure() as configure:
            configure("route-map OWN permit 10", f"set metric {metric}", "exit")
            configure(f"router bgp {65000 + number}", "address-family ipv4 unicast")
            configure("network 10.20.0.0/16 route-map OWN")
        router.topology.advance(1)


def drawings() -> Screen:
    """Bars of prefixes and lines of updates."""
    screen = Screen()
    for turn in range(18):
        for name, many in (("r2", turn % 6), ("r3", turn % 4 * 2)):
            flap(screen.routers[name], many)
        screen.topology.advance(5)
        screen.drawn("show bgp summary")
    screen.draw("show bgp summary")
    return screen


def changes() -> Screen:
    """What a change of the configuration did."""
    screen = Screen()
    line = "show ip bgp | columns Status Network nexthop Path"
    screen.type(line)
    with screen.routers["r1"].configure() as configure:
        configure("router bgp 65001", "neighbor 10.0.13.3 shutdown")
    screen.topology.advance(5)
    screen.type(f"{line} | diff")
    screen.type("show ip bgp summary | columns Neighbor AS Up State")
    return screen


DRAWN = {"tables": tables, "summary": drawings, "changes": changes}


def main(names: Sequence[str]) -> None:
    """Draw these screens, or all."""
    SCREENS.mkdir(exist_ok=True)
    for name in names or DRAWN:
        (SCREENS / f"{name}.svg").write_text(DRAWN[name]().svg(name))


if __name__ == "__main__":
    main(sys.argv[1:])
