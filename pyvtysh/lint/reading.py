"""Bytes of a configuration file to statements, and to what the daemons make of them.

A line means what it means when vtysh loads the file: the same nodes, the same ways up. Lines of
ours are then run in the daemons that own them; lines that only a daemon without counterpart here
has are known by FRR's lists, and only followed into their nodes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from bgp.bgpd import Bgpd
from bgp.commands.nodes import AddressFamily
from bgp.config import BgpdConfig
from grammar.base.errors import Status
from grammar.command import Command, Opens
from grammar.common import CommonConfig
from grammar.language.match import Match, Result, Unknown, split_words, word_columns
from grammar.node import CONFIG, ENABLE, Node
from grammar.session import Session
from pyvtysh.commands import LANGUAGE
from pyvtysh.dispatch import Vtysh
from pyvtysh.host.check import component
from pyvtysh.listed import Taken, Walk
from pyvtysh.loading import follow, follow_listed, moves, step_up
from pyvtysh.merged import MergedLanguage, Route, load_languages
from zebra.config import ZebraConfig
from zebra.staticd.config import StaticdConfig
from zebra.staticd.staticd import Staticd
from zebra.zebra import Zebra

LONGEST = 4094
"""Characters of a line; FRR takes a longer one for several."""

DAEMONS = ("zebra", "staticd", "bgpd", "bfdd")
_REFUSED = (Status.WARNING, Status.TOO_MANY_WORDS, Status.CONFIG_FAILED, Status.NOT_MY_INSTANCE)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why no node takes a line: the result in the node it was typed in."""

    result: Result
    status: Status


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a daemon answered to a line that it did not take, or took with a warning."""

    daemon: str
    text: str
    status: Status


@dataclass(slots=True)
class Statement:
    """One line that says something.

    `number` counts from 1; `text` is the line up to a NUL, cut at `LONGEST`. `node` is the one
    that takes it, or the present one. `values` are empty for lines that no language of ours has;
    for them and for those that nobody takes `command` is None. `place` is what of bgpd it is typed
    in or opens: an instance, an entry of a route-map.
    """

    number: int
    text: str
    node: Node
    command: Command | None = None
    values: dict[str, object] = field(default_factory=dict)
    negated: bool = False
    place: object = None
    fault: Fault | None = None
    refusals: list[Refusal] = field(default_factory=list)
    strays: bool = False
    """It leaves the configuration, and what follows with it."""

    @property
    def words(self) -> list[str]:
        """The words as typed."""
        return split_words(self.text)

    @property
    def notation(self) -> str:
        """The notation of the command, without a leading `no`; empty if it is not known."""
        return "" if self.command is None else self.command.notation.removeprefix("no ")

    @property
    def removes(self) -> bool:
        """Whether it takes something back."""
        return self.words[0] == "no" if self.command is None else _negative(self)

    @property
    def spoken(self) -> set[str]:
        """Its values as text; the words of a line that no language of ours has."""
        return set(self.words if self.command is None else map(str, self.values.values()))

    def column(self, word: object = None) -> int:
        """The column, from 1, of a word (the last such), or of the first one."""
        columns, words = word_columns(self.text), self.words
        wanted = str(word).lower()
        for index in range(min(len(columns), len(words)) - 1, -1, -1):
            if words[index].lower() == wanted:
                return columns[index] + 1
        return (columns[0] if columns else 0) + 1

    def column_of(self, index: int) -> int:
        """The column, from 1, of the word of this index; behind the last one past the end."""
        columns = word_columns(self.text)
        return columns[index] + 1 if index < len(columns) else len(self.text.rstrip()) + 1


def _negative(statement: Statement) -> bool:
    command = statement.command
    return statement.negated or (command is not None and command.notation.startswith("no "))


@dataclass(slots=True)
class Reading:
    """A file as it was read. `mode` holds the permissions of the file, None if it is none."""

    path: str
    mode: int | None
    statements: list[Statement]
    odd: list[tuple[int, int, str]]
    """Lines that are no text, or too long: line, column, what is there."""
    bgpd: BgpdConfig
    zebra: ZebraConfig
    staticd: StaticdConfig
    common: CommonConfig
    """What all daemons have alike, as zebra has it."""
    language: MergedLanguage
    _saying: dict[str, list[Statement]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for statement in self.statements:
            for text in statement.spoken:
                self._saying.setdefault(text, []).append(statement)

    def saying(self, value: object) -> list[Statement]:
        """The statements that have this among their values."""
        return self._saying.get(str(value), [])

    def find(self, *wanted: object, like: str = "", place: object = None) -> Statement:
        """The last statement that says all this and is not taken back, else any with the first.

        `like` is an expression that its notation matches; `place` what it is typed in or opens.
        """
        found = self._last(wanted, like, place) or self._last(wanted[:1], like, place)
        if found is not None:
            return found
        return (self.saying(wanted[0]) or self.statements or [Statement(1, "", CONFIG)])[-1]

    def _last(self, wanted: tuple[object, ...], like: str, place: object) -> Statement | None:
        texts = set(map(str, wanted))
        rarest = min((self.saying(value) for value in wanted), key=len)
        for statement in reversed(rarest):
            if (
                not statement.removes
                and re.search(like, statement.notation)
                and texts <= statement.spoken
                and place in (None, statement.place)
            ):
                return statement
        return None


def read(path: str, data: bytes, mode: int | None = None) -> Reading:
    """Read a file; any bytes give a reading."""
    reader = _Reader()
    odd: list[tuple[int, int, str]] = []
    for number, line in enumerate(_lines(data, odd), 1):
        reader.line(number, line)
    bgpd, zebra, staticd = (reader.daemons[name] for name in ("bgpd", "zebra", "staticd"))
    assert isinstance(bgpd, Bgpd)
    assert isinstance(zebra, Zebra)
    assert isinstance(staticd, Staticd)
    return Reading(
        path,
        mode,
        reader.statements,
        odd,
        bgpd.config,
        zebra.config,
        staticd.config,
        zebra.common,
        reader.vtysh.merged,
    )


def _lines(data: bytes, odd: list[tuple[int, int, str]]) -> Iterator[str]:
    """The lines; what is no text in them is noted in `odd`."""
    text = data.decode("utf-8", "surrogateescape")
    for number, line in enumerate(text.split("\n"), 1):
        for index, char in enumerate(line):
            if not char.isprintable() and char not in "\t\r":
                odd.append((number, index + 1, char))
                break
        line = line.partition("\0")[0]
        if len(line) > LONGEST:
            odd.append((number, LONGEST + 1, line))
        yield line[:LONGEST]


@cache
def _language() -> MergedLanguage:
    """What the shell understands; files share what was made ready for others."""
    return MergedLanguage(LANGUAGE, load_languages())


class _Reader:
    """The lines of a file, one after the other."""

    def __init__(self) -> None:
        self.vtysh = Vtysh(LANGUAGE, {}, lambda name: None, lambda text: None)
        self.vtysh.merged = _language()
        self.vtysh.session.go(CONFIG)
        self.daemons = {name: component(name) for name in DAEMONS}
        self.sessions = {name: Session(daemon) for name, daemon in self.daemons.items()}
        for session in self.sessions.values():
            session.go(CONFIG)
            session.loading = True
        self.statements: list[Statement] = []
        self._outside: dict[str, Node] = {}
        """Daemons that did not follow into a node, and where they stayed."""
        self._walk = Walk(CONFIG.number)

    def line(self, number: int, raw: str) -> None:
        """Take one line of the file."""
        text = raw.strip()
        if not text or text[0] in "!#" or text == "end":
            return
        vtysh = self.vtysh
        vtysh.indented = raw[0].isspace()
        result, node = vtysh.find(text)
        if not isinstance(result, Match) or node is ENABLE:
            self.statements.append(self._listed(number, raw, result))
            return
        step_up(vtysh, node)
        self._come_up()
        route = result.command
        assert isinstance(route, Route)
        statement = Statement(number, raw, node, route.command, result.values, result.negated)
        self.statements.append(statement)
        if not route.own:
            self._run(statement, route.owners, text)
            follow(vtysh, result)
        elif moves(vtysh, route):
            self._leave(statement)

    def _listed(self, number: int, raw: str, result: Result) -> Statement:
        """A line that no language of ours has; FRR's other daemons may."""
        here = self.vtysh.node
        statement = Statement(number, raw, here)
        words = statement.words
        self._walk.node = here.number
        found = self._walk.find(words)
        if isinstance(found, Taken) and not isinstance(result, Match):
            follow_listed(self.vtysh, found)
            self._come_up()
            return statement
        status = Status.NO_MATCH
        if isinstance(result, Match) or words[0] == "do":
            result = Unknown(0)
        else:
            self._walk.node = here.number
            status = Status(self._walk.doubt(words))
        statement.fault = Fault(result, status)
        return statement

    def _leave(self, statement: Statement) -> None:
        node = self.vtysh.node
        if node is CONFIG:
            statement.strays = True
            return
        for name in self.vtysh.merged.owners_of_node(node):
            if name in self.sessions and name not in self._outside:
                self.sessions[name].leave()
        self.vtysh.session.leave()
        self._come_up()

    def _come_up(self) -> None:
        """Daemons are where the shell is when it is at the top, or where they had stayed."""
        node = self.vtysh.node
        if node is CONFIG:
            self._outside.clear()
            for session in self.sessions.values():
                session.go(CONFIG)
            return
        for name, stayed in list(self._outside.items()):
            if node.depth <= stayed.depth:
                del self._outside[name]

    def _run(self, statement: Statement, owners: Iterable[str], text: str) -> None:
        """Give a line to the daemons that own it, up to the first that refuses it."""
        statement.place = _place(self.sessions["bgpd"])
        for name in owners:
            if name not in self.sessions or name in self._outside:
                continue
            reply = self.sessions[name].execute(text)
            answer = " ".join("".join(reply.output).split()).removeprefix("% ")
            if reply.status in _REFUSED and (answer or reply.status != Status.WARNING):
                statement.refusals.append(Refusal(name, answer, reply.status))
            if reply.status in (Status.SUCCESS, Status.WARNING):
                continue
            if isinstance(statement.command, Opens) and not statement.negated:
                self._outside[name] = self.vtysh.node
            break
        if isinstance(statement.command, Opens):
            statement.place = _place(self.sessions["bgpd"])


def _place(session: Session) -> object:
    """What a session stands in; of an address family its instance."""
    found = session.node_object
    return found.bgp if isinstance(found, AddressFamily) else found
