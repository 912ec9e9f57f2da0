"""`vtysh -c LINE`, as programs call it many times a minute: the short way for plain lines.

Everything here is what `pyvtysh.cli` does for the same arguments, to the byte and in the same
order, with nothing imported that a line does not need: loading the language costs three times what
the rest of the process does. Whatever is not plain (another option, another kind of line, a socket
that does not answer) is left to `pyvtysh.cli`, as long as no line has been sent.
"""

import os
import sys
from _socket import AF_UNIX, SOCK_STREAM, socket

from pyvtysh.history import History
from pyvtysh.table import ORDER, read_table, taker

TYPE_CHECKING = False
if TYPE_CHECKING:  # as `typing` has it, which costs more to import than all of this
    from collections.abc import Callable, Generator

_MARKS = ("-m", "--markfile")
_PARTS = (*ORDER, "no-header")

_OPTIONS = {
    "-c": "line",
    "--command": "line",
    "-d": "daemon",
    "--daemon": "daemon",
    "--vty_socket": "sockets",
    "--config_dir": "config",
    "-N": "pathspace",
    "--pathspace": "pathspace",
    "-H": "histfile",
    "--histfile": "histfile",
    "-f": "file",
    "--inputfile": "file",
}
_SUCCESS, _WARNING, _SUCCESS_DAEMON, _NO_DAEMON, _READ_ONLY = 0, 1, 10, 16, 17
_CHUNK = 65536
_TOPICS = ("version", "daemons", "running", "configure", "end")
"""The lines of vtysh itself that are known here."""

_SAYS = {
    2: "% Unknown command: ",
    3: "% Ambiguous command: ",
    4: "% Command incomplete: ",
}
"""What is said of a line of vtysh's that the daemons do not understand, by their status."""


Step = tuple[str, str, str]
"""What is done: `ask` these daemons (with commas) up to the first that does not take the line, ask
`all`, or `each` of them whatever it says (all, if none is named), `tell` of a topic, `refuse`
with a status; `move` is to another node, which `pyvtysh.planning` makes steps of."""


class NotPlainError(Exception):
    """This is for `pyvtysh.cli`."""


def program() -> None:
    """`main` as a whole process; the interpreter's tidying at the end would take 1.5 ms."""
    status = main()
    if "pyvtysh.cli" in sys.modules:
        _written_out()
    os._exit(status)  # nothing else is buffered: what is said here is written at once


def _written_out() -> None:
    """What the shell printed and is buffered goes out; `main` has told of a stream that cannot."""
    from contextlib import suppress

    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()


def main() -> int:
    """Run `vtysh` with the process's arguments; its exit status."""
    try:
        try:
            shell = _prepared(sys.argv[1:])
        except (NotPlainError, OSError):
            return _whole_shell()
        return shell.run()
    except (KeyboardInterrupt, BrokenPipeError):
        pass
    except OSError as error:
        _say(f"vtysh: cannot write the answer: {error.strerror}\n")
    return 1


def _whole_shell() -> int:
    """Leave all to `pyvtysh.cli`; a collection would take a fifth of its start."""
    import gc

    gc.disable()
    from grammar.base.deferred import defer_methods

    defer_methods()
    from pyvtysh.cli import main as run

    return run()


def _prepared(arguments: list[str]) -> "OneShot":
    """A shell that is connected and knows the takers of all its lines; NotPlainError, OSError."""
    if "VTYSH_LOG" in os.environ:
        raise NotPlainError
    for number in range(3):
        os.fstat(number)  # OSError if it is closed: a socket would get its number
    given = parse(arguments)
    plan = planned(given["line"])
    suffix = "".join(f"/{name}" for name in given["pathspace"][-1:])
    shell = OneShot(
        plan,
        "".join(given["sockets"][-1:] or ["/var/run/frr"]) + suffix,
        "".join(given["config"][-1:] or ["/etc/frr"]) + suffix,
    )
    shell.histfile = given["histfile"][-1] if given["histfile"] else None
    shell.read_own_file()
    shell.marked = given["file"][-1] if given["file"] else None
    if shell.marked is None:
        shell.connect(ORDER if not given["daemon"] else given["daemon"][-1:])
    shell.complain()
    return shell


def parse(arguments: list[str]) -> dict[str, list[str]]:
    """What is given for each option: lines, or a file to be marked; NotPlainError."""
    given: dict[str, list[str]] = {meaning: [] for meaning in _OPTIONS.values()}
    marks = [word for word in arguments if word in _MARKS]
    words = iter(word for word in arguments if word not in _MARKS)
    for word in words:
        option, equals, value = word.partition("=") if word[:2] == "--" else (word, "", "")
        meaning = _OPTIONS.get(option)
        if meaning is None:
            raise NotPlainError
        if not equals:
            try:
                value = next(words)
            except StopIteration:
                raise NotPlainError from None
        given[meaning] += value.split("\n") if meaning == "line" else [value]
    kinds = bool(marks), bool(given["file"]), bool(given["line"])
    if kinds not in ((True, True, False), (False, False, True)) or any(
        name not in ORDER for name in given["daemon"]
    ):
        raise NotPlainError
    if any("/" in name or "." in name or not name for name in given["pathspace"]):
        raise NotPlainError
    return given


def planned(lines: list[str]) -> list[tuple[str, list[Step]]]:
    """The lines, each with its steps; NotPlainError."""
    table = read_table()
    planner = None
    plan = []
    for line in lines:
        if "|" in line or line.rstrip()[-1:] == "?":
            raise NotPlainError
        if planner is None:
            step = exec_step(table, line)
            if step[0] != "move":
                plan.append((line, [step]))
                continue
            from pyvtysh.planning import Planner

            planner = Planner(table)
        plan.append((line, planner.steps(line)))
    return plan


def exec_step(table: list[str], line: str) -> Step:
    """What a line of the enable node gives; NotPlainError."""
    found = taker(table, line.split())
    if found[:5] != "vtysh":
        if not found:
            raise NotPlainError
        return "ask", line, found
    topic = found[6:]
    if topic not in _TOPICS:
        raise NotPlainError
    if topic in ("configure", "end"):
        return "move", topic, line
    if topic == "running" and any(word not in _PARTS for word in line.split()[2:]):
        raise NotPlainError  # abbreviated
    return "tell", topic, line


class OneShot:
    """The lines with what each gives, and a socket to each daemon."""

    def __init__(self, plan: list[tuple[str, list[Step]]], sockets: str, config: str) -> None:
        self.plan = plan
        self.sockets = sockets
        self.config = config
        self.histfile: str | None = None
        self.marked: str | None = None
        self.hostname = os.uname().nodename
        self.integrated = False
        self.users: dict[str, None] = {}
        self.links: dict[str, socket] = {}
        self._lost: set[str] = set()
        self.print = _write
        """Takes answers."""

    def read_own_file(self) -> None:
        """Read vtysh.conf; NotPlainError when more than names of this router and users is in it."""
        path = f"{self.config}/vtysh.conf"
        try:
            with open(path, encoding="utf-8", errors="surrogateescape") as file:
                lines = file.read().splitlines()
        except OSError as error:
            self._complaint = f"% Can't open configuration file {path} due to '{error.strerror}'.\n"
            return
        for line in lines:
            match line.split():
                case ["username", name, "nopassword"]:
                    self.users.setdefault(name)
                case ["service", "integrated-vtysh-config"]:
                    self.integrated = True
                case ["hostname", name] if name.isascii() and name[0].isalnum() and len(name) < 60:
                    self.hostname = name
                case []:
                    pass
                case [first, *_] if first[0] in "!#":
                    pass
                case _:
                    raise NotPlainError

    _complaint = ""

    def connect(self, names: "tuple[str, ...] | list[str]") -> None:
        """Connect to those that have a socket and enable each; NotPlainError, OSError."""
        found = os.listdir(self.sockets)
        for name in names:
            if f"{name}.vty" in found:
                self.links[name] = self._connected(name)
        if not self.links:
            raise NotPlainError

    def complain(self) -> None:
        """Say what was wrong with vtysh.conf."""
        if self._complaint:
            _say(self._complaint)

    def _connected(self, name: str) -> socket:
        link = socket(AF_UNIX, SOCK_STREAM)
        link.connect(f"{self.sockets}/{name}.vty")
        for _ in _answer(link, "enable"):
            pass
        return link

    def run(self) -> int:
        """Run the lines up to the first that fails: 0 or 1; OSError if nobody takes the answers."""
        if self.marked is not None:
            return _mark(self.marked)
        if os.isatty(1):
            from grammar.visible import visible_bytes  # for terminals

            self.print = lambda data: _write(visible_bytes(data))
        history = History.open(self.histfile)
        for line, steps in self.plan:
            history.add(line)
            for step in steps:
                if self._do(*step) not in (_SUCCESS, _WARNING, _SUCCESS_DAEMON):
                    return 1
        return 0

    def _do(self, kind: str, line: str, names: str) -> int:
        match kind:
            case "ask":
                return self._ask(names.split(","), line)
            case "tell":
                self.print(self._told(line, names).encode("utf-8", "surrogateescape"))
                return _SUCCESS
            case "refuse":
                text = f"{_SAYS[int(names)]}{line.strip()}\n"
                _write(text.encode("utf-8", "surrogateescape"))
                return int(names)
        last = _SUCCESS
        for name in names.split(",") if names else list(self.links):
            last = self._ask_one(name, line, self.print) or last
            if last == _READ_ONLY:  # the others would say the same
                return last
        if kind == "each":
            return _SUCCESS
        if last in _SAYS:
            _write(f"{_SAYS[last]}{line}\n".encode("utf-8", "surrogateescape"))
        return last

    def _told(self, topic: str, line: str) -> str:
        if topic == "version":
            from grammar.base.release import version_text

            return version_text(self.hostname, os.uname().release)
        if topic == "running":
            return self._running(line.split()[2:])
        return "".join(f" {name}" for name in self.links) + "\n"

    def _running(self, words: list[str]) -> str:
        from grammar.merging import vtysh_running_config

        names = [name for name in self.links if name != "watchfrr"]
        if words and words[0] in ORDER:
            names = [name for name in names if name == words[0]]
        texts = []
        for name in names:
            text: list[bytes] = []
            self._ask_one(name, "do write terminal", text.append)
            texts.append(b"".join(text).decode("utf-8", "surrogateescape"))
        return vtysh_running_config(texts, self._own_lines(), header="no-header" not in words)

    def _own_lines(self) -> list[str]:
        lines = [f"hostname {self.hostname}"]
        lines += ["service integrated-vtysh-config"] * self.integrated
        return lines + [f"username {user} nopassword" for user in self.users]

    def _ask(self, names: list[str], line: str) -> int:
        for name in names:
            self._reconnect(name)
            if name not in self.links:
                if len(names) == 1:
                    _say(f"{name} is not running\n")
                    return _NO_DAEMON
                continue
            status = self._ask_one(name, line, self.print)
            if status != _SUCCESS:
                return status
        return _SUCCESS

    def _ask_one(self, name: str, line: str, take: "Callable[[bytes], object]") -> int:
        if name not in self.links:
            return _SUCCESS
        answer = _answer(self.links[name], line)
        while True:
            try:
                text = next(answer)
            except StopIteration as end:
                return int(end.value)
            except OSError:
                _say(f"Warning: closing connection to {name} because of an I/O error!\n")
                self.links.pop(name).close()
                self._lost.add(name)
                return _SUCCESS
            take(text)

    def _reconnect(self, name: str) -> None:
        if name not in self._lost:
            return
        _say(f"Warning: connecting to {name}...")
        try:
            self.links[name] = self._connected(name)
        except OSError:
            _say("failed!\n")
        else:
            _say("success!\n")
            self._lost.discard(name)


def _answer(link: socket, line: str) -> "Generator[bytes, None, int]":
    """Send a line; yields the answer as it comes and returns its status; OSError."""
    link.sendall(line.encode("utf-8", "surrogateescape") + b"\0")
    trailer = b""
    while len(trailer) < 4:
        data = link.recv(_CHUNK)
        if not data:
            raise OSError
        if trailer:
            trailer += data
            continue
        text, nul, rest = data.partition(b"\0")
        trailer = nul + rest
        if text:
            yield text
    return trailer[3]


def _mark(path: str) -> int:
    """`-m`: write a file with marks where a node is left."""
    from pyvtysh.marking import mark_file

    texts: list[str] = []
    said: list[str] = []
    status = mark_file(path, texts.append, said.append)
    _write("".join(texts).encode("utf-8", "surrogateescape"))
    _say("".join(said))
    return status


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(1, data) :]


def _say(text: str) -> None:
    os.write(2, text.encode("utf-8", "surrogateescape"))
