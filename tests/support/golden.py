"""Golden transcripts: files of one command, its exact output and its exit status.

```
$ vtysh -c 'show ip bgp'
...
[stderr]
...
[exit 0]
```
`[no newline at end]` marks output that did not end in one. Both the file and what is compared with
it pass through the masks, so a file may hold either masked or real values.
"""

import difflib
import shlex
from dataclasses import dataclass
from pathlib import Path

from tests.support.masks import mask

FOLDER = Path(__file__).parent.parent / "golden"


@dataclass(frozen=True, slots=True)
class Transcript:
    """One file: the command as words, and everything after the `$` line."""

    name: str
    command: str
    text: str

    @classmethod
    def read(cls, path: Path) -> "Transcript":
        """Read a transcript file; ValueError names a file that is none."""
        head, newline, text = path.read_text().partition("\n")
        if not newline or not head.startswith("$ "):
            raise ValueError(f"{path}: does not begin with '$ command'")
        return cls(path.stem, head[2:], text)

    def write(self, folder: str, text: str) -> None:
        """Replace the answer in tests/golden/FOLDER."""
        (FOLDER / folder / f"{self.name}.txt").write_text(f"$ {self.command}\n{text}")

    @property
    def argv(self) -> list[str]:
        return shlex.split(self.command)

    @property
    def vtysh_commands(self) -> list[str]:
        """The arguments of `-c` when the command is a run of vtysh; else an empty list."""
        words = self.argv
        return words[2::2] if words[0] == "vtysh" else []


def transcripts(folder: str) -> list[Transcript]:
    """All transcripts of tests/golden/FOLDER in the order of their names."""
    return [Transcript.read(path) for path in sorted((FOLDER / folder).glob("*.txt"))]


def assert_same(actual: str, expected: str, what: str, *, names: tuple[str, str]) -> None:
    """Fail with a unified diff unless both texts are equal once masked.

    `names` are those of the expected and the actual side, in this order.
    """
    left, right = mask(expected), mask(actual)
    if left == right:
        return
    diff = difflib.unified_diff(
        left.splitlines(keepends=True), right.splitlines(keepends=True), *names
    )
    raise AssertionError(f"{what}:\n" + "".join(_visible(line) for line in diff))


def _visible(line: str) -> str:
    """A line whose trailing blanks can be seen, since they are part of FRR's tables."""
    bare = line.rstrip("\n")
    kept = bare.rstrip(" ")
    return kept + "·" * (len(bare) - len(kept)) + "\n"
