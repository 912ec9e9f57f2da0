"""`-m`: a file with `exit` lines where a node is left, as `frr-reload.py` reads it.

Every line that FRR 8.4.4's vtysh knows is taken, also those that no language of ours has; the
tables tell, so no language is loaded.
"""

import sys

from pyvtysh.listed import AMBIGUOUS, CONFIG, INCOMPLETE, UNKNOWN, Walk

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` and `collections.abc` cost more than a short file
    from collections.abc import Callable, Iterable, Iterator
    from typing import TextIO

_LONGEST = 4095
"""FRR reads a longer line as several ones."""

_NO_FILE = 11

PASSWORD_GOES = (
    "Please be aware that removing the password is a security risk"  # noqa: S105  # nosec B105
    " and you should think twice about this command.\n"
)
"""What FRR's vtysh says when a password is taken back, even while it marks a file."""

_REFUSALS = {
    UNKNOWN: "% Unknown command",
    AMBIGUOUS: "% Ambiguous command",
    INCOMPLETE: "% Command incomplete",
}


def mark_file(path: str, write: "Callable[[str], object]", say: "Callable[[str], object]") -> int:
    """Write the marked file, up to the first bad line, of which `say` tells; the exit status.

    `-` is standard input. Lines end in CR LF, as FRR writes them here.
    """

    def put(text: str) -> None:
        write(text.replace("\n", "\r\n"))

    try:
        if path == "-":
            sys.stdin.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]
            return mark(lines_of(sys.stdin), put, say)
        with open(path, encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            return mark(lines_of(file), put, say)
    except IsADirectoryError:
        return mark((), put, say)
    except OSError as error:
        say(f"% Can't open config file {path} due to '{error.strerror}'.\n")
        return _NO_FILE


def lines_of(file: "TextIO") -> "Iterator[str]":
    """The lines of a file with their ends; an overlong one comes in pieces, as FRR reads it.

    What stands behind a NUL does not count, as with FRR; to a daemon it would be another line.
    """
    for line in iter(lambda: file.readline(_LONGEST), ""):
        yield line.partition("\0")[0] if "\0" in line else line


def mark(
    lines: "Iterable[str]", write: "Callable[[str], object]", say: "Callable[[str], object]"
) -> int:
    """Mark lines that still have their newlines; 0, or the status of the line that ended it."""
    walk = Walk(CONFIG)
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text[0] in "!#":
            write(line)
            continue
        if text == "end":
            continue
        found = walk.find(text.split())
        if isinstance(found, int):
            say(f"line {number}: {_REFUSALS[found]}: {line}\n")
            return found
        while walk.node != found.node:
            walk.leave()
            write("exit\n")
        write(line)
        if text in ("no password", "no enable password"):
            write(PASSWORD_GOES)
        before = walk.node
        if not walk.follow(found):
            return 0
        if text == "exit-vrf" and walk.node != before:
            write("end\n")
    write("\nend\n")
    return 0
