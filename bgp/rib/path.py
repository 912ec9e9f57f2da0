"""Paths: what one UPDATE said of all its prefixes, and the set of rival paths of one prefix.

A table entry is either one `Path`, the common case, or a `Dest` when a prefix has several or has
one that was not chosen. Both are immutable once in a table, so thousands of prefixes share them.
"""

from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from bgp.compiled import maker
from bgp.config import Family
from bgp.folded import folded
from grammar.base.values import Address

if TYPE_CHECKING:
    from bgp.attrs import AttrSet
    from bgp.rib.nexthop import Nexthop
    from bgp.rib.rules import Rules


GRACEFUL_SHUTDOWN = 0xFFFF0000
"""The community of RFC 8326."""
LLGR_STALE = 0xFFFF0006
NO_LLGR = 0xFFFF0007
"""The communities of RFC 9494 sec. 4.2 and 4.3."""


class Origination(IntEnum):
    """How a path came into the table (FRR's sub types)."""

    LEARNT = 0
    STATIC = 1
    """A `network` line."""
    REDISTRIBUTED = 2
    AGGREGATE = 3


class Source(Protocol):
    """Whom a path is from: a `Peer`, or the instance's own `Local`."""

    epoch: int
    is_local: bool
    is_ebgp: bool
    is_confederation: bool
    """From another AS of the own confederation."""
    router_id: int
    """BGP identifier of the sender as a number (0 for own routes)."""

    @property
    def remote_as(self) -> int:
        """The neighbour's AS, the own one for own routes."""
        ...

    @property
    def sort_address(self) -> int:
        """The neighbour's address as a number, the last step of the decision."""
        ...

    def is_client(self, family: Family) -> bool:
        """True for a route reflector client."""
        ...

    def is_served(self, family: Family) -> bool:
        """True for a route server client."""
        ...


@folded("attrs", "rank", "since")
class Path:
    """A way to a prefix. One per UPDATE and family, shared by every prefix in it.

    `attrs` never holds MP_REACH_NLRI: `gateway` is the next hop itself (None: this router),
    `link_local` the second address of an IPv6 next hop. `nexthop` is its tracked reachability,
    None for own routes. `since` is of the steady clock, in seconds. `weight` is Cisco's. Stale is
    `epoch != source.epoch`: all routes of a session are marked by one addition. `round` counts the
    neighbour's enhanced refreshes of the family. `metric` is that of the route of an own path.
    `path_id` is what tells it from other paths of its source (RFC 7911), 0 where there are no ids.
    `hop_set` says that a map inwards has chosen the next hop, which `next-hop-self` leaves then.
    `rank` is where the first steps of the decision put it, 0 until that is asked.
    152 bytes, 64 compiled; with 181k UPDATEs for a million prefixes that is 12 bytes per prefix.
    """

    __slots__ = (
        "attrs",
        "epoch",
        "gateway",
        "hop_set",
        "label",
        "link_local",
        "metric",
        "nexthop",
        "origination",
        "path_id",
        "rank",
        "round",
        "since",
        "source",
        "weight",
    )

    def __init__(
        self,
        source: Source,
        attrs: "AttrSet",
        gateway: Address | None,
        nexthop: "Nexthop | None",
        since: float,
        epoch: int | None = None,
        link_local: Address | None = None,
        weight: int = 0,
        round: int = 0,
        *,
        origination: Origination = Origination.LEARNT,
        metric: int = 0,
        path_id: int = 0,
        label: int | None = None,
        hop_set: bool = False,
    ) -> None:
        self.source = source
        self.attrs = attrs
        self.gateway = gateway
        self.nexthop = nexthop
        self.since = since
        self.link_local = link_local
        self.weight = weight
        self.origination = origination
        self.metric = metric
        self.round = round
        self.path_id = path_id
        self.label = label
        self.hop_set = hop_set
        self.rank = 0
        self.epoch = source.epoch if epoch is None else epoch

    def with_id(self, path_id: int) -> "Path":
        """The same of another path id."""
        return self.revised(self.attrs, path_id=path_id)

    def with_label(self, path_id: int, label: int) -> "Path":
        """The same of another path id, with a label (RFC 8277)."""
        made = self.with_id(path_id)
        made.label = label
        return made

    def revised(self, attrs: "AttrSet", path_id: int | None = None) -> "Path":
        """The same with other attributes, of the same session and moment."""
        made = self.copied(Path)
        made.attrs = attrs
        if path_id is not None:
            made.path_id = path_id
        return made

    def copied(self, kind: "type[P]") -> "P":
        """Another path that says the same, of the same session and moment."""
        return kind(
            self.source,
            self.attrs,
            self.gateway,
            self.nexthop,
            self.since,
            self.epoch,
            link_local=self.link_local,
            weight=self.weight,
            origination=self.origination,
            metric=self.metric,
            round=self.round,
            path_id=self.path_id,
            label=self.label,
            hop_set=self.hop_set,
        )

    @property
    def valid(self) -> bool:
        """True when its next hop resolves (own routes are always valid)."""
        return self.nexthop is None or self.nexthop.valid

    @property
    def stale(self) -> bool:
        """True for a path of a session that is gone and whose peer restarts gracefully."""
        return self.epoch != self.source.epoch


received: Final = maker(
    Path,
    (
        *("source", "attrs", "gateway", "nexthop", "since", "epoch", "link_local", "weight"),
        *("round", "origination", "metric", "path_id", "label", "hop_set", "rank"),
    ),
    (None, 0, 0, Origination.LEARNT, 0, 0, None, False, 0),
)
"""A path as a neighbour told it, with the arguments of `Path` up to `round`, in their order."""

P = TypeVar("P", bound=Path)


class Together(Path):
    """The best of several paths that are used side by side, as neighbours are told of it.

    `count` is how many there are, `total` their bandwidth together in bytes per second; `shared`
    says that traffic is divided by it. `merged` are the attributes that are announced as one set
    (`multipath-relax as-set`), then with the own next hop; empty: those of the best path.
    """

    __slots__ = ("count", "merged", "shared", "total")
    count: int
    total: int
    shared: bool
    merged: "tuple[AttrSet, ...]"


class Choice:
    """Which of several paths was chosen and why; by their places. Prefixes that differ in the paths
    alone share it.

    `before` is the place of the path that was chosen until then, or -1. `reason` may be left to be
    found out by the rules. `multipath` and `winners` are empty where the best path stands alone.
    """

    __slots__ = ("before", "best", "multipath", "reason", "summary", "winners")

    def __init__(
        self,
        best: int,
        before: int,
        reason: "str | Rules",
        multipath: tuple[int, ...] = (),
        winners: tuple[int, ...] = (),
        summary: "Callable[[tuple[Path, ...]], Path] | None" = None,
    ) -> None:
        self.best = best
        self.before = before
        self.reason = reason
        self.multipath = multipath
        self.winners = winners
        self.summary = summary


class Dest(tuple[Any, ...]):
    """Several paths of one prefix behind the `Choice` that was made among them. Immutable.

    With a second full table there is nearly one for each prefix: as a tuple it takes 64 bytes. The
    compiled tables of IPv4 keep two paths without it, and make it when it is asked.
    """

    __slots__ = ()

    @classmethod
    def of(
        cls,
        paths: tuple[Path, ...],
        best: Path | None,
        reason: "str | Rules",
        multipath: tuple[Path, ...] = (),
        winners: tuple[Path, ...] = (),
        chosen: Path | None = None,
        summary: "Callable[[tuple[Path, ...]], Path] | None" = None,
    ) -> "Dest":
        """Paths newest first, as FRR lists them; `best` is None when none is valid.

        `multipath` are the best and the paths used beside it, `winners` the best of each
        neighbouring AS, where these are looked for first; `chosen` was the best path before. Where
        `reason` gives the rules, FRR's text of the last comparison is found out when it is asked.
        """
        at = -1 if best is None else paths.index(best)
        before = paths.index(chosen) if chosen in paths else -1
        if len(multipath) < 2 and not winners and not isinstance(reason, str):
            known = reason.choices
            choice = known.get((at, before))
            if choice is None:
                choice = known[at, before] = Choice(at, before, reason)
        else:
            places = tuple(map(paths.index, multipath))
            choice = Choice(at, before, reason, places, tuple(map(paths.index, winners)), summary)
        return cls((choice, *paths))

    @property
    def paths(self) -> tuple[Path, ...]:
        """All of them, newest first."""
        return self[1:]

    @property
    def best(self) -> Path | None:
        """The chosen path."""
        at: int = self[0].best
        return None if at < 0 else self[at + 1]

    @property
    def is_alone(self) -> bool:
        """True if nothing is used beside the best path."""
        return not self[0].multipath and not self[0].winners

    @property
    def multipath(self) -> tuple[Path, ...]:
        """The best path and those used beside it; empty when there is none."""
        choice = self[0]
        if choice.multipath:
            return tuple(self[place + 1] for place in choice.multipath)
        return () if choice.best < 0 else (self[choice.best + 1],)

    @property
    def winners(self) -> tuple[Path, ...]:
        """The best of each neighbouring AS, where these are looked for first."""
        return tuple(self[place + 1] for place in self[0].winners)

    @property
    def sums_up(self) -> bool:
        """True if neighbours are told something else than the best path."""
        return self[0].summary is not None

    @property
    def reason(self) -> str:
        """FRR's text of the last comparison that is made to choose."""
        choice = self[0]
        if isinstance(choice.reason, str):
            return choice.reason
        from bgp.rib.bestpath import reason

        chosen = None if choice.before < 0 else self[choice.before + 1]
        return reason(self.paths, self.best, chosen, choice.reason)

    @property
    def told(self) -> Path | None:
        """The best path as neighbours are told of it."""
        summary = self[0].summary
        return self.best if summary is None else summary(self.multipath)

    @property
    def use(self) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
        """Which paths are in use, for zebra and for neighbours."""
        return self.multipath, self.winners


Entry = Path | Dest
"""What a table holds for a prefix. A lone `Path` is the best one exactly if it is `valid`."""

FIRST = "First path received"
NOTHING = "Nothing to Select"


def paths_of(entry: Entry | None) -> tuple[Path, ...]:
    """All paths of an entry, newest first."""
    if entry is None:
        return ()
    if type(entry) is Dest:
        return entry.paths
    return (entry,)  # type: ignore[return-value]


def best_of(entry: Entry | None) -> Path | None:
    """The chosen path of an entry."""
    if type(entry) is Dest:
        return entry.best
    if entry is None or not entry.valid:  # type: ignore[union-attr]
        return None
    return entry  # type: ignore[return-value]


def told_of(entry: Entry | None) -> Path | None:
    """The chosen path of an entry as neighbours are told of it."""
    return entry.told if type(entry) is Dest else best_of(entry)


def winners_of(entry: Entry | None) -> tuple[Path, ...]:
    """With `bgp deterministic-med`: the best path of each neighbouring AS, newest first."""
    if type(entry) is Dest:
        return entry.winners
    best = best_of(entry)
    return () if best is None else (best,)


def multipath_of(entry: Entry | None) -> tuple[Path, ...]:
    """The chosen path and those used beside it; empty when there is none."""
    if type(entry) is Dest:
        return entry.multipath
    best = best_of(entry)
    return () if best is None else (best,)


def reason_of(entry: Entry | None) -> str:
    """FRR's text for why the best path is the best."""
    if type(entry) is Dest:
        return entry.reason
    return NOTHING if best_of(entry) is None else FIRST
