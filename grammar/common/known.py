"""Values that a configuration already holds, by the names that the notations give them."""

from collections.abc import Iterable, Iterator
from typing import Any

from grammar.command import Command, Entries
from grammar.scope import Scope


def known_values(scopes: Iterable[Scope], root: Any, name: str) -> list[str]:
    """The distinct values of variable `name` among the objects of these scopes, in their order.

    The objects' own names count (`$peer` of each neighbor) and the keys of `Entries`.
    """
    found: dict[str, None] = {}
    for scope in scopes:
        found.update(dict.fromkeys(_of_scope(scope, root, name)))
    return list(found)


def _of_scope(scope: Scope, parent: Any, name: str) -> Iterator[str]:
    for values, target in scope.objects(parent):
        if values.get(name) is not None:
            yield str(values[name])
        for item in scope.items:
            if isinstance(item, Scope):
                yield from _of_scope(item, target, name)
            else:
                yield from _of_command(item, target, name)


def _of_command(command: Command, target: Any, name: str) -> Iterator[str]:
    if isinstance(command, Entries) and command.key == name:
        yield from (str(key) for key in getattr(target, command.into, ()))
