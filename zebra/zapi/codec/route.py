"""Bodies of routes: installing, redistribution, and what became of a route."""

from collections.abc import Sequence
from functools import lru_cache
from struct import Struct

from grammar.base.values import Afi, Prefix, gathered
from zebra.zapi.codec.cursor import (
    FAMILY_OF,
    HOST32,
    U8,
    U16,
    U32,
    Cursor,
    as_afi,
    as_safi,
    pack_full,
    pack_short,
)
from zebra.zapi.codec.dialect import Dialect, Row, Rows
from zebra.zapi.codec.nexthop import decode_nexthop, encode_nexthop
from zebra.zapi.constants import NotifyNote, RouteField, RouteFlag, RouteType
from zebra.zapi.header import ROUTE_COMMANDS, ROUTE_HEAD, Frame, ZapiError, begin
from zebra.zapi.routes import (
    Nexthop,
    RedistributeRoute,
    Route,
    RouteAdd,
    RouteDelete,
    RouteNotifyOwner,
    Routes,
)

_ROUTE = Struct(">BHIIBB")
"""Type, instance, flags, message flags, safi, family."""
_MAX_NEXTHOPS = 256
# As plain numbers, and flags from a cache: IntFlag's operations are slow.
_NEXTHOP, _BACKUP, _COLOR = (
    int(RouteField.NEXTHOP),
    int(RouteField.BACKUP),
    int(RouteField.COLOR),
)
_SOURCE, _NHG, _OPAQUE = int(RouteField.SOURCE), int(RouteField.NHG), int(RouteField.OPAQUE)
_EVPN = int(RouteFlag.EVPN)
_flags = lru_cache(maxsize=256)(RouteFlag)
_TYPES = {kind.value: kind for kind in RouteType}
_OPTIONAL = (
    ("distance", int(RouteField.DISTANCE), U8),
    ("metric", int(RouteField.METRIC), U32),
    ("tag", int(RouteField.TAG), U32),
    ("mtu", int(RouteField.MTU), U32),
    ("table", int(RouteField.TABLE), U32),
)
"""The optional numbers in the order in which they follow the next hops."""


def encode_route(route: Route, dialect: Dialect) -> bytes:
    """The body of a route; fields that are None or empty are left out."""
    head, tail = _around_prefix(route, dialect)
    return head + pack_short(route.prefix) + tail


def _around_prefix(route: Route, dialect: Dialect) -> tuple[bytes, bytes]:
    fields = 0
    tail = b""
    if route.source is not None:
        fields |= _SOURCE
        tail += pack_short(route.source)
    if route.nhg:
        fields |= _NHG
        tail += U32.pack(route.nhg)
    if any(hop.color for hop in (*route.nexthops, *route.backups)):
        fields |= _COLOR
    if route.nexthops:
        tail += _encode_hops(route, route.nexthops, dialect)
        fields |= _NEXTHOP
    if route.backups:
        tail += _encode_hops(route, route.backups, dialect)
        fields |= _BACKUP
    for name, bit, number in _OPTIONAL:
        value = getattr(route, name)
        if value is not None:
            fields |= bit
            tail += number.pack(value)
    if route.opaque is not None:
        fields |= _OPAQUE
        tail += U16.pack(len(route.opaque)) + route.opaque
    family = FAMILY_OF[route.prefix.afi]
    head = _ROUTE.pack(route.type, route.instance, route.flags, fields, route.safi, family)
    return head, tail


def _encode_hops(route: Route, hops: tuple[Nexthop, ...], dialect: Dialect) -> bytes:
    colored = any(hop.color for hop in (*route.nexthops, *route.backups))
    by_flag = dialect.flags_router_mac
    return U16.pack(len(hops)) + b"".join(
        encode_nexthop(hop, mac_by_flag=by_flag, colored=colored) for hop in hops
    )


def decode_route(cursor: Cursor, dialect: Dialect) -> Route:
    """The inverse of `encode_route`."""
    number, instance, flag_bits, fields, safi_number, family = _ROUTE.unpack(cursor.take(13))
    if number not in _TYPES:
        raise ZapiError(f"{number} is no RouteType")
    kind, flags = _TYPES[number], _flags(flag_bits)
    safi, afi = as_safi(safi_number), as_afi(family)
    prefix = cursor.short_prefix(afi)
    source = _decode_source(cursor, afi) if fields & _SOURCE else None
    nhg = cursor.u32() if fields & _NHG else 0
    hops = _decode_hops(cursor, dialect, flags, fields) if fields & _NEXTHOP else ()
    backups = _decode_hops(cursor, dialect, flags, fields) if fields & _BACKUP else ()
    numbers = [
        int.from_bytes(cursor.take(number.size), "big") if fields & bit else None
        for _name, bit, number in _OPTIONAL
    ]
    distance, metric, tag, mtu, table = numbers
    opaque = cursor.take(cursor.u16()) if fields & _OPAQUE else None
    return Route(
        kind, prefix, hops, distance, metric, flags, instance, safi,
        tag, mtu, table, nhg, source, backups, opaque,
    )  # fmt: skip


def _decode_source(cursor: Cursor, afi: Afi) -> Prefix:
    if afi is not Afi.IPV6:
        raise ZapiError("a source prefix on an IPv4 route")
    return cursor.short_prefix(afi)


def _decode_hops(
    cursor: Cursor, dialect: Dialect, flags: RouteFlag, fields: int
) -> tuple[Nexthop, ...]:
    count = cursor.u16()
    if count > _MAX_NEXTHOPS:
        raise ZapiError(f"{count} next hops")
    mac = None if dialect.flags_router_mac else bool(int(flags) & _EVPN)
    colored = bool(fields & _COLOR)
    return tuple(decode_nexthop(cursor, mac=mac, colored=colored) for _ in range(count))


def _encode_notify(told: RouteNotifyOwner, _dialect: Dialect) -> bytes:
    return (
        HOST32.pack(told.note)
        + U8.pack(FAMILY_OF[told.prefix.afi])
        + pack_full(told.prefix)
        + U32.pack(told.table)
        + bytes((told.afi, told.safi))
    )


def _decode_notify(cursor: Cursor, _dialect: Dialect) -> RouteNotifyOwner:
    note = cursor.enum(NotifyNote, cursor.host32)
    prefix = cursor.full_prefix(cursor.family(cursor.u8))
    return RouteNotifyOwner(
        note, prefix, cursor.u32(), cursor.enum(Afi, cursor.u8), cursor.safi(cursor.u8)
    )


def _encode_told(told: RouteAdd | RouteDelete, dialect: Dialect) -> bytes:
    return encode_route(told.route, dialect)


def _redistribute_row(command: int, add: bool) -> Row[RedistributeRoute]:
    return Row(
        command,
        False,
        RedistributeRoute,
        lambda told, dialect: encode_route(told.route, dialect),
        lambda cursor, dialect: RedistributeRoute(add, decode_route(cursor, dialect)),
        lambda told: told.add is add,
    )


ROWS: Rows = (
    Row(8, True, RouteAdd, _encode_told, lambda c, d: RouteAdd(decode_route(c, d))),
    Row(9, True, RouteDelete, _encode_told, lambda c, d: RouteDelete(decode_route(c, d))),
    _redistribute_row(30, True),
    _redistribute_row(31, False),
    Row(10, False, RouteNotifyOwner, _encode_notify, _decode_notify),
)


# --- many routes that differ in their prefixes only ----------------------------------------------


class _Run:
    """The bytes of messages about one route, but for the prefix."""

    def __init__(self, route: Route, command: int, vrf: int, dialect: Dialect) -> None:
        self.route = route
        self.dialect = dialect
        self._command, self._vrf = command, vrf
        self._head, self._tail = _around_prefix(route, dialect)
        self._bits = route.prefix.afi.bits
        self._shift = 6 if self._bits == 32 else 8
        self._begins: dict[int, tuple[bytes, int, int]] = {}

    def _begin(self, length: int) -> tuple[bytes, int, int]:
        used = (length + 7) // 8
        size = len(self._head) + 1 + used + len(self._tail)
        head = begin(self._command, self._vrf, size) + self._head + bytes((length,))
        made = head, used, self._bits - 8 * used
        self._begins[length] = made
        return made

    def encode(self, keys: Sequence[int]) -> bytes:
        """A message for each key."""
        tail, known, low = self._tail, self._begins, self._shift
        lengths = (1 << low) - 1
        found = {key & lengths for key in keys}
        if len(found) == 1:
            length = found.pop()
            head, used, cut = known.get(length) or self._begin(length)
            addresses = [(gathered(key >> low) >> cut).to_bytes(used, "big") for key in keys]
            return head + (tail + head).join(addresses) + tail
        parts = []
        for key in keys:
            length = key & lengths
            head, used, cut = known.get(length) or self._begin(length)
            address = gathered(key >> low) >> cut
            parts.append(head + address.to_bytes(used, "big") + tail)
        return b"".join(parts)


_KEPT = 4096
_runs: dict[tuple[int, int, int], _Run] = {}
_read: dict[tuple[bytes, bytes, str], Route] = {}
"""What was encoded and decoded last: few sets of attributes make most of a table."""


def encode_routes(told: Routes, vrf: int, dialect: Dialect) -> bytes:
    """The messages, one after the other; the same `Route` object is looked at once."""
    route, command = told.route, ROUTE_COMMANDS[0 if told.add else 1]
    # The identity is known to be that of this route as long as the run that holds it is kept.
    key = id(route), command, vrf
    run = _runs.get(key)
    if run is None or run.dialect is not dialect:
        if len(_runs) >= _KEPT:
            _runs.clear()
        run = _runs[key] = _Run(route, command, vrf, dialect)
    return run.encode(told.keys)


def decode_routes(frame: Frame, dialect: Dialect) -> Routes:
    """What a frame with keys stands for; ZapiError."""
    body = frame.body
    after = ROUTE_HEAD + 1 + (body[ROUTE_HEAD] + 7 >> 3)
    key = body[:ROUTE_HEAD], body[after:], dialect.name
    route = _read.get(key)
    if route is None:
        if len(_read) >= _KEPT:
            _read.clear()
        route = _read[key] = decode_route(Cursor(body), dialect)
    return Routes(frame.command == ROUTE_COMMANDS[0], route, frame.keys)
