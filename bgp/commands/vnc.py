"""Lines of `router bgp` on VNC and its RFP example. They are kept and printed, without effect."""

from collections.abc import Iterator
from typing import Any

from bgp.commands.familynodes import VNC_DEFAULTS, VNC_L2_GROUP, VNC_NVE_GROUP, VRF_POLICY
from bgp.commands.nodes import BGP, VNC
from bgp.commands.vncgroups import (
    DEFAULTS,
    L2_GROUPS,
    NVE_GROUPS,
    POLICIES,
    filter_lines,
    leading,
)
from bgp.config import BgpConfig
from bgp.vncconfig import L2Group, VncConfig, VncGroup
from grammar.base.errors import CommandError, Status
from grammar.command import Call, Reply, action, opens
from grammar.node import Node
from grammar.scope import Scope, Values

_ONLY_DEFAULT = "VNC operations only permitted on default BGP instance."


def _scope(refusal: str = _ONLY_DEFAULT, status: Status = Status.CONFIG_FAILED) -> Scope:
    def lines_of(bgp: BgpConfig, values: Values) -> VncConfig:
        if bgp.vrf is not None:
            raise CommandError(refusal, status)
        return bgp.vnc

    return Scope((BGP,), find=lines_of, objects=lambda bgp: [({}, bgp.vnc)])


OPENINGS, RFP, LINES = _scope(), _scope("VNC not configured", Status.WARNING), _scope()
for _part in (OPENINGS, POLICIES, RFP, L2_GROUPS, DEFAULTS, NVE_GROUPS, LINES):
    VNC.add(_part)


# Groups


def _group(
    words: str, groups: str, make: Any, node: Node, missing: str, not_here: str | None, help: str
) -> None:
    @opens(
        VNC,
        f"{words} NAME$name",
        *help.split("|"),
        "Name",
        into=node,
        negatable=True,
    )
    def run(call: Call) -> object:
        bgp: BgpConfig = call.node_object
        if bgp.vrf is not None and not_here is not None:
            if call.negated and not_here != _ONLY_DEFAULT:
                return None
            raise CommandError(not_here)
        known: dict[str, Any] = getattr(bgp.vnc, groups)
        name = call.values["name"]
        if not call.negated:
            return known.setdefault(name, make(name))
        if known.pop(name, None) is None:
            raise CommandError(f'No {missing} group named "{name}"')
        return None


_group(
    "vrf-policy",
    "policies",
    VncGroup,
    VRF_POLICY,
    "NVE",
    "Can't configure vrf-policy within a BGP VRF instance",
    "Policy of a VRF",
)
_VNC_HELP = "Virtual networks"
_group(
    "vnc l2-group",
    "l2_groups",
    L2Group,
    VNC_L2_GROUP,
    "L2",
    _ONLY_DEFAULT,
    f"{_VNC_HELP}|A group of layer 2",
)
_group(
    "vnc nve-group",
    "groups",
    VncGroup,
    VNC_NVE_GROUP,
    "NVE",
    _ONLY_DEFAULT,
    f"{_VNC_HELP}|A group of routers",
)


@opens(OPENINGS, "vnc defaults", "Virtual networks", "What all groups have", into=VNC_DEFAULTS)
def _defaults(call: Call) -> VncGroup:
    vnc: VncConfig = call.target()
    return vnc.defaults


# rfp


def _number(field: str) -> Any:
    def run(call: Call) -> None:
        value = call.values["value"]
        setattr(call.target(), field, leading(str(value)) or None)

    return run


def _print_number(field: str, words: str) -> Any:
    def lines(vnc: VncConfig, names: Values) -> list[str]:
        value = getattr(vnc, field)
        return [] if value is None else [f"{words} {value}"]

    return lines


for _words, _variable, _field, _help in (
    ("rfp example-config-value", "VALUE$value", "example", "An example"),
    ("rfp holddown-factor", "(0-4294967295)$value", "holddown", "How long what is gone counts"),
):
    action(
        RFP,
        f"{_words} {_variable}",
        "Protocol of virtual networks",
        _help,
        "The value",
        printer=_print_number(_field, _words),
        hidden=True,
    )(_number(_field))


@action(
    RFP,
    "rfp full-table-download <on|off>$value",
    "Protocol of virtual networks",
    "Send whole tables",
    "Yes",
    "No",
    printer=lambda vnc, names: ["rfp full-table-download on"] if vnc.full_download else [],
    hidden=True,
)
def _full_download(call: Call) -> None:
    call.target().full_download = "on" if call.values["value"] == "on" else None


# vnc export


@action(
    LINES,
    "vnc advertise-un-method encap-attr",
    "Virtual networks",
    "How addresses of the network below are announced",
    "In an attribute",
)
def _un_method(call: Call) -> None:
    pass  # the only method there is


@action(
    LINES,
    "vnc export <bgp|zebra>$to mode <group-nve|ce|none|registering-nve>$mode",
    "Virtual networks",
    "Give routes away",
    "To BGP",
    "To zebra",
    "With which next hop",
    "The group's",
    "The customer's",
    "Not at all",
    "That of who registered them",
    printer=lambda vnc, names: [f"vnc export bgp mode {vnc.export_mode}"]
    if vnc.export_mode
    else [],
)
def _export_mode(call: Call) -> Reply | None:
    vnc: VncConfig = call.target()
    if call.values["to"] == "zebra":
        raise CommandError("Changing modes for zebra export not implemented yet")
    wanted = None if call.values["mode"] == "none" else call.values["mode"]
    if vnc.export_mode == wanted:
        return Reply(["Mode unchanged\n"])
    vnc.export_mode = wanted
    return None


_EXPORT_HELP = ("Virtual networks", "Give routes away", "To BGP", "To zebra")


def _export_group(call: Call) -> None:
    vnc: VncConfig = call.target()
    key = (call.values["to"], call.values["name"])
    if "no" in call.values:
        vnc.export_groups.pop(key, None)
        return
    if key[1] not in vnc.groups:
        raise CommandError(f'Can\'t find group named "{key[1]}".')
    vnc.export_groups[key] = None


def _export_group_lines(vnc: VncConfig, names: Values) -> Iterator[str]:
    for where in ("bgp", "zebra"):
        for to, name in vnc.export_groups:
            if to == where and name in vnc.groups:
                yield f"vnc export {to} group-nve group {name}"


for _no in ("", " no$no"):
    action(
        LINES,
        f"vnc export <bgp|zebra>$to group-nve{_no} group NAME$name",
        *_EXPORT_HELP,
        "Of a group",
        *(("Not any more",) if _no else ()),
        "The group",
        "Its name",
        printer=None if _no else _export_group_lines,
    )(_export_group)


# vnc redistribute

_TAKE_HELP = ("Virtual networks", "Take routes in")


def _put(call: Call, field: str, value: object) -> None:
    setattr(call.target(), field, value)


@action(
    LINES,
    "vnc redistribute nve-group NAME$name",
    *_TAKE_HELP,
    "For a group",
    "Its name",
    printer=_print_number("redistribute_group", "vnc redistribute nve-group"),
)
def _redistribute_group(call: Call) -> None:
    _put(call, "redistribute_group", call.values["name"])


@action(LINES, "no vnc redistribute nve-group", "Take a line back", *_TAKE_HELP, "For a group")
def _no_redistribute_group(call: Call) -> None:
    _put(call, "redistribute_group", None)


@action(
    LINES,
    "vnc redistribute lifetime <LIFETIME|infinite>$seconds",
    *_TAKE_HELP,
    "How long they count",
    "Seconds",
    "For ever",
    printer=_print_number("redistribute_lifetime", "vnc redistribute lifetime"),
)
def _redistribute_lifetime(call: Call) -> None:
    # FRR prints -1 for what does not end.
    text = str(call.values["seconds"])
    seconds = -1 if text == "infinite" else leading(text)
    _put(call, "redistribute_lifetime", seconds or None)


@action(
    LINES,
    "vnc redistribute resolve-nve roo-ec-local-admin (0-65535)$admin",
    *_TAKE_HELP,
    "Find the router behind their next hop",
    "By an extended community",
    "Its number",
    printer=_print_number("resolve_admin", "vnc redistribute resolve-nve roo-ec-local-admin"),
)
def _resolve_admin(call: Call) -> None:
    admin = call.values["admin"]
    _put(call, "resolve_admin", None if admin == 5226 else admin)


@action(
    LINES,
    "vnc redistribute mode <nve-group|plain|resolve-nve>$mode",
    *_TAKE_HELP,
    "With which next hop",
    "The group's",
    "Their own",
    "The router's behind it",
    printer=_print_number("redistribute_mode", "vnc redistribute mode"),
)
def _redistribute_mode(call: Call) -> None:
    mode = call.values["mode"]
    _put(call, "redistribute_mode", None if mode == "plain" else mode)


# Filters


def _filter_key(values: Values) -> str | None:
    """The line that a filter is kept for; None for what FRR keeps where nothing prints."""
    if values.get("from") == "bgp-direct-to-nve-groups":
        return None
    way = f"export {values['to']}" if "to" in values else "redistribute bgp-direct"
    return f"{way} route-map" if "afi" not in values else f"{way} {values['afi']} prefix-list"


def _filter(call: Call) -> None:
    key = _filter_key(call.values)
    if key is not None:
        call.target().filters[key] = call.values["name"]


def _no_filter(call: Call) -> None:
    key = _filter_key(call.values)
    # With a name FRR leaves the line.
    if key is not None and "name" not in call.values:
        call.target().filters.pop(key, None)


_LIST_HELP = ("Of IPv4", "Of IPv6", "Filter by a prefix-list")
_FROM_HELP = (*_TAKE_HELP, "Of BGP as they are", "The same, to the groups")
_WAYS = (
    ("export <bgp|zebra>$to", _EXPORT_HELP, " [NAME$name]"),
    ("redistribute <bgp-direct|bgp-direct-to-nve-groups>$from", _FROM_HELP, ""),
)
for _way, _way_help, _tail in _WAYS:
    for _what, _what_help in (
        ("<ipv4|ipv6>$afi prefix-list", _LIST_HELP),
        ("route-map", ("Change by a route-map",)),
    ):
        _help_of = (*_way_help, *_what_help)
        action(LINES, f"vnc {_way} {_what} NAME$name", *_help_of, "Its name")(_filter)
        _named = ("Its name",) if _tail else ()
        action(LINES, f"no vnc {_way} {_what}{_tail}", "Take a line back", *_help_of, *_named)(
            _no_filter
        )


# vnc redistribute ipv4|ipv6

_TO_GROUPS = "bgp-direct-to-nve-groups"
_KINDS = ("kernel", "connected", "static", "rip", "ospf", "bgp", "bgp-direct", _TO_GROUPS)
_NEXT_GENERATION = {"rip": "ripng", "ospf": "ospf6"}


def redistributed(vnc: VncConfig) -> Iterator[tuple[str, str]]:
    """What is taken in, in FRR's order: `ipv4` or `ipv6`, and the kind of routes."""
    for afi in ("ipv4", "ipv6"):
        for kind in _KINDS:
            if f"{afi} {kind}" in vnc.redistribute:
                yield afi, _NEXT_GENERATION.get(kind, kind) if afi == "ipv6" else kind


def _redistribute_lines(vnc: VncConfig, names: Values) -> Iterator[str]:
    yield from (f"vnc {line}" for line in filter_lines(vnc, names))
    for afi, kind in redistributed(vnc):
        tail = f" view {vnc.view}" if kind == _TO_GROUPS and vnc.view else ""
        yield f"vnc redistribute {afi} {kind}{tail}"


@action(
    LINES,
    f"vnc redistribute <ipv4|ipv6>$afi <{'|'.join(sorted(_KINDS))}>$kind",
    *_TAKE_HELP,
    "IPv4",
    "IPv6",
    *("A kind of routes",) * len(_KINDS),
    negatable=True,
    printer=_redistribute_lines,
)
def _redistribute(call: Call) -> None:
    vnc: VncConfig = call.target()
    kind = call.values["kind"]
    key = f"{call.values['afi']} {kind}"
    had_view, vnc.view = vnc.view, None if kind == _TO_GROUPS else vnc.view
    if not call.negated:
        vnc.redistribute[key] = None
    elif had_view is None or kind != _TO_GROUPS:
        vnc.redistribute.pop(key, None)


@action(
    LINES,
    f"vnc redistribute <ipv4|ipv6>$afi {_TO_GROUPS} view NAME$name",
    *_TAKE_HELP,
    "IPv4",
    "IPv6",
    "Of BGP as they are, to the groups",
    "From a view",
    "Its name",
)
def _redistribute_view(call: Call) -> None:
    vnc: VncConfig = call.target()
    vnc.redistribute[f"{call.values['afi']} {_TO_GROUPS}"] = None
    vnc.view = call.values["name"]
