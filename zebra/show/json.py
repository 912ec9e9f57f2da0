"""Views as FRR's JSON."""

from collections.abc import Iterable, Iterator
from functools import singledispatch
from typing import Any

from grammar.base.values import Afi
from grammar.output.jsonc import Json, plain, pretty, quote
from grammar.output.prefixes import PrefixTexts
from grammar.output.time import route_uptime
from zebra.rib import RouteStatus
from zebra.show import views
from zebra.show.addresses import (
    brief_json,
    label_of,
    of_interface,
    own_prefix,
    peer_prefix,
    unnumbered,
)
from zebra.show.links import drivers_name, flag_names, slave_name, stamp, type_name
from zebra.show.params import params_json
from zebra.show.told import told_members
from zebra.show.views.blocks import RouteBlock
from zebra.zapi.constants import BlackholeType, NexthopType, RouteFlag

_ACTIVE, _FIB, _RECURSIVE, _ONLINK, _DUPLICATE, _BACKUP, _COLORED = 1, 2, 4, 8, 16, 64, 128
_REASONS = {
    BlackholeType.REJECT: "reject",
    BlackholeType.ADMIN_PROHIBITED: "admin-prohibited",
    BlackholeType.NULL: "blackhole",
}


@singledispatch
def render(view: Any) -> Iterable[str]:
    """The JSON of a view, in chunks."""
    raise TypeError(f"no JSON for {type(view).__name__}")


# --- routes -------------------------------------------------------------------------------------


def hop_flags(row: views.HopRow) -> int:
    """FRR's flags of a next hop: active, in the kernel, recursive, on the link, a duplicate."""
    hop = row.hop
    return (
        (_ACTIVE if hop.active else 0)
        | (_FIB if row.fib else 0)
        | (_RECURSIVE if hop.resolved else 0)
        | (_ONLINK if hop.onlink else 0)
        | (_DUPLICATE if hop.duplicate else 0)
        | (_BACKUP if hop.backups else 0)
        | (_COLORED if hop.color else 0)
    )


def _way(row: views.HopRow) -> dict[str, Json]:
    hop = row.hop
    out: dict[str, Json] = {}
    if hop.type is NexthopType.BLACKHOLE:
        out["unreachable"] = True
        if hop.blackhole in _REASONS:
            out[_REASONS[hop.blackhole]] = True
    elif hop.gate is None:
        out["directlyConnected"] = True
    else:
        out |= {"ip": str(hop.gate), "afi": hop.gate.afi.word}
    if hop.ifindex and hop.type is not NexthopType.BLACKHOLE:
        out |= {"interfaceIndex": hop.ifindex, "interfaceName": row.ifname}
    if row.vrf is not None:
        out["vrf"] = row.vrf
    return out


def _hop(row: views.HopRow) -> dict[str, Json]:
    hop = row.hop
    out: dict[str, Json] = {"flags": hop_flags(row)}
    if hop.duplicate:
        out["duplicate"] = True
    if row.fib:
        out["fib"] = True
    out |= _way(row)
    if row.level:
        out["resolver"] = True
    source = hop.source if hop.gate is not None else None
    for name, value in (
        ("active", hop.active),
        ("onLink", hop.onlink),
        ("recursive", bool(hop.resolved)),
        ("backupIndex", list(hop.backups)),
        ("source", None if source is None else str(source)),
        ("labels", list(hop.labels)),
        ("weight", hop.weight),
        ("srteColor", hop.color),
    ):
        if value:
            out[name] = value
    return out


def _route(row: views.RouteRow) -> dict[str, Json]:
    out: dict[str, Json] = {
        "prefix": row.prefix,
        "prefixLen": row.length,
        "protocol": row.type.word,
    }
    if row.instance:
        out["instance"] = row.instance
    out |= {"vrfId": row.vrf_id, "vrfName": row.vrf}
    if row.selected:
        out["selected"] = True
    if row.dest_selected:
        out["destSelected"] = True
    out |= {"distance": row.distance, "metric": row.metric}
    for bit, name in (
        (RouteStatus.INSTALLED, "installed"),
        (RouteStatus.FAILED, "failed"),
        (RouteStatus.QUEUED, "queued"),
    ):
        if row.status & bit:
            out[name] = True
    if row.flags & RouteFlag.TRAPPED:
        out["trapped"] = True
    if row.flags & (RouteFlag.OFFLOADED | RouteFlag.OFFLOAD_FAILED):
        out["offloaded"] = bool(row.flags & RouteFlag.OFFLOADED)
    if row.tag:
        out["tag"] = row.tag
    out |= {
        "table": row.table,
        "internalStatus": row.status,
        "internalFlags": row.flags,
        "internalNextHopNum": len(row.hops),
        "internalNextHopActiveNum": sum(hop.hop.active for hop in row.hops),
        "nexthopGroupId": row.group,
    }
    if row.installed_group:
        out["installedNexthopGroupId"] = row.installed_group
    out["uptime"] = route_uptime(row.age)
    return out


def _whole(row: views.RouteRow) -> dict[str, Json]:
    out = _route(row)
    out["nexthops"] = [_hop(hop) for hop in row.hops]
    if row.spares:
        out["backupNexthops"] = [_hop(hop) for hop in row.spares]
    return out | told_members(row.opaque)


_KEPT = 4096
_TOGETHER = 64
"""Prefixes that are written together."""
_INDENT = "\n      "


class _Routes:
    """Writes routes of a list; those of one group share the text of its next hops."""

    def __init__(self) -> None:
        # The objects are kept with their texts: their ids stay their own as long as that.
        self._hops: dict[int, tuple[tuple[views.HopRow, ...], str]] = {}
        self._prefixes: dict[Afi, PrefixTexts] = {}

    def block(self, block: RouteBlock) -> Iterator[str]:
        """Many prefixes with one route each, some together with commas between."""
        texts = self._prefixes.setdefault(block.afi, PrefixTexts(block.afi)).texts(block.keys)
        around: dict[int, tuple[str, str]] = {}
        found: list[str] = []
        for prefix, row, since in zip(texts, block.rows, block.since, strict=True):
            if id(row) not in around:
                around[id(row)] = self._around(row)
            start, end = around[id(row)]
            length = prefix.partition("/")[2]
            found.append(
                f'  "{prefix}":[\n    {{{_INDENT}"prefix":"{prefix}",{_INDENT}"prefixLen":{length},'
                f"{start}{route_uptime(block.now - since)}{end}"
            )
            if len(found) == _TOGETHER:
                yield ",\n".join(found)
                found.clear()
        if found:
            yield ",\n".join(found)

    def _around(self, row: views.RouteRow) -> tuple[str, str]:
        """What stands between a route's length and its age, and behind that."""
        values = _route(row)
        told = told_members(row.opaque)
        for name in ("prefix", "prefixLen", "uptime"):
            del values[name]
        start = "".join(f"{_INDENT}{quote(name)}:{plain(value)}," for name, value in values.items())
        members = [f'"nexthops":{self._text(row.hops)}']
        if row.spares:
            members.append(f'"backupNexthops":{self._text(row.spares)}')
        members += [f"{quote(name)}:{_indented(value)}" for name, value in told.items()]
        behind = f",{_INDENT}".join(members)
        return f'{start}{_INDENT}"uptime":"', f'",{_INDENT}{behind}\n    }}\n  ]'

    def _text(self, hops: tuple[views.HopRow, ...]) -> str:
        known = self._hops.get(id(hops))
        if known is None:
            if len(self._hops) >= _KEPT:
                self._hops.clear()
            text = _indented([_hop(hop) for hop in hops])
            known = self._hops[id(hops)] = (hops, text)
        return known[1]


def _indented(value: Json) -> str:
    return pretty(value).replace("\n", _INDENT)


def _member(name: str, value: Json) -> str:
    """One member of an object at the top, without the separator before it."""
    return f"  {quote(name)}:" + pretty(value).replace("\n", "\n  ")


@render.register
def _(view: views.RouteList) -> Iterator[str]:
    if not view.tables:
        yield "{}\n"
        return
    routes = _Routes()
    for table in view.tables:
        separator = "{\n"
        for item in table.destinations:
            if item is None:
                yield ""
                continue
            if isinstance(item, RouteBlock):
                for text in routes.block(item):
                    yield separator + text
                    separator = ",\n"
                continue
            prefix, rows = item
            yield separator + _member(prefix, [_whole(row) for row in rows])
            separator = ",\n"
        yield "{\n}\n" if separator == "{\n" else "\n}\n"


@render.register
def _(view: views.RouteDetail) -> Iterator[str]:
    yield pretty({view.prefix: [_whole(row) for row in view.rows]}) + "\n"


@render.register
def _(view: views.Missing) -> Iterator[str]:
    yield "{}\n"


@render.register
def _(view: views.RouteSummary) -> Iterator[str]:
    rows: list[Json] = []
    for row in view.rows:
        out: dict[str, Json] = {"fib": row.fib, "rib": row.rib}
        if not view.prefixes:
            out |= {"fibOffLoaded": 0, "fibTrapped": 0}
        out["type"] = row.source
        rows.append(out)
    name = "prefixRoutes" if view.prefixes else "routes"
    total: dict[str, Json] = {
        name: rows,
        f"{name}Total": sum(row.rib for row in view.rows),
        f"{name}TotalFib": sum(row.fib for row in view.rows),
    }
    yield pretty(total) + "\n"


# --- interfaces ---------------------------------------------------------------------------------


@render.register
def _(view: views.Several) -> Iterator[str]:
    for part in view.parts:
        yield from render(part)


@render.register
def _(view: views.InterfaceList) -> Iterator[str]:
    rows: dict[str, Json] = {}
    for row in view.rows:
        rows[row.link.name] = _brief(row) if view.brief else _interface(row)
    yield pretty(rows) + "\n"


def _brief(row: views.InterfaceRow) -> dict[str, Json]:
    return {
        "status": "up" if row.link.up else "down",
        "vrfName": row.vrf,
        "addresses": brief_json(row),
    }


def _link_state(row: views.InterfaceRow) -> dict[str, Json]:
    out: dict[str, Json] = {}
    link = row.link
    out["administrativeStatus"] = "up" if link.up else "down"
    if link.up:
        if row.link_detect:
            out["operationalStatus"] = "up" if link.running else "down"
        out["linkDetection"] = row.link_detect
    out["linkUps"] = row.ups
    out["linkDowns"] = row.downs
    if row.last_up is not None:
        out["lastLinkUp"] = stamp(row.last_up)
    if row.last_down is not None:
        out["lastLinkDown"] = stamp(row.last_down)
    return out


def _interface(row: views.InterfaceRow) -> dict[str, Json]:
    out = _link_state(row)
    link = row.link
    out["vrfName"] = row.vrf
    if row.config.description is not None:
        out["description"] = row.config.description
    for name in (
        "mplsEnabled",
        "linkDown",
        "linkDownV6",
        "mcForwardingV4",
        "mcForwardingV6",
        "pseudoInterface",
    ):
        out[name] = False
    out["mplsEnabled"] = row.config.mpls
    if row.pseudo:
        return out | {"pseudoInterface": True}
    out |= {"index": link.ifindex, "metric": 0, "mtu": link.mtu, "speed": link.speed}
    out |= {"flags": flag_names(link.flags), "type": type_name(link)}
    if any(link.hw_address):
        out["hardwareAddress"] = link.hw_address.hex(":")
    if row.config.bandwidth is not None:
        out["bandwidth"] = row.config.bandwidth
    out["ipAddresses"] = _addresses(row)
    out |= {"interfaceType": drivers_name(link), "interfaceSlaveType": slave_name(link)}
    out |= _kind(row)
    uplink: dict[str, Json] = {"uplink": "up" if row.operative else "down"}
    multihoming = uplink if row.config.uplink else {}
    out |= {"lacpBypass": False, "evpnMh": multihoming, "protodown": "off"}
    if link.link_ifindex:
        if row.parent is not None:
            out["parentInterface"] = row.parent
        else:
            out["parentIfindex"] = link.link_ifindex
    out |= params_json(row.config.params)
    if row.neighbor is not None:
        out["neighborIpAddresses"] = [str(row.neighbor.host_prefix())]
    return out


def _kind(row: views.InterfaceRow) -> dict[str, Json]:
    link = row.link
    out: dict[str, Json] = {}
    match link.kind:
        case "bridge":
            out["bridgeVlanAware"] = link.vlan_aware
        case "vlan":
            out["vlanId"] = link.vlan
    if link.vxlan is not None:
        out["vxlanId"] = link.vxlan.vni
        for name, address in (("vtepIp", link.vxlan.local), ("mcastGroup", link.vxlan.group)):
            if address is not None:
                out[name] = str(address)
        if link.link_ifindex:
            out["linkInterface"] = row.parent or "Unknown"
    if row.master is not None and link.slave == "bridge":
        out["masterInterface"] = row.master
    return out


def _addresses(row: views.InterfaceRow) -> list[Json]:
    out: list[Json] = []
    for address in of_interface(row):
        item: dict[str, Json] = {"address": str(own_prefix(address))}
        if address.peer is not None:
            item["peer"] = str(peer_prefix(address))
        item["secondary"] = address.secondary and address.prefix.afi is Afi.IPV4
        item["unnumbered"] = unnumbered(row, address)
        label = label_of(row, address)
        if label is not None:
            item["label"] = label
        out.append(item)
    return out


from zebra.show import allotted as _allotted  # noqa: E402

_allotted.register(None, render)
