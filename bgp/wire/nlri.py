"""Unicast prefixes on the wire and the tables' integer keys (RFC 4271 sec. 4.3, RFC 7911).

A key is `addr << 6 | len` (IPv6: `spread(addr) << 8`), see `grammar.base.values.Prefix.key`. These
loops run once for every prefix a peer sends: no call and no object for each but the key itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from struct import Struct
from typing import Final

from bgp.compiled import compiled
from bgp.wire.errors import Code, Malformed, UpdateError
from grammar.base.values import gathered, spread

_V4 = Struct("!BI").unpack_from
_V6 = Struct("!BQQ").unpack_from
_PATH_ID = Struct("!I")

# By prefix length: the mask, and how many bytes the prefix takes with its length octet.
_MASK4: Final = [((1 << n) - 1) << (32 - n) for n in range(33)]
_MASK6: Final = [((1 << n) - 1) << (128 - n) for n in range(129)]
_STEP: Final = [1 + (n + 7) // 8 for n in range(129)]
_PAD: Final = bytes(16)


def decode_prefixes(data: bytes, afi: int, addpath: bool = False) -> list[int]:
    """Keys of all prefixes in `data`, host bits cut; with `addpath` the path ids are skipped.

    Raises `Malformed` 3/10 (RFC 7606 sec. 5.3: a prefix that is too long or cut short leaves no way
    to find the next one, so the session goes; in MP_REACH the caller makes it 3/9).
    """
    if addpath:
        return [key for _, key in decode_addpath(data, afi)]
    return _decode_v4(data) if afi == 1 else _decode_v6(data)


@compiled
def _decode_v4(data: bytes) -> list[int]:
    end = len(data)
    padded = bytes(data) + _PAD
    keys: list[int] = []
    append = keys.append
    position = 0
    try:
        while position < end:
            length, value = _V4(padded, position)
            append((value & _MASK4[length]) << 6 | length)
            position += _STEP[length]
    except IndexError:
        raise _too_long() from None
    if position != end:
        raise _cut_short()
    return keys


@compiled
def _decode_v6(data: bytes) -> list[int]:
    end = len(data)
    padded = bytes(data) + _PAD
    keys: list[int] = []
    append = keys.append
    position = 0
    try:
        while position < end:
            length, high, low = _V6(padded, position)
            append(spread((high << 64 | low) & _MASK6[length]) << 8 | length)
            position += _STEP[length]
    except IndexError:
        raise _too_long() from None
    if position != end:
        raise _cut_short()
    return keys


def decode_addpath(data: bytes, afi: int) -> list[tuple[int, int]]:
    """`(path id, key)` of all prefixes in `data` (RFC 7911 sec. 3); raises as `decode_prefixes`."""
    end = len(data)
    padded = bytes(data) + _PAD + _PAD
    found: list[tuple[int, int]] = []
    position = 0
    try:
        while position < end:
            path_id, length, high, low = _ADDPATH(padded, position)
            if afi == 1:
                key = (high >> 32 & _MASK4[length]) << 6 | length
            else:
                key = spread((high << 64 | low) & _MASK6[length]) << 8 | length
            found.append((path_id, key))
            position += 4 + _STEP[length]
    except IndexError:
        raise _too_long() from None
    if position != end:
        raise _cut_short()
    return found


_ADDPATH = Struct("!IBQQ").unpack_from


def decode_labeled(data: bytes, afi: int, addpath: bool = False) -> list[tuple[int, int, int]]:
    """`(path id, label, key)` of all prefixes with labels in `data` (RFC 8277 sec. 2).

    Of several labels the first, which is the outermost, counts. The id is 0 without `addpath`.
    Raises as `decode_prefixes`.
    """
    found: list[tuple[int, int, int]] = []
    bits = 32 if afi == 1 else 128
    position, end, path_id = 0, len(data), 0
    while position < end:
        if addpath:
            path_id = int.from_bytes(data[position : position + 4], "big")
            position += 4
        size = data[position] if position < end else 0
        stop = position + 1 + (size + 7) // 8
        if stop > end:
            raise _cut_short()
        label, labels = _labels(data[position + 1 : stop])
        length = size - 24 * labels
        if not 0 <= length <= bits:
            raise _too_long()
        packed = data[position + 1 + 3 * labels : stop]
        value = int.from_bytes(packed.ljust(bits // 8, b"\0"), "big")
        mask = _MASK4[length] if afi == 1 else _MASK6[length]
        found.append((path_id, label, spread(value & mask) << (6 if afi == 1 else 8) | length))
        position = stop
    return found


def _labels(data: bytes) -> tuple[int, int]:
    """The first label and how many there are: the last has its lowest bit set, or withdraws."""
    count = 0
    while True:
        entry = data[3 * count : 3 * count + 3]
        if len(entry) < 3:
            raise _too_long()
        count += 1
        if entry[2] & 1 or entry in WITHDRAWN_LABELS:
            return int.from_bytes(data[:3], "big") >> 4, count


def encode_labeled(key: int, afi: int, label: bytes) -> bytes:
    """One prefix behind the three bytes of its label."""
    plain = encode_prefix(key, afi)
    return bytes([plain[0] + 24]) + label + plain[1:]


def pack_label(label: int) -> bytes:
    """A label as the only one of a prefix."""
    return (label << 4 | 1).to_bytes(3, "big")


WITHDRAWN_LABELS: Final = (b"\x80\0\0", b"\0\0\0")
"""What stands in place of a label in a withdrawal."""


def _too_long() -> Malformed:
    return Malformed(Code.UPDATE, UpdateError.NETWORK, reason="prefix length out of range")


def _cut_short() -> Malformed:
    return Malformed(Code.UPDATE, UpdateError.NETWORK, reason="prefix is cut short")


def encode_prefix(key: int, afi: int) -> bytes:
    """One prefix: length in bits, then as many bytes as it needs."""
    if afi == 1:
        length = key & 63
        return (length << 32 | key >> 6).to_bytes(5, "big")[: _STEP[length]]
    length = key & 255
    return (length << 128 | gathered(key >> 8)).to_bytes(17, "big")[: _STEP[length]]


def pack_prefixes(
    keys: Sequence[int], afi: int, room: int, path_ids: Sequence[int] = ()
) -> Iterator[bytes]:
    """The prefixes in as few chunks of at most `room` bytes as their order allows.

    With `path_ids` (one for each key) every prefix is sent with its id.
    """
    if not path_ids:
        yield from _pack_keys(keys, afi, room)
        return
    prefixes = (encode_prefix(key, afi) for key in keys)
    ids = (_PATH_ID.pack(i) + p for i, p in zip(path_ids, prefixes, strict=True))
    yield from pack_parts(ids, room)


@compiled
def _pack_keys(keys: Sequence[int], afi: int, room: int) -> list[bytes]:
    return list(pack_parts((encode_prefix(key, afi) for key in keys), room))


def pack_parts(parts: Iterable[bytes], room: int) -> Iterator[bytes]:
    """The parts in as few chunks of at most `room` bytes as their order allows; a part that does
    not fit at all is left out, as there is no way to send it."""
    chunk: list[bytes] = []
    used = 0
    for part in parts:
        size = len(part)
        if used + size > room:
            if chunk:
                yield b"".join(chunk)
            chunk, used = [], 0
            if size > room:
                continue
        chunk.append(part)
        used += size
    if chunk:
        yield b"".join(chunk)
