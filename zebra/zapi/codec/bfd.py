"""Bodies of the messages about BFD."""

from socket import AF_INET, AF_INET6

from zebra.zapi.bfd import DEREGISTER, REGISTER, REPLAY, UPDATE, BfdDestination, BfdNews, BfdRelay
from zebra.zapi.codec.cursor import U32, Cursor
from zebra.zapi.codec.dialect import DIALECTS, Dialect, Row, Rows
from zebra.zapi.header import ZapiError

_COMMANDS = range(UPDATE, 39)
_BY_NUMBER = {
    dialect: {dialect.number(command): command for command in _COMMANDS} for dialect in DIALECTS
}
_SMALLEST = 20
"""Process id, two addresses with their families, intervals: no registration has less bytes."""


def _destination(cursor: Cursor, add: bool) -> BfdDestination:
    body = cursor.take(cursor.left)
    # 8.1 has other commands by these numbers, which have an address here.
    family = int.from_bytes(body[4:6], "big")
    if len(body) < _SMALLEST or family not in (AF_INET, AF_INET6):
        raise ZapiError("no destination of BFD")
    return BfdDestination(add, body)


def _encode_relay(message: BfdRelay, dialect: Dialect) -> bytes:
    return U32.pack(dialect.number(message.command)) + message.body


def _decode_relay(cursor: Cursor, dialect: Dialect) -> BfdRelay:
    number = cursor.u32()
    command = _BY_NUMBER[dialect].get(number)
    if command is None:
        raise ZapiError(f"command {number} is none of BFD")
    return BfdRelay(command, cursor.take(cursor.left))


def _decode_replay(cursor: Cursor, dialect: Dialect) -> BfdRelay | BfdNews:
    """A daemon is asked for what it wants, bfdd told what one of them does."""
    return _decode_relay(cursor, dialect) if cursor.left else BfdNews(REPLAY)


def _told(cursor: Cursor, _dialect: Dialect) -> BfdNews:
    return BfdNews(UPDATE, cursor.take(cursor.left))


ROWS: Rows = (
    Row(
        REGISTER, True, BfdDestination, lambda m, _d: m.body,
        lambda c, _d: _destination(c, True), when=lambda m: m.add,
    ),
    Row(
        DEREGISTER, True, BfdDestination, lambda m, _d: m.body,
        lambda c, _d: _destination(c, False), when=lambda m: not m.add,
    ),
    Row(REPLAY, True, BfdRelay, _encode_relay, _decode_relay),
    Row(REPLAY, False, BfdRelay, _encode_relay, _decode_replay),
    Row(
        UPDATE, False, BfdNews, lambda m, _d: m.body, _told,
        when=lambda m: m.command == UPDATE,
    ),
    Row(
        REPLAY, False, BfdNews, lambda m, _d: m.body, _decode_replay,
        when=lambda m: m.command == REPLAY,
    ),
)  # fmt: skip
