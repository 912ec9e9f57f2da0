"""A terminal that is made smaller and larger while somebody types."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyvtysh.shell.reflow import breaks_rows
from tests.pyvtysh.serving import Served
from tests.pyvtysh.sitting import PROGRAM
from tests.support.tmux import Window
from tests.support.wait import until

WIDE, NARROW = (80, 24), (40, 15)
PROMPT = "farm(config-barn)# "
TYPED = "animal bear kind bigbigbigbigbigbig"
MENU = ["farm(config-barn)# animal", "bear  crow"]
PAGE = 60


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Window]:
    with Served(tmp_path, "zebra", "bgpd") as served:
        (tmp_path / "vtysh.conf").write_text("")
        farm = served.farms["bgpd"]
        farm.render = lambda view, as_json: (f"row {n}\n" for n in range(PAGE))  # type: ignore[method-assign]
        argv = [sys.executable, "-c", PROGRAM, "--vty_socket", tmp_path, "--config_dir", tmp_path]
        env = {
            "PYTHONPATH": str(Path.cwd()),
            "PYVTYSH_ALIASES": "/dev/null",
            "VTYSH_PAGER": "less",
            "LESS": "FX",
        }
        with Window([*argv, "-H", "/dev/null"], tmp_path, WIDE, env) as window:
            window.ends("farm#")
            for line in ("conf t", "barn 2", "animal bear kind big", "animal crow kind bird"):
                window.type(line)
                window.press("Enter")
            window.ends(PROMPT.rstrip())
            yield window


def broken(text: str, columns: int) -> list[str]:
    return [text[at : at + columns] for at in range(0, len(text), columns)]


def test_a_line_stays_whole_in_a_window_of_another_size(window: Window) -> None:
    window.type("animal ")
    window.press("Tab")
    window.ends(*MENU, "farm(config-barn)# animal")
    window.type(TYPED.removeprefix("animal "))
    whole = [*MENU, PROMPT + TYPED]
    window.ends(*whole)
    for _ in range(2):
        window.resize(*NARROW)
        window.ends(*MENU, *broken(PROMPT + TYPED, NARROW[0]))
        assert window.cursor[1] == len(PROMPT + TYPED) - NARROW[0]
        window.resize(*WIDE)
        window.ends(*whole)
        assert window.cursor[1] == len(PROMPT + TYPED)
    # Keys go where they would have gone, also with the cursor in a row above the last.
    window.press("Home")
    until(lambda: window.cursor[1] == len(PROMPT), 10, "the cursor at the begin of the line")
    window.resize(*NARROW)
    window.ends(*MENU, *broken(PROMPT + TYPED, NARROW[0]))
    window.type("no ")
    window.ends(*MENU, *broken(f"{PROMPT}no {TYPED}", NARROW[0]))
    window.resize(25, 15)
    window.ends(MENU[-1], *broken(f"{PROMPT}no {TYPED}", 25))
    window.resize(*WIDE)
    window.ends(*MENU, f"{PROMPT}no {TYPED}")


def test_a_list_of_tab_is_as_wide_as_the_window_is_now(window: Window) -> None:
    window.resize(12, 15)
    window.type("animal ")
    window.ends(*broken(PROMPT + "animal", 12))
    window.press("Tab")
    window.ends("bear  crow", *broken(PROMPT + "animal", 12))
    window.resize(8, 15)
    window.ends("bear  cr", "ow", *broken(PROMPT + "animal", 8))
    window.press("Tab")
    window.ends("bear", "crow", *broken(PROMPT + "animal", 8))


def test_a_pager_is_as_high_as_the_window(window: Window) -> None:
    window.type("do show farm")
    window.press("Enter")
    window.ends("1 barns", *(f"row {n}" for n in range(WIDE[1] - 2)), ":")
    window.resize(*NARROW)
    until(lambda: len(window.lines()) == NARROW[1], 10, "a screen of the new height")
    window.press("g")
    page = NARROW[1] - 1
    window.ends("1 barns", *(f"row {n}" for n in range(page - 1)), ":")
    window.press("Space")
    window.ends(*(f"row {n}" for n in range(page - 1, 2 * page - 1)), ":")
    window.press("q")
    window.ends(PROMPT.rstrip())


def test_terminals_that_cut_rows_are_known() -> None:
    assert breaks_rows({"TERM": "xterm-256color"})
    assert breaks_rows({"TERM": "screen-256color", "TMUX": "/tmp/tmux", "STY": "1"})
    assert not breaks_rows({"TERM": "xterm-256color", "XTERM_VERSION": "XTerm(379)"})
    assert not breaks_rows({"TERM": "linux"})
    assert not breaks_rows({"TERM": "screen", "STY": "1.pts"})
