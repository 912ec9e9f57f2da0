"""`?` and Tab: what may stand at a place of a line, with values that the daemons know."""

from collections.abc import Callable, Iterable
from contextlib import suppress

from grammar.base.values import Address
from grammar.language.complete import Completions, complete
from grammar.language.match import split_words
from grammar.language.tokens import Kind, Variable, read
from grammar.node import ENABLE, VIEW, Node
from pyvtysh.dispatch import Vtysh, collect

Known = Callable[[Variable, list[str], str], Iterable[str]]
"""The existing values of a variable behind some words that begin with a text."""


def completions(vtysh: Vtysh, text: str, known: Known | None = None) -> Completions:
    """What may stand at the end of `text`: in place of its last word, or behind its blank.

    Values come from `known`, else from the daemons, who are waited for.
    """
    from pyvtysh import beyond  # nobody asks in a one-shot

    inner = beyond.watched(text)
    if inner is not None:
        return completions(vtysh, inner, known)
    if "|" in text:
        from pyvtysh.pipes.offers import offered  # few lines have a filter

        filters = offered(vtysh, text)
        if filters is not None:
            return filters
    words = split_words(text)
    partial = "" if not text or text[-1] in " \t" else words.pop()
    node, words = place_of(vtysh, words)
    graph = vtysh.merged.graph(node)
    if known is None:
        found = complete(graph, words, partial, lambda leaf, word: _values(vtysh, leaf, word))
    else:
        found = complete(graph, words, partial, lambda leaf, word: known(leaf, words, word))
    further = further_node(vtysh, node)
    if further is None:
        return found
    return _joined(found, complete(beyond.graph(further), words, partial))


def place_of(vtysh: Vtysh, words: list[str]) -> tuple[Node, list[str]]:
    """The node in which words are looked up, and those that are: without the `do` ahead."""
    if words[:1] == ["do"] and vtysh.node is not VIEW:
        return ENABLE, words[1:]
    return vtysh.node, words


def further_node(vtysh: Vtysh, node: Node) -> Node | None:
    """Where lines that FRR's vtysh does not have are declared for a node, if they may be typed."""
    if node in (VIEW, ENABLE):
        return node
    editing = vtysh.candidate
    return editing.node if editing is not None and editing.active else None


def _joined(one: Completions, other: Completions) -> Completions:
    found = {entry.text: entry for entry in (*other.candidates, *one.candidates)}
    ordered = [found[text] for text in sorted(found)]
    return Completions(ordered, one.complete or other.complete)


def help_for(vtysh: Vtysh, text: str, known: Known | None = None) -> list[str]:
    """The lines that `?` behind `text` prints."""
    return completions(vtysh, text, known).help_lines


_FRRS_KINDS = {Kind.IPV4: 3, Kind.IPV6: 5, Kind.WORD: 1}
_FRRS_NAMES = {"peer": "neighbor", "rmap": "route_map", "ifname": "interface"}
"""How FRR's notation calls what ours calls otherwise."""


def question_for(leaf: Variable) -> str | None:
    """What asks a daemon for the values of a variable (FRR's `autocomplete TYPE TEXT NAME`)."""
    kind = _FRRS_KINDS.get(leaf.kind)
    if kind is None:
        return None
    return f"autocomplete {kind} {leaf.text} {_FRRS_NAMES.get(leaf.name, leaf.name)}"


def _values(vtysh: Vtysh, leaf: Variable, partial: str) -> Iterable[str]:
    found: dict[str, None] = {}
    line = question_for(leaf)
    if line is None:
        return []
    for name in list(vtysh.links):
        asked = f"do {line}" if vtysh.node.is_config else line
        text, status = collect(vtysh.ask(name, asked))
        if status == 0:
            found.update(dict.fromkeys(text.split()))
    return [value for value in found if value.startswith(partial) and fits(leaf, value)]


def fits(leaf: Variable, value: str) -> bool:
    """Whether a value may stand here; addresses are offered where addresses are asked for."""
    if leaf.kind is not Kind.WORD:
        return read(leaf, value) is not None
    with suppress(ValueError):
        Address.parse(value)
        return False
    return True
