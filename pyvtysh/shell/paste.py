"""Pasted lines, run one after the other as a batch, and a report of those that were not taken.

The lines run in silence: what one of them answers stands behind its prompt, as if it were typed,
and what was said of a line that was not taken is kept for the report at the end.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from grammar.base.errors import Status
from pyvtysh.shell.pager import Output

_TAKEN = (Status.SUCCESS, Status.SUCCESS_DAEMON)
_SHOWN = 200
"""Bad lines that the report shows."""
_FIRST = 3
"""Lines that did not run, of those that the report shows."""
_HELD = 8
"""Lines of an answer that a report has; a longer one is shown where it comes."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that was not taken: its number in the paste, where it was, and what was said of it."""

    number: int
    line: str
    """Behind the prompt at which it ran."""
    said: str


@dataclass(slots=True)
class Batch:
    """The whole lines of a paste that wait, and what became of those that ran."""

    waiting: deque[str] = field(default_factory=deque)
    tail: str = ""
    """What is behind the last whole line: to be edited."""
    ran: int = 0
    bad: list[Bad] = field(default_factory=list)
    is_fresh: bool = False
    """Whether the line that the editor gives back is the first one of a paste."""

    as_typed: bool = False
    """Whether the lines came as keys, and are shown as such."""

    def begin(self, rest: list[str], *, as_typed: bool = False) -> None:
        """Lines behind the first one, which is in the editor; the last is not whole."""
        self.as_typed = as_typed
        self.waiting.extend(rest[:-1])
        self.tail = rest[-1]
        self.ran = 0
        self.bad.clear()
        self.is_fresh = True

    @property
    def many(self) -> int:
        """Lines of the paste that ran or wait."""
        return self.ran + len(self.waiting)

    def next(self) -> str:
        """The next line, which runs now; its number is `ran`."""
        self.ran += 1
        return self.waiting.popleft()

    def done(self, number: int, line: str, status: int, said: str) -> bool:
        """A line ran, `line` with its prompt; whether it was taken."""
        taken = status in _TAKEN or (status == Status.WARNING and not said.strip())
        if not taken:
            self.bad.append(Bad(number, line.strip(), said))
        return taken

    def report(self) -> list[str]:
        """What to say at the end; the batch is over, and what did not run is forgotten."""
        told = list(_told(self.ran, list(self.waiting), self.bad))
        self.waiting.clear()
        self.ran = 0
        self.bad.clear()
        return told


def _told(ran: int, left: list[str], bad: list[Bad]) -> Iterable[str]:
    if left:
        yield f"% Stopped: {ran} of {ran + len(left)} pasted lines ran, the others did not:"
        for number, line in enumerate(left[:_FIRST], ran + 1):
            yield f"  {number}: {line.strip()}"
        if len(left) > _FIRST:
            yield f"  and {len(left) - _FIRST} more"
    if bad:
        yield f"% {len(bad)} of {ran} pasted lines {'was' if len(bad) == 1 else 'were'} not taken:"
    elif ran + len(left) > 1:
        yield f"{ran} pasted lines ran, all were taken"
    for each in bad[:_SHOWN]:
        yield f"  {each.number}: {each.line}"
        for said in each.said.splitlines():
            yield f"     {said}".rstrip()
    if len(bad) > _SHOWN:
        yield f"  and {len(bad) - _SHOWN} more, which `show history` has"


class Held:
    """Keeps the answer to a line until it is known whether that was taken; a long one it shows."""

    def __init__(self, echo: Callable[[], None], shown: Callable[[], Output]) -> None:
        """`echo` prints the line behind its prompt, `shown` is where its answer goes then."""
        self._echo = echo
        self._make = shown
        self._held: list[str] = []
        self._lines = 0
        self._shown: Output | None = None

    @property
    def text(self) -> str:
        """The answer, or its beginning."""
        return "".join(self._held)

    def write(self, text: str) -> None:
        """Take a piece."""
        if self._shown is not None:
            self._shown.write(text)
            return
        self._held.append(text)
        self._lines += text.count("\n")
        if self._lines > _HELD:
            self.show()

    def show(self) -> None:
        """The line was taken, or its answer is long: it is shown."""
        if self._shown is None and self._held:
            self._echo()
            self._shown = self._make()
            for text in self._held:
                self._shown.write(text)

    def close(self) -> None:
        """All that is to be shown is there."""
        if self._shown is not None:
            self._shown.close()

    def abandon(self) -> None:
        """The rest is not wanted."""
        if self._shown is not None:
            self._shown.abandon()
