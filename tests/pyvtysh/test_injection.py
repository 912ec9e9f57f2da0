"""Hostile words in names, targets and programs: nothing is run or opened because of them."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from pyvtysh.commands import LANGUAGE
from pyvtysh.dispatch import Vtysh, collect
from pyvtysh.merged import load_languages
from pyvtysh.shell.pager import Paged
from tests.bgp.commandline import Terminal

HOSTILE = (
    *("$(touch${IFS}owned)", "`touch\towned`".replace("\t", "${IFS}"), ";touch${IFS}owned"),
    *("&&id", "|id", ">owned", "../../owned", "/etc/passwd", "-f", "--help", "-oProxyCommand=id"),
    *("%s%n", "{0.__class__}", "\x1b[2J", "'\"", "\\", "~root", "*", "a\x07b"),
)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """The words of each program that would have been started."""
    found: list[Sequence[str]] = []

    def run(argv: Sequence[str], **options: object) -> None:
        assert not options.get("shell")
        found.append(argv)

    monkeypatch.setattr(subprocess, "run", run)
    return found


@pytest.fixture(scope="module")
def vtysh() -> Vtysh:
    return Vtysh(LANGUAGE, load_languages(), lambda name: None, lambda text: None)


@pytest.mark.parametrize("word", HOSTILE)
@pytest.mark.parametrize("line", ["ping", "ping ip", "ping ipv6", "traceroute", "traceroute ip"])
def test_a_target_is_one_word_and_no_option(
    word: str, line: str, vtysh: Vtysh, started: list[Sequence[str]]
) -> None:
    if "|" in word:  # begins a filter
        return
    collect(vtysh.execute(f"{line} {word}"))
    (argv,) = started
    assert argv[0] == line.split()[0]
    assert list(argv[-2:]) == ["--", word]


@pytest.mark.parametrize("word", HOSTILE)
def test_names_are_text_and_nothing_else(
    word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(subprocess, "Popen", None)
    terminal = Terminal()
    lines = (
        f"ip prefix-list {word} seq 5 permit any",
        f"route-map {word} permit 10",
        f"description {word}",
        "exit",
        "router bgp 65001",
        "neighbor PG peer-group",
        f"neighbor PG description {word} {word}",
        f"neighbor PG password {word}",
    )
    for line in lines:
        status, text = terminal.type(line)
        assert "Internal error" not in text
        assert status in (0, 2, 13), (line, text)
    printed = terminal.printed()
    assert f" neighbor PG description {word} {word}" in printed
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "program", ["true; touch owned", "sh-is-not-here $(touch owned)", "true >owned"]
)
def test_a_pager_is_words_and_no_shell(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    paged = Paged(program)
    paged.write("text\n")
    paged.close()
    assert list(tmp_path.iterdir()) == []
