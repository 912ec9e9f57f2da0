"""Configuration text as a tree of blocks, and vtysh's merging of several daemons' texts.

`parse`, `render`, `merge` and `diff` work on the tree: a line, the lines indented below it, and the
line that closes it. `vtysh_running_config` works on lines as FRR's vtysh does, whose result is not
always a tree (the lines of an interface are sorted, whatever their indentation).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field


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
    return sorted(merged, key=lambda block: _place(block.line))


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


def _removals(old: list[Block], new: list[Block]) -> list[str]:
    kept = {block.line: block for block in new}
    lines: list[str] = []
    for block in reversed(old):
        other = kept.get(block.line)
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


# vtysh's merging


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of top block: the beginnings of its opening lines, and its layout.

    `together`: one `!` after all of the kind, not after each. `ordered`: the lines inside are
    sorted by bytes and kept once. `needs_body`: not printed when nothing but `exit` is in it.
    """

    beginnings: tuple[str, ...]
    together: bool = False
    ordered: bool = False
    needs_body: bool = False


KINDS = (
    Kind(("debug",), together=True),
    Kind(("debug vrf",), together=True),
    Kind(("debug northbound",), together=True),
    Kind(("debug route-map",), together=True),
    Kind(("debug resolver",), together=True),
    Kind(("password", "enable password"), together=True),
    Kind(("key chain",)),
    Kind(("ip route", "ipv6 route"), together=True),
    Kind(("vrf",)),
    Kind(("interface",), ordered=True, needs_body=True),
    Kind(("nexthop-group",), ordered=True),
    Kind(("router-id",)),
    Kind(("router rip",)),
    Kind(("router ripng",)),
    Kind(("router babel",)),
    Kind(("router eigrp",)),
    Kind(("router bgp",)),
    Kind(("router ospf",)),
    Kind(("router ospf6",)),
    Kind(("mpls ldp",)),
    Kind(("router isis", "router openfabric")),
    Kind(("access-list",), together=True),
    Kind(("ip prefix-list",), together=True),
    Kind(("ipv6 access-list",), together=True),
    Kind(("mac access-list",), together=True),
    Kind(("ipv6 prefix-list",), together=True),
    Kind(("bgp as-path access-list",), together=True),
    Kind(
        ("bgp community-list", "bgp extcommunity-list", "bgp large-community-list"), together=True
    ),
    Kind(("bgp community alias",), together=True),
    Kind(("route-map", "no route-map"), ordered=True),
    Kind(("pbr-map",)),
    Kind(("ip forwarding", "ipv6 forwarding"), together=True),
    Kind(("ip protocol", "ipv6 protocol", "ip nht", "ipv6 nht")),
    Kind(("mpls",), together=True),
    Kind(("pseudowire",)),
    Kind(("segment-routing",)),
    Kind(("line vty",), ordered=True),
    Kind(("rpki",)),
    Kind(("bfd",)),
)
"""The kinds of top blocks in the order in which vtysh prints them."""

_TAIL_START, _TAIL_END = " link-params", " exit-link-params"
_ONCE = ("log", "no log", "hostname", "domainname", "frr", "agentx", "allow-reserved-ranges")
_ONCE_ALSO = ("service cputime", "no service cputime")


def _place(line: str) -> int:
    """The place in `KINDS` of the kind with the longest beginning that fits, -1 for a top line."""
    best, length = -1, 0
    for place, kind in enumerate(KINDS):
        for beginning in kind.beginnings:
            if len(beginning) > length and line.startswith(beginning):
                best, length = place, len(beginning)
    return best


@dataclass(slots=True)
class _Section:
    """The lines of one top block while texts are collected; a dict keeps them once, in order."""

    line: str
    body: list[str] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    close: str | None = None


class _Collected:
    """vtysh's table: top lines, and sections by kind and opening line."""

    def __init__(self) -> None:
        self.top: list[str] = []
        self.sections: dict[int, dict[str, _Section]] = {}
        self.current: tuple[Kind, _Section] | None = None

    def add(self, line: str) -> None:
        """Take one line of a daemon's text."""
        if not line or line[0] in "!#":
            return
        if line[0] == " ":
            self._inside(line)
        elif line.startswith("exit") or line == "end":
            if self.current is not None and line != "end":
                self.current[1].close = line
        elif (place := _place(line)) >= 0:
            sections = self.sections.setdefault(place, {})
            self.current = (KINDS[place], sections.setdefault(line, _Section(line)))
        else:
            self.current = None
            if not (line.startswith(_ONCE + _ONCE_ALSO) and line in self.top):
                self.top.append(line)

    def _inside(self, line: str) -> None:
        if self.current is None:
            self.top.append(line)
            return
        kind, section = self.current
        in_tail = section.tail and section.tail[-1] != _TAIL_END
        if kind.ordered and (in_tail or line == _TAIL_START):
            section.tail.append(line)
        elif not (kind.ordered and line in section.body):
            section.body.append(line)

    def lines(self) -> Iterable[str]:
        """The merged text, from the top lines to the last `!`."""
        yield from self.top
        yield "!"
        for place, kind in enumerate(KINDS):
            found = [
                section
                for section in self.sections.get(place, {}).values()
                if section.body or section.tail or not kind.needs_body
            ]
            for section in found:
                yield section.line
                yield from sorted(section.body) if kind.ordered else section.body
                yield from section.tail
                if section.close:
                    yield section.close
                if not kind.together:
                    yield "!"
            if kind.together and found:
                yield "!"


def vtysh_running_config(
    texts: Iterable[str], own_top_lines: Iterable[str] = (), *, header: bool = True
) -> str:
    """What vtysh's `show running-config` prints for the daemons' own texts, zebra's first.

    `own_top_lines` are vtysh's own (`hostname`, `domainname`, `service integrated-vtysh-config`).
    Without `header` the four lines before the configuration are left out (`no-header`).
    """
    collected = _Collected()
    for text in texts:
        for line in text.splitlines():
            collected.add(line)
        collected.current = None
    for line in own_top_lines:
        collected.add(line)
    frame = ["Building configuration...", "", "Current configuration:", "!"] if header else []
    return "".join(line + "\n" for line in [*frame, *collected.lines(), "end"])
