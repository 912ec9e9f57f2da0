"""The lines that move between nodes, which every daemon takes the same way."""

from grammar.base.errors import CommandError, Status
from grammar.command import Call, Command, Reply, action
from grammar.node import CONFIG, ENABLE, VIEW, Node
from grammar.scope import Scope


def navigation(nodes: tuple[Node, ...]) -> Scope:
    """The scope of these lines for a daemon with the given config nodes below CONFIG."""
    everywhere = Scope((VIEW, ENABLE, CONFIG, *nodes))
    _top(Scope((VIEW, ENABLE)), everywhere)
    _moves(everywhere, Scope((ENABLE,)), nodes)
    _listing(everywhere)
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


def _listing(everywhere: Scope) -> None:
    @action(everywhere, "list [permutations$all]", "Name all commands", "In every form", own=True)
    def list_(call: Call) -> Reply:
        language, node = call.daemon.language, call.session.node
        commands = [c for c in language.of_node(node) if not c.hidden and node in c.nodes]
        return Reply([f"    {text}\n" for command in commands for text in displayed(command)])

    @action(everywhere, "find REGEX...", "Look for commands", "A regular expression", own=True)
    def find(call: Call) -> Reply:
        import re

        try:
            pattern = re.compile(call.values["regex"])
        except re.error as error:
            raise CommandError(f"% Regex compilation error: {error}", Status.WARNING) from None
        found = []
        for node in sorted(call.daemon.language.nodes(), key=lambda node: node.number):
            for command in call.daemon.language.of_node(node):
                if not command.hidden and node in command.nodes:
                    texts = [text for text in displayed(command) if pattern.search(text)]
                    found += [
                        f"  ({node.name.removeprefix('router ')})  {text}\n" for text in texts
                    ]
        return Reply(found)


def displayed(command: Command) -> list[str]:
    """A command as `list` shows it: without `$names`, with `[no]` or on two lines if negatable."""
    import re

    text = re.sub(r"\$[a-z0-9_]+", "", command.notation)
    if "![" in text:
        positive = re.sub(r"!\[([^][]*(?:\[[^][]*\][^][]*)*)\]", r"\1", text)
        return [positive, f"no {text.replace('![', '[')}"]
    return [f"[no] {text}" if command.negatable else text]
