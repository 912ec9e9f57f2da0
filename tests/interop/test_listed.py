"""What FRR's vtysh takes in each node, known here or not: `listed.txt`, `-m`, and its verdicts."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyvtysh.foreign import sample
from pyvtysh.listed import CONFIG, ENABLE, Taken, Walk
from pyvtysh.tabulate import listed_lines
from tests.support.ours import BIN

pytestmark = pytest.mark.real

LISTED = listed_lines()
GOLDEN = Path(__file__).parent.parent / "golden"
RUN = re.compile(r"(exit|quit|end|list|find|(no )?output|terminal|banner|(no )?debug unique-id)\b")
"""Lines of vtysh itself, which it runs while it reads a file."""

SAYS = {"% Unknown command": 2, "% Ambiguous command": 3, "% Command incomplete": 4}


def typed(notation: str) -> str:
    """The shortest line of a notation."""
    return " ".join(sample(re.sub(r"<([^|>]*)>", r"\1", notation)))


def paths() -> dict[int, list[str]]:
    """The lines that lead into each node from the config node."""
    found: dict[int, list[str]] = {CONFIG: []}
    for number, commands in LISTED.items():
        for command in commands:
            if command.opens and number in found:
                found.setdefault(int(command.opens), [*found[number], typed(command.notation)])
    return found


PATHS = paths()


def lines() -> Iterator[tuple[int, str]]:
    """Lines of every notation in every node, whole and cut; those of the recordings."""
    for number in PATHS:
        for command in LISTED.get(number, ()):
            words = typed(command.notation).split()
            for end in range(1, len(words) + 1):
                yield number, " ".join(words[:end])
    for file in sorted((GOLDEN / "printed").glob("*.jsonl")):
        for row in map(json.loads, file.read_text().splitlines()):
            if "enter" in row and not row["enter"] and "typed" in row:
                yield CONFIG, row["typed"]


@pytest.fixture
def places(tmp_path: Path) -> list[str]:
    """The options that name an empty folder."""
    (tmp_path / "vtysh.conf").touch()
    return ["--config_dir", str(tmp_path), "--vty_socket", str(tmp_path)]


def vtysh(program: str | Path, *words: str | Path) -> tuple[str, str, int]:
    done = subprocess.run([program, *words], capture_output=True, timeout=60)
    return done.stdout.decode(), done.stderr.decode(errors="replace"), done.returncode


def test_the_lists_are_those_of_frr(places: list[str]) -> None:
    assert len(PATHS) > 50
    for number, path in ((ENABLE, None), *PATHS.items()):
        if number not in LISTED:
            continue
        into = ["end"] if path is None else ["configure terminal", *path]
        words = (word for line in (*into, "list") for word in ("-c", line))
        out, _, _ = vtysh("/usr/bin/vtysh", *places, "-C", "-n", *words)
        listed = [line[4:] for line in out.splitlines() if line.startswith("    ")]
        ours = [command.notation for command in LISTED[number] if not command.hidden]
        assert ours == listed, path


def test_each_line_is_taken_or_refused_as_by_frr(places: list[str], tmp_path: Path) -> None:
    asked: dict[int, tuple[int, str]] = {}
    text: list[str] = []
    for number, line in dict.fromkeys(lines()):
        if not RUN.match(line):
            text += [*PATHS[number], line]
            asked[len(text)] = number, line
    assert len(asked) > 5000
    file = tmp_path / "lines"
    file.write_text("".join(f"{line}\n" for line in text))
    _, errors, _ = vtysh("/usr/bin/vtysh", *places, "-C", "-f", file)
    theirs = {
        int(found[1]): SAYS[found[2]]
        for found in re.finditer(r"^line (\d+): (% \w+ \w+)\[", errors, re.M)
    }
    walk = Walk(CONFIG)
    differ = []
    for place, (number, line) in asked.items():
        walk.node = number
        found = walk.find(line.split())
        status = 0 if isinstance(found, Taken) else walk.doubt(line.split())
        if status != theirs.get(place, 0):
            differ.append((number, line, status, theirs.get(place, 0)))
    assert differ == [(69, "index 0", 0, 3)]  # FRR sees two ways to leave out what may follow
    good = [line for place, line in enumerate(text, 1) if place not in theirs]
    file.write_text("".join(f"{line}\n" for line in good))
    marked = vtysh(BIN / "vtysh", *places, "-m", "-f", file)
    assert marked == vtysh("/usr/bin/vtysh", *places, "-m", "-f", file)
    assert marked[1:] == ("", 0)
