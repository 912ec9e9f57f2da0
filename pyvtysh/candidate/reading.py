"""`load merge|replace|override`: a file, or lines of the terminal, into the candidate."""

import sys
from collections.abc import Iterable

from grammar.base.errors import CommandError, Status
from grammar.config import Block, parse, render
from pyvtysh.candidate.draft import Refusal
from pyvtysh.candidate.editing import Editing
from pyvtysh.link import Running

_END = "."
_LISTS = (
    *(("ip prefix-list", 3), ("ipv6 prefix-list", 3), ("route-map", 2), ("access-list", 2)),
    *(("ipv6 access-list", 3), ("mac access-list", 3), ("bgp as-path access-list", 4)),
    *(("bgp community-list", 4), ("bgp large-community-list", 4), ("bgp extcommunity-list", 4)),
)
"""Lists and maps of several lines: how they begin, and how many words name one."""


def load(editing: Editing, how: str, path: str | None) -> Running:
    """Read lines into the candidate; None reads the terminal. What is refused is told at the end.

    The other lines count. CommandError when there is nothing to read.
    """
    text, name = _read(editing, path)
    lines = text.split("\n")
    if how == "merge":
        refused = list(editing.draft.load(lines))
        editing.put(editing.draft)
    else:
        kept = "" if how == "override" else _others(editing.draft.text(), text)
        draft, _ = editing.read(kept)
        refused = list(draft.load(lines))
        editing.put(draft)
    yield from _told(name, refused)
    return Status.CONFIG_FAILED if refused else Status.SUCCESS


def _told(name: str, refused: Iterable[Refusal]) -> Running:
    for refusal in refused:
        yield f"% {name}:{refusal.number}: {refusal.why}: {refusal.line}\n"
    return Status.SUCCESS


def _read(editing: Editing, path: str | None) -> tuple[str, str]:
    """The text, and what to call it."""
    if path is None:
        return _from_terminal(editing), "terminal"
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read(), path
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise CommandError(f"% {path}: {why}", Status.NO_FILE) from None


def _from_terminal(editing: Editing) -> str:
    if not editing.vtysh.has_input:
        raise CommandError("% There is no terminal to read from")
    if sys.stdin.isatty():
        sys.stdout.write("Lines of configuration, then one with a dot alone (or Ctrl-D):\n")
        sys.stdout.flush()
    lines = []
    read_line = editing.vtysh.seen.read_line
    for line in sys.stdin if read_line is None else iter(read_line, None):
        if line.strip() == _END:
            break
        lines.append(line.rstrip("\n"))
    return "\n".join(lines)


def _others(text: str, new: str) -> str:
    """A configuration without the blocks, lists and maps that the new lines are of."""
    named = {_name(block) for block in parse(new)}
    return render(block for block in parse(text) if _name(block) not in named)


def _name(block: Block) -> str:
    """What tells a block, list or map from others."""
    for beginning, words in _LISTS:
        if block.line.startswith(beginning):
            return " ".join(block.line.split()[:words])
    return block.line
