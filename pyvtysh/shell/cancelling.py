"""Ctrl-C while a daemon answers: it is left at once, and met again where the user was.

A daemon drops what it was about to say when its client goes away; waiting for the rest of a long
table would be no end. So the connection is closed, and another one made and led to the same node by
the lines that opened it.
"""

from grammar.command import Opens
from grammar.language.match import Match
from grammar.node import CONFIG, Node
from pyvtysh.dispatch import Vtysh, collect
from pyvtysh.link import Running, SocketLink
from pyvtysh.merged import ORDER, Route


class Way:
    """How the user came to the present node: the lines that opened it and those around it."""

    def __init__(self, vtysh: Vtysh) -> None:
        self.vtysh = vtysh
        self._opened: list[tuple[Node, str]] = []

    def opens(self, line: str) -> bool:
        """Whether a line that is about to run opens a node."""
        text = line.strip()
        if not text or text[0] in "!#" or not self.vtysh.node.is_config:
            return False
        result, _ = self.vtysh.find(text)
        if not isinstance(result, Match) or result.negated:
            return False
        route = result.command
        return isinstance(route, Route) and isinstance(route.command, Opens)

    def went(self, line: str, *, opens: bool) -> None:
        """A line ran."""
        around = set()
        node: Node | None = self.vtysh.node
        while node is not None:
            around.add(node)
            node = node.parent
        here = self.vtysh.node
        self._opened = [
            (known, opened)
            for known, opened in self._opened
            if known in around and not (opens and known is here)
        ]
        if opens and here.is_config:
            self._opened.append((here, line.strip()))

    def cancel(self, running: Running) -> None:
        """Give an answer up, and meet the daemon anew that has not said all of it."""
        vtysh = self.vtysh
        left = [
            name
            for name, link in vtysh.links.items()
            if isinstance(link, SocketLink) and link.answering
        ]
        for name in left:
            vtysh.links.pop(name).close()
        running.close()
        for name in left:
            self._meet(name)

    def _meet(self, name: str) -> None:
        vtysh = self.vtysh
        try:
            link = vtysh.further_link(name)
        except OSError:
            link = None
        if link is None:
            vtysh.say(f"{name} is not running\n")
            return
        vtysh.links[name] = link
        vtysh.links = {known: vtysh.links[known] for known in ORDER if known in vtysh.links}
        lines = [] if vtysh.user_mode else ["enable"]
        editing = vtysh.candidate
        if vtysh.node.is_config and not (editing is not None and editing.active):
            lines.append("configure terminal")
            owned = [
                opened for node, opened in self._opened if name in vtysh.merged.owners_of_node(node)
            ]
            lines += owned if vtysh.node is not CONFIG else []
        for line in lines:
            collect(vtysh.ask(name, line))
