"""Filters of lines. Each takes lines and gives lines, and reads no further than it must."""

import re
import shlex
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import dropwhile, islice
from typing import TypeVar

from pyvtysh.pipes.flow import FilterFaultError

Item = TypeVar("Item")
Found = Callable[[str], bool]
"""Whether an expression is found in a line."""

_BLANKS = re.compile(r"\s*")
_CLOSES = re.compile(r"(?:exit|end)(?:-\S+)?$")


def lines_of(pieces: Iterable[str]) -> Iterator[str]:
    """A text that comes in pieces, by lines with their newlines."""
    rest = ""
    for piece in pieces:
        *lines, rest = (rest + piece).split("\n")
        for line in lines:
            yield line + "\n"
    if rest:
        yield rest


def finder(name: str, expression: str) -> Found:
    """The test of a POSIX expression, as FRR's `include` has it; FilterFaultError."""
    if not expression:
        raise FilterFaultError(f"{name}: an expression is missing")
    from grammar.expression.automaton import expression as compiled
    from grammar.expression.syntax import ExpressionError

    try:
        return compiled(expression, edges=False).found
    except ExpressionError:
        raise FilterFaultError(f"{name}: '{expression}' is no regular expression") from None


def include(lines: Iterable[str], found: Found) -> Iterator[str]:
    """The lines in which it is found."""
    return (line for line in lines if found(line.rstrip("\n")))


def exclude(lines: Iterable[str], found: Found) -> Iterator[str]:
    """The lines in which it is not found."""
    return (line for line in lines if not found(line.rstrip("\n")))


def begin(lines: Iterable[str], found: Found) -> Iterator[str]:
    """From the first line in which it is found, which comes too."""
    return dropwhile(lambda line: not found(line.rstrip("\n")), lines)


def until(lines: Iterable[str], found: Found) -> Iterator[str]:
    """Up to the first line in which it is found, which comes too."""
    for line in lines:
        yield line
        if found(line.rstrip("\n")):
            return


def section(lines: Iterable[str], found: Found) -> Iterator[str]:
    """The lines in which it is found, each with what is indented below it and its `exit`."""
    depth: int | None = None
    empty: list[str] = []  # between lines of a section, or behind it
    below = False
    for line in lines:
        text = line.rstrip("\n")
        if not text.strip():
            empty += [line] * (depth is not None)
            continue
        indent = len(_BLANKS.match(text)[0])  # type: ignore[index]  # matches always
        if depth is not None and indent > depth:
            below = True
        elif depth is not None and below and indent == depth and _CLOSES.match(text.strip()):
            yield line
            depth = None
            continue
        elif found(text):
            depth, below = indent, False
        else:
            depth = None
        if depth is not None:
            yield from empty
            yield line
        empty.clear()


def quoted_words(name: str, text: str) -> list[str]:
    """The words of a text in which quotes hold several together; FilterFaultError."""
    try:
        return shlex.split(text)
    except ValueError:
        raise FilterFaultError(f"{name}: a quote is not closed in '{text}'") from None


def number(name: str, words: list[str], default: int = 10) -> int:
    """How many; FilterFaultError for what is no number from 1."""
    if not words:
        return default
    text, *more = words
    if not (text.isascii() and text.isdigit() and int(text[:19]) > 0) or more:
        raise FilterFaultError(f"{name}: a number from 1 is expected, not '{' '.join(words)}'")
    return int(text[:18])


def first(items: Iterable[Item], count: int) -> Iterator[Item]:
    """The first ones; the others are not asked for."""
    return islice(items, count)


def last(items: Iterable[Item], count: int) -> Iterator[Item]:
    """The last ones."""
    yield from deque(items, maxlen=count)
