"""Announcements and withdrawals of an update-group as whole messages.

What is told is named by an item: a prefix's key, or for members that are told path ids
`key << 32 | path id`.
"""

from typing import Final

from bgp.rib.export import Announced, Profile, encode
from bgp.rib.rulekeys import rule_of
from bgp.rib.table import Table
from bgp.wire.flowspec import frame
from bgp.wire.update import (
    encode_parts,
    encode_parts_withdrawn,
    encode_update,
    encode_withdraw,
)
from grammar.base.values import Afi

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
    keys, ids = _split(profile, items)
    if table.afi is Afi.IPV4 and not profile.multiprotocol:
        attributes = encode(announced, profile, hop)
        hop = b""
    else:
        attributes = encode(announced, profile, b"")
    return list(encode_update(attributes, keys, table.afi, hop, max_length=limit, path_ids=ids))


def withdrawing(table: Table, profile: Profile, items: list[int]) -> list[bytes]:
    """UPDATEs that withdraw these items."""
    limit = profile.max_length
    if table.rule_keys is not None:
        rules = (frame(rule_of(key)) for key in items)
        return list(encode_parts_withdrawn(rules, table.family, max_length=limit))
    keys, ids = _split(profile, items)
    multiprotocol = profile.multiprotocol
    return list(
        encode_withdraw(
            keys, table.afi, max_length=limit, path_ids=ids, multiprotocol=multiprotocol
        )
    )


def _split(profile: Profile, items: list[int]) -> tuple[list[int], list[int]]:
    if profile.paths is None:
        return items, []
    return [item >> ID_BITS for item in items], [item & ID_MASK for item in items]
