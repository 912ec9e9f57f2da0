"""The router of `pyvtysh.connect()`: lines out, answers in, over the daemons' vty sockets."""

import json
import re
from collections.abc import Iterator
from threading import Lock
from types import TracebackType
from typing import Any, Literal, Self, overload

from grammar.base.errors import Status
from grammar.node import ENABLE, VIEW
from pyvtysh.api.errors import VTYSH, Answer, ConnectError, JsonError, LostError, RefusedError
from pyvtysh.commands import LANGUAGE
from pyvtysh.dispatch import Connect, Vtysh, collect
from pyvtysh.link import LinkLostError, Running, SocketLink
from pyvtysh.loading import load_lines, read_own_file
from pyvtysh.merged import ORDER, MergedLanguage, load_languages
from pyvtysh.passing import UNTAKEN

_SHOW = "show "


def connect(
    vty_socket: str = "/var/run/frr",
    *,
    daemon: str | None = None,
    config_dir: str = "/etc/frr",
    timeout: float | None = None,
) -> "Router":
    """Connect to the daemons whose sockets (`bgpd.vty`, ...) are in the folder `vty_socket`.

    `daemon` names the only one to talk to; `config_dir` is where `write memory` writes. `timeout`
    are seconds that a daemon may be silent while it answers, None for ever. ConnectError if no
    daemon answers.
    """
    return opened(Sockets(str(vty_socket), timeout), str(config_dir), daemon)


def opened(
    sockets: "Sockets", config_dir: str, daemon: str | None, *, user: bool = False
) -> "Router":
    """A router over these sockets; ConnectError."""
    router = Router(sockets.connect, config_dir, daemon, user=user)
    if not router.daemons:
        raise ConnectError(sockets.folder, tuple(sockets.failed))
    return router


class Sockets:
    """Links to the daemons of a folder; `failed` are sentences about sockets nobody answers on."""

    def __init__(self, folder: str, timeout: float | None) -> None:
        self.folder = folder
        self.failed: list[str] = []
        self._timeout = timeout
        self._links: dict[str, SocketLink] = {}

    def connect(self, name: str) -> SocketLink | None:
        """A link to this daemon; None if it does not run."""
        path = f"{self.folder}/{name}.vty"
        try:
            link = SocketLink(name, path, self._timeout)
        except FileNotFoundError:
            return None
        except OSError as error:
            self.failed.append(f"{path}: {error.strerror or error}")
            return None
        self._links[name] = link
        return link

    def interrupt(self) -> None:
        """From another thread: whoever waits for an answer is told that its daemon is lost."""
        for link in list(self._links.values()):
            link.interrupt()


class Shell(Vtysh):
    """vtysh's core for a program: a daemon that is lost is an error, and who answered is kept."""

    def __init__(self, connect: Connect, config_dir: str | None) -> None:
        self.said: list[str] = []
        self.answers: list[tuple[str, int]] = []
        """Daemons in the order in which they answered the present line, with the statuses."""
        super().__init__(LANGUAGE, {}, connect, self.said.append, config_dir or "")
        self.merged = _language()
        if config_dir is not None:
            read_own_file(self, f"{config_dir}/vtysh.conf")

    def ask(self, name: str, line: str) -> Running:
        """Send a line to one daemon; LostError when it is gone, or is silent for too long."""
        link = self.links.get(name)
        if link is None:
            return Status.SUCCESS
        try:
            status = yield from _others_at_work(link.run(line))
        except LinkLostError as error:
            self.drop(name)
            raise LostError(line, name, error.strerror or str(error)) from error
        self.answers.append((name, status))
        return status

    def drop(self, name: str) -> None:
        """Close the link to a daemon, which is connected to again before the next line."""
        self.links.pop(name).close()
        self._lost.add(name)

    def begin(self) -> None:
        """A line is to come: lost daemons are tried again, but not amid configuration."""
        if self._lost and not self.node.is_config:
            self._lost -= {name for name in self._lost if self._try(name)}
        self.said.clear()
        self.answers.clear()

    def _reconnect(self, name: str) -> None:
        """Done in `begin`, for all and without a word."""


_at_work = Lock()
"""Held by the thread that reads lines: graphs of the language, which routers of all threads share,
grow while they are read. Free while a daemon is waited for."""

_merged: list[MergedLanguage] = []


def _language() -> MergedLanguage:
    if not _merged:
        _merged.append(MergedLanguage(LANGUAGE, load_languages()))
    return _merged[0]


def _others_at_work(running: Running) -> Running:
    while True:
        _at_work.release()
        try:
            chunk = next(running)
        except StopIteration as end:
            return int(end.value)
        finally:
            _at_work.acquire()
        yield chunk


class Router:
    """A conversation with the daemons of a router, in the enable node; a context manager.

    One thread at a time may use it.
    """

    def __init__(
        self,
        connect: Connect,
        config_dir: str | None = None,
        daemon: str | None = None,
        *,
        user: bool = False,
    ) -> None:
        """`connect` makes the link to a daemon, None if it does not run; `user` as vtysh's `-u`."""
        self._home = VIEW if user else ENABLE
        with _at_work:
            self.shell = Shell(connect, config_dir)
            self.shell.only = daemon
            self.shell.user_mode = user
            self.shell.session.go(self._home)
            self.shell.connect()

    @property
    def daemons(self) -> tuple[str, ...]:
        """Those that are connected, in vtysh's order."""
        return tuple(name for name in ORDER if name in self.shell.links)

    @overload
    def show(self, command: str, *, json: Literal[False] = False) -> str: ...

    @overload
    def show(self, command: str, *, json: Literal[True]) -> Any: ...

    def show(self, command: str, *, json: bool = False) -> Any:
        """What `show COMMAND` prints; the word `show` may be there or not.

        With `json` the line is sent with `json` behind it and its answer is parsed: JsonError if
        it is none. An answer that is JSON counts also where the status is a warning, as FRR
        answers for what is not there. RefusedError, LostError.
        """
        line = self._exec(command if command.startswith(_SHOW) else _SHOW + command)
        if not json:
            return self.run(line).checked()
        answer = self.run(f"{line} json")
        return parsed(answer)

    def run(self, line: str) -> Answer:
        """Run any one line, as it would be typed, and give its answer; LostError.

        What is refused is no exception here: see `Answer.ok`. ValueError for what is not one line.
        """
        if "\n" in line or "\0" in line:
            raise ValueError(f"not one line: {line!r}")
        return self.drive(line, self.shell.execute(line))

    def drive(self, line: str, running: Running) -> Answer:
        """Run what the shell does for a line, or in its place, to its end.

        LostError; the daemons are in their enable node then, in step with each other.
        """
        try:
            with _at_work:
                self.shell.begin()
                text, status = collect(running)
        except LostError:
            self._ended()
            raise
        said = "".join(self.shell.said)
        return Answer(line, text, status, _asked(self.shell.answers, status), said)

    def execute(self, *lines: str) -> str:
        """Run lines of the enable node (`clear bgp *`); what they print.

        RefusedError, LostError.
        """
        return "".join([self.run(self._exec(line)).checked() for line in lines])

    def _exec(self, line: str) -> str:
        """The line as it is typed here: with `do` amid configuration."""
        return f"do {line}" if self.shell.node.is_config else line

    def load(self, text: str) -> None:
        """Put a configuration in force, as `vtysh -f`: it takes effect once, at its end.

        Lines that are refused are passed over; at the end RefusedError for the first of them, with
        what was said of all as its text. LostError.
        """
        lines = text.split("\n")
        answer = self.drive("load", load_lines(self.shell, [f"{line}\n" for line in lines]))
        if not self.shell.user_mode:
            with _at_work:
                collect(self.shell.ask_all("enable"))  # a file ends in the view node
        if not answer.ok:
            raise first_refused(answer, lines)

    def configure(self) -> "Configuration":
        """`with router.configure() as c: c("router bgp 65001", "neighbor ...")`."""
        return Configuration(self)

    def running_config(self) -> str:
        """`show running-config` of all daemons together."""
        return self.show("running-config no-header")

    def leave(self) -> None:
        """Back to the enable node, wherever the lines before have led; LostError."""
        if self.shell.node.is_config and (lost := self._ended()):
            raise lost[-1]
        self.shell.session.go(self._home)

    def drop(self) -> None:
        """Cut all connections; the next line makes new ones."""
        for name in self.daemons:
            self.shell.drop(name)
        self.shell.session.go(self._home)

    def _ended(self) -> list[LostError]:
        """All daemons go to their enable node; those that are lost on the way."""
        lost = []
        for name in self.daemons:
            try:
                with _at_work:
                    collect(self.shell.ask(name, "end"))
            except LostError as error:
                lost.append(error)
        self.shell.session.go(self._home)
        return lost

    def close(self) -> None:
        """End the conversation."""
        self.shell.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Configuration:
    """Lines from `configure terminal` on; the node is kept from one call to the next.

    There is no transaction: lines before one that is refused stay in force.
    """

    def __init__(self, router: Router) -> None:
        self._router = router
        self._lines = 0

    def __call__(self, *lines: str) -> str:
        """Run lines, each of which may be a text of several; what they print.

        RefusedError for the first that is not taken (its `number` counts all lines of this
        configuration from 1), LostError.
        """
        texts = []
        for line in _split(lines):
            self._lines += 1
            texts.append(self._router.run(line).checked(self._lines))
        return "".join(texts)

    def __enter__(self) -> Self:
        self._router.execute("configure terminal")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._router.leave()
        except LostError:
            if error is None:
                raise


def parsed(answer: Answer) -> Any:
    """The JSON of an answer; RefusedError, JsonError."""
    if not answer.ok and answer.status != Status.WARNING:
        return answer.checked()
    try:
        value = json.loads(answer.text)
    except ValueError:
        answer.checked()
        raise JsonError(answer.line, answer.daemon, answer.text) from None
    match value:
        case {"warning": str(), **others} if not answer.ok and not others:
            return answer.checked()
    return value


_REFUSED = re.compile(r"^line (\d+): (?:Failure to communicate\[\d+\] to (\w+))?", re.MULTILINE)


def first_refused(answer: Answer, lines: list[str]) -> RefusedError:
    """The error for the first of `lines` that was refused while they were loaded."""
    found = _REFUSED.search(answer.said)
    number = int(found[1]) if found else None
    line = lines[number - 1] if number is not None else answer.line
    daemon = found[2] if found and found[2] else VTYSH
    return RefusedError(line, daemon, answer.text + answer.said, answer.status, number)


def _split(lines: tuple[str, ...]) -> Iterator[str]:
    for text in lines:
        yield from text.split("\n")


def _asked(answers: list[tuple[str, int]], status: int) -> str:
    """Who gave the status; the shell itself where nobody, or everybody, could not read the line."""
    given = [name for name, each in answers if each == status]
    if status in UNTAKEN and len(set(given)) > 1:
        return VTYSH
    if not given and status in (Status.SUCCESS, Status.SUCCESS_DAEMON):
        given = [name for name, _ in answers]
    return given[-1] if given else VTYSH
