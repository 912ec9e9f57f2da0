"""Pasted lines, run one after the other as a batch, and a report of those that were not taken."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from grammar.base.errors import Status

_TAKEN = (Status.SUCCESS, Status.SUCCESS_DAEMON)
_SHOWN = 200
"""Bad lines that the report shows."""


@dataclass(slots=True)
class Batch:
    """The whole lines of a paste that wait, and what became of those that ran."""

    waiting: deque[str] = field(default_factory=deque)
    tail: str = ""
    """What is behind the last whole line: to be edited."""
    ran: int = 0
    bad: list[tuple[int, str, str]] = field(default_factory=list)
    """Number in the paste, the line, and what was said of it."""

    def begin(self, rest: list[str]) -> None:
        """Lines behind the first one, which is typed in the editor; the last is not whole."""
        self.waiting.extend(rest[:-1])
        self.tail = rest[-1]
        self.ran = 0
        self.bad.clear()

    def done(self, line: str, status: int, said: str) -> None:
        """A line ran; `said` is the beginning of its answer."""
        self.ran += 1
        if status not in _TAKEN and not (status == Status.WARNING and not said.strip()):
            self.bad.append((self.ran, line.strip(), said.strip().partition("\n")[0]))

    def report(self) -> list[str]:
        """What to say at the end; the batch is over, and what did not run is forgotten."""
        left, ran, bad = len(self.waiting), self.ran, list(self.bad)
        self.waiting.clear()
        self.ran = 0
        self.bad.clear()
        return list(_told(ran, left, bad))


def _told(ran: int, left: int, bad: list[tuple[int, str, str]]) -> Iterable[str]:
    if left:
        yield f"% Stopped: {left} of {ran + left} pasted lines did not run"
    if bad:
        yield f"% {len(bad)} of {ran} pasted lines were not taken:"
    for number, line, said in bad[:_SHOWN]:
        yield f"  {number}: {line}"
        yield f"     {said}"
    if len(bad) > _SHOWN:
        yield f"  and {len(bad) - _SHOWN} more, which `show history` has"
