"""Pasted blocks on a real terminal: nothing between the lines but answers, no line lost."""

from collections.abc import Iterator

import pytest

from pyvtysh.pipes.flow import Rows
from pyvtysh.pipes.rows import aligned
from pyvtysh.shell.wrapping import branches, is_prose, wrapped
from tests.pyvtysh.serving import Served
from tests.pyvtysh.sitting import shows, sit
from tests.support.terminal import Terminal
from tests.support.wait import until


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served(tmp_path_factory.mktemp("run"), "zebra", "bgpd") as served:
        (served.directory / "vtysh.conf").write_text("")
        yield served


@pytest.fixture(scope="module")
def terminal(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    history = tmp_path_factory.mktemp("home") / "history"
    with sit(served, history, rows=24, columns=80) as terminal:
        yield terminal


def pasted(terminal: Terminal, *lines: str, end: str = "\n") -> None:
    """Paste on a clear screen, as terminals do that tell."""
    terminal.press("^U", "^L")
    until(lambda: len(terminal.lines()) == 1, 10, "a clear screen")
    terminal.type(f"\x1b[200~{end.join(lines)}{end}\x1b[201~")


def test_answers_have_their_prompt_and_bad_lines_their_reason(terminal: Terminal) -> None:
    pasted(
        terminal, "show daemons", "conf t", "barn 4", "light", "barn 13", "shwo", "end", "sh dae"
    )
    shows(
        terminal,
        "farm# show daemons",
        " zebra bgpd",
        "farm# sh dae",
        " zebra bgpd",
        "% 2 of 8 pasted lines were not taken:",
        "  5: farm(config-barn)# barn 13",
        "     % Nobody builds that",
        "  6: farm(config)# shwo",
        "     % Unknown command: shwo",
        "farm#",
    )


def test_exit_with_lines_behind_it_ends_no_shell(served: Served, terminal: Terminal) -> None:
    pasted(terminal, "conf t", "barn 5", "exit", "exit", "exit", "conf t", "barn 6", "light", "end")
    shows(
        terminal,
        "farm# conf t",
        "% 1 of 9 pasted lines was not taken:",
        "  5: farm# exit",
        "     % Not run: it would end the shell, with pasted lines behind it",
        "farm#",
    )
    assert 6 in served.farms["bgpd"].config.barns


def test_ctrl_c_says_what_ran_and_what_did_not(served: Served, terminal: Terminal) -> None:
    lines = [f"barn {number % 9 + 20}" for number in range(20000)]
    pasted(terminal, "conf t", *lines)
    terminal.wait_for("of 20001 pasted lines, Ctrl-C stops")
    terminal.press("^C")
    told = terminal.wait_for("% Stopped: ")
    at = next(number for number, line in enumerate(told) if line.startswith("% Stopped: "))
    terminal.wait_for("pasted lines ran, all were taken")
    told = terminal.lines()[at:]
    ran = int(told[0].split()[2])
    assert told[:6] == [
        f"% Stopped: {ran} of 20001 pasted lines ran, the others did not:",
        *(f"  {number + 1}: {lines[number - 1]}" for number in range(ran, ran + 3)),
        f"  and {20001 - ran - 3} more",
        f"{ran} pasted lines ran, all were taken",
    ]
    terminal.press("^Z")
    terminal.wait_prompt("farm# ")


def test_lines_that_come_as_keys_are_lost_nowhere(served: Served, terminal: Terminal) -> None:
    lines = [line for number in range(40) for line in ("barn 7", f"animal k{number} kind\tgoat")]
    terminal.type(
        "\r".join(["conf t", *lines, "barn 7", "animal k40 kind who?", "end", "show dae"])
    )
    shows(terminal, "farm(config-barn)# end", "farm# show dae")
    animals = served.farms["bgpd"].config.barns[7].animals
    assert [animals[f"k{number}"].kind for number in range(41)] == ["goat"] * 40 + ["who?"]
    terminal.press("^C")


def test_prose_runs_on_at_words() -> None:
    text = "    refused: 東京 is a name of two words"
    assert list(wrapped(text, 24)) == ["    refused: 東京 is a", "    name of two words"]
    assert list(wrapped("short", 24)) == ["short"]
    assert list(wrapped("x" * 30, 24)) == ["x" * 30]
    assert is_prose("do expl bgp 10.0.0.0/8")
    assert not is_prose("explain bgp 10.0.0.0/8 json")


def test_cells_of_letters() -> None:
    rows = Rows(["Name", "N"], iter([["東京", "1"], ["cafe\u0301", "12"], ["👍", "3"]]))
    assert list(aligned(rows)) == ["Name   N\n", "東京   1\n", "cafe\u0301  12\n", "👍     3\n"]


def test_a_tree_runs_on_beside_its_branches() -> None:
    line = "│   ├── 65005  1 path (0 best), 1 ends here"
    assert list(branches(line, 30)) == ["│   ├── 65005  1 path (0", "│   │     best), 1 ends here"]
    last = "    `-- 65005  1 path (0 best), 1 ends here"
    assert list(branches(last, 40)) == ["    `-- 65005  1 path (0 best), 1 ends", "          here"]
    assert list(branches(line, 80)) == [line]
    deep = "│   " * 12 + "└── 65005  1 path"
    *_, end = branches(deep, 40)
    assert end == "│   " * 5 + "  1 path"
    assert list(branches("", 40)) == [""]
