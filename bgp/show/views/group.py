"""Views of `show bgp peer-group`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """A neighbor of a peer-group; `status` is its state in FRR's words."""

    name: str
    status: str
    dynamic: bool = False


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """One peer-group. `remote_as` is None without such a line, 0 for `external`.

    `ranges` are the prefixes that it listens to: `IPv4` and `IPv6` with theirs.
    """

    name: str
    remote_as: int | None
    internal: bool
    families: tuple[str, ...] = ()
    ranges: tuple[tuple[str, tuple[str, ...]], ...] = ()
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class PeerGroups:
    """All peer-groups of an instance, or one."""

    groups: tuple[PeerGroup, ...]
    missing: bool = False
    """One was asked for that does not exist."""
