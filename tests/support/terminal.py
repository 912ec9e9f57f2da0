"""A real terminal: keys are typed into a pty, and the screen is read as a person sees it."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Self

import pexpect
import pyte
from pyte.screens import Char, StaticDefaultDict

from tests.support.wait import until

KEYS: Mapping[str, str] = {
    "enter": "\r",
    "tab": "\t",
    "backspace": "\x7f",
    "escape": "\x1b",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "page-up": "\x1b[5~",
    "page-down": "\x1b[6~",
}
_ALTERNATE = 1049
QUIET = 0.1
"""Seconds without output after which the screen counts as drawn."""


def control(letter: str) -> str:
    """The byte that Ctrl with this letter sends."""
    return chr(ord(letter.upper()) & 0x1F)


class _Screen(pyte.HistoryScreen):
    """A screen whose answers to the program's questions go somewhere; it has an alternate one."""

    reply: Callable[[str], object] = staticmethod(lambda _: None)
    _behind: tuple[dict[int, StaticDefaultDict[int, Char]], int, int] | None = None
    """The screen behind the alternate one, and where its cursor was."""

    def set_mode(self, *modes: int, **options: bool) -> None:
        if options.get("private") and _ALTERNATE in modes and self._behind is None:
            self._behind = deepcopy(dict(self.buffer)), self.cursor.y, self.cursor.x
            self.erase_in_display(2)
        super().set_mode(*modes, **options)

    def reset_mode(self, *modes: int, **options: bool) -> None:
        if options.get("private") and _ALTERNATE in modes and self._behind is not None:
            self.erase_in_display(2)
            rows, self.cursor.y, self.cursor.x = self._behind
            self.buffer.update(rows)
            self._behind = None
        super().reset_mode(*modes, **options)

    def write_process_input(self, data: str) -> None:
        self.reply(data)


class Terminal:
    """A program on a terminal of `rows` x `columns`; ends the program when left."""

    def __init__(
        self,
        argv: Sequence[str | Path],
        *,
        rows: int = 40,
        columns: int = 132,
        env: Mapping[str, str] | None = None,
    ) -> None:
        words = [str(word) for word in argv]
        self._screen = _Screen(columns, rows, history=5000)
        self._stream = pyte.ByteStream(self._screen)
        # The sizes of another terminal would be believed before that of this one.
        own = {
            name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")
        }
        self._child = pexpect.spawn(
            words[0],
            words[1:],
            dimensions=(rows, columns),
            env={**own, "TERM": "xterm-256color", **(env or {})},
            timeout=None,
        )
        self._child.delaybeforesend = None
        self.heard = 0
        """Bytes that the program has written, as far as they were read."""
        # The screen answers what programs ask a terminal, such as where the cursor is.
        self._screen.reply = self._child.send

    @property
    def pid(self) -> int:
        return int(self._child.pid)

    def type(self, text: str) -> None:
        """Send the text as keys, without Enter."""
        self._child.send(text)

    def press(self, *keys: str) -> None:
        """Send keys by name: one of `KEYS`, or `^C` for Ctrl-C."""
        for key in keys:
            self._child.send(control(key[1]) if key[0] == "^" else KEYS[key])

    def enter(self, line: str) -> None:
        """Type a line and Enter."""
        self._child.send(line + KEYS["enter"])

    def lines(self) -> list[str]:
        """The screen now, without trailing blanks and empty lines below."""
        self._read()
        shown = [line.rstrip() for line in self._screen.display]
        while shown and not shown[-1]:
            shown.pop()
        return shown

    def text(self) -> str:
        """The screen now as one text."""
        return "\n".join(self.lines())

    def look(self, text: str) -> tuple[str, bool, bool]:
        """How the last such text on the screen looks: its colour, if it is bold, if reversed."""
        row, column = next(
            (row, line.rindex(text))
            for row, line in reversed(list(enumerate(self.lines())))
            if text in line
        )
        cell = self._screen.buffer[row][column]
        return cell.fg, cell.bold, cell.reverse

    def scrollback(self) -> list[str]:
        """The lines that have left the screen at its top, then the screen."""
        self._read()
        columns = range(self._screen.columns)
        gone = ["".join(row[x].data for x in columns) for row in self._screen.history.top]
        return [*(line.rstrip() for line in gone), *self.lines()]

    @property
    def cursor(self) -> tuple[int, int]:
        """Row and column of the cursor, from 0."""
        self._read()
        return self._screen.cursor.y, self._screen.cursor.x

    def wait_for(self, text: str, timeout: float = 10.0) -> list[str]:
        """Wait until the text is anywhere on the screen; the screen then."""
        until(lambda: self._shows(text), timeout, f"{text!r} on the terminal")
        return self.lines()

    def wait_prompt(self, prompt: str, timeout: float = 10.0) -> list[str]:
        """Wait until the last line is this prompt (and what is typed after it is nothing)."""

        def ready() -> bool:
            lines = self.lines()
            if not lines or lines[-1] != prompt.rstrip():
                raise AssertionError("\n".join(lines))
            return True

        until(ready, timeout, f"the prompt {prompt!r}")
        return self.lines()

    def settle(self) -> list[str]:
        """Wait until nothing has been written for a moment; the screen then."""
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < QUIET:
            if self._read():
                quiet_since = time.monotonic()
            time.sleep(0.01)
        return self.lines()

    def wait_end(self, timeout: float = 10.0) -> int:
        """Wait for the program's end; its exit status (negative: the signal)."""

        def ended() -> bool:
            self._read()
            return not self._child.isalive()

        until(ended, timeout, "the end of the program")
        status = self._child.exitstatus
        return -int(self._child.signalstatus) if status is None else int(status)

    def _shows(self, text: str) -> bool:
        shown = self.text()
        if text not in shown:
            raise AssertionError(shown)
        return True

    def _read(self) -> bool:
        """Feed the screen with what has been written; True if anything had."""
        some = False
        try:
            while data := self._child.read_nonblocking(65536, timeout=0):
                self._feed(data)
                some = True
        except (pexpect.TIMEOUT, pexpect.EOF):
            pass
        return some

    def sip(self, most: int) -> bool:
        """Read no more than so many bytes; whether there were any."""
        try:
            self._feed(self._child.read_nonblocking(most, timeout=0))
        except (pexpect.TIMEOUT, pexpect.EOF):
            return False
        return True

    def seen(self) -> str:
        """The last line of the screen, of what has been read."""
        shown = [line.rstrip() for line in self._screen.display]
        return next((line for line in reversed(shown) if line), "")

    def _feed(self, data: bytes) -> None:
        self._stream.feed(data)
        self.heard += len(data)

    def close(self) -> None:
        """Hang up; the program is killed if it stays."""
        self._child.close(force=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
