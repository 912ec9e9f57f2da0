"""The dialogue: read a line, run it, print its answer, until the user leaves."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterable
from functools import partial
from types import FrameType

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.output import Output as BaseOutput
from prompt_toolkit.output.defaults import create_output
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.styles import Style

from grammar.base.errors import Status
from pyvtysh.cli import greeting
from pyvtysh.dispatch import Vtysh
from pyvtysh.history import History
from pyvtysh.link import Running
from pyvtysh.monitors import Monitors
from pyvtysh.pipes.earlier import Earlier
from pyvtysh.pipes.watching import printing
from pyvtysh.questions import help_for
from pyvtysh.shell.aliases import AliasError, Aliases, is_command, path_of_aliases, read_aliases
from pyvtysh.shell.cancelling import Way
from pyvtysh.shell.hints import RestOfWord, WrongWord
from pyvtysh.shell.keys import bindings
from pyvtysh.shell.known import Known
from pyvtysh.shell.marks import marked
from pyvtysh.shell.pager import Output, output_for
from pyvtysh.shell.past import KeptHistory
from pyvtysh.shell.paste import Batch
from pyvtysh.shell.plain import PlainEditor, is_simple
from pyvtysh.shell.reflow import Following
from pyvtysh.shell.size import terminal_size
from pyvtysh.shell.tab import Offer, offer
from pyvtysh.shell.wrapping import Wrapped, branches, is_prose, is_tree

_STYLE = Style.from_dict({"wrong-word": "underline ansired", "auto-suggestion": "ansibrightblack"})


class Terminal:
    """One dialogue of a user with a `Vtysh`."""

    def __init__(self, vtysh: Vtysh, history: History) -> None:
        self.vtysh = vtysh
        vtysh.history = history.lines
        vtysh.monitors = self.monitors = Monitors()
        self._logged: list[str] = []
        """Log lines that are not on the terminal yet."""
        self._printing = False
        self.batch = Batch()
        self.wants_end = False
        """Whether Ctrl-Z came while no line was read."""
        self._reads_plain = False
        self.aliases = Aliases()
        self.known = Known(vtysh)
        self.way = Way(vtysh)
        self.plain = PlainEditor(vtysh, history) if is_simple() else None
        vtysh.seen.earlier = Earlier()
        vtysh.seen.watch = printing
        vtysh.seen.plain = lambda _: f"TERM={os.environ.get('TERM', '')}"
        self.session: PromptSession[str] | None = None
        if self.plain is None:
            self._aliases()
            self.session = self._session(history)
            vtysh.seen.watch = _watch
            vtysh.seen.plain = _why_plain
            vtysh.seen.read_line = self._further

    def _session(self, history: History) -> PromptSession[str]:
        vtysh = self.vtysh
        session: PromptSession[str] = PromptSession(
            message=lambda: vtysh.prompt,
            history=KeptHistory(history, vtysh),
            auto_suggest=RestOfWord(vtysh, self.known),
            lexer=WrongWord(vtysh),
            style=_STYLE,
            key_bindings=bindings(vtysh, self, self.batch.begin),
            reserve_space_for_menu=0,
            enable_suspend=False,
            output=_output(),
        )
        session.app.renderer = Following(session.app.renderer.style, session.app.output)
        return session

    def _aliases(self) -> None:
        vtysh = self.vtysh
        self.aliases = read_aliases(path_of_aliases(), lambda name: is_command(vtysh, name))
        vtysh.aliases = self.aliases.lines

    def want_end(self, number: int, frame: FrameType | None) -> None:
        """SIGTSTP: Ctrl-Z is `end`, as in FRR's vtysh, and stops no shell."""
        self.wants_end = True
        if self._reads_plain:
            sys.stdout.write("\n")
            raise KeyboardInterrupt  # out of the line that is typed

    def greet(self) -> None:
        """Say hello."""
        sys.stdout.write(greeting(self.vtysh))
        sys.stdout.write("".join(f"% {wrong}\n" for wrong in self.aliases.wrong))
        sys.stdout.flush()

    def help(self, text: str) -> list[str]:
        """The lines of `?` behind a text."""
        known = None if self.plain is not None else self.known.values
        return help_for(self.vtysh, self.aliases.behind(text), known)

    def offer(self, text: str) -> Offer:
        """What Tab may put behind a text; the first word may be an alias."""
        found = offer(self.vtysh, self.known, self.aliases.behind(text))
        if text.strip() != found.partial:
            return found
        named = {
            name: f"= {line}"
            for name, line in self.aliases.lines.items()
            if name.startswith(found.partial)
        }
        return Offer(found.partial, sorted({*found.texts, *named}), {**found.meanings, **named})

    def read(self) -> str:
        """The next line, pasted or typed; KeyboardInterrupt, EOFError."""
        if self.session is None:
            assert self.plain is not None
            self._reads_plain = True
            try:
                return self.plain.read()
            finally:
                self._reads_plain = False
        text, self.batch.tail = self.batch.tail, ""
        return self.session.prompt(default=text, pre_run=self._watch)

    def _further(self) -> str | None:
        """A line for the command that runs: one pasted behind it, else one that is typed."""
        if self.batch.waiting:
            return self.batch.next()
        from pyvtysh.shell.reading import read_further  # for those few commands

        return read_further(self.batch, _output())

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
        text = self.vtysh.printable("".join(self._logged))
        if text and self.vtysh.seen.colour:
            text = coloured_log(text)
        sys.stdout.write(text)
        sys.stdout.flush()
        self._logged.clear()

    def show_log(self) -> None:
        """Print the log lines that came while no line was read."""
        self._logged.append(self.monitors.read())
        self._print_logged()

    def begin(self, line: str, *, pasted: bool = False) -> Running | None:
        """What runs for a line; None if there is nothing to do.

        `?` at the end asks, as it does while one types; a pasted line may end in one.
        """
        text = line.strip()
        if not text:
            return None
        if text.endswith("?") and not (pasted and self.vtysh.node.is_config):
            rows = self.help(text[:-1])
            if pasted:
                return answered(f"{row}\n" for row in rows)
            sys.stdout.write("".join(f"{row}\n" for row in rows))
            return None
        if self.vtysh.seen.drawn:
            from pyvtysh.shell.drawn import shown  # rich, for those who ask for it

            return shown(self.vtysh, line)
        return self.vtysh.execute(line)

    def output(self, line: str) -> Output:
        """Where the answer to a line goes."""
        output = output_for(self.vtysh, line)
        if self.plain is not None or self.vtysh.output_path is not None:
            return output
        if is_tree(line):
            return Wrapped(output, terminal_size().columns, branches)
        return Wrapped(output, terminal_size().columns) if is_prose(line) else output

    def mark(self, line: str) -> list[str]:
        """What to print under a line of which a word was not understood."""
        if self.vtysh.fault is None or self.plain is not None:
            return []
        columns = terminal_size().columns
        return list(marked(self.vtysh, line, self.vtysh.fault[1], columns))


def answered(texts: Iterable[str]) -> Running:
    """An answer that is known."""
    yield from texts
    return Status.SUCCESS


def _why_plain(way: str) -> str:
    from pyvtysh.shell.colours import why_not

    return why_not(drawn=way == "drawn")


def coloured_log(text: str) -> str:
    """Log lines with their levels in colours."""
    from pyvtysh.shell.colours import log_spans, painted

    return "\n".join(painted(line, log_spans(line)) for line in text.split("\n"))


def _watch(vtysh: Vtysh, line: str, seconds: float) -> Running:
    if not sys.stdout.isatty():
        return printing(vtysh, line, seconds)
    from pyvtysh.shell.watching import drawing  # rich, for those who ask for it

    return drawing(vtysh, line, seconds)


def _output() -> BaseOutput:
    """Standard output, never asked where its cursor is: slow and simple terminals do not say."""
    output = create_output(stdout=sys.stdout)
    if isinstance(output, Vt100_Output):
        output.enable_cpr = False
    return output


def run_terminal(vtysh: Vtysh, history: History) -> int:
    """Talk until the user leaves; 0."""
    terminal = Terminal(vtysh, history)
    terminal.greet()
    signal.signal(signal.SIGTSTP, terminal.want_end)
    while not vtysh.closed:
        try:
            _turn(terminal, history)
        except KeyboardInterrupt:
            continue
        except EOFError:
            break
    terminal.monitors.close()
    return 0


def _turn(terminal: Terminal, history: History) -> None:
    """Read a line and run it; KeyboardInterrupt forgets it, EOFError: there is none."""
    terminal.show_log()
    if terminal.batch.waiting:  # behind what a command that reads lines has taken
        _run_batch(terminal, None, history)
        return
    if terminal.wants_end:
        terminal.wants_end = False
        if terminal.vtysh.node.is_config:
            sys.stdout.write(f"{terminal.vtysh.prompt}end\n")
            _run(terminal, "end")
    line = terminal.read()
    if terminal.batch.is_fresh:
        _run_batch(terminal, line, history)
    else:
        _run(terminal, line)
    terminal.known.doubt()


def _run_batch(terminal: Terminal, line: str | None, history: History) -> None:
    from pyvtysh.shell.pasting import Pasting  # for those who paste

    terminal.batch.is_fresh = False
    if line is not None and not terminal.batch.waiting:
        _run(terminal, line)
        return
    if line is not None and terminal.batch.as_typed:
        _run_ahead(terminal, line, history)
        return
    run = partial(_run, terminal, pasted=True)
    Pasting(terminal.vtysh, terminal.batch, run).work(line, history)


def _run_ahead(terminal: Terminal, line: str, history: History) -> None:
    """Run lines that were typed ahead, or pasted into a terminal that tells no paste from keys."""
    batch = terminal.batch
    run = partial(_run, terminal, pasted=True)
    while run(line) is not None and batch.waiting and not terminal.vtysh.closed:
        line = batch.next()
        history.typed(line)
        sys.stdout.write(f"{terminal.vtysh.prompt}{line}".rstrip() + "\n")
    if batch.waiting:
        batch.ran += 1  # with the one that was in the editor
        sys.stdout.write("".join(f"{row}\n" for row in batch.report()))
    sys.stdout.flush()


def _run(
    terminal: Terminal, line: str, to: Output | None = None, *, pasted: bool = False
) -> int | None:
    """Run a line, its answer goes to `to` or where typed lines' go; None if Ctrl-C ended it."""
    try:
        line = _expanded(terminal, line, to)
    except AliasError as error:
        (sys.stdout if to is None else to).write(f"% {error}\n")
        return Status.WARNING
    running = terminal.begin(line, pasted=pasted)
    if running is None:
        return Status.SUCCESS
    output = terminal.output(line) if to is None else to
    silent = True
    opens = terminal.way.opens(line)
    try:
        while True:
            try:
                text = next(running)
            except StopIteration as end:
                if silent:
                    _mark(terminal, line, to)
                if to is None:
                    output.close()
                terminal.way.went(line, opens=opens)
                return int(end.value)
            if silent:
                _mark(terminal, line, to)
            silent = silent and not text
            output.write(text)
    except KeyboardInterrupt:
        terminal.way.cancel(running)
        output.abandon()
        sys.stdout.write("\n")
        return None


def _expanded(terminal: Terminal, line: str, to: Output | None) -> str:
    """The line that an alias stands for is shown, so that an answer can be read by it."""
    expanded = terminal.aliases.expand(line)
    if expanded != line and to is None:
        sys.stdout.write(f"{' ' * len(terminal.vtysh.prompt)}{expanded}\n")
    return expanded


def _mark(terminal: Terminal, line: str, to: Output | None) -> None:
    if to is None:
        sys.stdout.write("".join(f"{row}\n" for row in terminal.mark(line)))
