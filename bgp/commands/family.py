"""`address-family ipv4|ipv6 unicast`: its own lines, and those of neighbors inside it."""

from collections.abc import Iterator
from typing import Any

from bgp.commands.family_routes import aggregate, dampening, distance, table_map, typed_prefix
from bgp.commands.familynodes import NODE_OF, WORDS
from bgp.commands.nodes import (
    FLOWSPEC,
    GLOBAL,
    SCOPES,
    AddressFamily,
    FamilyScopes,
    Normalised,
    family_of,
    without_default,
)
from bgp.commands.policy import MAP, missing_map, warn_missing
from bgp.config import (
    IPV4_UNICAST,
    IPV6_UNICAST,
    BgpConfig,
    Family,
    FamilyConfig,
    Network,
    Redistribute,
)
from bgp.effects import Effect
from bgp.familyconfig import IPV6_LABELED
from grammar.base.errors import CommandError, Status
from grammar.base.values import Afi, Safi
from grammar.command import Answer, Call, Reply, action, opens
from grammar.scope import Scope

_ANY = "A kind of routes"
_KINDS = {
    Safi.UNICAST: "Routes to single hosts and networks",
    Safi.MULTICAST: "Routes that senders to groups are checked against",
    Safi.LABELED_UNICAST: "Routes with labels",
    Safi.VPN: "Routes of several private networks",
    Safi.FLOWSPEC: "Flow specifications",
    Safi.EVPN: "Routes of virtual Ethernets",
}
_PROTOCOLS = {
    IPV4_UNICAST: "kernel|connected|static|rip|ospf|isis|eigrp|nhrp|table|vnc|vnc-direct|babel"
    "|openfabric",
    IPV6_UNICAST: "kernel|connected|static|ripng|ospf6|isis|nhrp|table|vnc|vnc-direct|babel"
    "|openfabric",
}
_ORDER = [
    "kernel",
    "connected",
    "static",
    "rip",
    "ripng",
    "ospf",
    "ospf6",
    "isis",
    "eigrp",
    "nhrp",
    "table",
    "vnc",
    "vnc-direct",
    "babel",
    "openfabric",
]
"""Kinds of routes in the order in which FRR prints them: by number in the zebra protocol."""


IN_VRFS = (Safi.UNICAST, Safi.MULTICAST, Safi.EVPN)
"""The kinds of routes that instances of a VRF or view have."""
_NOT_IN_VRFS = "Only Unicast/Multicast/EVPN SAFIs supported in non-core instances."


def _enter(family: Family) -> None:
    afi, _, safi = WORDS[family].partition(" ")

    @opens(
        GLOBAL,
        f"address-family {afi} {f'[{safi}]' if safi == 'unicast' else safi}",
        "Lines of an address family",
        "The family",
        _KINDS[family[1]],
        into=NODE_OF[family],
    )
    def enter(call: Call) -> AddressFamily:
        bgp: BgpConfig = call.node_object
        if bgp.vrf is not None and family[1] not in IN_VRFS:
            raise CommandError(_NOT_IN_VRFS)
        return AddressFamily(bgp, family)


for _family in WORDS:
    _enter(_family)


# network


def _network_lines(family: FamilyConfig, names: Any) -> Iterator[str]:
    for prefix in sorted(family.networks, key=lambda prefix: prefix.key):
        network = family.networks[prefix]
        tail = "" if network.label_index is None else f" label-index {network.label_index}"
        tail += "" if network.route_map is None else f" route-map {network.route_map}"
        tail += " backdoor" if network.backdoor else ""
        yield f"network {prefix}{tail}"


def _network(call: Call) -> Answer:
    family: FamilyConfig = call.target()
    prefix = typed_prefix(dict(call.values))
    before = family.networks.get(prefix)
    label, rmap = call.values.get("label"), call.values.get("rmap")
    if call.negated:
        _check_network(before, label, rmap)
        del family.networks[prefix]
        call.changed(Effect.ORIGINATE, family)
        return None
    if before is not None and (before.label_index or 0) != (label or 0):
        raise CommandError("% cannot change label-index")
    network = Network(rmap, call.values.get("backdoor"), label or None)
    if before != network:
        family.networks[prefix] = network
        call.changed(Effect.ORIGINATE, family)
    return None


def _check_network(network: Network | None, label: int | None, rmap: str | None) -> None:
    if network is None:
        raise CommandError("% Can't find static route specified")
    if rmap is not None and rmap != network.route_map:
        raise CommandError("% route-map name doesn't match static route")
    if label is not None and label != (network.label_index or 0):
        raise CommandError("% label-index doesn't match static route")


_NETWORK_NOTATIONS = {
    Afi.IPV4: "network <A.B.C.D/M$prefix|A.B.C.D$address [mask A.B.C.D$mask]>"
    " [{route-map RMAP_NAME$rmap|label-index (0-1048560)$label|backdoor$backdoor}]",
    Afi.IPV6: "network X:X::X:X/M$prefix"
    " [{route-map RMAP_NAME$rmap|label-index (0-1048560)$label}]",
}


# redistribute


def _redistribute_lines(family: FamilyConfig, names: Any) -> Iterator[str]:
    def rank(key: str) -> tuple[int, int]:
        word, _, instance = key.partition(" ")
        return _ORDER.index(word), int(instance or 0)

    for key in sorted(family.redistribute, key=rank):
        entry = family.redistribute[key]
        tail = "" if entry.metric is None else f" metric {entry.metric}"
        tail += "" if entry.route_map is None else f" route-map {entry.route_map}"
        yield f"redistribute {key}{tail}"


def _redistribute(call: Call) -> Answer:
    family: FamilyConfig = call.target()
    instance = call.values.get("instance")
    key = call.values["protocol"] + ("" if instance is None else f" {instance}")
    if call.negated:
        if family.redistribute.pop(key, None) is not None:
            call.changed(Effect.ORIGINATE, family)
        return None
    before, rmap = family.redistribute.get(key), call.values.get("rmap")
    kept = before or Redistribute()
    # What the line does not name stays as it was.
    entry = Redistribute(call.values.get("metric", kept.metric), rmap or kept.route_map)
    if before == entry:
        # FRR answers a repeated line with an empty warning.
        return Reply(missing_map(call, rmap), Status.WARNING)
    family.redistribute[key] = entry
    call.changed(Effect.ORIGINATE, family)
    return warn_missing(call, rmap)


_OPTIONS = "[{metric (0-4294967295)$metric|route-map RMAP_NAME$rmap}]"
_OPTIONS_HELP = ("MED of these routes", "Its value", *MAP)


def _networks(lines: Scope, family: Family) -> None:
    four = family[0] is Afi.IPV4
    action(
        lines,
        _NETWORK_NOTATIONS[family[0]],
        "Announce a network",
        "With its length" if four else "The network",
        *(("Without its length", "The mask", "As an address") if four else ()),
        *MAP,
        "Label of segment routing",
        "Its index",
        *(("Prefer routes of other protocols to it",) if four else ()),
        negatable=True,
        printer=_network_lines,
    )(_network)
    if family == IPV6_LABELED:
        # FRR keeps these with those of unicast.
        scope = Scope(
            (NODE_OF[family],),
            find=lambda place, values: place.bgp.family(IPV6_UNICAST),
            objects=lambda family_lines: [],
        )
        lines.add(scope)
        lines = scope
    aggregate(lines, family)


def _redistributed(lines: Scope, family: Family) -> None:
    protocols = _PROTOCOLS[family]
    action(
        lines,
        f"redistribute <{protocols}>$protocol {_OPTIONS}",
        "Announce routes of other origin",
        *(_ANY for _ in protocols.split("|")),
        *_OPTIONS_HELP,
        negatable=True,
        printer=_redistribute_lines,
    )(_redistribute)
    if family == IPV4_UNICAST:
        action(
            lines,
            f"redistribute <ospf|table>$protocol (1-65535)$instance {_OPTIONS}",
            "Announce routes of other origin",
            _ANY,
            _ANY,
            "Number of the process or table",
            *_OPTIONS_HELP,
            negatable=True,
        )(_redistribute)


# maximum-paths


def _ibgp_paths_lines(family: FamilyConfig, names: Any) -> list[str]:
    if family.maximum_paths_ibgp is None:
        return []
    tail = " equal-cluster-length" if family.maximum_paths_ibgp_equal_cluster else ""
    return [f"maximum-paths ibgp {family.maximum_paths_ibgp}{tail}"]


def _too_many(call: Call) -> Reply | None:
    """The refusal of more paths than bgpd was started with; FRR ends it without a newline."""
    paths, most = call.values.get("paths", 0), family_of(call.node_object).bgp.most_paths
    if call.negated or paths <= most:
        return None
    text = f"% Maxpaths Specified: {paths} is > than multipath num specified on bgp command line"
    return Reply([f"{text} {most}"], Status.CONFIG_FAILED)


def _ibgp_paths(call: Call) -> Reply | None:
    if (refusal := _too_many(call)) is not None:
        return refusal
    family: FamilyConfig = call.target()
    paths = None if call.negated else call.values["paths"]
    paths = None if paths == family_of(call.node_object).bgp.most_paths else paths
    equal = True if paths is not None and "equal" in call.values else None
    if (family.maximum_paths_ibgp, family.maximum_paths_ibgp_equal_cluster) != (paths, equal):
        family.maximum_paths_ibgp, family.maximum_paths_ibgp_equal_cluster = paths, equal
        call.changed(Effect.BESTPATH, family_of(call.node_object).bgp)
    return None


class _MaximumPaths(Normalised):
    """`maximum-paths`, whose change concerns the whole instance."""

    def run(self, call: Call) -> Answer:
        family: FamilyConfig = call.target()
        before = family.maximum_paths
        if (refusal := _too_many(call)) is not None:
            return refusal
        answer = super().run(call)
        if family.maximum_paths == family_of(call.node_object).bgp.most_paths:
            family.maximum_paths = None
        if family.maximum_paths != before:
            call.changed(Effect.BESTPATH, family_of(call.node_object).bgp)
        return answer


def _multipath_lines(scope: Scope) -> None:
    _MaximumPaths(
        scope,
        "maximum-paths ![(1-256)$paths]",
        "How many paths share the load",
        "Their number",
        fields={"paths": "maximum_paths"},
        normal=without_default(paths=256),
    )
    action(
        scope,
        "maximum-paths ibgp ![(1-256)$paths [equal-cluster-length$equal]]",
        "How many paths share the load",
        "Of iBGP",
        "Their number",
        "Only paths with cluster lists of one length",
        negatable=True,
        printer=_ibgp_paths_lines,
    )(_ibgp_paths)


# local-install


def _install_lines(family: FamilyConfig, names: Any) -> list[str]:
    return [f"local-install {name}" for name in family.local_install]


def _local_install(call: Call) -> None:
    family: FamilyConfig = call.target()
    if call.negated:
        family.local_install.pop(call.values["interface"], None)
    else:
        family.local_install[call.values["interface"]] = None


for _scopes in FLOWSPEC:
    action(
        _scopes.trailer,
        "local-install INTERFACE$interface",
        "Rules are meant for packets of this router",
        "That come by this interface",
        negatable=True,
        printer=_install_lines,
    )(_local_install)


def _declare(scopes: FamilyScopes) -> None:
    """The lines of a family whose routes are prefixes; labels change some of these."""
    family, safi = scopes.family, scopes.family[1]
    if safi is not Safi.LABELED_UNICAST:
        distance(scopes.lines, family)
    _networks(scopes.lines, family)
    if safi is Safi.UNICAST:
        _redistributed(scopes.lines, family)
    dampening(scopes.lines)
    if safi is not Safi.MULTICAST:
        _multipath_lines(scopes.trailer)
    if safi is not Safi.LABELED_UNICAST:
        table_map(scopes.trailer)


for _scopes in SCOPES.values():
    if _scopes.family[1] in (Safi.UNICAST, Safi.MULTICAST, Safi.LABELED_UNICAST):
        _declare(_scopes)
