"""Scopes: where commands are typed, which objects they speak of, and how those print.

A `Scope` names the nodes in which its commands are typed and finds the object a line changes; a
`Block` is a scope that opens a node of its own (`router bgp 65001` ... `exit`). Scopes nest as FRR
prints them, and print in the order in which their items are declared: a module of declarations
reads like the configuration it prints.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from grammar.node import Node

if TYPE_CHECKING:
    from grammar.command import Command

Values = Mapping[str, Any]
"""What a line's variables were: `Address`, `Prefix`, int or str by the variable's name."""

Printer = Callable[[Any, Values], Iterator[str]]
"""Gives the lines of an object that has these names."""


def _same_object(parent: Any) -> Iterable[tuple[Values, Any]]:
    return [({}, parent)]


def _node_object(parent: Any, values: Values) -> Any:
    return parent


@dataclass(eq=False)
class Scope:
    """Commands that are typed in `nodes` and change the object that `find` returns.

    `find(parent, values)` gets the object of the session's node and the line's values, and may
    raise `CommandError`. `objects(parent)` lists, for printing, pairs of the values that name an
    object (the neighbor's address, say) and the object. `hidden_nodes` take the lines too, but
    neither list nor complete them; there `find` gets that node's object. A `closing` scope prints
    behind all others of its language. The commands of an `added` scope are not FRR's: nothing lists
    them, and `?`, Tab and abbreviations find them where FRR's words are none.
    """

    nodes: tuple[Node, ...]
    find: Callable[[Any, Values], Any] = _node_object
    objects: Callable[[Any], Iterable[tuple[Values, Any]]] = _same_object
    hidden_nodes: tuple[Node, ...] = ()
    items: "list[Command | Scope]" = field(default_factory=list)
    closing: bool = False
    added: bool = False

    def add(self, item: "Command | Scope") -> None:
        """Append a command or a nested scope; the order is that of the printed configuration.

        All are there before the first line is printed.
        """
        self.items.append(item)

    def commands(self) -> "Iterator[Command]":
        """All commands of this scope and of the scopes in it."""
        for item in self.items:
            if isinstance(item, Scope):
                yield from item.commands()
            else:
                yield item

    def lines(self, parent: Any) -> Iterator[str]:
        """The printed configuration of the objects of this scope, without indentation."""
        for values, target in self.objects(parent):
            yield from self.body(target, values)

    def body(self, target: Any, values: Values) -> Iterator[str]:
        """The printed lines of one object."""
        for lines in self._printing:
            yield from lines(target, values)

    @cached_property
    def _printing(self) -> "tuple[Printer, ...]":
        """What prints anything: most commands do not, and this is asked for each object."""
        found: list[Printer] = []
        for item in self.items:
            if not isinstance(item, Scope):
                if item.prints:
                    found.append(item.lines)
            elif item.objects is not _same_object or isinstance(item, Block):
                found.append(item._of_objects)
            elif type(item).body is Scope.body:
                # About the same object, which has the same names there.
                found += item._printing
            else:
                found.append(item.body)
        return tuple(found)

    def _of_objects(self, parent: Any, values: Values) -> Iterator[str]:
        return self.lines(parent)


@dataclass(eq=False)
class Block(Scope):
    """A scope printed as a block: `open_line`, its lines one blank further in, `close_line`.

    `nodes` is the node inside the block. `open_line(values, target)` gives the opening line.
    `before` is a line printed ahead of the block (FRR's ` !` before an address family).
    A block without lines is left out when `skip_empty`.
    """

    open_line: Callable[[Values, Any], str] = field(kw_only=True)
    close_line: str = "exit"
    before: str | None = None
    after: str | None = None
    skip_empty: bool = False

    def lines(self, parent: Any) -> Iterator[str]:
        """The printed blocks of all objects of this scope."""
        for values, target in self.objects(parent):
            yield from self.printed(values, target)

    def printed(self, values: Values, target: Any) -> Iterator[str]:
        """The block of one object."""
        body = list(self.body(target, values))
        if self.skip_empty and not body:
            return
        if self.before is not None:
            yield self.before
        yield self.open_line(values, target)
        for line in body:
            yield f" {line}"
        yield self.close_line
        if self.after is not None:
            yield self.after
