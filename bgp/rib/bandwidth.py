"""Link bandwidths (draft-ietf-idr-link-bandwidth): how much of the traffic each path is to get."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from math import isfinite
from struct import pack, unpack
from typing import Final

from bgp.rib.path import Path, Together
from bgp.wire.attributes.aspath import AS_TRANS

_KINDS: Final = (0x0004, 0x4004)
"""Type and sub type, transitive or not."""
SKIP: Final = "skip-missing"
DEFAULT: Final = "default-weight-for-missing"
IGNORE: Final = "ignore"
"""The words of `bgp bestpath bandwidth`."""


def bandwidth(path: Path) -> int:
    """Bytes per second that a path promises; 0 if it says nothing."""
    for value in path.attrs.ext_communities:
        if value >> 48 in _KINDS:
            (rate,) = unpack("!f", (value & 0xFFFFFFFF).to_bytes(4, "big"))
            return int(rate) if isfinite(rate) and rate > 0 else 0
    return 0


def together(paths: Sequence[Path], handling: str | None, merged: bool = False) -> Path:
    """The first one, with what is to be told of all of them; `merged`: in one set of attributes."""
    made = paths[0].copied(Together)
    made.count = len(paths)
    made.total = sum(map(bandwidth, paths))
    made.shared = bool(weighted(paths, handling)[0][1])
    made.merged = tuple(path.attrs for path in paths) if merged else ()
    if merged:
        made.gateway = made.link_local = None
    return made


@cache
def summary(handling: str | None, merged: bool) -> Callable[[tuple[Path, ...]], Path]:
    """`together` with these words of the configuration."""
    return partial(together, handling=handling, merged=merged)


def community(rate: float, asn: int, non_transitive: bool = False, *, whole: bool = False) -> int:
    """The extended community of a rate in bytes per second; `whole`: as an integer."""
    speed: int = min(int(rate), 0xFFFFFFFF) if whole else unpack("!I", pack("!f", rate))[0]
    kind = _KINDS[non_transitive]
    return kind << 48 | (asn if asn <= 0xFFFF else AS_TRANS) << 32 | speed


def replaced(values: tuple[int, ...], rate: int, asn: int, *, whole: bool) -> tuple[int, ...]:
    """Communities with this rate in place of the one that may be passed on."""
    return tuple(
        community(rate, asn, whole=whole) if value >> 48 == _KINDS[False] else value
        for value in values
    )


def weighted(paths: Sequence[Path], handling: str | None) -> list[tuple[Path, int]]:
    """The paths to use and their weights: percents of the whole; 0 where they count the same.

    As in FRR all of several paths have to tell their bandwidth, unless `handling` says what
    becomes of those that do not.
    """
    if handling == IGNORE or len(paths) < 2:
        return [(path, 0) for path in paths]
    rates = [bandwidth(path) for path in paths]
    if not (any(rates) if handling in (SKIP, DEFAULT) else all(rates)):
        return [(path, 0) for path in paths]
    total = sum(rates)
    shares = zip(paths, rates, strict=True)
    return [
        (path, rate * 100 // total if rate else 1)
        for path, rate in shares
        if rate or handling != SKIP
    ]
