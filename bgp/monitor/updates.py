"""What one reader wants of the UPDATEs that come and go, and what happened of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bgp.attrs import AttrSet
from bgp.config import Family
from bgp.negotiated import Negotiated
from bgp.rib.packing import ID_BITS, ID_MASK
from bgp.rib.path import Path
from bgp.wire.errors import Malformed
from bgp.wire.update import split
from grammar.base.feed import Feed
from grammar.base.values import Address, Prefix, Safi

if TYPE_CHECKING:
    from bgp.instance import Instance
    from bgp.peer import Peer
    from bgp.rib.member import Member

HEADER = 19
"""Bytes of a message ahead of its body (RFC 4271 sec. 4.1)."""


class Verdict(StrEnum):
    """What became of a route."""

    ACCEPTED = "accepted"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    ANNOUNCED = "announced"


@dataclass(frozen=True, slots=True)
class Event:
    """Some prefixes with the same attributes: `sent` to a neighbour, or come from it.

    `when` is in seconds since 1970. `why` says why they are denied or count as withdrawn; `changed`
    that the policy inwards changed them. `keys` and `path_ids` are as many, without ids one 0 for
    all.
    """

    when: float
    neighbor: str
    sent: bool
    family: Family
    verdict: Verdict
    keys: Sequence[int]
    path_ids: Sequence[int] = (0,)
    attrs: AttrSet | None = None
    gateway: Address | None = None
    why: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which neighbour, which way, and which prefixes; None and False leave nothing out.

    With `longer` a prefix and all that lie within it.
    """

    neighbor: "Peer | None" = None
    received: bool = True
    sent: bool = False
    denied: bool = False
    prefix: Prefix | None = None
    longer: bool = False

    def keys(self, family: Family, keys: Sequence[int]) -> Sequence[int]:
        """Those among the keys of some prefixes that are wanted."""
        prefix = self.prefix
        if prefix is None:
            return keys
        if prefix.afi != family[0] or family[1] is Safi.FLOWSPEC:
            return ()
        if not self.longer:
            return (prefix.key,) if prefix.key in keys else ()
        return [key for key in keys if prefix.covers(Prefix.from_key(prefix.afi, key))]


class UpdateMonitor:
    """The ear of one reader at an instance."""

    def __init__(self, instance: "Instance", wanted: Wanted) -> None:
        self.instance = instance
        self.wanted = wanted
        self.feed: Feed[Event] = Feed()
        self._clock = instance.bgpd.clock

    def __enter__(self) -> "UpdateMonitor":
        self.instance.monitors.append(self)
        return self

    def __exit__(self, *_: object) -> None:
        self.instance.monitors.remove(self)

    # --- what comes ------------------------------------------------------------------------------

    def _hears(self, peer: "Peer") -> bool:
        return self.wanted.received and self.wanted.neighbor in (None, peer)

    def decided(
        self,
        peer: "Peer",
        family: Family,
        keys: list[int],
        path: Path,
        shaped: Path,
        refusal: str | None,
    ) -> None:
        """Prefixes came with a path; the policy made it `shaped`, or it is refused."""
        if not self._hears(peer) or (self.wanted.denied and refusal is None):
            return
        self._put(
            str(peer),
            False,
            family,
            Verdict.ACCEPTED if refusal is None else Verdict.DENIED,
            keys,
            (path.path_id,),
            path.attrs,
            path.gateway,
            (refusal or "").rstrip(";"),
            shaped.attrs is not path.attrs or shaped.weight != path.weight,
        )

    def withdrawn(
        self, peer: "Peer", family: Family, keys: list[int], path_id: int, fault: str
    ) -> None:
        """A neighbour takes prefixes back, or sent them with a `fault` that does (RFC 7606)."""
        if self._hears(peer) and (fault or not self.wanted.denied):
            verdict = Verdict.DENIED if fault else Verdict.WITHDRAWN
            why = fault.removeprefix("treated as withdrawn: ")
            self._put(str(peer), False, family, verdict, keys, (path_id,), why=why)

    # --- what goes -------------------------------------------------------------------------------

    def _tells(self, members: "Iterable[Member]") -> Iterator[str]:
        if not self.wanted.sent:
            return
        wanted = None if self.wanted.neighbor is None else str(self.wanted.neighbor)
        for name in map(str, members):
            if wanted in (None, name):
                yield name

    def announced(
        self,
        members: "Iterable[Member]",
        family: Family,
        items: list[int],
        with_ids: bool,
        message: bytes,
        as4: bool,
    ) -> None:
        """Items (see `bgp.rib.packing`) are announced; `message` is the first UPDATE of them."""
        names = list(self._tells(members))
        if not names or not self.feed.room:
            return self._left_out(len(names) * len(items))
        _, raw, nlri = split(message[HEADER:])
        try:
            terms = Negotiated(as4=as4, families=frozenset({family}))
            decoded = self.instance.bgpd.pool.decode(raw, terms, nlri=bool(nlri))
        except Malformed:  # what we sent is for the other side to judge
            return None
        attrs, reach = decoded.attrs, decoded.mp_reach
        gateway = reach.nexthop if reach is not None else attrs.nexthop if attrs else None
        keys, ids = _parted(items, with_ids)
        for name in names:
            self._put(name, True, family, Verdict.ANNOUNCED, keys, ids, attrs, gateway)
        return None

    def unannounced(
        self, members: "Iterable[Member]", family: Family, items: list[int], with_ids: bool
    ) -> None:
        """Items are taken back."""
        keys, ids = _parted(items, with_ids)
        for name in self._tells(members):
            self._put(name, True, family, Verdict.WITHDRAWN, keys, ids)

    # --- the queue -------------------------------------------------------------------------------

    def _put(
        self,
        neighbor: str,
        sent: bool,
        family: Family,
        verdict: Verdict,
        keys: Sequence[int],
        path_ids: Sequence[int],
        attrs: AttrSet | None = None,
        gateway: Address | None = None,
        why: str = "",
        changed: bool = False,
    ) -> None:
        if self.wanted.prefix is not None and len(path_ids) > 1:
            pairs = [
                (key, path_id)
                for key, path_id in zip(keys, path_ids, strict=True)
                if self.wanted.keys(family, (key,))
            ]
            keys, path_ids = [key for key, _ in pairs], [path_id for _, path_id in pairs]
        else:
            keys = self.wanted.keys(family, keys)
        room = self.feed.room
        if keys and room:
            taken = keys[:room]
            ids = path_ids if len(path_ids) == 1 else path_ids[:room]
            now = self._clock.wall()
            event = Event(
                now, neighbor, sent, family, verdict, taken, ids, attrs, gateway, why, changed
            )
            self.feed.put(event, len(taken))
        self._left_out(len(keys) - room)

    def _left_out(self, lines: int) -> None:
        if lines > 0:
            self.feed.leave_out(lines)


def _parted(items: list[int], with_ids: bool) -> tuple[Sequence[int], Sequence[int]]:
    if not with_ids:
        return items, (0,)
    return [item >> ID_BITS for item in items], [item & ID_MASK for item in items]
