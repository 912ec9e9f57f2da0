"""expected.txt: the answers of the real FRR, masked, under a line for each step."""

import difflib
import re
from pathlib import Path

from tests.conformance.scene import Answer
from tests.support.masks import mask
from tests.support.peers import FRR_VERSION
from tests.support.router import ended

HEAD = f"# recorded from FRR {FRR_VERSION}\n"
MARK, BELOW = ">>> ", "... "

# What depends on the moment at which routes and sessions came: the versions of tables and routes,
# the numbers of UPDATEs and refreshes, the numbers of update groups (by who came first).
CHANCE = tuple(
    (re.compile(pattern, re.M), by)
    for pattern, by in (
        (r"^(BGP table version(?: is)? )\d+", r"\1<version>"),
        (r"^(BGP routing table entry for \S+(?: \S+)?, version )\d+$", r"\1<version>"),
        (r'("(?:tableVersion|bgpTableVersion|version)": ?)\d+', r"\1<version>"),
        (r"^(    (?:Updates|Route Refresh):) +\d+ +\d+$", r"\1 <counts>"),
        (r'^( *"(?:updates|routeRefresh)(?:Sent|Recv)":)\d+', r"\1<counts>"),
        (r"^(  Update group )\d+(, subgroup )\d+$", r"\1<group>\2<group>"),
        (r'^( *"(?:updateGroupId|subGroupId)":)\d+', r"\1<group>"),
        (r'^ *"processScheduled":true,\n', ""),
    )
)
HIDDEN = "FE80::"


def masked(text: str) -> str:
    """`text` without what two runs cannot share."""
    for pattern, by in CHANCE:
        text = pattern.sub(by, text)
    # The interfaces have fixed addresses here, so link-local ones are compared: they are hidden
    # from the mask that would replace them.
    return mask(text.replace("fe80::", HIDDEN)).replace(HIDDEN, "fe80::")


def render(answers: list[Answer]) -> str:
    """The text of the file."""
    parts = (f"{MARK}{answer.title}\n{ended(masked(answer.text))}" for answer in answers)
    return HEAD + "".join(parts)


def difference(expected: str, answers: list[Answer], names: tuple[str, str]) -> str:
    """A unified diff of each step that differs; empty if none does."""
    wanted, got = _cut(expected), _cut(render(answers))
    if [title for title, _ in wanted] != [title for title, _ in got]:
        return "the story has other steps than the expectation: record it again\n"
    found = []
    for (title, left), (_, right) in zip(wanted, got, strict=True):
        lines = difflib.unified_diff(left, right, *names, n=4)
        shown = "".join(map(_visible, lines))
        if shown:
            found.append(f"{MARK}{title}\n{shown}")
    return "".join(found)


def _cut(text: str) -> list[tuple[str, list[str]]]:
    """Title and lines of each step."""
    found: list[tuple[str, list[str]]] = []
    for part in re.split(rf"^{MARK}", text, flags=re.M)[1:]:
        title, *lines = part.splitlines(keepends=True)
        while lines and lines[0].startswith(BELOW):
            title += lines.pop(0)
        found.append((title.rstrip(), lines))
    return found


def _visible(line: str) -> str:
    bare = line.rstrip("\n")
    kept = bare.rstrip(" ")
    return kept + "·" * (len(bare) - len(kept)) + "\n"


def read(folder: Path) -> str:
    """The recorded text of a topology."""
    return (folder / "expected.txt").read_text()
