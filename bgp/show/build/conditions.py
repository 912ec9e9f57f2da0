"""Filters of tables: tests on keys and on paths."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bgp.config import Family
from bgp.policy.automaton import expression
from bgp.policy.communities import community_value
from bgp.policy.expression import ExpressionError
from bgp.show.build import find
from bgp.show.build.table import Chosen, stored
from bgp.show.views.misc import Remark

if TYPE_CHECKING:
    from bgp.instance import Instance


def not_classful(key: int) -> bool:
    """True for IPv4 keys whose length is not that of the network's class."""
    first, length = key >> 30, key & 63
    return length != (8 if first < 128 else 16 if first < 192 else 24)


def since(instance: "Instance", family: Family, version: int) -> Callable[[int], bool]:
    """Tests whether a key changed at a version of the table or later."""
    rib = instance.tables.get(stored(family))

    def changed(key: int) -> bool:
        return rib is not None and rib.version_of(key) >= version

    return changed


def with_community(text: str | None, exact: bool) -> Chosen:
    """Paths with any community, with a given one, or with no other one; `Refused` for nonsense."""
    if text is None:
        return lambda path: bool(path.attrs.communities)
    value = community_value(text)
    if value is None:
        raise find.Refused(Remark(f"% Community malformed: {text}"))
    if exact:
        return lambda path: path.attrs.communities == (value,)
    return lambda path: value in path.attrs.communities


def with_large_community(text: str | None, exact: bool) -> Chosen:
    """The same of large communities."""
    if text is None:
        return lambda path: bool(path.attrs.large_communities)
    parts = text.split(":")
    if len(parts) != 3 or not all(part.isdigit() and int(part) < 1 << 32 for part in parts):
        raise find.Refused(Remark("% Large-community malformed"))
    value = (int(parts[0]), int(parts[1]), int(parts[2]))
    if exact:
        return lambda path: path.attrs.large_communities == (value,)
    return lambda path: value in path.attrs.large_communities


def as_path_matches(pattern: str) -> Chosen | None:
    """Paths whose AS path matches an expression, None if it cannot be compiled; `_` stands for
    either end and for all that parts numbers."""
    try:
        search = expression(pattern)
    except ExpressionError:
        return None
    return lambda path: search.found(path.attrs.as_path.text)
