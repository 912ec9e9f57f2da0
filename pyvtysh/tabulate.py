"""Makes `exec.table`, `config.table` and `listed.table`: token graphs as text (`pyvtysh.table`).

`python -m grammar.language.notation --write` makes them too, behind `compiled.json`.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grammar.command import Opens
from grammar.language.graph import Graph, State
from grammar.language.tokens import Kind, Variable
from grammar.node import CONFIG, ENABLE, Node
from pyvtysh import listed
from pyvtysh.commands import LANGUAGE
from pyvtysh.merged import MergedLanguage, Route, load_languages
from pyvtysh.table import CONFIG_NODES, EXEC

_TOPICS = {
    "show version": "version",
    "show daemons": "daemons",
    "show running-config": "running",
    "write terminal": "running",
    "configure": "configure",
    "end": "end",
}
"""The commands of vtysh itself that the one-shot path knows, by the beginning of the notation."""

_SELF = "=."
"""An edge back to its own state, which has no number yet."""

_REMARK = "Made by `python -m grammar.language.notation --write`; read by pyvtysh/table.py."


def table_texts() -> dict[str, str]:
    """The content of each file, by its path, for the languages as they are declared now."""
    merged = MergedLanguage(LANGUAGE, load_languages())
    exec_lines = _Tabulation()
    exec_lines.lines[1] = exec_lines.line(merged.graph(ENABLE).root)
    config_lines = _Tabulation()
    nodes = config_lines.nodes
    rows = []
    for node in nodes:  # grows as lines that open further nodes are met
        root = config_lines.number(merged.graph(node).root)
        parent = "" if node.parent is None else str(config_lines.place(node.parent))
        ours = "" if merged.is_foreign(node) else "ours"
        rows.append(f"{root}:{parent}:{','.join(merged.owners_of_node(node))}:{ours}")
    config_lines.lines[1] = "\t".join(rows)
    return {
        EXEC: exec_lines.text(),
        CONFIG_NODES: config_lines.text(),
        listed.LISTED: _listed(nodes),
    }


@dataclass(frozen=True, slots=True)
class Listed:
    """A notation as FRR's vtysh lists it, or hides it; the number of the node that it opens."""

    notation: str
    opens: str
    hidden: bool


def listed_lines() -> dict[int, list[Listed]]:
    """What FRR's vtysh lists, by the number of the node."""
    found: dict[int, list[Listed]] = {}
    lines: list[Listed] = []
    for line in Path(listed.LISTED).with_suffix(".txt").read_text().splitlines():
        if line.startswith("== "):
            lines = found[int(line[3:])] = []
        elif not line.startswith("#"):
            opens, _, rest = line.partition(" ") if line[0] == ">" else ("", "", line.lstrip("~"))
            lines.append(Listed(rest, opens[1:], line[0] == "~"))
    return found


def _listed(ours: list[Node]) -> str:
    """The file of what FRR lists; `ours` are the nodes of `config.table`."""
    table = _ListedTabulation()
    found = listed_lines()
    above = dict(_parents(found))
    places = {}
    for place, node in enumerate(ours):
        above[node.number] = node.parent.number if node.parent is not None else ENABLE.number
        places[node.number] = place
    starts = {}
    graphs = []  # kept, since the tabulation knows commands by their ids
    for number, commands in found.items():
        graph = Graph()
        for command in commands:
            graph.add(command, command.notation)
        graphs.append(graph)
        starts[number] = table.number(graph.root)
    rows = [
        f"{number}:{starts.get(number, '')}:{above.get(number, '')}:{places.get(number, '')}"
        for number in {**starts, **places}
    ]
    table.lines[1] = "\t".join(rows)
    return table.text()


def _parents(found: dict[int, list[Listed]]) -> Iterator[tuple[int, int]]:
    for number, commands in reversed(found.items()):  # the first that opens a node counts
        for command in commands:
            if command.opens:
                yield int(command.opens), number


class _Tabulation:
    """Numbers the states; those with the same continuations are one. `nodes` are met on the way."""

    def __init__(self) -> None:
        self._by_items: dict[object, int] = {}
        self._by_line: dict[tuple[str, ...], int] = {}
        self.lines: list[str] = [_REMARK, ""]
        self.nodes: list[Node] = [CONFIG]

    def text(self) -> str:
        """The whole file."""
        return "\n".join(self.lines) + "\n"

    def line(self, state: State) -> str:
        """The line of a state to which no edge leads."""
        return "\t".join(self._fields(state))

    def place(self, node: Node) -> int:
        """The number of a node."""
        if node not in self.nodes:
            self.nodes.append(node)
        return self.nodes.index(node)

    def number(self, state: State) -> int:
        """The line that holds a state, which is made when there is none yet."""
        # What may follow depends on the commands and what remains of each; `{a|b|c}` reaches the
        # same rest in many orders, which must not be walked one by one.
        items = (tuple((id(item[0]), item[1]) for item in state.items), state.repeated)
        number = self._by_items.get(items)
        if number is None:
            number = self._by_items[items] = self._of_line(self._fields(state))
        return number

    def _of_line(self, fields: tuple[str, ...]) -> int:
        number = self._by_line.get(fields)
        if number is None:
            number = self._by_line[fields] = len(self.lines)
            self.lines.append("\t".join(fields).replace(_SELF, f"={number}"))
        return number

    def _fields(self, state: State) -> tuple[str, ...]:
        state.open()
        keywords = [f"{word}={self.number(state.keywords[word])}" for word in state.words]
        variables = [
            _kind(variable) + (_SELF if following is state else f"={self.number(following)}")
            for variable, following in state.variables
        ]
        return self._taker(state), " ".join(keywords), " ".join(variables)

    def _taker(self, state: State) -> str:
        if not state.ends:
            return ""
        entry = state.items[state.ends[0]][0]
        route = entry.command
        assert isinstance(route, Route)
        command = route.command
        if not route.own:
            opened = ""
            if isinstance(command, Opens) and not entry.negated:
                opened = f">{self.place(command.into)}" if isinstance(command.into, Node) else ">"
            return ",".join(route.owners) + opened
        exits = any(command.notation in ("exit", "quit", *node.exits) for node in command.nodes)
        return f"vtysh:{'exit' if exits else _topic(command.notation)}"


class _ListedTabulation(_Tabulation):
    """The states of what FRR lists."""

    def _taker(self, state: State) -> str:
        if not state.ends:
            return ""
        ending = {state.items[index][0].command for index in state.ends}
        if len(ending) > 1:  # FRR takes none of them
            return listed.DOUBTFUL
        command = ending.pop()
        assert isinstance(command, Listed)
        if command.opens:
            return f"{listed.OPENS}{command.opens}"
        leaves = command.notation == "quit" or command.notation.startswith("exit")
        return listed.LEAVES if leaves else "."


def _topic(notation: str) -> str:
    for start, topic in _TOPICS.items():
        if f"{notation} ".startswith(f"{start} "):
            return topic
    return ""


def _kind(variable: Variable) -> str:
    match variable.kind:
        case Kind.WORD | Kind.REST:
            return "WORD"
        case Kind.RANGE:
            return f"RANGE:{variable.low}:{variable.high}"
        case kind:
            return kind.name


def main(arguments: list[str]) -> int:
    """`--write` renews the files; without it, say by the exit status if they are up to date."""
    status = 0
    for path, text in table_texts().items():
        file = Path(path)
        if arguments == ["--write"]:
            fresh = file.with_suffix(".new")
            fresh.write_text(text)
            fresh.replace(file)  # at once: a vtysh may be reading it
        elif not file.exists() or file.read_text() != text:
            status = 1
    return status


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
