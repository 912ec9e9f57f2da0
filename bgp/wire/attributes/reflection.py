"""ORIGINATOR_ID and CLUSTER_LIST of route reflection (RFC 4456 sec. 8)."""

from struct import pack, unpack
from typing import Final

from bgp.wire.attributes.row import OPTIONAL, Attribute, bad_length, decode_u32, encode_u32
from bgp.wire.errors import Reaction


def _decode_clusters(data: bytes, _as4: bool) -> tuple[int, ...]:
    count, rest = divmod(len(data), 4)
    if rest or not count:
        raise bad_length(data)
    return unpack(f"!{count}I", data)


def _encode_clusters(values: tuple[int, ...], _as4: bool) -> bytes:
    return pack(f"!{len(values)}I", *values)


ORIGINATOR_ID: Final = Attribute(
    9, "originator_id", OPTIONAL, decode_u32, encode_u32, Reaction.WITHDRAW, internal=True
)
CLUSTER_LIST: Final = Attribute(
    10,
    "cluster_list",
    OPTIONAL,
    _decode_clusters,
    _encode_clusters,
    Reaction.WITHDRAW,
    internal=True,
)
