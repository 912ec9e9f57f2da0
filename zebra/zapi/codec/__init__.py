"""Messages to bytes and back, one row per command and a table of rows per dialect.

`basic`, `allotted`, `groups` and so on hold the rows of their families; `dialect` says what
differs between releases; `cursor` reads with bounds checks. Any bytes give a message or a
`ZapiError`.
"""

import struct
from functools import cache
from typing import Any

from zebra.zapi.codec import allotted, basic, interface, linkparams, route, tracking
from zebra.zapi.codec.cursor import Cursor
from zebra.zapi.codec.dialect import DIALECTS, FRR81, FRR84, Dialect, Row, Rows, by_command
from zebra.zapi.codec.route import decode_routes
from zebra.zapi.header import ROUTE_COMMANDS, ZapiError, pack
from zebra.zapi.messages import DEFAULT_VRF, Message, Routes, Unknown

__all__ = [
    "DIALECTS",
    "FRR81",
    "FRR84",
    "Dialect",
    "command_of",
    "decode",
    "decode_routes",
    "encode",
    "fits",
]

_BY_COMMAND: dict[Dialect, dict[tuple[int, bool], Row[Any]]] = {each: {} for each in DIALECTS}
_BY_CLASS: dict[type, list[Row[Any]]] = {}


def _enter(rows: Rows) -> None:
    for dialect, known in _BY_COMMAND.items():
        known.update(by_command(rows, dialect))
    for row in rows:
        _BY_CLASS.setdefault(row.message, []).append(row)


for _family in (basic, allotted, interface, linkparams, route, tracking):
    _enter(_family.ROWS)


@cache
def _enter_rest() -> None:
    """What bgpd and staticd never say and hardly hear: a twentieth of their start to import."""
    from zebra.zapi.codec import bfd, evpn, groups

    for family in (bfd, evpn, groups):
        _enter(family.ROWS)


def _row_for(command: int, dialect: Dialect, *, from_client: bool) -> Row[Any] | None:
    known = _BY_COMMAND[dialect]
    if (command, from_client) not in known:
        _enter_rest()
    return known.get((command, from_client))


def encode(message: Message, vrf: int = DEFAULT_VRF, dialect: Dialect = FRR84) -> bytes:
    """The whole message with its header; ZapiError if a value does not fit its field.

    Long lists (next hops to watch) must be cut by the sender to stay under 16384 bytes.
    """
    if isinstance(message, Unknown):
        return pack(message.command, vrf, message.body)
    if type(message) is Routes:
        return route.encode_routes(message, vrf, dialect)
    row = _row_of(message, dialect)
    try:
        return pack(row.number(dialect), vrf, row.encode(message, dialect))
    except (struct.error, ValueError) as error:
        raise ZapiError(f"{type(message).__name__}: {error}") from error


def command_of(message: Message) -> int:
    """The command's number in 8.2 to 8.4.4; of an `Unknown` the one that came."""
    if isinstance(message, Unknown):
        return message.command
    if isinstance(message, Routes):
        return ROUTE_COMMANDS[0 if message.add else 1]
    return _row_of(message).command


def _row_of(message: Message, dialect: Dialect = FRR84) -> Row[Any]:
    if type(message) not in _BY_CLASS:
        _enter_rest()
    return next(
        row
        for row in _BY_CLASS[type(message)]
        if (row.only is None or row.only is dialect) and row.when(message)
    )


def decode(command: int, body: bytes, dialect: Dialect = FRR84, *, from_client: bool) -> Message:
    """The message in a frame; `from_client` is its direction, which decides some commands.

    A command without a row gives `Unknown`; a body that breaks its layout raises ZapiError. Bytes
    behind the last field are ignored, as FRR does.
    """
    row = _row_for(command, dialect, from_client=from_client)
    if row is None:
        return Unknown(command, body)
    message: Message = row.decode(Cursor(body), dialect)
    return message


def fits(command: int, body: bytes, dialect: Dialect) -> bool:
    """Whether this is a client's message of the dialect, from its first byte to its last."""
    row = _row_for(command, dialect, from_client=True)
    if row is None:
        return False
    cursor = Cursor(body)
    try:
        row.decode(cursor, dialect)
    except ZapiError:
        return False
    return not cursor.left
