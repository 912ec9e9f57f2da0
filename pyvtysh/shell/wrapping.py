"""Prose on a narrow terminal runs on in the next line at a word, as far in as it began."""

import re
from collections.abc import Callable, Iterator

from prompt_toolkit.utils import get_cwidth

from pyvtysh.shell.pager import Output

_FURTHER = 2
"""Blanks by which a line that runs on stands further in."""
_LEAST = 20
"""Cells that are left for words at least, however far in a line begins."""
_PROSE = ("explain", "test")
_LEAD = re.compile(r"(?:(?:[│|]   |    )*(?:[├└]── |[|`]-- ))?")
Rows = Callable[[str, int], Iterator[str]]
"""A line in rows of so many cells."""
_BESIDE = str.maketrans("├└─`-", "│    ")


class Wrapped:
    """An output whose lines fit so many columns."""

    def __init__(self, output: Output, columns: int, rows: Rows | None = None) -> None:
        self._rows = rows or wrapped
        self._output = output
        self._columns = columns
        self._begun = ""

    def write(self, text: str) -> None:
        """Take a piece; whole lines go on."""
        *whole, self._begun = (self._begun + text).split("\n")
        if whole:
            rows = (row for line in whole for row in self._rows(line, self._columns))
            self._output.write("".join(f"{row}\n" for row in rows))

    def close(self) -> None:
        """All is there."""
        if self._begun:
            self._output.write("\n".join(self._rows(self._begun, self._columns)))
        self._output.close()

    def abandon(self) -> None:
        """The rest is not wanted."""
        self._output.abandon()


def is_prose(line: str) -> bool:
    """Whether the answer to a line is sentences, which may be broken."""
    words = line.split()
    if words[:1] == ["do"]:
        words.pop(0)
    if not words or len(words[0]) < len("exp") or "|" in line or "json" in words:
        return False
    return any(known.startswith(words[0]) for known in _PROSE)


def is_tree(line: str) -> bool:
    """Whether the answer to a line is `show bgp graph`; `gra` may be a graceful-restart as well."""
    words = line.split()
    if words[:1] == ["do"]:
        words.pop(0)
    is_show = bool(words) and len(words[0]) > 1 and "show".startswith(words[0])
    return (
        is_show
        and "|" not in words
        and any("bgp".startswith(word) for word in words[1:3])
        and any(len(word) > len("gra") and "graph".startswith(word) for word in words[2:])
    )


def wrapped(line: str, columns: int) -> Iterator[str]:
    """A line in rows of so many cells, broken at blanks; a longer word is left as it is."""
    if get_cwidth(line) <= columns:
        yield line
        return
    indent = len(line) - len(line.lstrip(" "))
    ahead = " " * min(indent + _FURTHER, max(0, columns - _LEAST))
    row, is_empty = line[:indent], True
    for word in line.split():
        if is_empty:
            row += word
        elif get_cwidth(row) + 1 + get_cwidth(word) <= columns:
            row += f" {word}"
        else:
            yield row
            row = ahead + word
        is_empty = False
    yield row


def branches(line: str, columns: int) -> Iterator[str]:
    """A line of a tree in such rows: what runs on stands beside the branches, not across them."""
    lead = _LEAD.match(line)
    assert lead is not None
    row, is_empty = lead[0], True
    ahead = row.translate(_BESIDE)[: max(0, columns - _LEAST)] + " " * _FURTHER
    for word in re.findall(r" *[^ ]+", line[lead.end() :]):
        if is_empty or get_cwidth(row) + get_cwidth(word) <= columns:
            row += word
        else:
            yield row
            row = ahead + word.lstrip(" ")
        is_empty = False
    yield row
