"""Next-hop groups that clients make, under numbers of their own, and name in their routes.

Unlike the next hops of routes those of such a group are not looked up: each names a gateway and an
interface, and counts while that carries traffic. The kernel has a group, of one member too, which
is replaced when the client gives other next hops; no route is touched.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grammar.base.log import Level
from grammar.base.values import Afi, Prefix
from zebra.clients import Client
from zebra.nexthop import Group, Hop, in_order
from zebra.rib import Wanted
from zebra.vrf import Vrf
from zebra.zapi.constants import NexthopType, RouteType
from zebra.zapi.groups import GroupAdd, GroupDelete, GroupNote, GroupNotifyOwner
from zebra.zapi.routes import Nexthop, Route

if TYPE_CHECKING:
    from zebra.zebra import Zebra

LOWEST = 250_000_000 // 31 * 3
"""The lowest number that a client may give: the ones below are zebra's (FRR shares 250 million
among its 31 types of routes, and keeps the first three shares)."""

_PORTION = 2000


@dataclass(slots=True)
class _Given:
    """A client's group; `held` until the client lets it go, which routes may still use."""

    group: Group
    wanted: Wanted
    owner: tuple[RouteType, int, int]
    held: bool = False


class GivenGroups:
    """The groups of all clients."""

    def __init__(self, zebra: "Zebra") -> None:
        self._zebra = zebra
        self._given: dict[int, _Given] = {}
        zebra.resolver.given = zebra.fib.carrying.given = self

    # --- what clients say ----------------------------------------------------------------------

    def told(self, client: Client, message: GroupAdd | GroupDelete) -> None:
        """Make or change a group, or let it go; its owner hears what became of it."""
        owner = message.protocol, client.instance, client.session
        if isinstance(message, GroupDelete):
            self._delete(message.id, owner)
            return
        reason = _unsupported(message)
        if reason:
            text, ident = reason
            self._zebra.debug("nexthop", f"zebra_nhg_proto_add: id {message.id}, {text}", ident)
            self._notify(owner, message.id, GroupNote.FAIL_INSTALL)
            return
        self._add(message, owner)

    def _add(self, message: GroupAdd, owner: tuple[RouteType, int, int]) -> None:
        groups, id = self._zebra.groups, message.id
        hops = in_order(replace(Hop.from_zapi(hop), active=True) for hop in message.nexthops)
        given = self._known(id)
        if given is None:
            group = groups.give(id, message.protocol, hops)
            given = self._given[id] = _Given(group, fixed(group), owner)
        else:
            group = given.group
            groups.become(group, Afi.IPV4, hops)
            self._zebra.fib.carrying.tell(group)
        given.owner = owner
        if not given.held:
            given.held = True
            groups.use(group)
        for part in group.depends:
            part.valid = self._carries(part.hops[0])
        group.since = self._zebra.clock.now()
        for part in group.depends:
            part.since = group.since
        self._renew(given)
        if not group.valid:
            self._notify(owner, id, GroupNote.FAIL_INSTALL)

    def _delete(self, id: int, owner: tuple[RouteType, int, int]) -> None:
        given = self._known(id)
        if given is None or not given.held or given.owner[0] is not owner[0]:
            text = f"zebra_nhg_proto_del: id {id}, lookup failed"
            self._zebra.debug("nexthop", text, "YEMV0-FAXBD")
            self._notify(owner, id, GroupNote.REMOVE_FAIL)
            return
        self._release(given)
        self._notify(owner, id, GroupNote.REMOVED)

    def _release(self, given: _Given) -> None:
        given.held = False
        self._zebra.groups.release(given.group)

    def close(self, client: Client) -> int:
        """A client is gone: it holds no groups any more; returns how many it had."""
        owner = client.protocol, client.instance, client.session
        held = [one for one in self._given.values() if one.held and one.owner == owner]
        for given in held:
            self._release(given)
        return len(held)

    def want(self, route: Route, keys: Sequence[int]) -> Wanted | None:
        """What routes that name a group share; None, and a line in the log, if there is none."""
        group = self._zebra.groups.by_id.get(route.nhg)
        if group is None:
            for key in keys:
                text = f"Zebra failed to find the nexthop hash entry for id={route.nhg}"
                text += f" in a route entry {Prefix.from_key(route.prefix.afi, key)}"
                self._zebra.log.write(Level.ERRORS, text, "PXNS9-R1D2X")
            return None
        given = self._known(route.nhg)
        wanted = fixed(group) if given is None else given.wanted
        wanted.users += len(keys)
        return wanted

    def _known(self, id: int) -> _Given | None:
        given = self._given.get(id)
        if given is not None and self._zebra.groups.by_id.get(id) is not given.group:
            del self._given[id]
            return None
        return given

    # --- what the kernel and the links do ------------------------------------------------------

    def installed(self, group: Group) -> None:
        """The kernel has taken a group's object."""
        self._answered(group, GroupNote.INSTALLED)

    def refused(self, group: Group) -> None:
        """It has not, or not a next hop of it: others of the same groups go on without that."""
        if group.given:
            self._answered(group, GroupNote.FAIL_INSTALL)
            return
        for id in sorted(group.dependents):
            given = self._known(id)
            if given and any(part.valid and part is not group for part in given.group.depends):
                group.valid = False
                self._renew(given)

    def _answered(self, group: Group, note: GroupNote) -> None:
        given = self._known(group.id)
        if given is not None and given.held:
            self._notify(given.owner, group.id, note)

    def link_changed(self, vrf: Vrf, ifindex: int) -> None:
        """A link came, went, or changed whether it carries traffic."""
        changed = set()
        for given in self._given.values():
            for part in given.group.depends:
                hop = part.hops[0]
                over = (hop.ifindex, hop.vrf) == (ifindex, vrf.id)
                if over and part.valid is not self._carries(hop):
                    part.valid = not part.valid
                    changed.add(part)
        for id in list(self._given) if changed else ():
            found = self._known(id)
            if found is not None and not changed.isdisjoint(found.group.depends):
                self._renew(found)

    def _renew(self, given: _Given) -> None:
        """Members came or went: the kernel gets the object anew, as far as there are any."""
        group = given.group
        valid = any(part.valid for part in group.depends)
        if valid is not group.valid:
            group.valid = valid
            self._zebra.rib.work.add("next-hop object", self._requeue(given.wanted))
        group.ways = None
        group.forms.clear()
        if valid:
            self._zebra.fib.replace(group)

    def _requeue(self, wanted: Wanted) -> Iterator[None]:
        rib = self._zebra.rib
        for table in rib.tables():
            for count, dest in enumerate(list(table.routes.values())):
                if any(entry.wanted is wanted for entry in dest.entries):
                    rib.queue(table, dest)
                if count % _PORTION == _PORTION - 1:
                    yield

    def _carries(self, hop: Hop) -> bool:
        interface = self._zebra.rib.interface_of(hop)
        return interface is not None and interface.operative

    def _notify(self, owner: tuple[RouteType, int, int], id: int, note: GroupNote) -> None:
        for client in self._zebra.clients.all:
            if (client.protocol, client.instance, client.session) == owner:
                client.send(GroupNotifyOwner(note, id))


def fixed(group: Group) -> Wanted:
    """What routes share that came with a group instead of next hops."""
    wanted = Wanted(Afi.IPV4, ())
    wanted.fixed = True
    wanted.users = 1  # it is nobody's to forget
    wanted.cache = dict.fromkeys(range(3), group)
    return wanted


def _unsupported(message: GroupAdd) -> tuple[str, str] | None:
    """Why FRR takes no such group, with the number of its log line."""
    for hop in message.nexthops:
        if reason := _unfit(hop):
            return reason
    return ("the number is one of zebra's own", "") if message.id < LOWEST else None


def _unfit(hop: Nexthop) -> tuple[str, str] | None:
    if hop.backups:
        return "backup nexthops not supported", "P3N72-G4NJJ"
    if hop.type is NexthopType.BLACKHOLE:
        return "blackhole nexthop not supported", "J611J-7TPAA"
    if hop.gate is None:
        return "nexthop without gateway not supported", "HC21Z-WNM8M"
    if not hop.ifindex:
        return "nexthop without ifindex is not supported", "VEHE5-3MC0V"
    return None
