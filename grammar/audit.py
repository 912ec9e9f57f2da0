"""Who changed what: the last lines that changed something, with who typed them and what came of it.

Where the entries come from is the host's business (`grammar.session.Witness`); here they are kept,
a bounded number of them, and told.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from time import localtime, strftime

from grammar.base.errors import Status
from grammar.output.jsonc import Json

KEPT = 1000
"""Entries that a daemon remembers; the log has them all."""

_LONGEST = 200
"""Characters of a line or message that are kept."""


class Result(StrEnum):
    """What came of a line."""

    OK = "ok"
    WARNING = "warning"
    REFUSED = "refused"
    READ_ONLY = "read-only"

    @classmethod
    def of(cls, status: int) -> "Result":
        """The result that a status stands for."""
        match status:
            case Status.SUCCESS | Status.SUCCESS_DAEMON:
                return cls.OK
            case Status.WARNING:
                return cls.WARNING
            case Status.READ_ONLY:
                return cls.READ_ONLY
        return cls.REFUSED


@dataclass(frozen=True, slots=True)
class Entry:
    """One line that somebody typed; `line` has no secrets and no control characters.

    `when` is wall-clock time in seconds; `terminal` is `pts/3`, the address of a TCP client, or
    `-`; `mode` is the prompt's part, such as `(config-router)`, empty in enable mode.
    """

    when: float
    user: str
    terminal: str
    mode: str
    line: str
    result: Result
    message: str = ""

    @property
    def log_text(self) -> str:
        """The entry as the log has it."""
        more = f": {self.message}" if self.message else ""
        return f"audit: {self.user} {self.terminal} {self.mode}# {self.line} [{self.result}{more}]"

    def as_json(self) -> Json:
        """The entry as an object; the time is in seconds since 1970, UTC."""
        return {
            "time": round(self.when, 3),
            "user": self.user,
            "terminal": self.terminal,
            "mode": self.mode,
            "line": self.line,
            "result": self.result.value,
            **({"message": self.message} if self.message else {}),
        }


def told(text: str) -> str:
    """A text on one line, of bounded length, without what a terminal might obey."""
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
    return "".join(c if c.isprintable() else f"\\x{ord(c) & 0xFF:02x}" for c in short)


class Audit:
    """The last entries of one daemon."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)

    def add(self, entry: Entry) -> None:
        """Remember an entry; the oldest goes when there are too many."""
        self._entries.append(entry)

    def last(self, count: int | None = None) -> list[Entry]:
        """The last entries, oldest first."""
        entries = list(self._entries)
        return entries if count is None else entries[-count:]


def table(rows: Iterable[tuple[Entry, str]]) -> Iterator[str]:
    """Entries, each with the daemons that were asked, as lines of text."""
    yield f"{'Time':<19} {'User':<12} {'Terminal':<10} {'Daemons':<16} {'Result':<10} Line\n"
    for entry, daemons in rows:
        stamp = strftime("%Y-%m-%d %H:%M:%S", localtime(entry.when))
        where = f"{entry.user:<12} {entry.terminal:<10} {daemons:<16} {entry.result:<10}"
        line = f"{entry.mode}# {entry.line}" if entry.mode else entry.line
        yield f"{stamp:<19} {where} {line}\n"
        if entry.message:
            yield f"{'':<72}{entry.message}\n"
