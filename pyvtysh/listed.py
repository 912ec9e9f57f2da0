"""What FRR 8.4.4's vtysh takes in which node, whether a language of ours has it or not.

`listed.txt` holds what that vtysh names for `list` in each node, and some that it hides. In
`listed.table`, made by `pyvtysh.tabulate`, it is a token graph (`pyvtysh.table`). Its line 1 has
for each node, with tabs, NUMBER:START:PARENT:PLACE: FRR's number of the node, its first state,
the number of the node above, and its place in `config.table`. What our languages know (further
hidden lines, `config.table` and `exec.table`) counts too.
"""

from pyvtysh.table import CONFIG_NODES, begins, read_table, readings

LISTED = __file__.removesuffix("listed.py") + "listed.table"
"""The file of what FRR's vtysh lists."""

ENABLE, CONFIG = 3, 4
"""FRR's numbers of these nodes."""

UNKNOWN, AMBIGUOUS, INCOMPLETE = 2, 3, 4
"""FRR's statuses of lines that it cannot take."""

OPENS, LEAVES, DOUBTFUL = ">", "<", "?"
"""Takers: how one begins that opens the node of that number, one that leaves its node, several."""


class Taken:
    """A line that is taken: in which node, and which node it opens, if any."""

    def __init__(self, node: int, taker: str) -> None:
        self.node = node
        self.leaves = taker == LEAVES
        self.opens = int(taker[1:]) if taker[:1] == OPENS else None


class Walk:
    """A way through the nodes, line by line; `node` is where the next line is looked for first."""

    def __init__(self, node: int) -> None:
        self.node = node
        self._table = read_table(LISTED)
        rows = (row.split(":") for row in self._table[1].split("\t"))
        self._rows = {int(row[0]): row for row in rows}
        self._ours = read_table(CONFIG_NODES)
        self._numbers = {row[3]: number for number, row in self._rows.items() if row[3]}
        self._starts = [row.partition(":")[0] for row in self._ours[1].split("\t")]

    def find(self, words: list[str]) -> Taken | int:
        """Where a line is taken, this node or one above, or what is wrong with it in this one.

        A line with `do`, and one of the enable node, is none of a configuration.
        """
        node = self.node
        if words[0] == "do" and node != ENABLE:
            return UNKNOWN
        while True:
            taker, status = self._look(node, words)
            if taker:
                return Taken(node, taker)
            parent = self._above(node)
            if status != UNKNOWN or not parent or parent == str(ENABLE):
                return self._look(self.node, words)[1]
            node = int(parent)

    def doubt(self, words: list[str]) -> int:
        """What is wrong with a line that nobody takes: what the first node up says that knows it.

        The enable node is not asked.
        """
        node, status = self.node, self._look(self.node, words)[1]
        while status == UNKNOWN and (parent := self._above(node)) not in ("", str(ENABLE)):
            node = int(parent)
            status = self._look(node, words)[1]
        return status or UNKNOWN

    def _look(self, node: int, words: list[str]) -> tuple[str, int]:
        """Who takes a line in a node, else its status there."""
        _, start, _, place = self._rows.get(node) or ("", "", "", "")
        status = UNKNOWN
        if start:
            found, status = _reading(self._table, words, start)
            if found or status == AMBIGUOUS:
                return found, status
        if node == ENABLE:
            found, other = _reading(read_table(), words, "1")
        elif place:
            found, other = _reading(self._ours, words, self._starts[int(place)])
        else:
            return "", status
        return self._known(found), other if status == UNKNOWN else status

    def _known(self, found: str) -> str:
        """A taker of `config.table` in the words of this one."""
        if not found:
            return ""
        if found == "vtysh:exit":
            return LEAVES
        _, opens, place = found.partition(">")
        return f"{OPENS}{self._numbers[place]}" if opens and place in self._numbers else "."

    def _above(self, node: int) -> str:
        return self._rows[node][2] if node in self._rows else ""

    def leave(self) -> None:
        """To the node above."""
        self.node = int(self._above(self.node))

    def follow(self, taken: Taken) -> bool:
        """Go where a line leads; False if it leads out of the shell."""
        self.node = taken.node
        if taken.opens is not None:
            self.node = taken.opens
        elif taken.leaves:
            if self.node == ENABLE:
                return False
            self.leave()
        return True


def _reading(table: list[str], words: list[str], start: str) -> tuple[str, int]:
    found = readings(table, words, start)
    if len(found) == 1 and found[0] != DOUBTFUL:
        return found[0], 0
    if found:
        return "", AMBIGUOUS
    return "", INCOMPLETE if begins(table, words, start) else UNKNOWN
