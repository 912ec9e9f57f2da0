"""What goes in and out of a command: pieces of notation, the line at work, and its answer."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from grammar.base.errors import CommandError, Status
from grammar.scope import Values

if TYPE_CHECKING:
    from grammar.command import Command
    from grammar.session import Session


GONE = "Current configuration object was deleted by another process."
"""FRR's answer to a line in the block of an object that another session has removed."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of notation with its help texts, one per token; `+` appends notation."""

    notation: str
    help: tuple[str, ...] = ()

    def __add__(self, other: "Fragment | str") -> "Fragment":
        if isinstance(other, str):
            return Fragment(f"{self.notation} {other}", self.help)
        return Fragment(f"{self.notation} {other.notation}", self.help + other.help)


def fragment(notation: str, *help: str) -> Fragment:
    """A `Fragment` from its notation and help texts."""
    return Fragment(notation, help)


@dataclass(frozen=True, slots=True)
class Change:
    """One effect of a line on one object of the configuration."""

    effect: Enum
    target: Any
    values: Values = field(default_factory=dict)
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What a command answers: chunks of text (made while they are read) and a status."""

    output: Iterable[str] = ()
    status: Status = Status.SUCCESS


@dataclass(frozen=True, slots=True)
class View:
    """A show command's result before it is text: the daemon's `render` makes it FRR's bytes."""

    data: Any
    as_json: bool = False
    status: Status = Status.SUCCESS


Answer = Reply | View | str | Iterable[str] | None


@dataclass(frozen=True, slots=True)
class Call:
    """One line at work: the session, what was typed and what it means."""

    session: "Session"
    command: "Command"
    values: Values
    negated: bool
    line: str

    @property
    def daemon(self) -> Any:
        """The component whose session this is."""
        return self.session.daemon

    @property
    def node_object(self) -> Any:
        """The object of the node in which the line was typed; `CommandError` if it is gone."""
        if self.session.is_stale:
            raise CommandError(GONE, Status.WARNING)
        return self.session.node_object

    def target(self) -> Any:
        """The object this line changes, by the command's scope; may raise `CommandError`."""
        return self.command.scope.find(self.node_object, self.values)

    def changed(self, effect: Enum | None, target: Any) -> None:
        """Report an effect for the daemon's `react`, once the line (or the file) is through."""
        if effect is not None:
            self.session.changes.append(Change(effect, target, self.values, self.negated))
