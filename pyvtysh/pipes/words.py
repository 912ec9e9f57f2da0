"""A line with filters, read: the command, and each filter with its words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grammar.filtering import FilterError

if TYPE_CHECKING:
    from pyvtysh.dispatch import Vtysh

FILTERS = {
    "begin": "From the first line in which an expression is found",
    "columns": "Some columns of a table, in this order",
    "count": "How many lines or rows there are",
    "csv": "A table as comma-separated values",
    "diff": "What changed since the last run of this command",
    "exclude": "Lines in which an expression is not found",
    "first": "The first lines or rows",
    "include": "Lines in which an expression is found",
    "json": "JSON, or what a JMESPath expression finds in it",
    "last": "The last lines or rows",
    "no-more": "Without the pager",
    "save": "Into a file",
    "section": "Lines in which an expression is found, with what is indented below",
    "sort": "A table in the order of a column",
    "table": "Columns that are aligned",
    "until": "Up to the first line in which an expression is found",
}
"""Every filter, with its help."""

EXPRESSIONS = ("include", "exclude", "begin", "until", "section")
"""Those that take a regular expression: all up to the next bar that a filter follows."""

_FIRST = re.compile(r"\s\|\s+(\S+)")
_NEXT = re.compile(r"(?:(?<=\s)|\A)\|\s+(\S+)")


@dataclass(frozen=True, slots=True)
class Stage:
    """One filter: its name, and what is typed behind it."""

    name: str
    rest: str


@dataclass(frozen=True, slots=True)
class Piped:
    """A command and its filters, of which there is at least one."""

    command: str
    stages: tuple[Stage, ...]
    before: str
    """The line without its last filter."""


def may_have_filters(vtysh: "Vtysh", text: str) -> bool:
    """A line of configuration has no filters of ours: a bar may be part of a description."""
    editing = vtysh.node.is_config or vtysh.candidate is not None
    return not editing or text.split()[:1] in (["do"], ["show"])


def read_filters(text: str) -> Piped | None:
    """What a line with `|` says; None if it is none, or FRR's `include` alone; FilterError."""
    found: re.Match[str] | None = _FIRST.search(text)
    if found is None:
        return None
    rest = text[found.end() :].lstrip()
    if found.group(1) == "include" and all(bar.group(1) == "include" for bar in _bars(rest)):
        return None
    command = before = text[: found.start()].strip()
    stages: list[Stage] = []
    while found is not None:
        name = named(found.group(1))
        before = text[: len(text) - len(rest)].rpartition("|")[0].strip()
        found = _end_of(name, rest)
        stages.append(Stage(name, rest[: found.start()].strip() if found else rest.strip()))
        rest = rest[found.end() :].lstrip() if found else ""
    return Piped(command, tuple(stages), before)


def named(word: str) -> str:
    """The filter of a word or of the beginning of one; FilterError with FRR's words."""
    if word in FILTERS:
        return word
    meant = [name for name in FILTERS if name.startswith(word)]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise FilterError(f"% Ambiguous action '{word}': {', '.join(meant)}\n")
    raise FilterError(f"% Unknown action '{word}'\n")


def _end_of(name: str, rest: str) -> re.Match[str] | None:
    """The bar that ends a filter's words; within an expression a whole name must follow it."""
    if name in EXPRESSIONS:
        return next(_bars(rest), None)
    if name == "json":
        outside = _outside_quotes(rest)
        return next((bar for bar in _bars(rest) if outside[bar.start()]), None)
    return _NEXT.search(rest)


def _bars(rest: str) -> Iterator[re.Match[str]]:
    return (bar for bar in _NEXT.finditer(rest) if bar.group(1) in FILTERS)


def _outside_quotes(text: str) -> list[bool]:
    """For each character, whether it is outside of quotes."""
    outside: list[bool] = []
    quote, escaped = "", False
    for character in text:
        outside.append(not quote)
        if escaped:
            escaped = False
        elif quote:
            escaped = character == "\\"
            quote = "" if character == quote else quote
        elif character in "'\"`":
            quote = character
    return outside
