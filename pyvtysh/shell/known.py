"""Values that the daemons know, with their meaning, for a shell that must not wait for daemons.

Each daemon is asked over a link of its own, by a thread of its own, and its answers are kept for a
moment. Who asks waits a little for what is under way and takes what there is: a daemon that is slow
or dead costs that little once, and then nothing until it answers.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from queue import SimpleQueue

from grammar.common.known import subject_of
from grammar.language.tokens import Kind, Variable
from pyvtysh import meanings
from pyvtysh.dispatch import Vtysh, collect
from pyvtysh.link import Link
from pyvtysh.meanings import Meanings
from pyvtysh.questions import fits, question_for

FRESH = 3.0
"""Seconds for which an answer is good."""
PATIENCE = 0.3
"""Seconds that a key waits for all daemons together."""
_RETRY = 5.0
"""Seconds until a daemon that was lost is connected to again."""
TABLE_LIMIT = 1000
"""Prefixes of a BGP table that is asked for as a whole."""

_CONFIGURATION = "show running-config"
_SUMMARY = "show bgp vrf all summary json"
_INTERFACES = "show interface vrf all json"
_TABLES = {
    Kind.IPV4_PREFIX: "show bgp ipv4 unicast json",
    Kind.IPV6_PREFIX: "show bgp ipv6 unicast json",
}
_READERS: dict[str, Callable[[str], Meanings]] = {
    _CONFIGURATION: meanings.of_configuration,
    _SUMMARY: meanings.of_summary,
    _INTERFACES: meanings.of_interfaces,
    **dict.fromkeys(_TABLES.values(), meanings.of_routes),
}


@lru_cache(maxsize=32)
def _read(line: str, text: str) -> Meanings:
    return _READERS[line](text)


@dataclass(slots=True)
class _Answer:
    """What is known of a question: the text, when it came, whether it is asked for again."""

    text: str = ""
    came: float = float("-inf")
    asked: bool = False


class _Asker:
    """One daemon, asked by a thread that begins with the first question."""

    def __init__(self, connect: Callable[[], Link | None], came: threading.Condition) -> None:
        self._connect = connect
        self._came = came
        self._questions: SimpleQueue[str] = SimpleQueue()
        self._answers: dict[str, _Answer] = {}
        self._thread: threading.Thread | None = None
        self._link: Link | None = None
        self._lost = float("-inf")
        self.is_slow = False
        """True while a question is under way that somebody has given up."""

    def ask(self, line: str) -> None:
        """Ask, unless the answer is there or under way."""
        answer = self._answers.setdefault(line, _Answer())
        if answer.asked or time.monotonic() - answer.came < FRESH:
            return
        answer.asked = True
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, daemon=True)
            self._thread.start()
        self._questions.put(line)

    def doubt(self) -> None:
        """What is known may be so no more."""
        for answer in list(self._answers.values()):
            answer.came = float("-inf")

    def waits(self, line: str) -> bool:
        """Whether the answer is under way."""
        return line in self._answers and self._answers[line].asked

    def text(self, line: str) -> str:
        """The last answer; empty if there was none."""
        return self._answers[line].text if line in self._answers else ""

    def _work(self) -> None:
        while True:
            line = self._questions.get()
            text = self._answer(line)
            with self._came:
                self._answers[line] = _Answer(text, time.monotonic())
                self.is_slow = False
                self._came.notify_all()

    def _answer(self, line: str) -> str:
        try:
            if self._link is None:
                if time.monotonic() - self._lost < _RETRY:
                    return ""
                self._link = self._connect()
                if self._link is None:
                    self._lost = time.monotonic()
                    return ""
                collect(self._link.run("enable"))
            text, status = collect(self._link.run(line))
        except OSError:
            if self._link is not None:
                self._link.close()
            self._link, self._lost = None, time.monotonic()
            return ""
        return "" if status else text


class Known:
    """What the daemons of a shell know."""

    def __init__(self, vtysh: Vtysh) -> None:
        self.vtysh = vtysh
        self._came = threading.Condition()
        self._askers: dict[str, _Asker] = {}

    def doubt(self) -> None:
        """A line ran, which may have changed all that is known."""
        for asker in self._askers.values():
            asker.doubt()

    def values(
        self, leaf: Variable, words: list[str], partial: str, *, wait: bool = True
    ) -> list[str]:
        """The values of a variable behind `words` that begin with `partial`."""
        return [value for value, _ in self.meant(leaf, words, partial, wait=wait)]

    def at_hand(self, leaf: Variable, words: list[str], partial: str) -> list[str]:
        """Of those the ones that are known by now: nobody is asked."""
        return self.values(leaf, words, partial, wait=False)

    def meant(
        self, leaf: Variable, words: list[str], partial: str, *, wait: bool = True
    ) -> list[tuple[str, str]]:
        """Those values, each with what it means (or an empty text)."""
        subject = _subject(leaf, words)
        question = question_for(leaf)
        asked = [(name, question) for name in self.vtysh.links] if question else []
        if subject is not None:
            asked += self._sources()
        if wait:
            self._wait(asked)
        if leaf.kind in _TABLES and wait:
            asked += self._tables(leaf.kind)
        meaning = self._meanings(subject, asked)
        found: dict[str, None] = {}
        if question:
            for name in self.vtysh.links:
                found.update(dict.fromkeys(self._asker(name).text(question).split()))
        else:
            found.update(dict.fromkeys(meaning))
        return [
            (value, meaning.get(value, ""))
            for value in found
            if value.startswith(partial) and fits(leaf, value)
        ]

    def _meanings(self, subject: str | None, asked: Iterable[tuple[str, str]]) -> dict[str, str]:
        """What configurations say, then what is so: the later counts."""
        meaning: dict[str, str] = {}
        for name, line in asked:
            text = self._asker(name).text(line)
            if subject is not None and text and line in _READERS:
                for value, said in _read(line, text).get(subject, {}).items():
                    if said or value not in meaning:
                        meaning[value] = said
        return meaning

    def _tables(self, kind: Kind) -> list[tuple[str, str]]:
        """The BGP table, if it is small."""
        if "bgpd" not in self.vtysh.links:
            return []
        size = meanings.table_size(self._asker("bgpd").text(_SUMMARY))
        asked = [("bgpd", _TABLES[kind])] if size <= TABLE_LIMIT else []
        self._wait(asked)
        return asked

    def _sources(self) -> list[tuple[str, str]]:
        links = self.vtysh.links
        asked = [(name, _CONFIGURATION) for name in links if name != "watchfrr"]
        asked += [("bgpd", _SUMMARY)] if "bgpd" in links else []
        return asked + ([("zebra", _INTERFACES)] if "zebra" in links else [])

    def _asker(self, name: str) -> _Asker:
        if name not in self._askers:
            self._askers[name] = _Asker(lambda: self.vtysh.further_link(name), self._came)
        return self._askers[name]

    def _wait(self, asked: Iterable[tuple[str, str]]) -> None:
        questions = list(asked)
        for name, line in questions:
            self._asker(name).ask(line)

        def answered() -> bool:
            return not any(self._asker(name).waits(line) for name, line in self._hopeful(questions))

        with self._came:
            self._came.wait_for(answered, PATIENCE)
        for name, line in questions:
            if self._asker(name).waits(line):
                self._asker(name).is_slow = True

    def _hopeful(self, questions: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        return ((name, line) for name, line in questions if not self._asker(name).is_slow)


def _subject(leaf: Variable, words: list[str]) -> str | None:
    """What a variable names; numbers of entries belong to the list that the line names."""
    if leaf.kind is Kind.RANGE:
        return _numbered(words)
    if leaf.kind in _TABLES:
        return "prefix"
    subject = subject_of(leaf.text, leaf.name)
    return subject.partition(" ")[0] if subject else None


_NUMBERED = (
    (("route-map", "", ""), "route-map"),
    (("ip", "prefix-list", "", "seq"), "prefix-list"),
    (("ipv6", "prefix-list", "", "seq"), "prefix-list"),
    (("access-list", "", "seq"), "access-list"),
    (("ipv6", "access-list", "", "seq"), "access-list"),
    (("mac", "access-list", "", "seq"), "access-list"),
    (("bgp", "as-path", "access-list", "", "seq"), "as-path"),
    (("bgp", "community-list", "", "", "seq"), "community"),
    (("bgp", "extcommunity-list", "", "", "seq"), "extcommunity"),
    (("bgp", "large-community-list", "", "", "seq"), "large-community"),
)
"""Lines behind which numbers of entries stand; the last word that is "" is the name."""


def _numbered(words: list[str]) -> str | None:
    typed = words[1:] if words[:1] == ["no"] else words
    for places, kind in _NUMBERED:
        if len(places) == len(typed) and all(
            not place or place.startswith(word) for place, word in zip(places, typed, strict=True)
        ):
            last = 1 if kind == "route-map" else -2
            return f"{kind} {typed[last]}"
    return None
