"""A configuration as a set of lines, each with the lines around it, and how two such sets differ.

A `Tree` maps the path of each line (the lines that open the blocks around it, outermost first, and
the line itself) to the text of the line, in the order in which the configuration prints them.
"""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from grammar.config import Block, parse

Path = tuple[str, ...]
Tree = dict[Path, None]

_LEFT_OUT = (
    *("frr version ", "hostname ", "domainname ", "username "),
    *("service integrated-vtysh-config", "no service integrated-vtysh-config"),
)
"""Lines that tell of a program, and those of a shell, which every shell has for itself."""


@lru_cache(maxsize=4)
def tree_of(text: str) -> Tree:
    """The lines of a printed configuration; not to be changed, since it is asked for again."""
    found: Tree = {}
    _collect(parse(text), (), found)
    return found


def _collect(blocks: Iterable[Block], around: Path, found: Tree) -> None:
    for block in blocks:
        if around or not block.line.startswith(_LEFT_OUT):
            path = (*around, block.line)
            found.setdefault(path)
            _collect(block.body, path, found)


def missing(tree: Tree, other: Tree) -> list[Path]:
    """The paths of `other` that `tree` does not have, in the order of `other`."""
    return [path for path in other if path not in tree]


def unified(old: Tree, new: Tree) -> Iterator[str]:
    """The difference as lines with `-`, `+` or a blank ahead; unchanged ones only around others.

    Each block that has changed lines in it is told once, by the line that opens it.
    """
    yield from _level(children_of(old), children_of(new), ())


def children_of(tree: Tree) -> dict[Path, list[str]]:
    """The lines right below each path; those of no block below `()`."""
    children: dict[Path, list[str]] = {}
    for path in tree:
        children.setdefault(path[:-1], []).append(path[-1])
    return children


def _level(old: dict[Path, list[str]], new: dict[Path, list[str]], around: Path) -> Iterator[str]:
    before, after = old.get(around, []), new.get(around, [])
    common = set(before) & set(after)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        for line in before[first:last] if kind != "equal" else ():
            if line not in common:  # else it only stands elsewhere
                yield from _whole("-", old, (*around, line))
        for line in after[start:end]:
            path = (*around, line)
            if line not in common:
                yield from _whole("+", new, path)
            elif inner := list(_level(old, new, path)):
                yield f" {' ' * len(around)}{line}"
                yield from inner


def _whole(sign: str, children: dict[Path, list[str]], path: Path) -> Iterator[str]:
    yield f"{sign}{' ' * (len(path) - 1)}{path[-1]}"
    for line in children.get(path, ()):
        yield from _whole(sign, children, (*path, line))


def shown(path: Path) -> str:
    """A line with the block it stands in, for messages."""
    return f"`{path[-1]}`" + (f" of `{path[-2]}`" if len(path) > 1 else "")
