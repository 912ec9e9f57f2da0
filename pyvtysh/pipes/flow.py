"""What goes from filter to filter: lines, rows of a table, or a JSON value."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Cell = Any
"""What stands in a column: text, or any JSON value."""

Row = list[Cell]


class FilterFaultError(Exception):
    """A filter cannot do what is asked; the text is one sentence that names it."""


@dataclass(slots=True)
class Lines:
    """Text; each line with its newline, if it has one.

    `as_json` gives the same answer as JSON, None if the command has no such form.
    """

    lines: Iterator[str]
    as_json: Callable[[], "Json | None"]


@dataclass(slots=True)
class Rows:
    """A table: the titles of its columns, and its rows, as long as these or shorter."""

    columns: list[str]
    rows: Iterator[Row]


@dataclass(slots=True)
class Json:
    """A JSON value as text, in pieces that come one by one, or as what it means."""

    pieces: Iterable[str] | None = None
    value: Any = None


Flow = Lines | Rows | Json
