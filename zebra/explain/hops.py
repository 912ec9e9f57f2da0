"""How next hops of a route resolve, step by step, and why those do not that do not."""

from typing import TYPE_CHECKING

from grammar.base.values import Address, Prefix
from grammar.output.outline import Fields, Point
from zebra.config import MapUse
from zebra.resolve import RECURSION, SYSTEM
from zebra.zapi.constants import NexthopType, RouteType

if TYPE_CHECKING:
    from zebra.nexthop import Hop
    from zebra.rib import RouteEntry
    from zebra.vrf import Table, Vrf
    from zebra.zebra import Zebra


def hop_points(zebra: "Zebra", table: "Table", entry: "RouteEntry", prefix: Prefix) -> list[Point]:
    """A point for each next hop of a route."""
    kind = zebra.resolver.kind(entry)
    return [_hop(zebra, table.vrf, entry, hop, kind, prefix) for hop in entry.group.hops]


def hop_text(zebra: "Zebra", hop: "Hop") -> str:
    """Where a next hop leads: `10.0.1.2, eth0`."""
    if hop.type is NexthopType.BLACKHOLE:
        return f"blackhole ({hop.blackhole.name.lower()})"
    interface = zebra.rib.interface_of(hop)
    known = interface.name if interface is not None else f"interface {hop.ifindex}"
    parts = [] if hop.gate is None else [f"via {hop.gate}"]
    parts += [known] if hop.ifindex else []
    return ", ".join(parts)


def _hop(
    zebra: "Zebra", vrf: "Vrf", entry: "RouteEntry", hop: "Hop", kind: int, prefix: Prefix
) -> Point:
    fields: Fields = {
        "nextHop": None if hop.gate is None else str(hop.gate),
        "interface": _name(zebra, hop),
        "active": hop.active,
        "recursive": hop.recursive,
        "duplicate": hop.duplicate,
    }
    if not hop.active:
        why = _why_not(zebra, vrf, entry, hop, kind, prefix)
        said = f"next hop {hop_text(zebra, hop)}: cannot be used: {why}"
        return Point(said, {**fields, "why": why})
    over = _over(zebra, hop, prefix)
    same = "; equal to an earlier one, so it counts once" if hop.duplicate else ""
    inner = [Point(f"leads to {hop_text(zebra, each)}") for each in hop.resolved]
    parts = {"resolved": inner} if inner else {}
    return Point(f"next hop {hop_text(zebra, hop)}: {over}{same}", fields, parts)


def _name(zebra: "Zebra", hop: "Hop") -> str | None:
    interface = zebra.rib.interface_of(hop)
    return None if interface is None else interface.name


def _over(zebra: "Zebra", hop: "Hop", prefix: Prefix) -> str:
    if hop.type is NexthopType.BLACKHOLE:
        return "packets are dropped"
    if hop.gate is None:
        return "on the link"
    vrf = zebra.rib.vrfs.get(hop.vrf)
    found = None if vrf is None else next(zebra.resolver.candidates(vrf, hop.gate, prefix), None)
    if found is None:
        return "on the link"
    dest, table = found
    assert dest.selected is not None  # only such are candidates
    word = "recursive, over" if hop.recursive else "reached over"
    return f"{word} the {dest.selected.type.word} route {table.prefix(dest)}"


def _why_not(
    zebra: "Zebra", vrf: "Vrf", entry: "RouteEntry", hop: "Hop", kind: int, prefix: Prefix
) -> str:
    barred = _barred(zebra, vrf, entry, prefix)
    interface = zebra.rib.interface_of(hop)
    near = hop.gate is None or (hop.ifindex and (hop.onlink or hop.gate.is_link_local))
    if hop.ifindex and interface is None:
        return f"interface {hop.ifindex} is not there"
    if hop.ifindex and interface is not None and (kind == SYSTEM or near):
        up = interface.link.up if kind == SYSTEM else interface.operative
        if not up:
            return f"{interface.name} is {'without carrier' if interface.link.up else 'down'}"
    if hop.gate is None or near or kind == SYSTEM:
        return barred or "it is not active"
    of_hop = zebra.rib.vrfs.get(hop.vrf)
    if of_hop is None:
        return "its VRF is not there"
    return _unresolved(zebra, of_hop, hop, hop.gate, kind, prefix) or barred or "it is not active"


def _barred(zebra: "Zebra", vrf: "Vrf", entry: "RouteEntry", prefix: Prefix) -> str | None:
    """The map of `ip protocol` that may have denied it."""
    name = vrf.config.map_for(MapUse.ROUTES, prefix.afi, entry.type.word)
    if name is None or entry.is_system:
        return None
    return f"route-map {name} of `ip protocol {entry.type.word}` denies it"


def _unresolved(
    zebra: "Zebra", vrf: "Vrf", hop: "Hop", gate: Address, kind: int, prefix: Prefix
) -> str | None:
    found = next(zebra.resolver.candidates(vrf, gate, prefix), None)
    if found is None:
        return _no_candidate(vrf, gate, prefix)
    match, table = found
    selected = match.selected
    assert selected is not None
    way = f"the {selected.type.word} route {table.prefix(match)}"
    if selected.type is RouteType.CONNECTED:
        (link,) = selected.wanted.hops
        where = hop_text(zebra, link)
        if hop.ifindex and hop.ifindex != link.ifindex:
            return f"it is on the network of {where}, not of {_name(zebra, hop)}"
        up = zebra.rib.interface_of(link)
        return None if up is not None and up.operative else f"{where} carries no traffic"
    if kind != RECURSION:
        return f"it is reached over {way} only, and this route wants a connected next hop"
    if not match.installed:
        return f"it is reached over {way}, which the kernel does not have"
    return None if selected.group.valid and not hop.ifindex else f"{way} does not lead there"


def _no_candidate(vrf: "Vrf", gate: Address, prefix: Prefix) -> str:
    table = vrf.main(gate.afi)
    for dest in table.matches(gate.value, gate.afi.bits):
        if dest.key == prefix.key and prefix.length < gate.afi.bits:
            return "no route to it but this one, over which it must not resolve"
        if dest.key == 0 and gate.afi not in vrf.config.resolve_via_default:
            word = "ip" if gate.afi.bits == 32 else "ipv6"
            return f"only the default route leads to it (`{word} nht resolve-via-default` allows)"
    return "no route leads to it"
