"""Filters and `watch` in the shell: help, Tab, and what a program does not see."""

import re
from pathlib import Path

from grammar.base.errors import Status
from pyvtysh.pipes.watching import printing
from pyvtysh.pipes.words import FILTERS
from pyvtysh.questions import completions, help_for
from pyvtysh.testing.router import VirtualRouter
from tests.pyvtysh.piped import router, says

__all__ = ["router"]


def test_help_and_tab(router: VirtualRouter) -> None:
    shell = router.shell
    assert completions(shell, "show ip bgp | ").texts == sorted(FILTERS)
    assert completions(shell, "show ip bgp | count | s").texts == ["save", "section", "sort"]
    rows = help_for(shell, "show ip bgp | first ")
    assert rows[0].split() == ["<cr>"]
    assert [row.split()[0] for row in rows[1:]] == ["(1-999999999)", "|"]
    assert help_for(shell, "show ip bgp | foo ") == ["% There is no matched command."]
    says(router, "show ip bgp summary | diff")
    assert completions(shell, "show ip bgp summary | sort N").texts == ["Neighbor"]
    assert completions(shell, "show ip bgp summary | columns V ").texts[:2] == ["AS", "Desc"]
    assert completions(shell, "show ip bgp summary | sort V r").texts == ["reverse"]


def test_help_names_files(router: VirtualRouter, tmp_path: Path) -> None:
    (tmp_path / "abc").mkdir()
    text = f"show ip bgp | save {tmp_path}/a"
    assert completions(router.shell, text).texts == [f"{tmp_path}/abc/"]
    assert completions(router.shell, f"{text} o").texts == ["overwrite"]


def test_frr_is_not_disturbed(router: VirtualRouter) -> None:
    """Commands that FRR has not are no part of its lists, nor of what abbreviations mean."""
    shell = router.shell
    assert "watch [" not in says(router, "list")
    assert says(router, "w t").startswith("Building configuration")
    assert "watch" in completions(shell, "w").texts
    assert completions(shell, "terminal ").texts == [
        *("colour", "hints", "length", "monitor", "paginate", "rich"),
    ]
    assert completions(shell, "watch 5 show ip bgp summ").texts == ["summary"]
    assert completions(shell, "watch show ip bgp | cou").texts == ["count"]


def test_watch_needs_a_shell(router: VirtualRouter) -> None:
    found = router.run("watch show ip bgp")
    assert (found.status, found.text) == (
        Status.WARNING,
        "% watch needs somebody who ends it: a shell\n",
    )
    assert router.run("watch").text == "% Command incomplete: watch\n"


def test_watch_prints_again_where_nothing_can_be_drawn(router: VirtualRouter) -> None:
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            raise KeyboardInterrupt

    text = router.drive("watch", printing(router.shell, "show daemons | count", 5, sleep)).text
    assert re.fullmatch(r"(---- Every 5 s: show daemons \| count  [\d:]{8}\n1\n){2}", text)
    assert waited == [5, 5]
