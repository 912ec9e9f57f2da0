"""The only executor of lines: a node stack, and `execute(line)`. No I/O, no time.

One `Session` is one connection to a daemon (FRR's struct vty): its node lives as long as it does.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from grammar.base.errors import CommandError, Status
from grammar.base.log import Monitor
from grammar.command import Answer, Call, Change, Command, Reply, View
from grammar.declared import Language
from grammar.filtering import FilterError, included, split_filter
from grammar.language.match import Ambiguous, Incomplete, Match, Unknown, match, split_words
from grammar.node import CONFIG, ENABLE, VIEW, Node

TO_READ_ONLY = "terminal read-only"
"""Makes a session of a daemon of ours one that may only look, for good."""


class Daemon(Protocol):
    """What a component offers to the sessions that drive it."""

    @property
    def language(self) -> Language:
        """The commands it understands."""
        ...

    def react(self, changes: list[Change]) -> None:
        """Bring running state in line with the changed configuration; called once per line, or
        once for a whole file that was loaded."""
        ...

    def render(self, view: Any, as_json: bool) -> Iterable[str]:
        """The text of a view, in chunks."""
        ...

    def bug(self, where: str, error: Exception) -> None:
        """Log an unexpected exception; the user gets one line."""
        ...


@dataclass(slots=True)
class Place:
    """A node the session is in, and the object of that node.

    `alive` tells whether the object is still configured; another session may have removed it.
    """

    node: Node
    target: Any
    alive: Callable[[], bool] | None = None


class Witness(Protocol):
    """Hears of each line that is one of the language, when it is through."""

    def ran(self, call: Call, node: Node, reply: Reply) -> None:
        """`node` is the one in which the line was taken; the reply's text is for the client."""
        ...


class Session:
    """Lines in, replies out, for one user of one daemon."""

    def __init__(self, daemon: Daemon, node: Node = VIEW) -> None:
        self.daemon = daemon
        self.changes: list[Change] = []
        self.closed = False
        self.loading = False
        """True between XFRR_start_configuration and XFRR_end_configuration: effects wait."""
        self._places = [Place(node, daemon)]
        self._monitor: Monitor | None = None
        self.passes = False
        """Whether the connection can give a descriptor away."""
        self.handing: Monitor | None = None
        """What leaves with the answer to the present line; the connection takes it from here."""
        self.read_only = False
        """Lines that do more than look are refused, and secrets hidden; never taken back."""
        self.witness: Witness | None = None
        self._ran: tuple[Call, Node] | None = None

    @property
    def node(self) -> Node:
        """The node the next line is tried in first."""
        return self._places[-1].node

    @property
    def node_object(self) -> Any:
        """The object of that node."""
        return self._places[-1].target

    @property
    def is_stale(self) -> bool:
        """True if another session removed the object of this node or of one around it."""
        return any(place.alive is not None and not place.alive() for place in self._places)

    def enter(self, node: Node, target: Any, alive: Callable[[], bool] | None = None) -> None:
        """Go into a node below its parent (places below the parent are left)."""
        while len(self._places) > 1 and self.node is not node.parent:
            self._places.pop()
        self._places.append(Place(node, target, alive))

    def go(self, node: Node) -> None:
        """Go to a top node (view, enable, config)."""
        self._places = [Place(node, self.daemon)]

    def leave(self) -> None:
        """`exit`: to the node above; from config to enable; from view or enable the end."""
        if len(self._places) > 1:
            self._places.pop()
        elif self.node is CONFIG:
            self.go(ENABLE)
        else:
            self.closed = True

    def execute(self, line: str) -> Reply:
        """Run one line; never raises. The reply's text may be made while it is read."""
        text = line.strip()
        if not text or text[0] in "!#":
            return Reply()
        try:
            reply = self._filtered(text)
        except FilterError as error:
            reply = Reply([str(error)], Status.WARNING)
        except CommandError as error:
            reply = Reply([_with_newline(error.text)] if error.text else (), error.status)
        except Exception as error:  # noqa: BLE001  a bug must not end the daemon or the session
            self.daemon.bug(_masked(text), error)
            reply = Reply([f"% Internal error at: {text}\n"], Status.WARNING)
        if self.changes and not self.loading:
            self.flush()
        if self._ran is not None:
            (call, node), self._ran = self._ran, None
            assert self.witness is not None
            self.witness.ran(call, node, reply)
        return reply

    def may(self, line: str) -> bool:
        """Whether a line, its first word in full, is one for this session."""
        if not self.read_only:
            return True
        from grammar.access import looks  # for the few who only look

        return looks(line)

    def flush(self) -> None:
        """Hand the collected changes to the daemon."""
        changes, self.changes = self.changes, []
        try:
            self.daemon.react(changes)
        except Exception as error:  # noqa: BLE001  as above
            self.daemon.bug("react", error)

    def _filtered(self, text: str) -> Reply:
        filtered = split_filter(text)
        if filtered is None:
            return self._do(text)
        command, wanted = filtered
        reply = self._do(command)
        if reply.status == Status.NO_MATCH:
            return self._unknown(text)
        return Reply(included(reply.output, wanted), reply.status)

    def _do(self, text: str) -> Reply:
        words = split_words(text)
        if words[0] == "do" and len(words) > 1 and self.node is not VIEW:
            places, self._places = self._places, [Place(ENABLE, self.daemon)]
            try:
                return self._match_here(words[1:], text) or self._unknown(text)
            finally:
                self._places = places
        reply = self._match_here(words, text)
        if reply is None and self.node.is_config:
            reply = self._match_above(words, text)
        return reply or self._unknown(text)

    def _match_above(self, words: list[str], text: str) -> Reply | None:
        places = self._places
        while len(self._places) > 1:
            self._places = self._places[:-1]
            reply = self._match_here(words, text)
            if reply is not None:
                return reply
        if self.node is not CONFIG:
            return None
        self._places = places
        return None

    def _match_here(self, words: list[str], text: str) -> Reply | None:
        result = match(self.daemon.language.graph(self.node), words)
        match result:
            case Unknown():
                return None
            case Ambiguous():
                return Reply(["% Ambiguous command.\n"], Status.AMBIGUOUS)
            case Incomplete():
                return Reply(["% Command incomplete.\n"], Status.INCOMPLETE)
            case Match(command=command, values=values, negated=negated):
                assert isinstance(command, Command)
                return self._run(Call(self, command, values, negated, text))
        raise AssertionError(result)

    def _run(self, call: Call) -> Reply:
        if self.witness is not None:
            self._ran = call, self.node
        if not self.read_only:
            return self._reply(call.command.run(call))
        from grammar.access import READ_ONLY, call_looks, without_secrets  # few are

        if not call_looks(call):
            raise CommandError(READ_ONLY.format(_masked(call.line)), Status.READ_ONLY)
        reply = self._reply(call.command.run(call))
        return Reply(without_secrets(call, reply.output), reply.status)

    def _unknown(self, text: str) -> Reply:
        tag = self.daemon.language.tag
        return Reply([f"% [{tag}] Unknown command: {text}\n"], Status.NO_MATCH)

    def _reply(self, answer: Answer) -> Reply:
        match answer:
            case None:
                return Reply()
            case Reply():
                return answer
            case View(data=data, as_json=as_json, status=status):
                return Reply(self.daemon.render(data, as_json), status)
            case str():
                return Reply([_with_newline(answer)] if answer else ())
        return Reply(answer)

    def hand_over(self, monitor: Monitor, *, detached: bool) -> None:
        """Give log lines to the client; they end with the session unless they are detached."""
        self.handing = monitor
        if not detached:
            self._monitor = monitor

    def unmonitor(self) -> None:
        """No log lines for this client any more."""
        if self._monitor is not None:
            self._monitor.close()
            self._monitor = None

    def config_lines(self) -> Iterator[str]:
        """The daemon's configuration as it prints it."""
        return self.daemon.language.lines(self.daemon)


def _with_newline(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def _masked(line: str) -> str:
    from grammar.secrets import masked  # for the few lines that are told of to others

    return masked(line)
