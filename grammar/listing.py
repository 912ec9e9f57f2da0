"""What `list`, `show commandtree` and `find` print of the commands of a node."""

import re
from collections.abc import Iterable, Iterator

from grammar.base.errors import CommandError, Status
from grammar.command import Command
from grammar.language.graph import Graph, Item, State
from grammar.node import Node


def displayed(command: Command) -> list[str]:
    """A command as `list` shows it: without `$names`, with `[no]` or on two lines if negatable."""
    text = re.sub(r"\$[a-z0-9_]+", "", command.notation)
    if "![" in text:
        positive = re.sub(r"!\[([^][]*(?:\[[^][]*\][^][]*)*)\]", r"\1", text)
        return [positive, f"no {text.replace('![', '[')}"]
    return [f"[no] {text}" if command.negatable else text]


def listed(commands: Iterable[Command]) -> Iterator[str]:
    """The lines of `list`."""
    for command in commands:
        for text in displayed(command):
            yield f"    {text}\n"


def found(regex: str, nodes: Iterable[tuple[Node, Iterable[Command]]]) -> list[str]:
    """The lines of `find` for nodes with their commands; CommandError for a bad expression."""
    from grammar.expression.automaton import expression  # few ask for it
    from grammar.expression.syntax import ExpressionError

    try:
        search = expression(regex, edges=False)
    except ExpressionError as error:
        # FRR has no words for some.
        raise CommandError(f"% {error}" if str(error) else "", Status.SUCCESS) from None
    return [
        f"  ({_short(node)})  {text}\n"
        for node, commands in nodes
        for command in commands
        for text in displayed(command)
        if search.found(text)
    ]


def permutations(graph: Graph) -> Iterator[str]:
    """The lines of `list permutations`: every line that could be typed, made while they are read.

    The order is that of the commands and of their words, with what may be left out first, as
    FRR walks its tree. The states are copies: those of the graph would stay in memory.
    """
    return _walk(_copy(graph.root), " ")


def _copy(state: State) -> State:
    return State([item for item in state.items if not item[0].hidden], state.repeated).open()


def _walk(state: State, typed: str) -> Iterator[str]:
    following = [*state.keywords.values(), *(after for _, after in state.variables)]
    steps = [after for after in following if after is not state]
    steps.sort(key=lambda after: _place(after.items[0]))
    end = min(state.ends, default=None)
    for after in steps:
        item = after.items[0]
        if end is not None and item[3] > end:
            yield f"{typed}\n"
            end = None
        yield from _walk(_copy(after), f"{typed} {item[2].text}")
    if end is not None:
        yield f"{typed}\n"


def _place(item: Item) -> tuple[int, int]:
    return item[3], item[2].index


def _short(node: Node) -> str:
    return node.name.removeprefix("router ").removeprefix("line ")
