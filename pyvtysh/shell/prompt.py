"""The dialogue: read a line, run it, print its answer, until the user leaves."""

import asyncio
import os
import sys
from collections import deque
from collections.abc import Iterable

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.history import History as ToolkitHistory
from prompt_toolkit.output import Output as BaseOutput
from prompt_toolkit.output.defaults import create_output
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.shortcuts import CompleteStyle

from grammar.language.match import word_columns
from pyvtysh.cli import greeting
from pyvtysh.dispatch import Vtysh
from pyvtysh.history import History
from pyvtysh.link import Running
from pyvtysh.monitors import Monitors
from pyvtysh.pipes.earlier import Earlier
from pyvtysh.questions import help_for
from pyvtysh.shell.completer import LineCompleter
from pyvtysh.shell.keys import bindings
from pyvtysh.shell.pager import Output, output_for
from pyvtysh.shell.plain import PlainEditor, is_simple


class KeptHistory(ToolkitHistory):
    """Our history file, as the line editor wants it."""

    def __init__(self, history: History) -> None:
        super().__init__()
        self.history = history

    def load_history_strings(self) -> Iterable[str]:
        """The lines, the newest first."""
        return reversed(list(self.history.lines))

    def store_string(self, string: str) -> None:
        """Keep a line."""
        self.history.typed(string)


class Terminal:
    """One dialogue of a user with a `Vtysh`."""

    def __init__(self, vtysh: Vtysh, history: History) -> None:
        self.vtysh = vtysh
        vtysh.history = history.lines
        vtysh.monitors = self.monitors = Monitors()
        self._logged: list[str] = []
        """Log lines that are not on the terminal yet."""
        self._printing = False
        self.pasted: deque[str] = deque()
        """Lines of a paste that wait; all but the last are whole."""
        self.plain = PlainEditor(vtysh, history) if is_simple() else None
        vtysh.seen.earlier = Earlier()
        vtysh.seen.plain = lambda _: f"TERM={os.environ.get('TERM', '')}"
        self.session: PromptSession[str] | None = None
        if self.plain is None:
            self.session = self._session(history)
            vtysh.seen.watch = _watch
            vtysh.seen.plain = _why_plain

    def _session(self, history: History) -> PromptSession[str]:
        vtysh = self.vtysh
        return PromptSession(
            message=lambda: vtysh.prompt,
            history=KeptHistory(history),
            completer=LineCompleter(vtysh),
            complete_while_typing=False,
            complete_style=CompleteStyle.READLINE_LIKE,
            key_bindings=bindings(vtysh, self.pasted),
            enable_suspend=False,
            output=_output(),
        )

    def greet(self) -> None:
        """Say hello."""
        sys.stdout.write(greeting(self.vtysh))
        sys.stdout.flush()

    def read(self) -> str:
        """The next line, pasted or typed; KeyboardInterrupt, EOFError."""
        if self.session is None:
            assert self.plain is not None
            return self.plain.read()
        if not self.pasted:
            return self.session.prompt(pre_run=self._watch)
        line = self.pasted.popleft()
        return self.session.prompt(default=line, accept_default=bool(self.pasted))

    def _watch(self) -> None:
        """While a line is read, log lines come above it as they arrive."""
        loop = asyncio.get_running_loop()
        for name, live in self.monitors.sockets.items():
            loop.add_reader(live, self._arrived, loop, name, live.fileno())

    def _arrived(self, loop: asyncio.AbstractEventLoop, name: str, descriptor: int) -> None:
        self._logged.append(self.monitors.read())
        if name not in self.monitors.sockets:
            loop.remove_reader(descriptor)
        if not self._printing:  # one at a time: each draws the prompt again
            self._printing = True
            run_in_terminal(self._print_logged)

    def _print_logged(self) -> None:
        self._printing = False
        text = "".join(self._logged)
        if text and self.vtysh.seen.colour:
            text = coloured_log(text)
        sys.stdout.write(text)
        sys.stdout.flush()
        self._logged.clear()

    def show_log(self) -> None:
        """Print the log lines that came while no line was read."""
        self._logged.append(self.monitors.read())
        self._print_logged()

    def begin(self, line: str) -> tuple[Running, Output] | None:
        """What runs for a line, and where its text goes; None if there is nothing to do."""
        text = line.strip()
        if not text:
            return None
        if text.endswith("?"):
            sys.stdout.write("".join(f"{row}\n" for row in help_for(self.vtysh, text[:-1])))
            return None
        running = self.vtysh.execute(line)
        if self.vtysh.seen.drawn:
            from pyvtysh.shell.drawn import shown  # rich, for those who ask for it

            running = shown(self.vtysh, line)
        return running, output_for(self.vtysh, line)

    def mark(self, line: str) -> str | None:
        """The line with `^` under the word that was not understood, if there is one."""
        if self.vtysh.fault is None or self.plain is not None:
            return None
        return mark_under(line, self.vtysh.fault[1], len(self.vtysh.prompt))


def _why_plain(way: str) -> str:
    from pyvtysh.shell.colours import why_not

    return why_not(drawn=way == "drawn")


def coloured_log(text: str) -> str:
    """Log lines with their levels in colours."""
    from pyvtysh.shell.colours import log_spans, painted

    return "\n".join(painted(line, log_spans(line)) for line in text.split("\n"))


def _watch(vtysh: Vtysh, line: str, seconds: float) -> Running:
    if not sys.stdout.isatty():
        from pyvtysh.pipes.watching import printing

        return printing(vtysh, line, seconds)
    from pyvtysh.shell.watching import drawing  # rich, for those who ask for it

    return drawing(vtysh, line, seconds)


def _output() -> BaseOutput:
    """Standard output, never asked where its cursor is: slow and simple terminals do not say."""
    output = create_output(stdout=sys.stdout)
    if isinstance(output, Vt100_Output):
        output.enable_cpr = False
    return output


def mark_under(line: str, index: int, indent: int) -> str:
    """`^` below word `index` of a line (behind the last word for one too many), indented."""
    columns = word_columns(line)
    column = columns[index] if index < len(columns) else len(line.rstrip()) + 1
    return " " * (indent + column) + "^"


def run_terminal(vtysh: Vtysh, history: History) -> int:
    """Talk until the user leaves; 0."""
    terminal = Terminal(vtysh, history)
    terminal.greet()
    while not vtysh.closed:
        terminal.show_log()
        try:
            line = terminal.read()
        except KeyboardInterrupt:
            continue
        except EOFError:
            break
        _run(terminal, line)
    terminal.monitors.close()
    return 0


def _run(terminal: Terminal, line: str) -> None:
    begun = terminal.begin(line)
    if begun is None:
        return
    running, output = begun
    try:
        _first(terminal, line, running, output)
        for text in running:
            output.write(text)
        output.close()
    except KeyboardInterrupt:
        running.close()
        output.abandon()
        terminal.pasted.clear()
        sys.stdout.write("\n")


def _first(terminal: Terminal, line: str, running: Running, output: Output) -> None:
    """Take the first piece of the answer, and print the mark ahead of it if there is one."""
    text = next(running, None)
    marked = terminal.mark(line)
    if marked is not None:
        sys.stdout.write(f"{marked}\n")
    if text is not None:
        output.write(text)
