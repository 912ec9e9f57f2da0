"""How many of FRR's commands are known here, by node; also which are missing.

    python -m tests.printed.coverage [--missing] [DAEMON] [NODE ...]

`tests/golden/commands/DAEMON-8.4.4.txt` has the notation of every command of FRR's daemon. Lines
are drawn from each notation, so that every alternative comes once and every optional part is once
there and once not; a command is known if the node's graph takes all of its lines. A NODE is a part
of a node's name.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grammar.language.graph import Graph
from grammar.language.match import Match, match
from grammar.language.notation import parse, tree
from grammar.language.tokens import (
    AnyOrder,
    Choice,
    Keyword,
    Kind,
    NoSkip,
    Optional,
    Sequence,
    Token,
    Variable,
)
from grammar.node import VIEW
from tests.printed.terminals import DAEMONS, terminal

FOLDER = Path(__file__).parent.parent / "golden" / "commands"
ENTERED = " entered by: "

WORDS = {
    Kind.WORD: "Word1",
    Kind.REST: "Word1 Word2",
    Kind.IPV4: "192.0.2.1",
    Kind.IPV4_PREFIX: "192.0.2.0/24",
    Kind.IPV6: "2001:db8::1",
    Kind.IPV6_PREFIX: "2001:db8::/32",
    Kind.MAC: "02:00:00:00:00:01",
    Kind.MAC_PREFIX: "02:00:00:00:00:00/24",
}
SPECIAL = {
    "ASN:NN_OR_IP-ADDRESS:NN": "65000:1",
    "ASN:NN": "65000:1",
    "AA:BB:CC": "65000:1:2",
    "AA:NN": "65000:1",
    "BGP_COMMUNITY": "65000:1",
    "MASK": "255.255.255.0",
}
"""Words for variables that take words of one form only."""


@dataclass(slots=True)
class NodeCommands:
    """FRR's commands of a node, and the lines that lead there."""

    daemon: str
    name: str
    entered_by: list[str]
    notations: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Coverage:
    """The outcome for a node: of the missing commands, the first line that is not taken."""

    name: str
    commands: int
    missing: dict[str, str]

    @property
    def known(self) -> int:
        """Commands that are known here."""
        return self.commands - len(self.missing)

    @property
    def percent(self) -> float:
        """Known commands of a hundred."""
        return 100 * self.known / self.commands


def read(daemon: str) -> list[NodeCommands]:
    """The nodes of a daemon in the order of its file."""
    path = FOLDER / f"{daemon}-8.4.4.txt"
    nodes: list[NodeCommands] = []
    for line in path.read_text().splitlines():
        if line.startswith("== "):
            name, _, lines = line.removeprefix("== ").partition(ENTERED)
            nodes.append(NodeCommands(daemon, name, lines.split(" ; ")))
        elif line and not line.startswith("#"):
            nodes[-1].notations.append(line)
    return nodes


Line = list[str]


def lines(notation: str) -> list[str]:
    """Lines that have every alternative once, every optional part once and once not."""
    drawn = _draw(tree(parse(notation)))
    return list(dict.fromkeys(" ".join(line) for line in drawn))


def _draw(token: Token) -> list[Line]:
    """The plainest line first."""
    match token:
        case Keyword():
            return [[token.text]]
        case Variable():
            return [[_word(token)]]
        case Choice():
            return [line for item in token.items for line in _draw(item)]
        case Optional():
            return [[], *_draw(token.item)]
        case AnyOrder():
            plain = [_draw(item)[0] for item in token.items]
            single = [line for item in token.items for line in _draw(item)]
            return [*single, _joined(plain), _joined(plain[::-1])]
        case NoSkip():
            return _draw(token.item)
        case Sequence():
            return _draw_sequence(token)


def _draw_sequence(token: Sequence) -> list[Line]:
    drawn = [_draw(item) for item in token.items]
    found = [_joined([item[0] for item in drawn])]
    for at, item in enumerate(drawn):
        before, after = ([other[0] for other in part] for part in (drawn[:at], drawn[at + 1 :]))
        found += [_joined([*before, line, *after]) for line in item[1:]]
    return [*found, _joined([item[-1] for item in drawn])]


def _joined(parts: list[Line]) -> Line:
    return [word for part in parts for word in part]


def _word(token: Variable) -> str:
    if token.kind is Kind.RANGE:
        return str(token.low)
    return SPECIAL.get(token.text, WORDS[token.kind])


def measure(node: NodeCommands) -> Coverage:
    """Which of the node's commands are known here; none if the node itself is not."""
    graph = _graph(node)
    missing = {}
    for notation in node.notations:
        unknown = next(_unknown(graph, notation), None)
        if unknown is not None:
            missing[notation] = unknown
    return Coverage(node.name, len(node.notations), missing)


def _unknown(graph: Graph | None, notation: str) -> Iterator[str]:
    for line in lines(notation):
        if graph is None or not isinstance(match(graph, line.split()), Match):
            yield line


def _graph(node: NodeCommands) -> Graph | None:
    """The graph of a node; None if the lines that enter it are not taken."""
    made = terminal(node.daemon, node=VIEW)
    if node.entered_by != ["connect"]:
        for line in node.entered_by:
            if made.type(line)[0]:
                return None
    graph: Graph = made.daemon.language.graph(made.session.node)
    return graph


def main(*words: str) -> None:
    """Print the report."""
    names = [word for word in words if word != "--missing"]
    for daemon in (names.pop(0),) if names and names[0] in DAEMONS else DAEMONS:
        _tell(daemon, names, "--missing" in words)


def _tell(daemon: str, names: list[str], missing: bool) -> None:
    total = known = 0
    for node in read(daemon):
        if names and not any(name in node.name for name in names):
            continue
        found = measure(node)
        total, known = total + found.commands, known + found.known
        print(
            f"{found.known:4} of {found.commands:4}  {found.percent:5.1f} %  {daemon} {node.name}"
        )
        if missing:
            for notation, line in found.missing.items():
                print(f"      {notation}\n        {line}")
    print(f"{known:4} of {total:4}  {100 * known / max(total, 1):5.1f} %  {daemon} in all")


if __name__ == "__main__":
    main(*sys.argv[1:])
