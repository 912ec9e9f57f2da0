"""The line editor for terminals that programs pretend to be: only what is typed comes back.

Programs that drive a router's shell over a terminal of their own (Ansible, netmiko, expect) say
that it is a `vt100` or `dumb` and look for the prompt in what they read. So no byte that moves a
cursor may be among it, which is what FRR's vtysh, with GNU readline, gives them.
"""

import os
import sys
from collections.abc import Sequence

try:
    import readline
except ImportError:  # a Python without it: lines are edited by the terminal driver
    readline = None  # type: ignore[assignment]

from pyvtysh.dispatch import Vtysh
from pyvtysh.history import History
from pyvtysh.questions import completions, help_for

_SIMPLE = ("", "dumb", "unknown", "vt100")
_HELP = ord("?")


def is_simple(terminal: str | None = None) -> bool:
    """Whether a terminal (`TERM`, if none is named) is one of these."""
    return (os.environ.get("TERM", "") if terminal is None else terminal) in _SIMPLE


class PlainEditor:
    """Reads lines with Tab and `?`, and keeps what was typed."""

    def __init__(self, vtysh: Vtysh, history: History) -> None:
        self.vtysh = vtysh
        self.history = history
        self._found: list[str] = []
        if readline is not None:
            self._prepare()

    def _prepare(self) -> None:
        for setting in (
            "set enable-bracketed-paste off",
            "set show-all-if-ambiguous on",
            "set completion-query-items 0",
            "tab: complete",
            '"?": possible-completions',
        ):
            readline.parse_and_bind(setting)
        readline.set_auto_history(False)
        readline.set_completer_delims(" \t")
        readline.set_completer(self._candidate)
        readline.set_completion_display_matches_hook(self._show)
        for line in self.history.lines:
            readline.add_history(line)

    def read(self) -> str:
        """The next line; KeyboardInterrupt, EOFError."""
        line = input(self.vtysh.prompt)
        if line.strip():
            self.history.typed(line)
            if readline is not None:
                readline.add_history(line)
        return line

    def _before(self) -> str:
        return readline.get_line_buffer()[: readline.get_endidx()]

    def _candidate(self, text: str, number: int) -> str | None:
        if number == 0:
            if readline.get_completion_type() == _HELP:
                # Two, so that they are shown rather than put in; what is shown is another matter.
                self._found = [text, f"{text} "]
            else:
                words = completions(self.vtysh, self._before()).texts
                self._found = [f"{words[0]} "] if len(words) == 1 else list(words)
        return self._found[number] if number < len(self._found) else None

    def _show(self, text: str, matches: Sequence[str], longest: int) -> None:
        asked = readline.get_completion_type() == _HELP
        rows = help_for(self.vtysh, self._before()) if asked else matches
        lines = "".join(f"{row}\n" for row in rows)
        sys.stdout.write(f"\n{lines}{self.vtysh.prompt}{readline.get_line_buffer()}")
        sys.stdout.flush()
