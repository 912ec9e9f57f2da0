"""What bgpd tells of a route for zebra to show (`bgp send-extra-data zebra`)."""

from typing import Final

_FIELDS: Final = (
    ("AS-Path          ", "asPath", 256),
    ("Communities      ", "communities", 80),
    ("Large-Communities", "largeCommunities", 360),
    ("Selection reason ", "selectionReason", 32),
)
"""FRR's titles in text and JSON, and the sizes of its struct."""
SIZE: Final = sum(size for _, _, size in _FIELDS)


def _texts(opaque: bytes | None) -> list[tuple[str, str, str]]:
    if opaque is None or len(opaque) != SIZE:
        return []
    found, start = [], 0
    for title, name, size in _FIELDS:
        text = opaque[start : start + size].partition(b"\0")[0]
        found.append((title, name, text.decode(errors="replace")))
        start += size
    return found


def told_lines(opaque: bytes | None) -> list[str]:
    """The lines of `show ip route PREFIX`; what is empty has none."""
    return [f"    {title}: {text}\n" for title, _, text in _texts(opaque) if text]


def told_members(opaque: bytes | None) -> dict[str, str]:
    """The members of a route in JSON, empty or not."""
    return {name: text for _, name, text in _texts(opaque)}
