"""What is sent for lines of configuration given by `vtysh -c`, worked out before any is sent.

A line that opens a node is followed into it; if a daemon refuses it, the lines behind it are not
run anyway. Lines that we do not know and most of vtysh itself are not plain. Like `pyvtysh.oneshot`
this does what `pyvtysh.dispatch` does, and is tested against it.
"""

from pyvtysh.oneshot import NotPlainError, Step, exec_step
from pyvtysh.table import CONFIG_NODES, begins, read_table, readings, taker

_ENABLE, _CONFIG = -1, 0
_UNKNOWN, _AMBIGUOUS, _INCOMPLETE = _REFUSED = ("2", "3", "4")


class Planner:
    """The node in which the next line will be; -1 is the enable node, 0 the config node."""

    def __init__(self, exec_lines: list[str]) -> None:
        self.node = _ENABLE
        self._exec = exec_lines
        self._config = read_table(CONFIG_NODES)
        self._nodes = [row.split(":") for row in self._config[1].split("\t")]

    def steps(self, line: str) -> list[Step]:
        """What a line gives, in order; NotPlainError."""
        words = line.split()
        if not words or words[0][0] in "!#":
            return []
        if words[:1] == ["do"] and self.node != _ENABLE:
            kind, _, names = exec_step(self._exec, line.partition("do")[2])
            if kind != "ask":
                raise NotPlainError
            return [(kind, line, names)]
        if self.node == _ENABLE:
            kind, topic, _ = step = exec_step(self._exec, line)
            if kind != "move":
                return [step]
            found = f"vtysh:{topic}"
            return self._move(found, line)
        found, node = self._find(words)
        if found in _REFUSED:
            return [("refuse", line, found)]
        steps = []
        while self.node != node:
            steps += self._leave()
        return steps + self._move(found, line)

    def _find(self, words: list[str]) -> tuple[str, int]:
        """Who takes a line, in this node or the first above that does, and which; or its status."""
        node = self.node
        while True:
            root, parent, _, ours = self._nodes[node]
            if found := taker(self._config, words, root):
                return found, node
            if ours and self.node != _CONFIG and begins(self._config, words, root):
                return self._refused(words), node
            if not parent or not ours:  # a line that we do not know may be one of FRR's daemons
                raise NotPlainError
            node = int(parent)

    def _refused(self, words: list[str]) -> str:
        """The status of a line that this node or one above knows the beginning of."""
        root = self._nodes[self.node][0]
        if readings(self._config, words, root):
            return _AMBIGUOUS
        return _INCOMPLETE if begins(self._config, words, root) else _UNKNOWN

    def _move(self, found: str, line: str) -> list[Step]:
        if found == "vtysh:configure" and self.node == _ENABLE:
            self.node = _CONFIG
            return [("all", line.strip(), "")]
        if found == "vtysh:end":
            self.node = _ENABLE
            return [("all", "end", "")]
        if found == "vtysh:exit" and self.node != _ENABLE:
            return self._leave()
        names, opens, node = found.partition(">")
        if not names or names[:5] == "vtysh":
            raise NotPlainError
        if opens:
            self._enter(node)
        return [("ask", line, names)]

    def _enter(self, node: str) -> None:
        if not node or self._nodes[int(node)][1] != str(self.node):
            raise NotPlainError
        self.node = int(node)

    def _leave(self) -> list[Step]:
        if self.node == _CONFIG:
            self.node = _ENABLE
            return [("each", "end", "")]
        _, parent, names, _ = self._nodes[self.node]
        self.node = int(parent)
        steps = [("each", "exit", names)]
        if self.node == _CONFIG:  # all are put in step again
            steps += [("each", "end", ""), ("each", "configure", "")]
        return steps
