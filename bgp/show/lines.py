"""The rows of long IPv4 tables as FRR prints them, joined; each function has a compiled twin."""

from collections.abc import Hashable, Mapping, Sequence
from functools import cache

from bgp.compiled import compiled
from bgp.show.views.table import Block
from grammar.base.values import Afi
from grammar.output.prefixes import PrefixTexts

Around = tuple[str, str]
"""What of a path stands ahead of the prefix, and what behind it."""
Alike = tuple[str, str, int, str]
"""What paths that differ in their attributes alone have in common: what stands ahead of the prefix;
the next hop; how wide the metric is, or 0 where metric and local preference are in common, too; and
what stands between them and the AS path."""


@compiled
def table_lines(
    keys: list[int],
    entries: Sequence[Hashable],
    known: Mapping[Hashable, Around],
    width: int,
    gap: str,
) -> str:
    """The lines of sorted keys: around each the texts that `known` has for its entry.

    The prefix is filled with blanks to `width`; one that leaves none is followed by `gap`. The
    twin writes what is in the attributes by itself, where `known` has `alike` and `learn` for the
    rest: of a full table nearly each row has attributes that no row shortly before had.
    """
    return _lines(_texts(Afi.IPV4, width, gap).texts(keys), entries, known)


@compiled
def table_members(
    keys: list[int],
    entries: Sequence[Hashable],
    known: Mapping[Hashable, tuple[Around, ...]],
    versions: Mapping[int, int],
) -> str:
    """The members of FRR's object of routes, with commas between: a list of paths for each key,
    around whose prefix and version stand the texts that `known` has."""
    return _members(_texts(Afi.IPV4, 0, "").texts(keys), keys, entries, known, versions)


def member(prefix: str, version: int, paths: tuple[Around, ...]) -> str:
    """The member of one prefix."""
    address, _, length = prefix.partition("/")
    middle = f',"prefix":"{address}","prefixLen":{length},"network":"{prefix}","version":{version},'
    return f'"{prefix}": [{",".join([f"{{{start}{middle}{end}}}" for start, end in paths])}]'


def lines_of(block: Block, known: Mapping[Hashable, Around], width: int, gap: str) -> str:
    """`table_lines` of any family."""
    if block.afi is Afi.IPV4:
        return table_lines(block.keys, block.entries, known, width, gap)
    return _lines(_texts(block.afi, width, gap).texts(block.keys), block.entries, known)


def members_of(block: Block, known: Mapping[Hashable, tuple[Around, ...]]) -> str:
    """`table_members` of any family."""
    keys, entries, versions = block.keys, block.entries, block.versions
    if block.afi is Afi.IPV4:
        return table_members(keys, entries, known, versions)
    return _members(_texts(block.afi, 0, "").texts(keys), keys, entries, known, versions)


def _lines(texts: list[str], entries: Sequence[Hashable], known: Mapping[Hashable, Around]) -> str:
    pieces = [""] * (3 * len(texts))
    around = list(map(known.__getitem__, entries))
    pieces[0::3] = [start for start, _ in around]
    pieces[1::3] = texts
    pieces[2::3] = [end for _, end in around]
    return "".join(pieces)


def _members(
    texts: list[str],
    keys: list[int],
    entries: Sequence[Hashable],
    known: Mapping[Hashable, tuple[Around, ...]],
    versions: Mapping[int, int],
) -> str:
    return "\n,".join(
        member(text, versions.get(key, 0), known[entry])
        for key, text, entry in zip(keys, texts, entries, strict=True)
    )


@cache
def _texts(afi: Afi, width: int, gap: str) -> PrefixTexts:
    return PrefixTexts(afi, width, gap)
