"""The commands that FRR's vtysh does not have.

They are looked for when nothing of FRR's takes a line, and are no part of `list` and its like: so
no abbreviation, and no answer that a script reads, is another one because of them. Nothing here is
imported before such a line, Tab or `?` is typed.
"""

import re
from functools import cache
from importlib import import_module

from grammar.command import Command
from grammar.declared import Language
from grammar.language.graph import Graph
from grammar.language.match import Match, Result, match
from grammar.node import Node
from pyvtysh.merged import Route

MODULES = (
    "pyvtysh.auditing",
    "pyvtysh.candidate.commands",
    "pyvtysh.comfort",
    "pyvtysh.explaining",
    "pyvtysh.monitor.commands",
    "pyvtysh.pipes.commands",
    "pyvtysh.seeing.commands",
)
"""Modules whose `LANGUAGE` has such commands."""


_WATCH = re.compile(r"\s*(?:do\s+)?watch\s+(?:\d+\s+)?(.*)\Z", re.DOTALL)


@cache
def graph(node: Node) -> Graph:
    """The token graph of a node; its commands are `Route`s of vtysh's own."""
    made = Graph()
    for module in MODULES:
        language: Language = import_module(module).LANGUAGE
        for command in language.of_node(node):
            _add(made, command)
    return made


def _add(made: Graph, command: Command) -> None:
    for notation in command.notations():
        made.add(
            Route(command, True),
            notation,
            command.help,
            negatable=command.negatable,
            hidden=command.hidden or notation is not command.notation,
        )


def find(node: Node, words: list[str]) -> Result:
    """What words mean in a node, among these commands."""
    return match(graph(node), words)


def takes(node: Node, words: list[str]) -> Match | None:
    """The command that takes the words, if one does."""
    found = find(node, words)
    return found if isinstance(found, Match) else None


def watched(text: str) -> str | None:
    """The begun command behind `watch`, which is completed as if it stood alone; None elsewhere.

    Nothing stands there yet: that is `watch` itself, too.
    """
    found = _WATCH.match(text)
    return found.group(1) if found and found.group(1) else None
