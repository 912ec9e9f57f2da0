"""docs/shell-candidate.md: its examples, each section on a router in memory as the page has it.

A line behind a prompt is typed, the prompt is what is shown then, and what stands below is what is
answered, where `...` is anything. What somebody else does meanwhile is done by the test.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyvtysh.testing.topology import Topology

PAGE = (Path(__file__).parents[2] / "docs" / "shell-candidate.md").read_text()
CONFIG = PAGE.partition("```frr\n")[2].partition("```")[0]
FILE = PAGE.partition("```conf\n")[2].partition("```")[0]
SECTIONS = dict(part.split("\n", 1) for part in PAGE.split("\n## ")[1:])
BLOCK = re.compile(r"^```\n(r1.*?)^```$", re.MULTILINE | re.DOTALL)
MEANWHILE = re.compile(r"^Meanwhile somebody types `(.*)` and `(.*)`:$", re.MULTILINE)
TYPED = re.compile(r"^(r1\S*# )(.*)\n", re.MULTILINE)
WITH_EXAMPLES = [title for title, text in SECTIONS.items() if BLOCK.search(text)]


def steps(text: str) -> Iterator[tuple[str, str, str]]:
    """Prompt, line and answer of each step of a section; a line without prompt is somebody's."""
    for found in re.finditer(f"{BLOCK.pattern}|{MEANWHILE.pattern}", text, BLOCK.flags):
        if found[1] is None:
            yield "", found[2], found[3]
            continue
        parts = TYPED.split(found[1])[1:]
        yield from zip(parts[::3], parts[1::3], parts[2::3], strict=True)


@pytest.mark.parametrize("title", WITH_EXAMPLES)
def test_an_example_is_as_shown(
    title: str, topology: Topology, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "peers.conf").write_text(FILE)
    router = topology.router("r1", CONFIG)
    for prompt, line, expected in steps(SECTIONS[title]):
        if not prompt:
            with router.beside().configure() as somebody:
                somebody("router bgp 65001", line, expected)
            continue
        if router.shell.prompt == "r1(config-router-af*)# " and prompt == "r1# ":
            router.run("end")  # the page begins anew
        assert router.shell.prompt == prompt, line
        answer = router.run(line)
        pattern = ".*".join(map(re.escape, expected.split("...")))
        assert re.fullmatch(pattern, answer.text + answer.said), (line, answer.text)


def test_most_sections_have_examples() -> None:
    assert len(WITH_EXAMPLES) == 4
