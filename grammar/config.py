"""Configuration text as a tree of blocks: parse, render, merge, diff.

A block is a line, the lines indented below it, and the line that closes it. What vtysh shows of
several daemons' texts is not always a tree and is made in `grammar.merging`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from grammar.merging import place_of
from grammar.merging import vtysh_running_config as vtysh_running_config


@dataclass(slots=True)
class Block:
    """One line without its indentation, the blocks below it and the line that closes them.

    `close` is `exit`, `exit-address-family`, ... when the text had such a line, else None.
    """

    line: str
    body: "list[Block]" = field(default_factory=list)
    close: str | None = None


def parse(text: str) -> list[Block]:
    """The blocks of a configuration; `!` and `#` lines, empty lines and `end` are left out."""
    top: list[Block] = []
    levels: list[tuple[int, list[Block]]] = [(0, top)]
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line[0] in "!#" or line == "end":
            continue
        indent = len(raw) - len(raw.lstrip())
        while indent < levels[-1][0]:
            levels.pop()
        siblings = levels[-1][1]
        if indent > levels[-1][0] and siblings:
            siblings = siblings[-1].body
            levels.append((indent, siblings))
        if siblings and line.split()[0].startswith("exit") and siblings[-1].close is None:
            siblings[-1].close = line
        else:
            siblings.append(Block(line))
    return top


def render(blocks: Iterable[Block]) -> str:
    """Text that `parse` reads back: one blank a level, `!` after each top block with a body."""
    lines: list[str] = []
    for block in blocks:
        _render(block, 0, lines)
        if block.body or block.close:
            lines.append("!")
    return "".join(line + "\n" for line in lines)


def _render(block: Block, depth: int, lines: list[str]) -> None:
    lines.append(" " * depth + block.line)
    for inner in block.body:
        _render(inner, depth + 1, lines)
    if block.close:
        lines.append(" " * depth + block.close)


def merge(trees: Iterable[Iterable[Block]]) -> list[Block]:
    """One tree: equal opening lines become one block, equal lines stay once, in order of arrival.

    Top blocks are ordered by kind as vtysh prints them, top lines first.
    """
    merged: list[Block] = []
    for tree in trees:
        _merge_into(merged, tree)
    return sorted(merged, key=lambda block: place_of(block.line))


def _merge_into(blocks: list[Block], others: Iterable[Block]) -> None:
    known = {block.line: block for block in blocks}
    for other in others:
        block = known.get(other.line)
        if block is None:
            block = known[other.line] = Block(other.line)
            blocks.append(block)
        block.close = block.close or other.close
        _merge_into(block.body, other.body)


def diff(old: Iterable[Block], new: Iterable[Block]) -> list[str]:
    """The lines to type in config mode to get from `old` to `new`, removals first.

    A line is taken back by a `no` in front of it, or by leaving out its `no`. Lines inside a block
    stand between the block's opening and closing lines.
    """
    before: list[Block] = []
    after: list[Block] = []
    _merge_into(before, old)
    _merge_into(after, new)
    return _removals(before, after) + _additions(before, after)


_HOLLOW = ("address-family ", "line vty")
"""Blocks that no line takes back: they are gone with what is in them."""


def _removals(old: list[Block], new: list[Block]) -> list[str]:
    kept = {block.line: block for block in new}
    lines: list[str] = []
    for block in reversed(old):
        other = kept.get(block.line)
        if other is None and block.line.startswith(_HOLLOW):
            other = Block(block.line)
        if other is None:
            lines.append(block.line[3:] if block.line.startswith("no ") else f"no {block.line}")
        elif inner := _removals(block.body, other.body):
            lines += [block.line, *inner, block.close or "exit"]
    return lines


def _additions(old: list[Block], new: list[Block]) -> list[str]:
    known = {block.line: block for block in old}
    lines: list[str] = []
    for block in new:
        other = known.get(block.line)
        inner = _additions([] if other is None else other.body, block.body)
        if other is None or inner:
            lines.append(block.line)
            if inner or block.close:
                lines += [*inner, block.close or "exit"]
    return lines
