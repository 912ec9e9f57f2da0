"""Runs a paste: the lines in order, nothing between them but answers, and the report at the end.

Ctrl-C stops it behind the line of configuration that is at work, which no daemon can have taken in
part, so that the report says exactly what ran; a line that shows something is left at once.
"""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

from grammar.base.errors import Status
from grammar.language.match import Match
from pyvtysh.dispatch import Vtysh
from pyvtysh.history import History
from pyvtysh.merged import Route
from pyvtysh.progress import Progress
from pyvtysh.shell.marks import meant
from pyvtysh.shell.pager import Output, output_for
from pyvtysh.shell.paste import Batch, Held
from pyvtysh.shell.size import terminal_size
from pyvtysh.shell.wrapping import wrapped

_SOON = 0.5
"""Seconds that a paste may take without a word."""


class Run(Protocol):
    """Runs a line, its answer goes to `to`; the status, None if Ctrl-C ended it."""

    def __call__(self, line: str, to: Output) -> int | None:
        """Run it."""
        ...


class Pasting:
    """One paste at work."""

    def __init__(self, vtysh: Vtysh, batch: Batch, run: Run) -> None:
        self.vtysh = vtysh
        self.batch = batch
        self.run = run
        self.stopped = False
        self._whole = False
        """Whether the line at work is to be ended rather than left."""
        self._typed: list[str] = []
        self._progress = Progress(sys.stdout, first=_SOON)

    def work(self, first: str | None, history: History) -> None:
        """Run `first`, which is on the screen already, and what waits; then report."""
        waiting = self.batch.waiting
        if first is not None:
            waiting.appendleft(first)
        columns = terminal_size().columns
        with self._stoppable(), self._heard() as heard:
            is_first = first is not None
            while waiting and not self.stopped:
                self._progress.tell(self.batch.ran, self.batch.many, columns)
                self._line(self.batch.next(), heard, on_screen=is_first)
                is_first = False
        self._progress.clear()
        history.typed_all(self._typed)
        for told in self.batch.report():
            sys.stdout.write("".join(f"{row}\n" for row in wrapped(told, columns)))
        sys.stdout.flush()

    def _line(self, line: str, heard: "_Heard", *, on_screen: bool) -> None:
        vtysh, batch = self.vtysh, self.batch
        at, number = f"{vtysh.prompt}{line.strip()}", batch.ran
        if (batch.waiting or batch.tail) and (why := self._why_not(line)):
            self._keep(line, on_screen=on_screen)
            batch.done(number, at, Status.CONFIG_FAILED, why)
            return
        held = Held(
            (lambda: None) if on_screen else lambda: self._echo(at), lambda: output_for(vtysh, line)
        )
        heard.to = held.write
        self._whole = vtysh.node.is_config and line.split(None, 1)[:1] not in (["do"], ["show"])
        vtysh.fault = None
        self._keep(line, on_screen=on_screen)
        status = self.run(line, held)
        self._whole = True
        if status is None:
            self.stopped = True
            batch.done(number, at, Status.CONFIG_FAILED, "% Interrupted")
            return
        said = held.text
        if vtysh.fault is not None and (hint := meant(vtysh, line, vtysh.fault[1])):
            said = f"{said.rstrip()}\n{hint}"
        if batch.done(number, at, status, said):
            held.show()
        held.close()

    def _keep(self, line: str, *, on_screen: bool) -> None:
        if not on_screen:  # the editor has it already
            self._typed.append(line)

    def _why_not(self, line: str) -> str:
        """Why a line is not run that has others behind it."""
        if self.vtysh.node.is_config or not line.strip() or line.strip()[0] in "!#":
            return ""
        result = self.vtysh.find(line.strip())[0]
        ends = (
            isinstance(result, Match)
            and isinstance(result.command, Route)
            and result.command.command.notation in ("exit", "quit")
        )
        return "% Not run: it would end the shell, with pasted lines behind it" if ends else ""

    def _echo(self, at: str) -> None:
        self._progress.clear()
        sys.stdout.write(f"{at}\n")

    @contextmanager
    def _stoppable(self) -> Iterator[None]:
        self._whole = True
        before = signal.signal(signal.SIGINT, self._stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self.stopped or not self._whole:  # who asks twice does not want to wait
            self.stopped = True
            raise KeyboardInterrupt
        self.stopped = True

    @contextmanager
    def _heard(self) -> Iterator["_Heard"]:
        """What goes to standard error belongs to the answer of its line."""
        before, heard = self.vtysh.say, _Heard()
        self.vtysh.say = heard
        try:
            yield heard
        finally:
            self.vtysh.say = before


class _Heard:
    """Takes what the shell says of the line at work."""

    def __init__(self) -> None:
        self.to: Callable[[str], None] = lambda _: None

    def __call__(self, text: str) -> None:
        self.to(text)
