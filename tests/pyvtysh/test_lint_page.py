"""docs/shell.md, "Checking a file": every example is run, and every rule has one.

A block whose first line is no `# ` command is the file frr.conf; in the others, what stands below a
command is what it prints, to the byte.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from pyvtysh.lint.command import main
from pyvtysh.lint.rules import RULES

PAGE = (Path(__file__).parents[2] / "docs" / "shell.md").read_text()
SECTION = PAGE.partition("\n## Checking a file\n")[2].partition("\n## ")[0]
INTRODUCTION, *PARTS = re.split(r"^#### ", SECTION, flags=re.MULTILINE)
EXAMPLES = {part.split("`")[1]: part for part in PARTS} | {"introduction": INTRODUCTION}
BLOCK = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def steps(block: str) -> list[tuple[str, str]]:
    """The commands of a block, and what each prints."""
    parts = re.split(r"^# (.*)\n", block, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def run(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    if command.startswith("vtysh --lint "):
        main(shlex.split(command)[2:])
        return capsys.readouterr().out
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    done = subprocess.run(["bash", "-c", command], capture_output=True, env={"PATH": path})
    assert not done.stderr
    return done.stdout.decode()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_as_shown(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = 0
    for block in BLOCK.findall(EXAMPLES[name]):
        if not block.startswith("# "):
            (tmp_path / "frr.conf").write_text(block)
            (tmp_path / "frr.conf").chmod(0o640)
            continue
        for command, says in steps(block):
            assert run(command, capsys) == says
            ran += "lint" in command
    assert ran


def test_every_rule_is_there_in_its_words() -> None:
    found = {
        name: " ".join(part.partition("```")[0].split("\n", 1)[1].split())
        for name, part in EXAMPLES.items()
        if name != "introduction"
    }
    assert found == {
        rule.name: f"{rule.severity.value.capitalize()}. {rule.words}" for rule in RULES
    }


def test_every_example_shows_its_rule() -> None:
    for rule in RULES:
        assert f"[{rule.name}]\n" in EXAMPLES[rule.name]
