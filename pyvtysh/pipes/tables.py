"""The columns of text tables as FRR prints them: titles in one line, below them the rows.

A row's cells stand below the beginnings or the ends of their titles, or are one for each. What
stands left of the first title (`*>` of `show bgp`) is a column of its own, `Status`. A table ends
with an empty line; further ones with the same titles (other families) go on with it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyvtysh.pipes.flow import FilterFaultError, Row, Rows

STATUS = "Status"

_WORD = re.compile(r"\S+")
_CHUNK = re.compile(r"\S+(?: \S+)*")
_TITLE = re.compile(r"[A-Z#][A-Za-z#]*(?:[/._-][A-Za-z]+)*\.?")
_RULE = re.compile(r"[-=+ ]*--[-=+ ]*")
_TWO_WORDS = ("Next Hop", "Route Source", "Prefix Routes")
_NETWORK = "Network"
"""The first title of tables of routes, which has marks at its left."""
_CODES = re.compile(r"[*>=sdhrqRSiVIN ]+")
"""What is left of the network in tables of routes."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title and the columns of the screen from its first character to behind its last."""

    name: str
    start: int
    end: int


def rows_of_text(lines: Iterable[str]) -> Rows:
    """The rows of the tables in a text; FilterFaultError if there is no table."""
    rows = _table_rows(line.rstrip() for line in lines)
    columns = next(rows, None)
    if columns is None:
        raise FilterFaultError("the answer has no table")
    return Rows(columns, rows)


def columns_of_text(lines: Iterable[str]) -> list[str]:
    """The columns of the first table; none if there is none."""
    return next(_table_rows(line.rstrip() for line in lines), [])


def _table_rows(lines: Iterator[str]) -> Iterator[Row]:
    """The names of the columns, then the rows."""
    columns: list[str] | None = None
    for titles, body in _tables(lines):
        names = [STATUS] * bool(titles[0].start) + [title.name for title in titles]
        if columns is None:
            columns = names
            yield list(names)
        if names == columns:
            yield from _rows(titles, body)


def _tables(lines: Iterator[str]) -> Iterator[tuple[list[Title], Iterator[str]]]:
    """Each table's titles and the lines below, which are read before the next table is."""
    above: str | None = None
    for line in lines:
        ruled = above is not None and _RULE.fullmatch(line) is not None
        titles = titles_of(above, ruled=ruled) if above is not None else []
        if titles and line:
            body = _until_empty(lines)
            yield titles, body if ruled else _with(line, body)
            for _ in body:
                pass
            above = None
        else:
            above = line or None


def _with(line: str, body: Iterator[str]) -> Iterator[str]:
    yield line
    yield from body


def _until_empty(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if not line:
            return
        yield line


def titles_of(line: str, *, ruled: bool = False) -> list[Title]:
    """The titles in a line that is nothing but titles; `ruled`: dashes stand below it."""
    titles: list[Title] = []
    for chunk in _CHUNK.finditer(line):
        text, start = chunk.group(), chunk.start()
        if text.startswith("("):  # a remark
            continue
        if ruled or text in _TWO_WORDS:
            titles.append(Title(text, start, chunk.end()))
            continue
        at = 0
        for word in _WORD.finditer(text):
            if word.start() < at:
                continue
            name = next((two for two in _TWO_WORDS if text.startswith(two, word.start())), "")
            name = name or word.group()
            at = word.start() + len(name)
            titles.append(Title(name, start + word.start(), start + at))
    if len(titles) < 2 or (titles[0].start and titles[0].name != _NETWORK):
        return []
    if not ruled and "  " not in line.strip():
        return []
    # Of columns with a rule below only the first title has to look like one (`IPv4 Routes`).
    tested = titles[:1] if ruled else titles
    fit = all(title.name in _TWO_WORDS or _TITLE.fullmatch(title.name) for title in tested)
    return titles if fit else []


def _rows(titles: list[Title], lines: Iterator[str]) -> Iterator[Row]:
    """The rows below titles. One without its last cells goes on in a line that has no first one."""
    edge = titles[0].start
    waiting: Row | None = None
    key = ""
    for line in lines:
        if _RULE.fullmatch(line):
            continue
        status, row = _cells(titles, line)
        if waiting is not None and not status and not row[0]:
            above = waiting[-len(row) :]
            waiting[-len(row) :] = [
                f"{old} {new}".strip() for old, new in zip(above, row, strict=True)
            ]
            continue
        if waiting is not None:
            yield waiting
        key = row[0] or key
        row[0] = key if edge else row[0]
        waiting = [status, *row] if edge else row
    if waiting is not None:
        yield waiting


def _cells(titles: list[Title], line: str) -> tuple[str, Row]:
    """What is left of the first title, and the cells of a line, "" for those that are empty."""
    edge = titles[0].start
    status = ""
    if edge:
        codes = _CODES.match(line[:edge])
        end = codes.end() if codes else 0
        status, line = line[:end].replace(" ", ""), " " * end + line[end:]
    words = list(_WORD.finditer(line))
    row = _placed(titles, line, words)
    if not edge and len(words) >= len(titles) and "" in row:  # a long cell has moved the others
        last = words[len(titles) - 1].start()
        row = [*(word.group() for word in words[: len(titles) - 1]), line[last:]]
    return status, row


def _placed(titles: list[Title], line: str, words: "list[re.Match[str]]") -> Row:
    """The cells of a row that lacks some: each word belongs to the title that it stands below."""
    spans: list[list[int]] = [[] for _ in titles]
    place = 0
    for word in words:
        place = _place_of(titles, place, *word.span())
        spans[place] += word.span()
    return [line[span[0] : span[-1]] if span else "" for span in spans]


def _place_of(titles: list[Title], place: int, start: int, end: int) -> int:
    """The title of a word: not before `place`, that of the word ahead of it."""
    below = place
    for number in range(place, len(titles)):
        title = titles[number]
        if title.start >= end:
            break
        if title.start == start or title.end == end:
            return number
        if title.end > start and below == place and titles[place].end <= start:
            below = number
        elif title.end <= start:
            place = below = number
    return below
