"""The interactive shell as a person uses it, on a real terminal, over toy daemons."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyvtysh.shell.marks import mark_under
from tests.pyvtysh.serving import Served
from tests.pyvtysh.sitting import shows, sit
from tests.support.terminal import Terminal


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served(tmp_path_factory.mktemp("run"), "zebra", "bgpd") as served:
        (served.directory / "vtysh.conf").write_text("")
        yield served


@pytest.fixture
def terminal(served: Served) -> Iterator[Terminal]:
    with sit(served) as terminal:
        yield terminal


def test_the_greeting(terminal: Terminal) -> None:
    assert terminal.lines()[:5] == [
        "",
        "Hello, this is FRRouting (version 8.4.4).",
        "Copyright 1996-2005 Kunihiro Ishiguro, et al.",
        "",
        "farm#",
    ]


def test_prompts_follow_the_nodes_and_ctrl_z_ends(terminal: Terminal) -> None:
    terminal.enter("conf t")
    terminal.wait_prompt("farm(config)# ")
    terminal.enter("barn 1")
    terminal.wait_prompt("farm(config-barn)# ")
    terminal.enter("stall s")
    terminal.wait_prompt("farm(config-stall)# ")
    terminal.press("^Z")
    terminal.wait_prompt("farm# ")


@pytest.mark.parametrize(
    ("line", "mark", "answer"),
    [
        ("show foo", "           ^", "% Unknown command: show foo"),
        ("show", "           ^", "% Command incomplete: show"),
        ("e", "      ^ may be enable, end, exit", "% Ambiguous command: e"),
        ("show farm json x", "                     ^", "% Unknown command: show farm json x"),
    ],
)
def test_a_mark_stands_under_the_wrong_word(
    terminal: Terminal, line: str, mark: str, answer: str
) -> None:
    terminal.enter(line)
    terminal.wait_for(answer)
    assert terminal.wait_prompt("farm# ")[4:] == [f"farm# {line}", mark, answer, "farm#"]


def test_ctrl_z_ends_on_a_simple_terminal_too(served: Served) -> None:
    with sit(served, TERM="vt100") as terminal:
        terminal.enter("conf t")
        terminal.wait_prompt("farm(config)# ")
        terminal.press("^Z")
        shows(terminal, "farm(config)#", "farm(config)# end", "farm#")


def test_the_place_of_the_mark() -> None:
    assert mark_under("a  bc d", 1, "# ", 80) == "     ^"
    assert mark_under("a  bc ", 7, "", 80) == "      ^"
    assert mark_under("a  bc d", 1, "# ", 5) == "^"
    assert mark_under("名前 bc", 1, "# ", 80) == "       ^"


def test_a_question_needs_no_enter_and_keeps_the_line(terminal: Terminal) -> None:
    terminal.type("show far?")
    shows(terminal, "farm# show far", "  farm  The farm", "farm# show farm")  # `m` is a hint
    terminal.type("m ?")
    terminal.wait_for("json")
    shows(terminal, "farm# show farm")
    shown = terminal.lines()
    assert shown[-3] == "  <cr>"
    assert shown[-2].startswith("  json  ")
    assert shown[-1] == "farm# show farm"
    terminal.press("enter")
    terminal.wait_for(" barns\n")


def test_a_question_in_the_middle_of_a_line(terminal: Terminal) -> None:
    terminal.type("show farm json")
    terminal.press("left", "left", "left", "left", "left")
    terminal.type("?")
    shows(terminal, "  farm  The farm", "farm# show farm json")


def test_tab_completes_words_and_values(terminal: Terminal) -> None:
    terminal.type("sh")
    terminal.press("tab")
    terminal.type("da")
    terminal.press("tab", "enter")
    terminal.wait_for("farm# show daemons")
    terminal.wait_for(" zebra bgpd")
    terminal.enter("conf t")
    terminal.wait_prompt("farm(config)# ")
    terminal.enter("barn 3")
    terminal.wait_prompt("farm(config-barn)# ")
    terminal.enter("animal lion kind cat")
    shows(terminal, "farm(config-barn)# animal lion kind cat", "farm(config-barn)#")
    terminal.type("animal li")
    terminal.press("tab")
    shows(terminal, "farm(config-barn)# animal lion")


def test_tab_lists_what_is_possible(terminal: Terminal) -> None:
    terminal.type("show h")
    terminal.press("tab")
    terminal.wait_for("farm# show history")
    terminal.press("^C")
    terminal.wait_prompt("farm# ")
    terminal.type("show ")
    terminal.press("tab")
    terminal.settle()
    terminal.press("tab")
    terminal.wait_for("daemons")
    terminal.wait_for("running-config")


def test_ctrl_c_forgets_the_line(terminal: Terminal) -> None:
    terminal.type("show rubbish")
    terminal.press("^C")
    terminal.wait_prompt("farm# ")
    terminal.enter("show daemons")
    terminal.wait_for(" zebra bgpd")
    assert "Unknown" not in terminal.text()


def test_ctrl_c_leaves_the_search_of_the_history(terminal: Terminal) -> None:
    terminal.enter("show daemons")
    terminal.wait_for(" zebra bgpd")
    terminal.press("^R")
    terminal.type("dae")
    terminal.wait_for("reverse-i-search")
    terminal.press("^C", "^U")
    terminal.enter("show version")
    terminal.wait_for("FRRouting 8.4.4")


def test_pasted_lines_run_in_silence(terminal: Terminal) -> None:
    terminal.type("\x1b[200~conf t\r\nbarn 1\rstall s\n\nend\nshow dae\x1b[201~")
    terminal.wait_for("farm# show dae")
    assert terminal.lines()[4:] == [
        "farm# conf t",
        "5 pasted lines ran, all were taken",
        "farm# show dae",
    ]
    terminal.press("enter")
    terminal.wait_for(" zebra bgpd")


def test_ctrl_d_ends(terminal: Terminal) -> None:
    terminal.press("^D")
    assert terminal.wait_end() == 0


def test_exit_ends(terminal: Terminal) -> None:
    terminal.enter("exit")
    assert terminal.wait_end() == 0


def test_the_history_survives(served: Served, tmp_path: Path) -> None:
    history = tmp_path / "history"
    with sit(served, history) as terminal:
        terminal.enter("show daemons")
        terminal.wait_for(" zebra bgpd")
        terminal.enter("exit")
        terminal.wait_end()
    assert history.read_text().splitlines() == ["show daemons", "exit"]
    with sit(served, history) as terminal:
        terminal.press("up", "up")
        shows(terminal, "farm# show daemons")


def test_two_terminals_at_once(served: Served) -> None:
    with sit(served) as one, sit(served) as two:
        one.enter("conf t")
        one.wait_prompt("farm(config)# ")
        one.enter("barn 9")
        one.wait_prompt("farm(config-barn)# ")
        two.enter("show barn 9")
        two.wait_for("barn 9\nbarn 9")
        two.wait_prompt("farm# ")


def test_the_pager_gets_long_answers(served: Served) -> None:
    with sit(served, VTYSH_PAGER="sed s/^/paged:/") as terminal:
        terminal.enter("show daemons")
        terminal.wait_for("paged: zebra bgpd")
        terminal.enter("no terminal paginate")
        terminal.wait_prompt("farm# ")
        terminal.enter("show version | include FRR")
        terminal.wait_for("\nFRRouting 8.4.4")


def test_ctrl_c_is_the_pagers(served: Served) -> None:
    pager = f"{sys.executable} -c 'import time; print(1 + 1, flush=True); time.sleep(60)'"
    with sit(served, VTYSH_PAGER=pager) as terminal:
        terminal.enter("show daemons")
        terminal.wait_for("\n2")
        terminal.press("^C")
        terminal.wait_for("KeyboardInterrupt")
        terminal.wait_prompt("farm# ")
        terminal.type("no terminal pag")
        shows(terminal, "farm# no terminal paginate")


def test_a_lost_daemon_is_told(tmp_path: Path) -> None:
    with Served(tmp_path, "zebra", "bgpd") as served:
        (tmp_path / "vtysh.conf").write_text("")
        with sit(served) as terminal:
            served.drop()
            terminal.enter("show farm")
            terminal.wait_for("closing connection to zebra because of an I/O error!")
            terminal.wait_prompt("farm# ")
