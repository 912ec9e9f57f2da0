"""Colours, drawings and `watch` as a person sees them, at 80x24 and at 40x15."""

import re
import sys
from collections.abc import Iterator

import pytest

from tests.support.terminal import Terminal
from tests.support.wait import until

LAB = [sys.executable, "-m", "tests.pyvtysh.lab"]
SIZES = {"wide": (24, 80), "narrow": (15, 40)}


@pytest.fixture(scope="module", params=SIZES)
def terminal(request: pytest.FixtureRequest) -> Iterator[Terminal]:
    rows, columns = SIZES[request.param]
    with Terminal(LAB, rows=rows, columns=columns, env={"NO_COLOR": ""}) as terminal:
        terminal.wait_prompt("r1# ", 60)
        yield terminal


def clear(terminal: Terminal) -> None:
    terminal.press("^L")
    until(lambda: terminal.lines() == ["r1#"], 20, "a clear screen")


def shown(terminal: Terminal, line: str) -> list[str]:
    """What a line answers on a screen of its own, as far as it has room there."""
    clear(terminal)
    terminal.enter(line)

    def answered() -> bool:
        text = terminal.text()
        # The line is longer than a narrow terminal is wide.
        begun = "".join(text.split()).startswith("".join(f"r1#{line}".split()))
        return text.endswith("\nr1#") and (begun or not text.startswith("r1#"))

    until(answered, 20, line)
    lines = terminal.lines()
    echo = "r1# " + line
    while echo and lines[0] and echo.startswith(lines[0]):
        echo = echo[len(lines[0]) :].lstrip()
        lines.pop(0)
    return lines[:-1]


def test_colours(terminal: Terminal) -> None:
    rows = "show ip bgp | begin Network | exclude 10.21"
    columns = "show ip bgp summary | columns Neighbor State | table"
    shown(terminal, rows)
    assert terminal.look("*> 10.30") == ("default", False, False)
    shown(terminal, "terminal colour")
    shown(terminal, rows)
    assert terminal.look("*> 10.30") == ("green", True, False)
    assert terminal.look("10.30.0.0/16") == ("green", True, False)
    assert terminal.look("10.20.0.0/16") == ("default", False, False)
    shown(terminal, columns)
    assert terminal.look("Idle (Admin)") == ("red", False, False)
    assert terminal.look("Neighbor") == ("default", True, False)
    shown(terminal, f"{columns.removesuffix(' | table')} | diff")
    shown(terminal, "nothing of the kind")
    assert terminal.look("% Unknown") == ("red", False, False)
    shown(terminal, "no terminal colour")
    shown(terminal, rows)
    assert terminal.look("*> 10.30") == ("default", False, False)


def test_a_summary_is_drawn(terminal: Terminal) -> None:
    shown(terminal, "terminal rich")
    first = shown(terminal, "show ip bgp summary")
    assert first[0].startswith("IPv4 Unicast  10.255.0.1  AS 65001")
    assert re.fullmatch(r"Neighbor .* (Prefixes|Pfx) +Updates", first[1])
    assert re.match(r"10\.0\.12\.2 .*Established .* 3 █+$", first[2])
    assert terminal.look("Idle (Admin)") == ("red", False, False)
    assert shown(terminal, "sh bgp sum")[2].endswith(
        "▁"
    )  # another sample, and nothing came meanwhile
    table = shown(terminal, "show ip bgp summary established | begin Neigh")
    assert table[0].startswith("Neighbor        V")
    shown(terminal, "terminal no rich")
    assert "█" not in "\n".join(shown(terminal, "show ip bgp summary"))


def test_filters_are_named_and_completed(terminal: Terminal) -> None:
    clear(terminal)
    terminal.type("show ip bgp | ?")
    until(lambda: "  until    Up to" in terminal.text(), 20, "the last filter")
    terminal.wait_prompt("r1# show ip bgp |")
    terminal.type("cou")
    terminal.press("tab", "enter")
    until(lambda: terminal.lines()[-2:] == ["17", "r1#"], 20, "the count")
    # Columns are those of the last answer.
    shown(terminal, "show ip bgp | begin Netw")
    clear(terminal)
    terminal.type("show ip bgp | begin Netw | sort LocP")
    terminal.press("tab")
    until(lambda: "".join(terminal.text().split()).endswith("sortLocPrf"), 20, "the column")
    terminal.press("enter")
    terminal.wait_prompt("r1# ")
    assert "*>      10.255.0.1/32  0.0.0.0" in terminal.text()


def test_watch_draws_in_place_and_marks_changes(terminal: Terminal) -> None:
    clear(terminal)
    terminal.enter("watch 1 show ip bgp summary | columns Neighbor Up")
    terminal.wait_for("10.0.13.3  00:")
    until(lambda: terminal.look("00:")[2], 20, "a changed time is marked")
    assert terminal.look("never") == ("default", False, False)
    lines = terminal.lines()
    assert re.fullmatch(r"Every 1 s: show ip .*  \d\d:\d\d:\d\d", lines[0])
    assert lines[2:4] == ["Neighbor   Up/Down", lines[3]]
    assert lines[3].startswith("10.0.12.2  00:")
    assert lines[5] == "10.0.19.9  never"
    terminal.press("^C")
    terminal.wait_prompt("r1# ")
    assert "Every" not in terminal.text()


def test_a_long_answer_is_cut_to_the_screen(terminal: Terminal) -> None:
    clear(terminal)
    terminal.enter("watch show ip bgp neighbors")
    lines = terminal.wait_for("more lines")
    assert re.fullmatch(r"\.\.\. \d+ more lines", lines[-1])
    terminal.press("^C")
    terminal.wait_prompt("r1# ")
    assert "Every" not in terminal.text()


@pytest.mark.parametrize(
    ("env", "line", "why"),
    [
        ({"TERM": "dumb"}, "terminal colour", "TERM=dumb"),
        ({"NO_COLOR": "1"}, "terminal color", "NO_COLOR is set"),
    ],
)
def test_no_colours_where_they_are_not_wanted(env: dict[str, str], line: str, why: str) -> None:
    with Terminal(LAB, rows=24, columns=80, env=env) as terminal:
        terminal.wait_prompt("r1# ", 60)
        terminal.enter(line)
        terminal.wait_for(f"% {line} has no effect here: {why}")
        terminal.enter("nothing")
        terminal.wait_for("% Unknown command: nothing")
        assert terminal.look("% Unknown") == ("default", False, False)
