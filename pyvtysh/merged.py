"""What vtysh understands: its own commands and those of the daemons, one token graph per node.

A line of a daemon belongs to every daemon that declares the same notation in the same node; the
packages that declare a command are its owners. FRR's other daemons, which have no language here,
take part as `pyvtysh.foreign` tells.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import import_module

from grammar.command import Command
from grammar.declared import Language
from grammar.language.graph import Graph
from grammar.language.match import Match, match
from grammar.node import CONFIG, ENABLE, VIEW, Node
from pyvtysh.foreign import NODE_OWNERS, OPENINGS, sample, sharers
from pyvtysh.table import ORDER as ORDER

LANGUAGES = {
    "zebra": "zebra.commands",
    "bgpd": "bgp.commands",
    "watchfrr": "pyvtysh.host.watchfrr.commands",
    "staticd": "zebra.staticd.commands",
    "bfdd": "zebra.bfdd.commands",
}
"""The modules whose `LANGUAGE` tells what a daemon understands."""

_NAME = re.compile(r"\$\w+")


@dataclass(eq=False, slots=True)
class Route:
    """A command in a node, and who takes it; no owners: vtysh itself."""

    command: Command
    own: bool
    owners: list[str] = field(default_factory=list)


def load_languages() -> dict[str, Language]:
    """The languages of all daemons of ours, in vtysh's order."""
    found = {}
    for name, module in LANGUAGES.items():
        language = getattr(import_module(module), "LANGUAGE", None)
        if language is not None:
            found[name] = language
    return found


def _skeleton(notation: str) -> str:
    return _NAME.sub("", notation)


class MergedLanguage:
    """All commands by node. `languages` are the daemons', in the order in which they are asked."""

    def __init__(self, own: Language, languages: dict[str, Language]) -> None:
        self.own = own
        self.languages = languages
        self._graphs: dict[Node, Graph] = {}
        self._routes: dict[Node, list[Route]] = {}
        self._nodes = {name: language.nodes() for name, language in languages.items()}

    def routes(self, node: Node) -> list[Route]:
        """The commands of a node, vtysh's own first."""
        self.graph(node)
        return self._routes[node]

    def graph(self, node: Node) -> Graph:
        """The token graph of a node; its commands are `Route`s."""
        graph = self._graphs.get(node)
        if graph is None:
            graph = self._graphs[node] = Graph()
            self._routes[node] = routes = self._merge(node)
            for route in routes:
                _add(graph, node, route)
            routes += self._foreign(node, graph)
        return graph

    def owners_of_node(self, node: Node) -> list[str]:
        """The daemons that have this node, of ours or not, in the order in which they are asked."""
        if node in (VIEW, ENABLE, CONFIG):
            return list(ORDER)
        found = set(NODE_OWNERS.get(node, ()))
        if not found:
            found.update(name for name, nodes in self._nodes.items() if node in nodes)
            found.update(*(opening.owners for opening in OPENINGS if opening.node is node))
        return [name for name in ORDER if name in found]

    def node_of(self, number: int) -> Node | None:
        """The node of this number of FRR's, if there is one."""
        known = (node for nodes in self._nodes.values() for node in nodes)
        return next((node for node in known if node.number == number), None) or next(
            (opening.node for opening in OPENINGS if opening.node.number == number), None
        )

    def is_foreign(self, node: Node) -> bool:
        """True if no language of ours has this node: its lines are known to its daemons only."""
        return node.is_config and not any(node in nodes for nodes in self._nodes.values())

    def daemons_only(self, node: Node, words: list[str]) -> bool:
        """True for a line of the daemons' own vty, which vtysh does not pass on (`who`)."""
        for language in self.languages.values():
            found = match(language.graph(node), words)
            if (
                isinstance(found, Match)
                and isinstance(found.command, Command)
                and found.command.own
            ):
                return True
        return False

    def _merge(self, node: Node) -> list[Route]:
        found: dict[str, Route] = {}
        for command in self.own.of_node(node):
            found.setdefault(_skeleton(command.notation), Route(command, True))
        for name, language in self.languages.items():
            for command in language.of_node(node):
                if command.own or command.scope.added:  # the latter are in `pyvtysh.beyond`
                    continue
                route = found.setdefault(_skeleton(command.notation), Route(command, False))
                if not route.own and name not in route.owners:
                    route.owners.append(name)
        for route in found.values():
            if not route.own:
                shared = sharers(node, route.command.notation, route.owners)
                if shared:
                    route.owners = [name for name in ORDER if name in shared]
        return list(found.values())

    def _foreign(self, node: Node, graph: Graph) -> list[Route]:
        """Openings of nodes that our languages do not have, in `node`; they join the graph."""
        found = []
        for opening in OPENINGS:
            command = opening.command
            if node not in command.nodes:
                continue
            if not isinstance(match(graph, sample(command.notation)), Match):
                route = Route(command, False, list(opening.owners))
                route.owners.sort(key=ORDER.index)
                _add(graph, node, route)
                found.append(route)
        return found


def _add(graph: Graph, node: Node, route: Route) -> None:
    command = route.command
    hidden = command.hidden or node not in command.nodes
    for index, notation in enumerate(_spellings(command)):
        graph.add(
            route,
            notation,
            command.help,
            negatable=command.negatable,
            hidden=hidden or index > 0,
        )


def _spellings(command: Command) -> Iterable[str]:
    return (command.notation, *command.alias)
