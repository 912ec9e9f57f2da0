"""Lines for a daemon's shows, drawn from FRR's own notations of them.

`tests/golden/commands/<daemon>-8.4.4.txt` has every command of FRR's daemon by node. From each show
come all lines with up to three of its optional parts, in which every alternative is taken, and
each variable holds words that are there and words that are not.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from grammar.language.notation import parse, tree
from grammar.language.tokens import (
    AnyOrder,
    Choice,
    Keyword,
    NoSkip,
    Optional,
    Sequence,
    Token,
    Variable,
)

COMMANDS = Path(__file__).parent.parent / "golden" / "commands"
MOST = 3
"""Optional parts of a line."""

Line = tuple[str, ...]
Drawn = tuple[Line, int]
"""Words, and how many optional parts they have taken."""
Words = Callable[[str, Line], Iterable[str]]
"""The words for a variable (as FRR names it) behind these words."""


def notations(daemon: str, node: str) -> Iterator[str]:
    """FRR's shows of a node (`view`, `enable`)."""
    here = False
    for line in (COMMANDS / f"{daemon}-8.4.4.txt").read_text().splitlines():
        if line.startswith("== "):
            here = line.split()[1] == node
        elif here and line.startswith("show "):
            yield line.replace("[json]", " [json]").replace("vrf<", "vrf <")


def lines(daemon: str, words: Words, elsewhere: re.Pattern[str]) -> list[str]:
    """All lines of a daemon's shows, each once; without notations that match `elsewhere`."""
    found: dict[str, None] = {}
    for node in ("view", "enable"):
        for notation in notations(daemon, node):
            if elsewhere.match(notation):
                continue
            for drawn, _ in _draw(tree(parse(notation)), (), 0, words):
                found[" ".join(drawn)] = None
    return list(found)


def _draw(token: Token, before: Line, taken: int, words: Words) -> Iterator[Drawn]:
    match token:
        case Keyword(text=text):
            yield (*before, text), taken
        case Variable(text=text):
            yield from (((*before, word), taken) for word in words(text, before))
        case Sequence(items=items):
            yield from _draw_all(items, before, taken, words)
        case Choice(items=items):
            for option in items:
                yield from _draw(option, before, taken, words)
        case Optional(item=item) | NoSkip(item=item):
            yield before, taken
            if taken < MOST:
                yield from _draw(item, before, taken + 1, words)
        case AnyOrder(items=items):
            for number, item in enumerate(items):
                for drawn in _draw(item, before, taken, words):
                    yield drawn
                    if number and drawn[1] < MOST:
                        yield from _draw(items[number - 1], drawn[0], drawn[1] + 1, words)


def _draw_all(items: tuple[Token, ...], before: Line, taken: int, words: Words) -> Iterator[Drawn]:
    if not items:
        yield before, taken
        return
    for drawn, count in _draw(items[0], before, taken, words):
        yield from _draw_all(items[1:], drawn, count, words)
