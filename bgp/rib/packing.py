"""Announcements and withdrawals of an update-group as whole messages.

What is told is named by an item: a prefix's key, or for members that are told path ids
`key << 32 | path id`.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from bgp.labels import IMPLICIT_NULL, label_index
from bgp.rib.announced import Announced
from bgp.rib.encoding import encode
from bgp.rib.export import Profile
from bgp.rib.rulekeys import rule_of
from bgp.rib.table import Table
from bgp.wire.flowspec import frame
from bgp.wire.nlri import WITHDRAWN_LABELS, encode_labeled, pack_label
from bgp.wire.update import (
    announce_v4,
    encode_parts,
    encode_parts_withdrawn,
    encode_update,
    encode_withdraw,
    withdraw_v4,
)
from grammar.base.values import Afi, Safi

ID_BITS: Final = 32
ID_MASK: Final = (1 << ID_BITS) - 1


def announcing(
    table: Table, profile: Profile, announced: Announced, items: list[int], hop: bytes
) -> list[bytes]:
    """UPDATEs that announce these items with the packed next hop `hop`."""
    limit = profile.max_length
    if table.rule_keys is not None:
        attributes = encode(announced, profile, b"")
        rules = (frame(rule_of(key)) for key in items)
        return list(encode_parts(attributes, rules, table.family, hop, max_length=limit))
    afi, safi = profile.family
    if safi is Safi.LABELED_UNICAST:
        attributes = encode(announced, profile, b"")
        if announced.local and announced.label is not None:
            attributes += label_index(announced.label)
        parts = _labeled(table, profile, announced, items)
        return list(encode_parts(attributes, parts, profile.family, hop, max_length=limit))
    classic = afi is Afi.IPV4 and safi is Safi.UNICAST and not profile.multiprotocol
    if classic and profile.paths is None:
        return announce_v4(encode(announced, profile, hop), items, limit)
    keys, ids = _split(profile, items)
    if classic:
        attributes = encode(announced, profile, hop)
        hop = b""
    else:
        attributes = encode(announced, profile, b"")
    return list(
        encode_update(attributes, keys, afi, hop, max_length=limit, path_ids=ids, safi=safi)
    )


def _labeled(
    table: Table, profile: Profile, announced: Announced, items: list[int]
) -> Iterator[bytes]:
    for key, path_id in zip(*_ids(profile, items), strict=True):
        part = encode_labeled(key, table.afi, pack_label(label_told(table, announced, key)))
        yield part if path_id is None else path_id.to_bytes(4, "big") + part


def label_told(table: Table, announced: Announced, key: int) -> int:
    """The label that a prefix goes out with: implicit null for own routes, the neighbor's where
    the route is passed on as it came, else the own label of the prefix."""
    if announced.local:
        return IMPLICIT_NULL
    if announced.label is not None:
        return announced.label
    return IMPLICIT_NULL if table.labels is None else table.labels.of(key)


def _ids(profile: Profile, items: list[int]) -> tuple[list[int], Sequence[int | None]]:
    keys, ids = _split(profile, items)
    return keys, ids or [None] * len(keys)


def withdrawing(table: Table, profile: Profile, items: list[int]) -> list[bytes]:
    """UPDATEs that withdraw these items."""
    limit = profile.max_length
    if table.rule_keys is not None:
        rules = (frame(rule_of(key)) for key in items)
        return list(encode_parts_withdrawn(rules, table.family, max_length=limit))
    afi, safi = profile.family
    if safi is Safi.LABELED_UNICAST:
        parts = (
            (b"" if path_id is None else path_id.to_bytes(4, "big"))
            + encode_labeled(key, afi, WITHDRAWN_LABELS[0])
            for key, path_id in zip(*_ids(profile, items), strict=True)
        )
        return list(encode_parts_withdrawn(parts, profile.family, max_length=limit))
    multiprotocol = profile.multiprotocol or safi is not Safi.UNICAST
    if afi is Afi.IPV4 and not multiprotocol and profile.paths is None:
        return withdraw_v4(items, limit)
    keys, ids = _split(profile, items)
    return list(
        encode_withdraw(
            keys, afi, max_length=limit, path_ids=ids, multiprotocol=multiprotocol, safi=safi
        )
    )


def _split(profile: Profile, items: list[int]) -> tuple[list[int], list[int]]:
    if profile.paths is None:
        return items, []
    return [item >> ID_BITS for item in items], [item & ID_MASK for item in items]
