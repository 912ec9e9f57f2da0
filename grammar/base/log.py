"""What a component says to the log: a level, the text, and FRR's identifier of the message."""

from enum import IntEnum
from typing import Protocol


class Level(IntEnum):
    """Syslog severities under the names FRR's `log` commands use."""

    EMERGENCIES = 0
    ALERTS = 1
    CRITICAL = 2
    ERRORS = 3
    WARNINGS = 4
    NOTIFICATIONS = 5
    INFORMATIONAL = 6
    DEBUGGING = 7


class Log(Protocol):
    """Where a component's messages go; the host writes them to file, stdout or syslog."""

    def write(self, level: Level, text: str, ident: str = "", category: int = 0) -> None:
        """One message without newline; `ident` as FRR prints it, `M59KS-A3ZXZ`, or empty.

        `category` is FRR's number for the kind of error, 0 for none.
        """
        ...


class Monitor(Protocol):
    """Log lines on their way to a client, who reads them from a descriptor that it is given."""

    def handed(self) -> int:
        """The client's end, to be given away once; `given` closes it here."""
        ...

    def given(self) -> None:
        """The client has its end, or never will."""
        ...

    def close(self) -> None:
        """Write no more; the client reads the end."""
        ...


class MemoryLog:
    """A log that keeps its messages, for tests."""

    def __init__(self) -> None:
        self.messages: list[tuple[Level, str]] = []

    def write(self, level: Level, text: str, ident: str = "", category: int = 0) -> None:
        """Append (level, text) to `messages`."""
        self.messages.append((level, text))

    @property
    def text(self) -> str:
        """All messages, a line each."""
        return "\n".join(text for _, text in self.messages)
