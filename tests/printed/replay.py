"""What FRR's daemons were recorded to do with each line of configuration, and its replay here.

`tests/golden/printed/DAEMON-8.4.4/NODE.jsonl.xz` are the records of a node: first how the node is
entered, then a record a line: what was typed, the answer, the lines that came into and went out of
`show running-config`, and the same for each of the forms of `no` that undo the line.
"""

import json
import lzma
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from grammar.node import CONFIG
from tests.printed.terminals import Terminal, terminal

FOLDER = Path(__file__).parent.parent / "golden" / "printed"
VERSION = "8.4.4"
SUFFIX = ".jsonl.xz"
BUGS = (LookupError, ValueError, TypeError, AttributeError, AssertionError)
"""Errors of ours that count as a difference of one record."""

REPEATED = ("zebra", "staticd")
"""Daemons whose lines are typed a second time too, as the records say."""
DEVICES = ("prt0", "prt1")
"""The interfaces of the machine that the records are from."""
UNORDERED = ("config-with-lists", "config-lists-in-use")
"""Nodes whose lists FRR prints in the order of their making across all kinds; vtysh parts them."""

Place = tuple[tuple[str, ...], str]
"""A printed line, stripped, below the lines that open the blocks around it."""
Shown = Counter[Place]


@dataclass(frozen=True, slots=True)
class Difference:
    """A form of a record that does otherwise here; `key` names it in the list of exceptions."""

    key: str
    text: str


class Replay:
    """The records of a node, and what they do here."""

    def __init__(self, daemon: str, name: str, lines: Iterator[str]) -> None:
        self.daemon = daemon
        self.name = name
        head: dict[str, Any] = json.loads(next(lines))
        self._context: list[str] = head["context"]
        self._enter: list[str] = head["enter"]
        # The VRF that its lines speak of was there.
        self._namespaces = ("prtred",) if "-n" in head.get("started with", ()) else None
        records = map(json.loads, lines)
        # Those without a status made the real one crash.
        self.records = [record for record in records if record["status"] is not None]
        self._printed: dict[tuple[str, ...], Shown] = {}

    @cached_property
    def by_key(self) -> dict[str, dict[str, Any]]:
        """The records by their keys."""
        return {self.key(record): record for record in self.records}

    def key(self, record: dict[str, Any]) -> str:
        """Node, lines before it, and the line."""
        return f"{self.name} | {' ; '.join(record['context'])} | {record['typed']}"

    def differences(self, record: dict[str, Any]) -> Iterator[Difference]:
        """What a record and, if its line does as recorded, its `no` forms do otherwise here."""
        key, context = self.key(record), tuple(record["context"])
        told = self._difference(context, record)
        if told is not None:
            yield Difference(key, told)
            return
        for opposite in record["no"]:
            if opposite["status"] is None:
                continue
            told = self._difference((*context, record["typed"]), opposite)
            if told is not None:
                yield Difference(f"{key} | {opposite['typed']}", told)
        if self.daemon in REPEATED:
            yield from self._repeated(record, key, (*context, record["typed"]))

    def _repeated(
        self, record: dict[str, Any], key: str, typed_before: tuple[str, ...]
    ) -> Iterator[Difference]:
        """What is refused behind the line, and the line once more."""
        for typed, status in record.get("no_refused") or ():
            got = self._prepared(typed_before).type(typed)[0]
            if got != status:
                yield Difference(f"{key} | {typed}", f"{typed!r}: {got}, not {status}")
        if record.get("again") == "same":
            told = self._again(typed_before, record)
            if told is not None:
                yield Difference(f"{key} | again", told)

    def _again(self, before: tuple[str, ...], record: dict[str, Any]) -> str | None:
        """The same line once more has the same answer, and changes nothing."""
        made = self._prepared(before)
        old = list(made.session.config_lines())
        answer = made.type(record["typed"])
        if answer != (record["status"], record["reply"]):
            return f"{record['typed']!r} again: {answer}"
        new = list(made.session.config_lines())
        return None if new == old else f"{record['typed']!r} again changes what is printed"

    def _difference(self, before: tuple[str, ...], form: dict[str, Any]) -> str | None:
        try:
            return self._compare(before, form)
        except BUGS as error:
            return f"{form['typed']!r}: {type(error).__name__}: {error}"

    def _compare(self, before: tuple[str, ...], form: dict[str, Any]) -> str | None:
        typed = form["typed"]
        made = self._prepared(before)
        old = self._printed.get(before)
        if old is None:
            old = self._printed[before] = Counter(places(made.session.config_lines()))
        status, text = made.type(typed)
        if (status, text) != (form["status"], form["reply"]):
            return f"{typed!r}: {status} {text!r}, not {form['status']} {form['reply']!r}"
        lines = places(made.session.config_lines())
        new = Counter(lines)
        if form.get("no"):
            self._printed[(*before, typed)] = new
        added, removed = _recorded(form["added"]), _recorded(form["removed"])
        # A line that only moved is recorded as removed and added.
        if (new - old, old - new) != (added - removed, removed - added):
            got, wanted = _signed(new - old, old - new), _signed(added - removed, removed - added)
            return f"{typed!r}: {got}, not {wanted}"
        return None if self.name in UNORDERED else _misplaced(lines, form["added"])

    def begin(self, *lines: str) -> Terminal:
        """A session in the node, with its configuration and these lines of the node."""
        return self._prepared(lines)

    def _prepared(self, lines: tuple[str, ...]) -> Terminal:
        made = terminal(self.daemon, DEVICES, namespaces=self._namespaces)
        made.daemon.common.hostname = "HOST"
        made.type(*self._context)
        for line in ("", *lines):
            made.session.go(CONFIG)
            made.type(*self._enter, line)
        made.session.go(CONFIG)
        made.type(*self._enter)
        return made


def places(lines: Iterable[str]) -> list[Place]:
    """The printed lines that say something, in order."""
    found: list[Place] = []
    blocks: list[tuple[int, str]] = []
    for line in lines:
        text = line.strip().replace("<cwd>", os.getcwd())
        if _is_mark(text):
            continue
        indent = len(line) - len(line.lstrip())
        while blocks and blocks[-1][0] >= indent:
            blocks.pop()
        found.append((tuple(opening for _, opening in blocks), text))
        blocks.append((indent, text))
    return found


def _is_mark(text: str) -> bool:
    return text in ("!", "exit", "") or text.startswith("! loaded")


def _recorded(lines: list[dict[str, Any]]) -> Shown:
    stripped = ((tuple(each["in"]), _stripped(each["line"])) for each in lines)
    return Counter(place for place in stripped if not _is_mark(place[1]))


def _stripped(line: str | None) -> str:
    return (line or "").strip().replace("<cwd>", os.getcwd())


def _misplaced(lines: list[Place], added: list[dict[str, Any]]) -> str | None:
    """The first line that is printed behind another one than FRR's."""
    texts = [text for _, text in lines]
    for each in added:
        text, before = _stripped(each["line"]), _stripped(each["after"])
        if _is_mark(text) or _is_mark(before) or texts.count(text) != 1:
            continue
        got = texts[texts.index(text) - 1]
        if got != before:
            return f"{text!r} is printed behind {got!r}, not {before!r}"
    return None


def _signed(came: Shown, went: Shown) -> list[str]:
    signed = [*(("+", place) for place in came), *(("-", place) for place in went)]
    return [f"{sign}{' / '.join((*blocks, text))}" for sign, (blocks, text) in signed]


def names(daemon: str) -> list[str]:
    """The nodes of a daemon that there are records of."""
    folder = FOLDER / f"{daemon}-{VERSION}"
    return sorted(path.name.removesuffix(SUFFIX) for path in folder.glob(f"*{SUFFIX}"))


@cache
def read(daemon: str, name: str) -> Replay:
    """The records of a node."""
    with lzma.open(FOLDER / f"{daemon}-{VERSION}" / f"{name}{SUFFIX}", "rt") as file:
        return Replay(daemon, name, iter(file.read().splitlines()))
