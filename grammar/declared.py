"""A `Language`: everything one daemon understands, by node, and how its configuration prints."""

from collections.abc import Iterable, Iterator
from typing import Any

from grammar.command import Command
from grammar.language.graph import Graph
from grammar.node import Node
from grammar.scope import Scope


class Language:
    """The commands of a daemon, from its scopes in the order of the printed configuration.

    `name` is the daemon's (`bgpd`), `tag` what its messages call it (`BGP`). The token graph of a
    node is built when the node is first used.
    """

    def __init__(self, name: str, tag: str, scopes: Iterable[Scope]) -> None:
        self.name = name
        self.tag = tag
        self.scopes = tuple(sorted(scopes, key=lambda scope: scope.closing))
        self._graphs: dict[Node, Graph] = {}

    def commands(self) -> Iterator[Command]:
        """Every command, in declared order."""
        for scope in self.scopes:
            yield from scope.commands()

    def notations(self) -> Iterator[str]:
        """Every notation, for the cache of compiled ones."""
        for command in self.commands():
            yield from command.notations()

    def nodes(self) -> set[Node]:
        """The nodes this daemon knows."""
        return {node for command in self.commands() for node in command.nodes}

    def of_node(self, node: Node) -> list[Command]:
        """The commands that work in a node, hidden ones included."""
        return [
            command
            for command in self.commands()
            if node in command.nodes or node in command.scope.hidden_nodes
        ]

    def graph(self, node: Node) -> Graph:
        """The token graph of a node."""
        graph = self._graphs.get(node)
        if graph is None:
            graph = self._graphs[node] = build_graph(node, self.of_node(node))
        return graph

    def lines(self, root: Any) -> Iterator[str]:
        """The printed configuration of the daemon `root`."""
        for scope in self.scopes:
            yield from scope.lines(root)


def build_graph(node: Node, commands: Iterable[Command]) -> Graph:
    """The token graph over some commands of a node, their aliases included."""
    graph = Graph()
    for command in commands:
        listed = node in command.nodes
        for notation in command.notations():
            graph.add(
                command,
                notation,
                command.help,
                negatable=command.negatable,
                hidden=command.hidden or not listed or notation is not command.notation,
                added=command.scope.added,
            )
    return graph
