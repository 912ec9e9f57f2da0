"""Lines typed before, those of the present mode: of exec there, of configuration in its nodes.

The file of the history is FRR's and says nothing of modes. A line of this session belongs to the
mode in which it was typed; an older one to those that know its first words.
"""

from collections.abc import AsyncGenerator, Iterable

from prompt_toolkit.history import History as ToolkitHistory

from grammar.language.match import Unknown, match, split_words
from grammar.node import CONFIG, ENABLE, Node
from pyvtysh import beyond
from pyvtysh.dispatch import Vtysh
from pyvtysh.history import History


class KeptHistory(ToolkitHistory):
    """Our history file, as the line editor wants it."""

    def __init__(self, history: History, vtysh: Vtysh) -> None:
        super().__init__()
        self.history = history
        self.vtysh = vtysh
        self._modes: dict[str, set[bool]] = {}
        """For lines of this session and those that were looked at: of configuration or not."""

    async def load(self) -> AsyncGenerator[str, None]:
        """prompt_toolkit: the lines of the present mode, the newest first."""
        for line in reversed(list(self.history.lines)):
            if self._belongs(line):
                yield line

    def load_history_strings(self) -> Iterable[str]:
        """prompt_toolkit: all lines, the newest first."""
        return reversed(list(self.history.lines))

    def append_string(self, string: str) -> None:
        """prompt_toolkit: a line was typed."""
        self.store_string(string)

    def store_string(self, string: str) -> None:
        """Keep a line."""
        self._modes.setdefault(string, set()).add(self.vtysh.node.is_config)
        self.history.typed(string)

    def _belongs(self, line: str) -> bool:
        modes = self._modes.get(line)
        if modes is None:
            modes = self._modes[line] = self._read(line)
        return self.vtysh.node.is_config in modes

    def _read(self, line: str) -> set[bool]:
        words = split_words(line.partition("|")[0])
        if not words:
            return {False, True}
        if words[0] == "do":
            return {True}
        of_exec, of_config = self._knows(ENABLE, words), self._knows(CONFIG, words)
        return {of_config} if of_exec != of_config else {False, True} if of_exec else {True}

    def _knows(self, node: Node, words: list[str]) -> bool:
        graphs = [self.vtysh.merged.graph(node)]
        if node is ENABLE:
            graphs.append(beyond.graph(node))
        return any(not isinstance(match(graph, words), Unknown) for graph in graphs)
