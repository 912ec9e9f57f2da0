"""Filters of tables: which columns, in which order, and how they are written."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain, islice

from grammar.base.values import Address, Afi
from pyvtysh.pipes.cells import cells, padded
from pyvtysh.pipes.flow import Cell, FilterFaultError, Row, Rows

_SAMPLE = 1000
"""Rows whose cells tell how wide columns are; longer cells below move what is behind them."""

_DURATION = re.compile(
    r"(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d\d):(\d\d):(\d\d))?(\d+m)?"
)
_SECONDS = (31_536_000, 604_800, 86_400, 3_600, 3_600, 60, 1)
_NUMBER, _DATED, _ADDRESS, _TEXT, _NONE = range(5)

Key = tuple[int, int | float | str, int]


def column(rows: Rows, asked: str) -> int:
    """Which column is meant: by its title or the only one that begins so; FilterFaultError."""
    wanted = _plain(asked)
    plain = [_plain(name) for name in rows.columns]
    if wanted in plain:
        return plain.index(wanted)
    found = [number for number, name in enumerate(plain) if wanted and name.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    among = [rows.columns[number] for number in found] or rows.columns
    what = "may be any of" if found else "is not among"
    raise FilterFaultError(f"column '{asked}' {what} {', '.join(among)}")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9#/]", "", name.lower())


def columns(rows: Rows, names: list[str]) -> Rows:
    """Some columns in the order of `names`; FilterFaultError."""
    if not names:
        raise FilterFaultError(f"columns: name some of {', '.join(rows.columns)}")
    places = [column(rows, name) for name in names]
    picked = ([row[place] if place < len(row) else "" for place in places] for row in rows.rows)
    return Rows([rows.columns[place] for place in places], picked)


def ordered(rows: Rows, names: list[str], *, backwards: bool) -> Rows:
    """In the order of these columns: numbers, times, addresses, other text; empty cells last."""
    places = [column(rows, name) for name in names]
    found = list(rows.rows)
    for place in reversed(places):
        keyed = partial(_key_at, place)
        found.sort(key=keyed, reverse=backwards)
        if backwards:
            found.sort(key=lambda row, key=keyed: key(row)[0] == _NONE)  # type: ignore[misc]
    return Rows(rows.columns, iter(found))


def _key_at(place: int, row: Row) -> Key:
    return sort_key(row[place] if place < len(row) else "")


def sort_key(cell: Cell) -> Key:
    """By what a cell stands for: a number, how long ago, an address or prefix, or text."""
    if cell is None or cell == "":
        return (_NONE, 0, 0)
    if isinstance(cell, bool | int | float):
        return (_NUMBER, cell, 0)
    text = written(cell)
    try:
        return (_NUMBER, float(text) if "." in text else int(text), 0)
    except ValueError:
        pass
    if (seconds := _seconds(text)) is not None:
        return (_DATED, seconds, 0)
    return _address_key(text) or (_TEXT, text.lower(), 0)


def _seconds(text: str) -> int | None:
    found = _DURATION.fullmatch(text)
    if found is None or not text:
        return None
    *parts, minutes = found.groups()
    seconds = sum(int(part or 0) * unit for part, unit in zip(parts, _SECONDS, strict=True))
    return seconds + int((minutes or "0m")[:-1]) * 60


def _address_key(text: str) -> Key | None:
    address, slash, length = text.partition("/")
    try:
        found = Address.parse(address)
        bits = int(length) if slash else found.afi.bits
    except ValueError:
        return None
    return (_ADDRESS, found.value + (found.afi is Afi.IPV6 and 1 << 128), bits)


def written(cell: Cell) -> str:
    """A cell as text: JSON for what is no text or number, nothing for null."""
    if isinstance(cell, str):
        return cell
    return "" if cell is None else json.dumps(cell, ensure_ascii=False, separators=(",", ":"))


def aligned(rows: Rows) -> Iterator[str]:
    """The lines of a table: titles, then rows; numbers at the right. No blank at the end."""
    texts = ([written(cell) for cell in row] for row in rows.rows)
    sample = list(islice(texts, _SAMPLE))
    width = [
        max([cells(name), *(cells(row[place]) for row in sample if place < len(row))])
        for place, name in enumerate(rows.columns)
    ]
    right = [
        all(_is_number(row[place]) for row in sample if place < len(row) and row[place])
        and any(place < len(row) and row[place] for row in sample)
        for place in range(len(rows.columns))
    ]
    for row in chain([rows.columns], sample, texts):
        shown = (padded(text, width[place], right=right[place]) for place, text in enumerate(row))
        yield "  ".join(shown).rstrip() + "\n"


def _is_number(text: str) -> bool:
    return sort_key(text)[0] == _NUMBER


def comma_separated(rows: Rows) -> Iterator[str]:
    """RFC 4180, with a line of titles; lines end as they do on this system."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for row in chain([rows.columns], rows.rows):
        writer.writerow([written(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def objects(rows: Rows) -> list[dict[str, Cell]]:
    """The rows as JSON objects; what is a whole number is one."""
    return [
        {name: _typed(cell) for name, cell in zip(rows.columns, row, strict=False)}
        for row in rows.rows
    ]


def _typed(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.isascii() and cell.isdigit() and str(int(cell[:18])) == cell:
        return int(cell)
    return cell


def joined(row: Iterable[Cell]) -> str:
    """A row as one text, for filters by expressions."""
    return "  ".join(written(cell) for cell in row)
