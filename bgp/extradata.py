"""What zebra is told of a route beyond its next hops (`bgp send-extra-data zebra`), to show it."""

from typing import Final

from bgp.policy.lists import communities_text, large_text
from bgp.rib.path import Path, reason_of
from bgp.rib.table import Table

_FIELDS: Final = (256, 80, 360, 32)
"""The sizes of FRR's struct: AS path, communities, large communities, reason of the choice; texts
that end in a NUL and are cut off."""


def told(table: Table, key: int, path: Path) -> bytes:
    """The opaque data of a route's best path, as FRR 8.4 lays it out."""
    attrs = path.attrs
    texts = (
        attrs.as_path.text,
        communities_text(attrs.communities),
        large_text(attrs.large_communities),
        reason_of(table.get(key)),
    )
    parts = zip(texts, _FIELDS, strict=True)
    return b"".join(text.encode()[: size - 1].ljust(size, b"\0") for text, size in parts)
