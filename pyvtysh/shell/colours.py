"""`terminal colour`: states, routes, changes and levels of log lines, by what FRR's answers say.

A `Painter` reads the lines of one answer in order, since what a word means may depend on the table
that it stands in; it only finds places, and what is written there stays as it is.
"""

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style

from pyvtysh.pipes.tables import Title, titles_of
from pyvtysh.shell.pager import Output

GOOD, DOUBT, BAD, BEST, QUIET = "green", "yellow", "red", "bold green", "dim"
CAME, WENT, PLACE = "green", "red", "cyan"

Span = tuple[int, int, str]
"""From a character to behind another, and their style."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is found in a line, and its style."""

    pattern: re.Pattern[str]
    style: str


def _rule(style: str, pattern: str) -> Rule:
    return Rule(re.compile(pattern), style)


_ANYWHERE = (_rule(BAD, r"^%.*"),)
_LOG = (
    _rule("bold red", r"\[(?:EMRG|ALRT|CRIT|ERR!)\]"),
    _rule(DOUBT, r"\[WARN\]"),
    _rule(PLACE, r"\[NTFY\]"),
    _rule(QUIET, r"\[DEBG\]"),
)
_CHANGES = (
    _rule("bold", r"^(?:---|\+\+\+) .*"),
    _rule(PLACE, r"^@@.*"),
    _rule(CAME, r"^\+.*"),
    _rule(WENT, r"^-.*"),
)
_STATES = (
    _rule(GOOD, r"\bEstablished\b"),
    _rule(GOOD, r"(?<![\w-])[Uu]p\b(?![:/-])"),
    _rule(BAD, r"\b(?:Idle(?: \(\w+\)|\b)|[Dd]own\b(?![:/-]))"),
    _rule(DOUBT, r"\b(?:Active|Connect|OpenSent|OpenConfirm|NoNeg)\b|\(Policy\)"),
    _rule(BAD, r"\b(?:inaccessible|inactive|invalid|rejected|refused|denied)\b"),
    _rule(BEST, r"(?<=[ ,])best(?: \([^)]*\))?(?![\w)])"),
    _rule(QUIET, r"\b(?:stale|suppressed|history)\b"),
)
_EXPLAINED = (
    _rule(BAD, r"\b(?:refused|lost|not (?:announced|used|usable|up|activated))\b"),
    _rule(GOOD, r"\b(?:accepted|announced|won|usable)\b"),
    *_STATES,
)
_ROUTE = re.compile(r"([A-Za-z])([> ])([*rqtob ])\s?(\S+/\d+|)")
"""A row of `show ip route`: its source, whether it is selected, and where it is."""
_WORDS = ("Desc", "Description")
"""Columns of what somebody wrote."""
_CONFIGURATION = re.compile(r"(?:do\s+)?(?:sh\w*\s+(?:ru|st)|w\w*\s+t|conf)")


class Painter:
    """Finds what is coloured in the answer to a line."""

    def __init__(self, line: str) -> None:
        self._changes = "diff" in line
        self._states = not _CONFIGURATION.match(line.strip()) and not self._changes
        self._words = _EXPLAINED if line.split()[:1] == ["explain"] else _STATES
        self._table: list[Title] = []
        self._routes = False
        self._legend = False

    def spans(self, text: str) -> list[Span]:
        """The places in the next line, in order and apart from each other."""
        if "\x1b" in text:  # somebody has coloured it
            return []
        if text.startswith("%"):
            return _found(_ANYWHERE, text)
        if self._changes:
            return _found(_CHANGES, text)
        if not self._states:
            return []
        if text.startswith(("Codes: ", "Status codes: ")):
            self._routes = text.startswith("Codes: K ")
            self._legend = True
        if not text.strip():
            self._table, self._legend = [], False
        if self._legend or not text.strip():
            return []
        if not self._table and (titles := titles_of(text)):
            self._table = titles
            return [(0, len(text), "bold")]
        return self._row(text)

    def _row(self, text: str) -> list[Span]:
        if self._table and self._table[0].name == "Network":
            return _bgp_route(text)
        if self._routes and (row := _ROUTE.match(text)):
            return _route(row) + _found(self._words, text, row.end())
        words = next((title.start for title in self._table if title.name in _WORDS), len(text))
        spans = _found(self._words, text[:words])
        return spans or list(self._established(text))

    def _established(self, text: str) -> Iterator[Span]:
        """The count of prefixes, which stands where a state does until there is a session."""
        for title in self._table:
            if title.name == "State/PfxRcd":
                end = len(text[: title.end].rstrip())
                start = text.rfind(" ", 0, end) + 1
                if text[start:end].isdigit() and start < title.end:
                    yield start, end, GOOD


def _bgp_route(text: str) -> list[Span]:
    codes = text[:3]
    end = len(text.split("  ", 1)[0]) if len(text) > 3 and text[3] != " " else len(codes)
    if ">" in codes:
        style = BAD if codes[0] in "rR" else BEST
        return [(0, end, style)]
    if codes[:1] in ("d", "h", "s", "r", "R", "S"):
        return [(0, end, BAD if codes[0] in "rR" else QUIET)]
    return [(0, end, GOOD)] if "=" in codes else []


def _route(row: "re.Match[str]") -> list[Span]:
    selected, place = row.group(2) == ">", row.group(3)
    style = {"r": BAD, "q": DOUBT, "o": DOUBT, "b": DOUBT}.get(place)
    if style is None and not selected:
        return []
    return [(0, row.end(), style or BEST)]


def _found(rules: tuple[Rule, ...], text: str, start: int = 0) -> list[Span]:
    spans: list[Span] = []
    for rule in rules:
        for match in rule.pattern.finditer(text, start):
            first, last = match.span()
            if all(last <= other[0] or first >= other[1] for other in spans):
                spans.append((first, last, rule.style))
    return sorted(spans)


def log_spans(text: str) -> list[Span]:
    """The level of a line of `terminal monitor`."""
    return _found(_LOG, text)


def why_not(*, drawn: bool = False) -> str:
    """Why this terminal shows no colours, or no drawings; nothing if it does."""
    if not sys.stdout.isatty():
        return "answers go to no terminal"
    if drawn and not (sys.stdout.encoding or "").lower().startswith("utf"):
        return f"the terminal takes no Unicode ({sys.stdout.encoding})"
    if not drawn and os.environ.get("NO_COLOR"):
        return "NO_COLOR is set"
    console = Console(file=sys.stdout)
    if console.is_dumb_terminal or (not drawn and console.color_system is None):
        return f"TERM={os.environ.get('TERM', '')}"
    return ""


@cache
def _style(name: str) -> Style:
    return Style.parse(name)


def painted(text: str, spans: list[Span]) -> str:
    """The text with the terminal's sequences for colours."""
    if not spans:
        return text
    parts: list[str] = []
    at = 0
    for start, end, style in spans:
        # Only colours are used that every terminal with colours has.
        shown = _style(style).render(text[start:end], color_system=ColorSystem.STANDARD)
        parts += text[at:start], shown
        at = end
    return "".join([*parts, text[at:]])


class Coloured:
    """An `Output` whose lines are coloured on their way to another one."""

    def __init__(self, output: Output, line: str) -> None:
        self._output = output
        self._painter = Painter(line)
        self._rest = ""

    def write(self, text: str) -> None:
        """Take a piece; a begun line waits for its end."""
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._output.write(painted(line, self._painter.spans(line)) + "\n")

    def close(self) -> None:
        """Show what is left, to the end."""
        self._output.write(self._rest)
        self._output.close()

    def abandon(self) -> None:
        """The rest will not come."""
        self._output.write(self._rest)
        self._output.abandon()
