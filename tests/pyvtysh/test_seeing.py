"""What is coloured and drawn, without a terminal; and `show bgp graph`."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.text import Text

from pyvtysh.seeing.graph import Hop, hops, tree
from pyvtysh.shell.colours import Painter, log_spans
from pyvtysh.shell.drawn import Updates, sparkline
from pyvtysh.shell.watching import marked, screen
from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology
from tests import screens
from tests.pyvtysh.lab import lab

PAGE = (Path(__file__).parents[2] / "docs" / "shell-seeing.md").read_text()


@pytest.fixture(scope="module")
def router() -> Iterator[VirtualRouter]:
    topology = Topology()
    yield lab(topology)["r1"]
    topology.close()


def test_the_paths_to_a_prefix(router: VirtualRouter) -> None:
    assert router.run("show bgp graph 10.30.0.0/16").checked() == (
        "10.30.0.0/16 from this router\n"
        "├── 65003  best, from 10.0.13.3\n"
        "└── 65002\n"
        "    └── 65004 x2\n"
        "        └── 65005  valid, from 10.0.12.2\n"
    )
    assert router.run("show bgp graph 10.255.0.1").checked() == (
        "10.255.0.1/32 from this router  best\n"
    )


def test_the_paths_of_a_table(router: VirtualRouter) -> None:
    text = (
        "this router  6 paths (4 best), 1 ends here\n"
        "├── 65002  3 paths (2 best), 2 end here\n"
        "│   └── 65004 x2  1 path (0 best)\n"
        "│       └── 65005  1 path (0 best), 1 ends here\n"
        "└── 65003  2 paths (1 best), 1 ends here\n"
        "    └── 65002  1 path (0 best), 1 ends here\n"
    )
    for line in ("show bgp graph", "show ip bgp graph", "show bgp ipv4 unicast graph"):
        assert router.run(line).checked() == text
    assert router.run("show bgp graph | count").checked() == "6\n"


def test_the_page_is_true(router: VirtualRouter) -> None:
    blocks = re.findall(r"^```\n(r1# show .*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    parts = re.split(r"^r1# (.*)\n", "".join(blocks), flags=re.MULTILINE)[1:]
    assert len(parts) == 6
    for line, answer in zip(parts[::2], parts[1::2], strict=True):
        assert router.run(line).checked() == answer


def test_a_screen_is_drawn() -> None:
    """The pictures are not compared to the byte, since `rich` may draw otherwise."""
    assert set(screens.DRAWN) == {path.stem for path in screens.SCREENS.iterdir()}
    text = screens.changes().svg("changes")
    for shown in (text, (screens.SCREENS / "changes.svg").read_text()):
        assert "10.30.0.0/16" in shown
        assert set(re.findall(r"https?://([\w.]+)", shown)) <= {"www.w3.org", "www.textualize.io"}


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("show bgp graph 192.0.2.1", "% Network not in table\n"),
        ("show bgp graph 2001:db8::/32", "% Network not in table\n"),
        ("show bgp ipv6 graph", "% No paths in the ipv6 unicast table\n"),
    ],
)
def test_what_is_not_there(router: VirtualRouter, line: str, answer: str) -> None:
    found = router.run(line)
    assert (found.text, found.status) == (answer, 1)


def test_hops() -> None:
    assert hops("") == []
    assert hops("65001 65001 65002 {1,2}") == ["65001 x2", "65002", "{1,2}"]
    assert hops("(65001 65002) 7 7") == ["(65001 65002)", "7 x2"]


def test_a_deep_tree_in_ascii() -> None:
    root = Hop()
    root.add([str(number) for number in range(3000)], best=True)
    lines = list(tree(root, "r", counted=True, drawn=False))
    assert len(lines) == 3001
    assert lines[2] == "    `-- 1  1 path (1 best)\n"


def coloured(line: str, *answer: str) -> list[tuple[str, str]]:
    painter = Painter(line)
    return [
        (text[start:end], style) for text in answer for start, end, style in painter.spans(text)
    ]


def test_what_is_coloured() -> None:
    assert coloured(
        "show ip route",
        "Codes: K - kernel route, r - rejected, b - best",
        "",
        "B>* 10.1.0.0/16 [20/0] via 10.0.0.2, eth0, weight 1, 00:00:07",
        "S>r 10.2.0.0/16 [1/0] via 10.0.0.2, eth0",
        "S   10.3.0.0/16 [1/0] via 10.0.0.9 inactive, weight 1",
    ) == [("B>* 10.1.0.0/16", "bold green"), ("S>r 10.2.0.0/16", "red"), ("inactive", "red")]
    assert coloured(
        "show bgp neighbors", "  BGP state = Established, up for 00:01:00", "  BGP state = Active"
    ) == [("Established", "green"), ("up", "green"), ("Active", "yellow")]
    heading = "Neighbor        V         AS  Up/Down State/PfxRcd   PfxSnt Desc"
    assert coloured(
        "show bgp summary",
        heading,
        "10.0.0.2        4      65002 00:00:01          720        1 Active once",
        "10.0.0.3        4      65002    never Idle (Admin)        0 down",
    ) == [(heading, "bold"), ("720", "green"), ("Idle (Admin)", "red")]
    assert coloured("show x | diff", "--- 10:00:00", "@@", " same", "-old", "+new") == [
        *(("--- 10:00:00", "bold"), ("@@", "cyan"), ("-old", "red"), ("+new", "green")),
    ]
    assert coloured("show running-config", " neighbor x description Active down") == []
    assert coloured("show x", "\x1b[1mup\x1b[0m") == []
    assert coloured(
        "explain bgp 10.0.0.0/8", "  Decision: best (AS Path)", "  Inwards: refused"
    ) == [
        *(("best (AS Path)", "bold green"), ("refused", "red")),
    ]
    line = "2026-11-23 10:00:00.000 [ERR!] bgpd: down"
    assert [line[start:end] for start, end, _ in log_spans(line)] == ["[ERR!]"]


def test_updates_are_a_line() -> None:
    updates = Updates()
    for when, count in enumerate((0, 0, 70, 80, 80)):
        updates.add("default", "10.0.0.2", when, count)
    assert updates.line("default", "10.0.0.2", 8) == "▁█▂▁"
    assert updates.line("default", "10.0.0.2", 2) == "█▁"
    updates.add("default", "10.0.0.2", 9, 0)  # a new session
    assert updates.line("default", "10.0.0.2", 2) == "▁▁"
    assert updates.line("default", "10.0.0.9", 8) == ""
    assert "".join(sparkline([0, 1, 2], 2)) == "▁▅█"


def test_marks_stand_where_something_changed() -> None:
    def marks(old: str | None, new: str) -> list[str]:
        return [new[span.start : span.end] for span in marked(old, Text(new)).spans]

    assert marks("10.0.0.2  7  Active", "10.0.0.2  8  Active") == ["8"]
    assert marks(None, "10.0.0.2") == []
    assert marks("", "10.0.0.2 x") == ["10.0.0.2", "x"]
    assert marks("a 12", "a 1") == ["1"]


def test_a_screen_has_room_for_no_more() -> None:
    lines = [Text(f"line {number}") for number in range(30)]
    text = screen("Every 2 s: show something very long indeed  10:00:00", None, lines, 30, 10).plain
    assert text.split("\n")[0] == "Every 2 s: show som>  10:00:00"
    assert text.split("\n")[2:] == [*(f"line {number}" for number in range(7)), "... 23 more lines"]
