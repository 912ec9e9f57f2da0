"""`ip route` and `ipv6 route`, in the config node and in a VRF's node."""

from collections.abc import Iterable, Iterator
from typing import Any

from grammar.base.errors import CommandError, Status
from grammar.base.values import Address, Afi, Prefix
from grammar.command import Call, Reply, action, opens
from grammar.node import CONFIG, VRF
from grammar.scope import Block, Scope, Values
from zebra.staticd.config import StaticdConfig, StaticHop, StaticKey, StaticPath, hop_order
from zebra.staticd.effects import Effect

ROUTES = Scope((CONFIG,), objects=lambda staticd: [({"vrf": "default"}, staticd.config)])


def _vrfs(staticd: Any) -> Iterable[tuple[Values, StaticdConfig]]:
    config: StaticdConfig = staticd.config
    names = {key.vrf for key in config.routes} | config.vrfs.keys()
    for name in sorted(names - {"default"}):
        yield {"vrf": name}, config


_TOP = Scope((CONFIG,), objects=lambda staticd: [])
VRFS = Scope((CONFIG,))
VRFS.add(_TOP)
_BLOCK = Block(
    (VRF,),
    objects=_vrfs,
    open_line=lambda values, target: f"vrf {values['vrf']}",
    close_line="exit-vrf",
)
VRFS.add(_BLOCK)


@opens(_TOP, "vrf NAME$vrf", "A VRF", "Its name", into=VRF)
def vrf(call: Call) -> str:
    """Into the node of the VRF, which need not exist; the node's object is its name."""
    name: str = call.values["vrf"]
    call.daemon.config.vrfs.setdefault(name)
    return name


@action(_TOP, "no vrf NAME$vrf", "Remove", "A VRF", "Its name")
def no_vrf(call: Call) -> None:
    """Forget the VRF; its routes go with it."""
    config: StaticdConfig = call.daemon.config
    name = call.values["vrf"]
    config.vrfs.pop(name, None)
    for key in [key for key in config.routes if key.vrf == name]:
        del config.routes[key]
        call.changed(Effect.ROUTE, key)


# --- printing -----------------------------------------------------------------------------------


def line_of(key: StaticKey, hop: StaticHop, path: StaticPath) -> str:
    """The line of one next hop, without the VRF it stands in."""
    words = ["ip" if key.prefix.afi is Afi.IPV4 else "ipv6", "route", str(key.prefix)]
    if key.source is not None:
        words += ["from", str(key.source)]
    if hop.drop is not None:
        words.append(hop.drop)
    if hop.gate is not None:
        words.append(str(hop.gate))
    if hop.interface is not None:
        words.append(hop.interface)
    if path.tag is not None:
        words += ["tag", str(path.tag)]
    if path.distance not in (None, 1):
        words.append(str(path.distance))
    if hop.nexthop_vrf is not None:
        words += ["nexthop-vrf", hop.nexthop_vrf]
    if key.table is not None:
        words += ["table", str(key.table)]
    if path.onlink:
        words.append("onlink")
    if path.color is not None:
        words += ["color", str(path.color)]
    return " ".join(words)


def _lines(config: StaticdConfig, names: Values) -> Iterator[str]:
    printed = False
    for key in config.ordered(names["vrf"]):
        for hop, path in sorted(config.routes[key].items(), key=hop_order):
            printed = True
            yield line_of(key, hop, path)
    if printed and names["vrf"] == "default":
        yield "!"


# --- typing ---------------------------------------------------------------------------------------


def _prefix(values: Values) -> Prefix:
    if "prefix" in values:
        prefix: Prefix = values["prefix"]
        return prefix.network
    address: Address = values["address"]
    netmask: Address = values["mask"]
    # FRR counts the leading ones of an odd mask.
    length = 32 - (netmask.value ^ 0xFFFFFFFF).bit_length()
    return Prefix(Afi.IPV4, address.value, length).network


def _vrf_of(call: Call) -> str:
    if call.session.node is VRF:
        return str(call.node_object)
    name: str = call.values.get("vrf", "default")
    return name


def _read(call: Call) -> tuple[StaticKey, StaticHop, StaticPath]:
    values = call.values
    source: Prefix | None = values.get("source")
    key = StaticKey(
        _vrf_of(call),
        _prefix(values),
        source.network if source is not None else None,
        values.get("table"),
    )
    gate, interface = values.get("gate"), values.get("interface")
    drop = values.get("drop")
    if "null0" in values and gate is None:
        drop = "Null0"
    nexthop_vrf = values.get("nexthop_vrf")
    hop = StaticHop(gate, interface, drop, nexthop_vrf if nexthop_vrf != "default" else None)
    path = StaticPath(
        values.get("distance"), values.get("tag"), "onlink" in values, values.get("color")
    )
    return key, hop, path


_CONFLICT = "% Configuration failed.\n\nError type: validation\nError description: {}\n"


def _check(call: Call, key: StaticKey, hop: StaticHop) -> None:
    if "label" in call.values:
        raise CommandError(
            _CONFLICT.format(
                "MPLS not turned on in kernel, ignoring static route to " + str(key.prefix)
            )
        )
    others = call.daemon.config.routes.get(key, {})
    if any((other.drop is None) is not (hop.drop is None) for other in others):
        raise CommandError(
            _CONFLICT.format(
                "Route cannot have blackhole and non-blackhole nexthops simultaneously"
            )
        )


def _route(call: Call) -> Reply | None:
    key, hop, path = _read(call)
    routes = call.daemon.config.routes
    if call.negated:
        return _remove(call, key, hop)
    _check(call, key, hop)
    hops = routes.setdefault(key, {})
    if hop.drop is not None:
        hops.clear()
    new = hops.get(hop) != path
    hops[hop] = path
    if new:
        call.changed(Effect.ROUTE, key)
        if not call.daemon.vrf_known(key.vrf):
            text = (
                f"Static Route to {key.prefix} not installed currently because dependent"
                " config not fully available\n"
            )
            return Reply([text])
    return None


def _remove(call: Call, key: StaticKey, hop: StaticHop) -> Reply | None:
    routes = call.daemon.config.routes
    hops = routes.get(key, {})
    if hop not in hops:
        return Reply(["% Refusing to remove a non-existent route\n"], Status.SUCCESS)
    del hops[hop]
    if not hops:
        del routes[key]
    call.changed(Effect.ROUTE, key)
    return None


_IPV4 = "ip route <A.B.C.D/M$prefix|A.B.C.D$address A.B.C.D$mask>"
_IPV6 = "ipv6 route X:X::X:X/M$prefix [from X:X::X:X/M$source]"
_IPV4_HELP = ("IPv4", "A static route", "To a network", "To an address", "With a mask")
_IPV6_HELP = ("IPv6", "A static route", "To a network", "For packets from", "A network")
_WORDS = {
    "tag": "tag (1-4294967295)$tag",
    "distance": "(1-255)$distance",
    "vrf": "vrf NAME$vrf",
    "label": "label WORD$label",
    "table": "table (1-4294967295)$table",
    "nexthop-vrf": "nexthop-vrf NAME$nexthop_vrf",
    "onlink": "onlink$onlink",
    "color": "color (1-4294967295)$color",
}
_DROP = ("tag", "distance", "vrf", "label", "table")
_BOTH = (*_DROP, "nexthop-vrf", "onlink", "color")
_ONE = (*_DROP, "nexthop-vrf", "color")


def _options(names: tuple[str, ...], *, in_vrf: bool) -> str:
    chosen = [_WORDS[name] for name in names if not (in_vrf and name == "vrf")]
    return f"[{{{'|'.join(chosen)}}}]"


def _declare(scope: Scope, *, in_vrf: bool) -> None:
    printer: Any = _lines
    for start, gate, texts in (
        (_IPV4, "A.B.C.D", _IPV4_HELP),
        (_IPV6, "X:X::X:X", _IPV6_HELP),
    ):
        forms = (
            ("<reject|blackhole>$drop", _DROP),
            (f"{gate}$gate <INTERFACE$interface|Null0$null0>", _BOTH),
            (f"<{gate}$gate|<INTERFACE$interface|Null0$null0>>", _ONE),
        )
        for way, names in forms:
            notation = f"{start} {way} {_options(names, in_vrf=in_vrf)}"
            action(scope, notation, *texts, negatable=True, printer=printer)(_route)
            printer = None


_declare(ROUTES, in_vrf=False)
_declare(_BLOCK, in_vrf=True)
