"""Names that are referred to and not there, or there and not referred to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bgp.config import BgpConfig, BgpdConfig, PeerConfig
from bgp.familyconfig import Family, FamilyConfig, PeerFamilyConfig, family_title
from grammar.base.values import Afi
from grammar.common import CommonConfig
from grammar.filters.model import FilterEffect
from grammar.filters.routemap import RouteMap
from pyvtysh.lint.reading import Reading
from pyvtysh.lint.report import Finding, Rule, Severity
from zebra.config import ZebraConfig

NO_MAP = Rule(
    "undefined-route-map",
    Severity.ERROR,
    "A line names a route-map that is not there: it denies all.",
)
NO_LIST = Rule(
    "undefined-list", Severity.ERROR, "A line names a list that is not there: nothing matches it."
)
IDLE_MAP = Rule("unused-route-map", Severity.NOTE, "A route-map that no line names.")
IDLE_LIST = Rule("unused-list", Severity.NOTE, "A list that no line names.")
IDLE_GROUP = Rule(
    "unused-peer-group", Severity.NOTE, "A peer-group without members and listen ranges."
)
RULES = (NO_MAP, NO_LIST, IDLE_MAP, IDLE_LIST, IDLE_GROUP)

MAP = "route-map"
ACCESS = "access-list"
PATHS = "as-path access-list"
_PREFIX = {Afi.IPV4: "ip prefix-list", Afi.IPV6: "ipv6 prefix-list"}
_COMMUNITIES = ("community", "extcommunity", "large-community")

_DEFINES = {
    MAP: "route-map ",
    _PREFIX[Afi.IPV4]: "ip prefix-list ",
    _PREFIX[Afi.IPV6]: "ipv6 prefix-list ",
    ACCESS: "(ipv6 |mac )?access-list ",
    PATHS: "bgp as-path access-list ",
    **{f"{kind}-list": f"bgp {kind}-list " for kind in _COMMUNITIES},
}
"""How the notations begin of lines that make something of a kind."""

_REFERS = {
    MAP: "RMAP|ROUTE-MAP",
    _PREFIX[Afi.IPV4]: "PREFIXLIST|prefix-list",
    _PREFIX[Afi.IPV6]: "PREFIXLIST|prefix-list",
    ACCESS: "ACCESSLIST|access-class|^distance",
    PATHS: "AS_PATH_FILTER",
    **{f"{kind}-list": "comm" for kind in _COMMUNITIES},
}
_MENTIONS = {kind: f"^(?!{_DEFINES[kind]}).*({refers})" for kind, refers in _REFERS.items()}
"""Notations of other lines, which may refer to one."""


@dataclass(frozen=True, slots=True)
class Use:
    """A line that refers to a name: `values` are what the line says, to find it again.

    `place` is what of bgpd the line is typed in.
    """

    kind: str
    name: str
    where: str
    values: tuple[object, ...]
    place: object = None


def check(reading: Reading) -> Iterator[Finding]:
    """Compare what is referred to with what there is."""
    uses = [*_of_bgpd(reading.bgpd), *_of_zebra(reading.zebra), *_of_terminals(reading.common)]
    for route_map in reading.bgpd.filters.route_maps.values():
        uses += _of_map(route_map)
    known = _known(reading)
    for use in dict.fromkeys(uses):
        if use.name not in known[use.kind]:
            yield _missing(reading, use)
    used = {(use.kind, use.name) for use in uses}
    for kind, names in known.items():
        for name in names:
            if (kind, name) not in used and not _mentioned(reading, kind, name):
                yield _idle(reading, kind, name)
    yield from _groups(reading)


def _known(reading: Reading) -> dict[str, dict[str, None]]:
    """The names there are, by kind, in the order of their making."""
    filters, lists = reading.bgpd.filters, reading.bgpd.lists
    maps = (name for name, found in filters.route_maps.items() if found.entries)
    known = {MAP: dict.fromkeys(maps)}
    for afi, word in _PREFIX.items():
        known[word] = dict.fromkeys(filters.prefix_lists[afi])
    known[ACCESS] = dict.fromkeys(name for each in filters.access_lists.values() for name in each)
    known[PATHS] = dict.fromkeys(lists.by_kind["as-path"])
    for kind in _COMMUNITIES:
        known[f"{kind}-list"] = dict.fromkeys(lists.by_kind[kind])
    return known


def _missing(reading: Reading, use: Use) -> Finding:
    rule = NO_MAP if use.kind == MAP else NO_LIST
    statement = reading.find(use.name, *use.values, like=_MENTIONS[use.kind], place=use.place)
    column = statement.column(use.name)
    return rule.at(statement.number, column, f"there is no {use.kind} {use.name} ({use.where})")


def _idle(reading: Reading, kind: str, name: str) -> Finding:
    rule = IDLE_MAP if kind == MAP else IDLE_LIST
    for statement in reading.saying(name):
        if re.match(_DEFINES[kind], statement.notation):
            column = statement.column(name)
            return rule.at(statement.number, column, f"no line names the {kind} {name}")
    return rule.at(1, 1, f"no line names the {kind} {name}")


def _mentioned(reading: Reading, kind: str, name: str) -> bool:
    """Whether a line that is not looked into here may name it: those of other daemons, and such."""
    for statement in reading.saying(name):
        if statement.removes or statement.fault is not None:
            continue
        if statement.command is None:
            return True
        if re.search(_MENTIONS[kind], statement.notation):
            return True
    return False


# --- what refers to what ---


def _of_bgpd(config: BgpdConfig) -> Iterator[Use]:
    for bgp in config.instances.values():
        for family, lines in bgp.families.items():
            yield from _of_family(bgp, family, lines)
        yield from _of_tunnels(bgp)
        for peer in (*bgp.groups.values(), *bgp.peers.values()):
            for family, own in peer.families.items():
                yield from _of_neighbor(bgp, peer, family, own)


def _of_family(bgp: BgpConfig, family: Family, lines: FamilyConfig) -> Iterator[Use]:
    title = family_title(family)

    def maps(where: str, *names: str | None, values: tuple[object, ...] = ()) -> Iterator[Use]:
        for name in names:
            if name is not None:
                yield Use(MAP, name, f"{where}, {title}", values, bgp)

    for prefix, network in lines.networks.items():
        yield from maps(f"network {prefix}", network.route_map, values=(prefix,))
    for source, redistribute in lines.redistribute.items():
        yield from maps(
            f"redistribute {source}", redistribute.route_map, values=tuple(source.split())
        )
    for prefix, one in lines.aggregates.items():
        yield from maps(
            f"aggregate-address {prefix}", one.route_map, one.suppress_map, values=(prefix,)
        )
    yield from maps("table-map", lines.table_map)
    yield from maps("import and export", lines.leak.import_map, lines.leak.export_map)
    for prefix, distance in lines.prefix_distances.items():
        if distance.access_list is not None:
            where = f"distance for {prefix}, {title}"
            yield Use(ACCESS, distance.access_list, where, (), bgp)


def _of_tunnels(bgp: BgpConfig) -> Iterator[Use]:
    """What VPNs and EVPN announce."""
    for kind, advertised in bgp.evpn.advertised.items():
        if advertised.route_map is not None:
            yield Use(MAP, advertised.route_map, f"advertise {kind}, L2VPN EVPN", (kind,), bgp)
    for vpn in bgp.vpn.values():
        for (_, prefix), network in vpn.networks.items():
            if network.route_map is not None:
                yield Use(MAP, network.route_map, f"network {prefix}, VPN", (prefix,), bgp)


def _of_neighbor(
    bgp: BgpConfig, peer: PeerConfig, family: Family, lines: PeerFamilyConfig
) -> Iterator[Use]:
    condition = lines.advertise_map
    where = f"neighbor {peer.name}, {family_title(family)}"
    prefix = _PREFIX.get(family[0], _PREFIX[Afi.IPV4])
    found = (
        (MAP, lines.route_map_in, "in"),
        (MAP, lines.route_map_out, "out"),
        (MAP, lines.unsuppress_map, None),
        (MAP, lines.default_originate_map, None),
        (MAP, None if condition is None else condition.name, None),
        (MAP, None if condition is None else condition.condition, None),
        (prefix, lines.prefix_list_in, "in"),
        (prefix, lines.prefix_list_out, "out"),
        (ACCESS, lines.distribute_list_in, "in"),
        (ACCESS, lines.distribute_list_out, "out"),
        (PATHS, lines.filter_list_in, "in"),
        (PATHS, lines.filter_list_out, "out"),
    )
    for kind, name, direction in found:
        if name is not None:
            said = (peer.name,) if direction is None else (peer.name, direction)
            yield Use(kind, name, where, said, bgp)


def _of_zebra(config: ZebraConfig) -> Iterator[Use]:
    for number, table in config.import_tables.items():
        if table.route_map is not None:
            yield Use(MAP, table.route_map, f"import-table {number}", ())
    for vrf in (config.default, *config.vrfs.values()):
        for (use, _, protocol), name in vrf.maps.items():
            yield Use(MAP, name, f"{use.value} {protocol}", ())


def _of_terminals(config: CommonConfig) -> Iterator[Use]:
    for name in (config.access_class, config.ipv6_access_class):
        if name is not None:
            yield Use(ACCESS, name, "line vty", ())


def _of_map(route_map: RouteMap) -> Iterator[Use]:
    for entry in route_map.entries.values():
        where = f"route-map {route_map.name} {entry.sequence}"
        if entry.call is not None:
            yield Use(MAP, entry.call, where, (), entry)
        for line in entry.lines.values():
            for effect, listed in line.lists:
                yield Use(*_kind(effect, listed, line.key), where, (), entry)


def _kind(effect: str, listed: str, key: str) -> tuple[str, str]:
    """The kind and the name of a list that a line of a route-map names."""
    if effect == FilterEffect.PREFIX_LIST.name:
        return _PREFIX[Afi.IPV6 if key.startswith("ipv6") else Afi.IPV4], listed
    if effect == FilterEffect.ACCESS_LIST.name:
        return ACCESS, listed
    kind, _, name = listed.partition(" ")
    return (PATHS if kind == "as-path" else f"{kind}-list"), name


def _groups(reading: Reading) -> Iterator[Finding]:
    for bgp in reading.bgpd.instances.values():
        used = {peer.group for peer in bgp.peers.values()} | set(bgp.listen_ranges.values())
        for name in bgp.groups:
            if name not in used:
                made = reading.find(name, like="^neighbor WORD$group peer-group", place=bgp)
                message = f"the peer-group {name} has no members and no listen range"
                yield IDLE_GROUP.at(made.number, made.column(name), message)
