"""vtysh's core: which daemons get a line, in what order, and what their answers mean together.

`Vtysh.execute(line)` is a generator: it yields text and returns a status; nothing here reads a
terminal, waits for time or imports more than the standard library. What is sent in which case is
FRR's (reference, "What vtysh sends").
"""

import contextlib
import socket
from collections.abc import Callable, Iterable, Iterator
from types import GeneratorType
from typing import TYPE_CHECKING

from grammar.base.errors import CommandError, Status
from grammar.call import Call, Change, Reply
from grammar.command import Opens
from grammar.declared import Language
from grammar.language.match import Ambiguous, Incomplete, Match, Result, Unknown, match, split_words
from grammar.node import CONFIG, ENABLE, VIEW, Node
from grammar.session import TO_READ_ONLY, Session
from pyvtysh.link import Link, LinkLostError, Running, mapped, refused
from pyvtysh.merged import ORDER, MergedLanguage, Route
from pyvtysh.monitors import Monitors
from pyvtysh.passing import UNTAKEN, is_of_block, pass_on
from pyvtysh.seen import Seen

if TYPE_CHECKING:
    from pyvtysh.candidate.archive import Memory
    from pyvtysh.candidate.confirm import Keeper
    from pyvtysh.candidate.editing import Editing

Connect = Callable[[str], Link | None]
"""Makes a link to a daemon by name; None if it does not run; OSError if it cannot be reached."""

SAYS: dict[int, str] = {
    Status.AMBIGUOUS: "% Ambiguous command: ",
    Status.INCOMPLETE: "% Command incomplete: ",
    Status.NO_MATCH: "% Unknown command: ",
}
"""What is said ahead of a line that nobody takes."""
_STATUS = {
    Ambiguous: Status.AMBIGUOUS,
    Incomplete: Status.INCOMPLETE,
    Unknown: Status.NO_MATCH,
}


class Vtysh:
    """One user's shell over the daemons: the node it is in, and a link to each daemon."""

    name = "vtysh"
    hints = True  # whether a terminal shows what a word may become, and marks those that are none
    aliases: dict[str, str] | None = None  # the user's own words for lines
    printable: Callable[[str], str] = str  # of a terminal's: text that it does not obey

    def __init__(
        self,
        language: Language,
        languages: dict[str, Language],
        connect: Connect,
        say: Callable[[str], None],
        config_dir: str = "/etc/frr",
    ) -> None:
        """`say` takes what goes to standard error, with its newline."""
        self.language = language
        self.merged = MergedLanguage(language, languages)
        self.say = say
        self.config_dir = config_dir
        self.links: dict[str, Link] = {}
        self.only: str | None = None
        self.user_mode = False
        self.hostname = socket.gethostname()
        self.domainname: str | None = None
        self.configured_hostname: str | None = None
        self.integrated: bool | None = None
        self.motd: str | None = None
        self.users: list[str] = []
        self.kept: list[str] = []
        """What vtysh's own lines in a file said, told at its end."""
        self.paginate: bool | None = None
        self.output_path: str | None = None
        self.history: list[str] = []
        self.through_warnings = False
        self.fault: tuple[str, int] | None = None
        """The last line that was not understood and the word that is wrong, counted from 0."""
        self.indented: bool | None = None
        """Whether the line of a file that is at work begins with a blank; None when typed."""
        self.asked = ""
        """The daemon that was asked last."""
        self.listings: dict[str, dict[Node, str]] = {}
        """What daemons list in nodes, by daemon; asked for when a line is not known here."""
        self.monitors: Monitors | None = None
        """Log lines of daemons; None where nobody would see them."""
        self.seen = Seen()
        self.candidate: Editing | None = None
        self.memory: Memory | None = None
        self.keeper: Keeper | None = None
        """What is edited as a candidate; its commits and who takes them back, if not in files."""
        self.has_input = False
        """Whether standard input is the user's."""
        self.further_link = connect
        self._lost: set[str] = set()
        self.session = Session(self, ENABLE)

    # What `grammar.session.Daemon` asks for

    def react(self, changes: list[Change]) -> None:
        """Commands of vtysh have no effects."""

    def render(self, view: object, as_json: bool) -> Iterable[str]:
        """Commands of vtysh answer with text."""
        return [str(view)]

    def bug(self, where: str, error: Exception) -> None:
        """Tell the user."""
        self.say(f"vtysh: internal error at {where!r}: {error!r}\n")

    # State

    @property
    def node(self) -> Node:
        """The node the next line is tried in first."""
        return self.session.node

    @property
    def prompt(self) -> str:
        """`router(config-router)# `."""
        mode = self.candidate.prompt if self.candidate else self.node.prompt
        return f"{self.hostname}{mode}{'>' if self.node is VIEW else '#'} "

    @property
    def closed(self) -> bool:
        """True after `exit` at the top."""
        return self.session.closed

    def connect(self) -> int:
        """Connect to every daemon that runs, and enable each; how many there are."""
        for name in ORDER:
            if self.only is None or name == self.only:
                self._try(name)
        return len(self.links)

    def _try(self, name: str) -> bool:
        link = self.further_link(name)
        if link is None:
            return False
        self.links[name] = link
        if self.session.read_only:
            collect(self.ask(name, TO_READ_ONLY))  # FRR's daemons do not know it
        if not self.user_mode:
            for _ in self.ask(name, "enable"):
                pass
        return name in self.links

    def close(self) -> None:
        """Close all links."""
        if self.candidate is not None:
            self.candidate.close()
        for link in self.links.values():
            link.close()
        self.links.clear()

    # Lines

    def find(self, text: str) -> tuple[Result, Node]:
        """What the line means and the node in which it does: this one, or one above it.

        Nodes above are looked at for a line that is unknown here, not for an incomplete one. When
        no node takes it, the result is that of the present node.
        """
        words = split_words(text)
        if words[0] == "do" and len(words) > 1 and self.node is not VIEW:
            return match(self.merged.graph(ENABLE), words[1:]), ENABLE
        here = node = self.node
        first = result = match(self.merged.graph(here), words)
        while isinstance(result, Unknown):
            if node.parent is None or (node is here and is_of_block(self, words)):
                break
            node = node.parent
            result = match(self.merged.graph(node), words)
        return (result, node) if isinstance(result, Match) else (first, here)

    def execute(self, line: str) -> Running:
        """Run a line, with its filter; yields text and returns the status."""
        text = line.strip()
        if not text or text[0] in "!#":
            return Status.SUCCESS
        running = self._filtered(text, line) if "|" in text else self.execute_plain(text, line)
        if self.seen.earlier is not None and text.startswith("sh"):
            running = self.seen.earlier.kept(text, running)
        return (yield from running)

    def _filtered(self, text: str, line: str) -> Running:
        from pyvtysh.pipes.running import run_piped  # few lines have a filter

        return run_piped(self, text, line)

    def execute_plain(self, text: str, line: str) -> Running:
        """Run a line that has no filter; `text` is what counts of it."""
        self.fault = None
        if self.candidate and self.candidate.is_open():
            return (yield from self.candidate.execute(text, line))
        result, node = self.find(text)
        if not isinstance(result, Match):
            return (yield from self._beyond(result, text, line))
        if self._refuses(result):
            return (yield from refused(text))
        if node is not self.node and node is not ENABLE:
            while self.node is not node:
                yield from self.leave()
        return (yield from self.run_route(result, line))

    def _beyond(self, result: Result, text: str, line: str) -> Running:
        """A line that FRR's vtysh does not have: ours may be one, outside of configuration."""
        node, words = self.node, split_words(text)
        if words[0] == "do" and len(words) > 1 and node.is_config:
            node, words = ENABLE, words[1:]
        elif node.is_config:
            return (yield from self._unknown(result, text, line))
        if isinstance(result, Unknown):
            from pyvtysh import beyond  # for those who use such lines

            found = beyond.find(node, words)
            if isinstance(found, Match):
                if self._refuses(found):
                    return (yield from refused(text))
                return (yield from self.run_own(found, text))
            result = result if isinstance(found, Unknown) else found
        return (yield from self._unknown(result, text, line))

    def _refuses(self, result: Match) -> bool:
        assert isinstance(result.command, Route)
        return not self.session.may(result.command.command.notation)

    def _unknown(self, result: Result, text: str, line: str) -> Running:
        """A line that we do not know: whoever may know it is asked."""
        status: int = _STATUS[type(result)]
        may = self.session.may(text)
        if not may and not (isinstance(result, Unknown) and not result.index):
            return (yield from refused(text))
        if status != Status.AMBIGUOUS and may:
            answer = yield from pass_on(self, line)
            if answer not in UNTAKEN:
                return answer
            status = status if answer == Status.NO_MATCH else answer
        index = result.index if isinstance(result, Unknown | Ambiguous) else -1
        words = split_words(text)
        shift = 1 if words[0] == "do" and self.node is not VIEW else 0
        self.fault = (text, index + shift if index >= 0 else len(words))
        yield f"{SAYS[status]}{text}\n"
        return status

    def run_route(self, result: Match, line: str) -> Running:
        """Run a matched line, here or in the daemons, and follow it into its node."""
        route = result.command
        assert isinstance(route, Route)
        if route.own:
            return (yield from self.run_own(result, line))
        status = yield from self.ask_owners(route.owners, line)
        command = route.command
        if isinstance(command, Opens) and not result.negated and status in (0, 1, 16):
            into = command.into
            self.session.enter(into if isinstance(into, Node) else into(result.values), None)
        return status

    def run_own(self, result: Match, line: str, session: Session | None = None) -> Running:
        """Run a matched line of vtysh itself."""
        text = line.strip()
        route = result.command
        assert isinstance(route, Route)
        call = Call(session or self.session, route.command, result.values, result.negated, text)
        try:
            answer = route.command.run(call)
            if isinstance(answer, GeneratorType):
                status = (yield from answer) or Status.SUCCESS
                if status in UNTAKEN:  # the daemon that was asked in another form does not know it
                    yield f"{SAYS[status]}{text}\n"
                return int(status)
        except CommandError as error:
            yield f"{error.text}\n" if error.text else ""
            return error.status
        if isinstance(answer, Reply):
            yield from answer.output
            return answer.status
        if isinstance(answer, str):
            yield answer
        return Status.SUCCESS

    # Daemons

    def ask(self, name: str, line: str) -> Running:
        """Send a line to one daemon; a daemon that went away is told about and forgotten."""
        link = self.links.get(name)
        if link is None:
            return Status.SUCCESS
        try:
            return (yield from link.run(line))
        except LinkLostError:
            self.say(f"Warning: closing connection to {name} because of an I/O error!\n")
            link.close()
            self.links.pop(name, None)
            self._lost.add(name)
            return Status.SUCCESS

    def told(self, name: str, line: str) -> Running:
        """Ask one daemon for an answer that is to be printed."""
        return mapped(self.ask(name, line), self.printable)

    def ask_owners(self, owners: Iterable[str], line: str) -> Running:
        """Send a line to its daemons in order, up to the first that does not take it."""
        names = list(owners)
        for name in names:
            self._reconnect(name)
            self.asked = name
            if name not in self.links:
                if len(names) == 1 and self.indented is None:
                    self.say(f"{name} is not running\n")
                    return Status.NO_DAEMON
                continue
            status = yield from self.told(name, line)
            if status == Status.WARNING and self.through_warnings:
                continue
            if status != Status.SUCCESS:
                return status
        return Status.SUCCESS

    def ask_all(self, line: str) -> Running:
        """Send a line to every daemon; the last status that is not 0."""
        last: int = Status.SUCCESS
        for name in list(self.links):
            status = yield from self.ask(name, line)
            last = status or last
            if status == Status.READ_ONLY:  # the others would say the same
                break
        return last

    def _reconnect(self, name: str) -> None:
        if name not in self._lost:
            return
        self.say(f"Warning: connecting to {name}...")
        try:
            found = self._try(name)
        except OSError:
            found = False
        self.say("success!\n" if found else "failed!\n")
        if found:
            self._lost.discard(name)

    def reconnect(self, *, anew: bool = False) -> set[str]:
        """Connect to daemons that went away, or to all `anew`; those that are away still."""
        for name in list(self.links) if anew else ():
            self.links.pop(name).close()
            self._lost.add(name)
        for name in sorted(self._lost, key=ORDER.index):
            with contextlib.suppress(OSError):
                self._lost -= {name} if self._try(name) else set()
        return set(self._lost)

    # Moving between nodes

    def leave(self) -> Running:
        """`exit`: one node up; daemons whose node it was follow, and all are put in step again."""
        node = self.node
        if not node.is_config:
            self.session.leave()
            return Status.SUCCESS
        if node is CONFIG:
            yield from self.ask_all("end")
            self.session.leave()
            return Status.SUCCESS
        for name in self.merged.owners_of_node(node):
            yield from self.ask(name, "exit")
        self.session.leave()
        if self.node is CONFIG:
            yield from self.ask_all("end")
            yield from self.ask_all("configure")
        return Status.SUCCESS


def drain(running: Running, write: Callable[[str], object]) -> int:
    """Run a generator to its end, writing what it yields; its status."""
    while True:
        try:
            write(next(running))
        except StopIteration as end:
            return int(end.value)


def collect(running: Running) -> tuple[str, int]:
    """The whole text of an answer and its status."""
    texts: list[str] = []
    status = drain(running, texts.append)
    return "".join(texts), status


def texts_of(vtysh: Vtysh, line: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The answers of several daemons to one line, with their names."""
    for name in names:
        if name in vtysh.links:
            yield name, collect(vtysh.ask(name, line))[0]
