"""`ip route` and `ipv6 route`, in the config node and in a VRF's node."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from grammar.base.errors import CommandError, Status
from grammar.base.values import Address, Afi, Prefix
from grammar.command import Call, Reply, action, opens
from grammar.node import CONFIG, VRF
from grammar.scope import Block, Scope, Values
from zebra.staticd.commands.labels import read_labels
from zebra.staticd.config import StaticdConfig, StaticHop, StaticKey, StaticPath, hop_order
from zebra.staticd.effects import Effect

ROUTES = Scope((CONFIG,), objects=lambda staticd: [({"vrf": "default"}, staticd.config)])


_TOP = Scope((CONFIG,), objects=lambda staticd: [])
_BLOCK = Block(
    (VRF,),
    objects=lambda staticd: [({"vrf": name}, staticd.config) for name in staticd.config.instances],
    open_line=lambda values, target: f"vrf {values['vrf']}",
    close_line="exit-vrf",
    skip_empty=True,
)


class _Instances(Scope):
    def lines(self, parent: Any) -> Iterator[str]:
        config: StaticdConfig = parent.config
        for name in config.instances:
            if name == "default":
                yield from ROUTES.lines(parent)
            else:
                yield from _BLOCK.printed({"vrf": name}, config)


INSTANCES = _Instances((CONFIG,), items=[_TOP, _BLOCK, ROUTES])
"""The default VRF and the others, printed in the order in which they had their first route."""


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
    if call.daemon.vrf_known(name):
        raise CommandError("% Only inactive VRFs can be deleted")
    config.vrfs.pop(name, None)
    config.instances.pop(name, None)
    for key in [key for key in config.routes if key.vrf == name]:
        del config.routes[key]
        call.changed(Effect.ROUTE, key)


# --- printing -----------------------------------------------------------------------------------


def line_of(key: StaticKey, hop: StaticHop, path: StaticPath) -> str:
    """The line of one next hop, without the VRF it stands in."""
    family = "ip" if key.prefix.afi is Afi.IPV4 else "ipv6"
    words = [family, "mroute" if key.multicast else "route", str(key.prefix)]
    for word, value in (
        ("from ", key.source),
        ("", hop.drop),
        ("", hop.gate),
        ("", hop.interface),
        ("tag ", path.tag),
        ("", None if path.distance == 1 else path.distance),
        ("label ", "/".join(map(str, path.labels)) or None),
        ("nexthop-vrf ", hop.nexthop_vrf),
        ("table ", key.table),
        ("", "onlink" if path.onlink else None),
        ("color ", path.color),
    ):
        if value is not None:
            words.append(f"{word}{value}")
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
        "mroute" in values,
    )
    gate, interface = values.get("gate"), values.get("interface")
    drop = values.get("drop")
    null0 = "null0" in values
    if interface is not None and interface.lower() == "null0":
        interface, null0 = None, True
    if null0 and gate is None:
        drop = "Null0"
    nexthop_vrf = values.get("nexthop_vrf")
    hop = StaticHop(gate, interface, drop, nexthop_vrf if nexthop_vrf != key.vrf else None)
    # Without an interface there is no link to be on: `GATE Null0 onlink` is a gate alone in FRR.
    onlink = "onlink" in values and interface is not None
    # As to color, only that of a gate counts.
    color = values.get("color") if gate is not None else None
    path = StaticPath(values.get("distance"), values.get("tag"), onlink, color)
    return key, hop, path


_REFUSED = "% Configuration failed.\n\nError type: validation\nError description: {}\n"


def _objection(call: Call, key: StaticKey, hop: StaticHop, path: StaticPath) -> str | None:
    """Why FRR refuses a line, if it does."""
    if key.table is not None and key.vrf != "default" and not call.daemon.namespaces:
        return "% table param only available when running on netns-based vrfs"
    if hop.interface in ("blackhole", "reject"):
        reason = (
            "Nexthop interface name can not be from reserved keywords(Null0, reject, blackhole)"
        )
        return f"{hop.interface}: {reason}"
    for other, known in call.daemon.config.routes.get(key, {}).items():
        if known.effective_distance == path.effective_distance and (other.drop is None) is not (
            hop.drop is None
        ):
            return "Route cannot have blackhole and non-blackhole nexthops simultaneously"
    if path.labels and not call.daemon.mpls:
        return "% MPLS not turned on in kernel ignoring static route"
    return None


def _route(call: Call) -> Reply | None:
    key, hop, path = _read(call)
    if call.negated:
        return _remove(call, key, hop)
    routes = call.daemon.config.routes
    before = routes.get(key, {}).get(hop, StaticPath())
    labels = read_labels(call.values.get("label"), hop, path, before)
    path = replace(path, labels=labels.good)
    remark = labels.remark(sourced="source" in call.values)
    objection = _objection(call, key, hop, path)
    if objection is not None:
        return Reply([remark, _REFUSED.format(objection)], Status.CONFIG_FAILED)
    call.daemon.config.instances.setdefault(key.vrf)
    if not call.daemon.vrf_known(key.vrf) and not _has_route(routes, key):
        remark += (
            f"Static Route to {key.prefix} not installed currently because dependent"
            " config not fully available\n"
        )
    if _enter(routes.setdefault(key, {}), hop, path):
        call.changed(Effect.ROUTE, key)
    return Reply([remark]) if remark else None


def _has_route(routes: Iterable[StaticKey], key: StaticKey) -> bool:
    """Whether there is a route to the prefix, from wherever."""
    return any(
        (known.vrf, known.prefix, known.multicast) == (key.vrf, key.prefix, key.multicast)
        for known in routes
    )


def _enter(hops: dict[StaticHop, StaticPath], hop: StaticHop, path: StaticPath) -> bool:
    """Put a next hop among those of its destination; True if that changes anything."""
    before = dict(hops)
    if hop.drop is not None:
        # There is but one blackhole next hop, by whichever word and distance it was typed.
        for other in [other for other in hops if other.drop is not None and other != hop]:
            del hops[other]
    hops[hop] = path
    for other, known in hops.items():
        # The tag belongs to the destination and its distance: the last line's counts.
        if known.effective_distance == path.effective_distance and known.tag != path.tag:
            hops[other] = replace(known, tag=path.tag)
    return hops != before


def _remove(call: Call, key: StaticKey, hop: StaticHop) -> Reply | None:
    routes = call.daemon.config.routes
    hops = routes.get(key, {})
    if hop.drop is not None:
        # There is but one blackhole next hop, by whichever word it was typed.
        hop = next((other for other in hops if other.drop is not None), hop)
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


def _declare_multicast() -> None:
    action(
        ROUTES,
        "ip mroute$mroute A.B.C.D/M$prefix <A.B.C.D$gate|INTERFACE$interface> [(1-255)$distance]",
        "IPv4",
        "The way back to sources of multicast",
        "A network",
        "By a neighbour",
        "By an interface",
        "How trustworthy it is",
        negatable=True,
    )(_route)


_declare(ROUTES, in_vrf=False)
_declare(_BLOCK, in_vrf=True)
_declare_multicast()
