"""The lines that move between nodes, which every daemon takes the same way."""

from typing import TYPE_CHECKING

from grammar.command import Call, Command, Reply, action
from grammar.node import CONFIG, ENABLE, VIEW, Node
from grammar.scope import Scope

if TYPE_CHECKING:
    from grammar.declared import Language


def navigation(nodes: tuple[Node, ...]) -> Scope:
    """The scope of these lines for a daemon with the given config nodes below CONFIG."""
    everywhere = Scope((VIEW, ENABLE, CONFIG, *nodes))
    _top(Scope((VIEW, ENABLE)), everywhere)
    _moves(everywhere, Scope((ENABLE,)), nodes)
    _listing(everywhere, Scope((VIEW, ENABLE)))
    return everywhere


def _top(top: Scope, everywhere: Scope) -> None:
    everywhere.add(top)

    @action(top, "enable", "Turn on privileged mode")
    def enable(call: Call) -> None:
        call.session.go(ENABLE)

    @action(top, "disable", "Turn off privileged mode", own=True)
    def disable(call: Call) -> None:
        call.session.go(VIEW)


def _moves(everywhere: Scope, privileged: Scope, nodes: tuple[Node, ...]) -> None:
    everywhere.add(privileged)

    @action(privileged, "configure [terminal]", "Change the configuration", "From this terminal")
    def configure(call: Call) -> None:
        call.session.go(CONFIG)

    @action(everywhere, "exit", "Leave this mode for the one above")
    def leave(call: Call) -> None:
        call.session.leave()

    @action(everywhere, "quit", "Leave this mode for the one above")
    def quit_(call: Call) -> None:
        call.session.leave()

    below_view = Scope((ENABLE, CONFIG, *nodes))
    everywhere.add(below_view)

    @action(below_view, "end", "Leave configuration")
    def end(call: Call) -> None:
        call.session.go(ENABLE)

    for node in nodes:
        for word in node.exits:
            inner = Scope((node,))
            everywhere.add(inner)
            action(inner, word, "Leave this block")(lambda call: call.session.leave())


def _listing(everywhere: Scope, top: Scope) -> None:
    everywhere.add(top)

    def list_(call: Call) -> Reply:
        from grammar.listing import listed, permutations

        language, node = call.daemon.language, call.session.node
        if "all" in call.values:
            return Reply(permutations(language.graph(node)))
        return Reply(listed(_shown(language, node)))

    help_ = "Name all commands", "In every form"
    action(everywhere, "list [permutations$all]", *help_, own=True)(list_)
    action(top, "show commandtree [permutations$all]", "Show", *help_, own=True)(list_)

    @action(everywhere, "find REGEX...", "Look for commands", "A regular expression", own=True)
    def find(call: Call) -> Reply:
        from grammar.listing import found

        language = call.daemon.language
        nodes = sorted(language.nodes(), key=lambda node: node.number)
        return Reply(found(call.values["regex"], ((n, _shown(language, n)) for n in nodes)))


def _shown(language: "Language", node: Node) -> list[Command]:
    return [c for c in language.of_node(node) if not c.hidden and node in c.nodes]
