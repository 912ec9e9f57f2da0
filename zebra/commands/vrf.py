"""What is configured of a VRF: in the block `vrf NAME`, and outside of blocks for the default one.

The kernel need not have the VRF; the lines are kept and printed all the same.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any

from grammar.base.errors import CommandError, Status
from grammar.base.values import Address, Afi
from grammar.command import Call, Reply, action, opens
from grammar.node import CONFIG, VRF
from grammar.scope import Block, Scope, Values
from zebra.config import ANY, RESERVED_TABLES, MapUse, VrfConfig
from zebra.effects import Effect

DEFAULT = "default"
_LONGEST_NAME = 36
_WORDS = (("ip", Afi.IPV4), ("ipv6", Afi.IPV6))
_USES = (MapUse.ROUTES, MapUse.NEXTHOPS)
_PROTOCOLS = {
    Afi.IPV4: "kernel|connected|static|rip|ospf|isis|bgp|eigrp|nhrp|table|vnc|babel|openfabric|any",
    Afi.IPV6: "kernel|connected|static|ripng|ospf6|isis|bgp|nhrp|table|vnc|babel|openfabric|any",
}


# --- printing -----------------------------------------------------------------------------------


def _map_lines(config: VrfConfig) -> Iterator[str]:
    if not config.maps:
        return
    from zebra.zapi.constants import RouteType  # costly, for a start that does not come here

    for protocol in [*(kind.word for kind in RouteType), ANY]:
        for use in _USES:
            for word, afi in _WORDS:
                name = config.maps.get((use, afi, protocol))
                if name is not None:
                    yield f"{word} {use.value} {protocol} route-map {name}"


def _before_delay(config: VrfConfig) -> Iterator[str]:
    if config.vni is not None:
        number, prefix_only = config.vni
        yield f"vni {number}{' prefix-routes-only' if prefix_only else ''}"
    if config.netns is not None:
        yield f"netns {config.netns}"
    for word, afi in _WORDS:
        if afi in config.resolve_via_default:
            yield f"{word} nht resolve-via-default"
    if config.table_range is not None:
        yield "ip table range {} {}".format(*config.table_range)
    yield from _map_lines(config)


def _router_ids(config: VrfConfig) -> Iterator[str]:
    for word, afi in _WORDS:
        if afi in config.router_ids:
            yield f"{word} router-id {config.router_ids[afi]}"


def _body(config: VrfConfig) -> Iterator[str]:
    yield from _before_delay(config)
    yield from _router_ids(config)


def _configured(zebra: Any) -> Iterable[tuple[Values, VrfConfig]]:
    vrfs: dict[str, VrfConfig] = zebra.config.vrfs
    for name in sorted(vrfs):
        if any(_body(vrfs[name])):
            yield {"vrf": name}, vrfs[name]


def _default(zebra: Any) -> list[tuple[Values, VrfConfig]]:
    return [({}, zebra.config.default)]


# --- `vrf NAME` -----------------------------------------------------------------------------------

_TOP = Scope((CONFIG,), objects=lambda zebra: [])
VRFS = Scope((CONFIG,))
VRFS.add(_TOP)
BLOCK = Block(
    (VRF,),
    objects=_configured,
    open_line=lambda values, target: f"vrf {values['vrf']}",
    close_line="exit-vrf",
)
"""`vrf NAME`, whose objects are `VrfConfig`s."""
VRFS.add(BLOCK)
ROUTING = Scope((CONFIG,), lambda zebra, values: zebra.config.default, _default)
"""The lines of the default VRF that stand before `zebra route-map delay-timer`."""
ROUTER_IDS = Scope((CONFIG,), lambda zebra, values: zebra.config.default, _default)
"""Those that stand after it."""


@opens(
    _TOP,
    "vrf NAME$vrf",
    "A VRF",
    "Its name",
    into=VRF,
    alive=lambda zebra, config: (
        config is zebra.config.default or zebra.config.vrfs.get(config.name) is config
    ),
)
def vrf(call: Call) -> VrfConfig:
    """Into the node of the VRF, which need not exist."""
    name: str = call.values["vrf"]
    if len(name) > _LONGEST_NAME:
        text = f"% VRF name {name} invalid: length exceeds {_LONGEST_NAME} bytes"
        raise CommandError(text)
    default: VrfConfig = call.daemon.config.default
    if name == DEFAULT:
        return default
    found: VrfConfig = call.daemon.config.vrf(name)
    found.opened = True
    return found


@action(_TOP, "no vrf NAME$vrf", "Remove", "A VRF", "Its name")
def no_vrf(call: Call) -> None:
    """Forget what is configured of a VRF that the kernel does not have."""
    name = call.values["vrf"]
    if any(known.name == name for known in call.daemon.rib.vrfs.values()):
        raise CommandError("% Only inactive VRFs can be deleted")
    call.daemon.config.vrfs.pop(name, None)


def _config(call: Call) -> VrfConfig:
    config: VrfConfig = call.target()
    return config


def _changed(call: Call, config: VrfConfig, effect: Enum) -> None:
    call.changed(effect, config)


def _lines(config: VrfConfig, names: Values) -> Iterator[str]:
    return _body(config)


def _routing_lines(config: VrfConfig, names: Values) -> Iterator[str]:
    return _before_delay(config)


# --- VNI and tables -------------------------------------------------------------------------------


def _vni(scope: Scope, printer: Any) -> None:
    texts = ("Its L3 VNI", "Number of the VNI", "Only prefix routes (type 5)")

    @action(scope, "vni (1-16777215)$vni [prefix-routes-only$prefix_only]", *texts, printer=printer)
    def vni(call: Call) -> None:
        config, number = _config(call), call.values["vni"]
        if config.vni is not None and config.vni[0] != number:
            raise CommandError(
                "% Configuration failed.\n\nError type: validation\nError description: "
                f"vni {number} cannot be configured as vni {config.vni[0]} is already"
                " configured under the vrf"
            )
        everything = call.daemon.config
        for other in (everything.default, *everything.vrfs.values()):
            if other is not config and other.vni is not None and other.vni[0] == number:
                raise CommandError(
                    "% Configuration failed.\n\nError type: validation\nError description: "
                    f"VNI {number} is already configured as L3-VNI"
                )
        config.vni = (number, "prefix_only" in call.values)

    @action(scope, "no vni (1-16777215)$vni [prefix-routes-only]", "Remove", *texts)
    def no_vni(call: Call) -> None:
        config, number = _config(call), call.values["vni"]
        if config.vni is None or config.vni[0] != number:
            text = f"VNI {number} doesn't exist in VRF: {config.name} "
            raise CommandError(text, Status.WARNING)
        config.vni = None


_LATE = "% New range will be taken into account at restart\n"


def _table_range(scope: Scope) -> None:
    @action(
        scope,
        "ip table range (1-4294967295)$first (1-4294967295)$last",
        "IPv4",
        "Routing tables of the kernel",
        "That may be given away",
        "The first",
        "The last",
        negatable=True,
    )
    def table_range(call: Call) -> Reply | None:
        config, first, last = _config(call), call.values["first"], call.values["last"]
        if config is not call.daemon.config.default and call.daemon.namespaces is None:
            text = "VRF subcommand does not make any sense in l3mdev based vrf's"
            raise CommandError(text, Status.WARNING)
        if call.negated:
            config.table_range = None
            return None
        if last < first:
            raise CommandError("% End table is less than Start table")
        if first in RESERVED_TABLES or last in RESERVED_TABLES:
            raise CommandError("% Values forbidden in range [252;255]")
        if first <= RESERVED_TABLES[-1] and last >= RESERVED_TABLES[0]:
            raise CommandError("% Range overlaps range [252;255] forbidden")
        before, config.table_range = config.table_range, (first, last)
        # FRR says so, too, and goes by it at once all the same.
        late = before not in (None, config.table_range)
        return Reply([_LATE]) if late else None


# --- next hops and protocols ----------------------------------------------------------------------


def _resolve(scope: Scope, word: str, afi: Afi) -> None:
    notation = f"{word} nht resolve-via-default"
    texts = (word.upper(), "Next-hop tracking", "The default route may resolve next hops")

    @action(scope, notation, *texts)
    def resolve_on(call: Call) -> None:
        config = _config(call)
        if afi not in config.resolve_via_default:
            config.resolve_via_default[afi] = None
            _changed(call, config, Effect.NHT)

    @action(scope, f"no {notation}", "Not", *texts)
    def resolve_off(call: Call) -> None:
        config = _config(call)
        if afi in config.resolve_via_default:
            del config.resolve_via_default[afi]
            _changed(call, config, Effect.NHT)


_MAP_HELP = {
    MapUse.ROUTES: "Filter the routes of a protocol on their way to the kernel",
    MapUse.NEXTHOPS: "Filter the routes over which next hops resolve",
}


def _maps(scope: Scope, word: str, afi: Afi, use: MapUse) -> None:
    names = _PROTOCOLS[afi].split("|")
    protocols = "|".join(f"{name}$protocol" for name in names)
    texts = (word.upper(), _MAP_HELP[use], *(f"Routes of {name}" for name in names))
    start = f"{word} {use.value} <{protocols}>"

    @action(scope, f"{start} route-map ROUTE-MAP$map", *texts, "By a route-map", "Its name")
    def put(call: Call) -> None:
        config, key = _config(call), (use, afi, call.values["protocol"])
        if config.maps.get(key) != call.values["map"]:
            config.maps[key] = call.values["map"]
            _changed(call, config, Effect.PROTOCOL_MAP)

    # FRR's own inconsistency: where the name may be left out, and where `route-map` may too.
    bare = afi is Afi.IPV4 and use is MapUse.NEXTHOPS
    end = "route-map [ROUTE-MAP$map]" if bare else "[route-map ROUTE-MAP$map]"

    @action(scope, f"no {start} {end}", "Remove", *texts, "By a route-map", "Its name")
    def remove(call: Call) -> None:
        config, key = _config(call), (use, afi, call.values["protocol"])
        known = config.maps.get(key)
        if known is not None and call.values.get("map", known) == known:
            del config.maps[key]
            _changed(call, config, Effect.PROTOCOL_MAP)


# --- router ids -----------------------------------------------------------------------------------

_ID_HELP = ("The router id", "As an address")
_VRF_HELP = ("Of a VRF", "Its name")


def _vrf_named(call: Call) -> VrfConfig:
    name: str | None = call.values.get("vrf")
    if name is None:
        return _config(call)
    if name == DEFAULT:
        default: VrfConfig = call.daemon.config.default
        return default
    vrf = call.daemon.rib.named(name)
    if vrf is None:
        what = "active" if name in call.daemon.config.vrfs else "found"
        raise CommandError(f"% VRF {name} not {what}", Status.WARNING)
    config: VrfConfig = vrf.config
    return config


def _put_id(call: Call, afi: Afi, wanted: Address | None) -> None:
    config = _vrf_named(call)
    if wanted is None or wanted.is_unspecified:
        changed = config.router_ids.pop(afi, None) is not None
    else:
        changed = config.router_ids.get(afi) != wanted
        config.router_ids[afi] = wanted
    if changed:
        _changed(call, config, Effect.ROUTER_ID)


def _router_id(scope: Scope, start: str, afi: Afi, *help: str, printer: Any = None) -> None:
    address = "A.B.C.D" if afi is Afi.IPV4 else "X:X::X:X"

    def put(call: Call) -> None:
        _put_id(call, afi, call.values["id"])

    def clear(call: Call) -> None:
        _put_id(call, afi, None)

    notation = f"{start} {address}$id"
    if scope is BLOCK:
        action(scope, notation, *help, *_ID_HELP)(put)
        action(scope, f"no {start} [{address}$id]", "Not", *help, *_ID_HELP)(clear)
        return
    texts = (*help, *_ID_HELP, *_VRF_HELP)
    action(scope, f"{notation} vrf NAME$vrf", *texts, printer=printer)(put)
    action(scope, notation, *help, *_ID_HELP)(put)
    action(scope, f"no {notation} vrf NAME$vrf", "Not", *texts)(clear)
    action(scope, f"no {notation}", "Not", *help, *_ID_HELP)(clear)
    action(scope, f"no {start}", "Not", *help, _ID_HELP[0])(_ambiguous)


def _ambiguous(call: Call) -> None:
    # FRR has two commands that end here, with and without a VRF, and so takes neither.
    raise CommandError("% Ambiguous command.", Status.AMBIGUOUS)


def _id_lines(config: VrfConfig, names: Values) -> Iterator[str]:
    return _router_ids(config)


def _declare(scope: Scope, ids: Scope, printer: Any) -> None:
    _vni(scope, printer)
    for word, afi in _WORDS:
        _resolve(scope, word, afi)
        for use in _USES:
            _maps(scope, word, afi, use)
    _table_range(scope)
    _router_id(ids, "ip router-id", Afi.IPV4, "IPv4", printer=_id_lines)
    _router_id(ids, "router-id", Afi.IPV4)
    _router_id(ids, "ipv6 router-id", Afi.IPV6, "IPv6")


_declare(BLOCK, BLOCK, _lines)
_declare(ROUTING, ROUTER_IDS, _routing_lines)
