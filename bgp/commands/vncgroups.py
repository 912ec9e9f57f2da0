"""The groups of VNC: `vrf-policy`, `vnc defaults`, `vnc nve-group`, `vnc l2-group`.

They are kept and printed and have no effect.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from bgp.commands.familynodes import VNC_DEFAULTS, VNC_L2_GROUP, VNC_NVE_GROUP, VRF_POLICY
from bgp.policy.communities import extended_value
from bgp.vncconfig import L2Group, VncConfig, VncGroup
from bgp.wire.distinguisher import distinguisher_text, parse_distinguisher
from grammar.base.errors import CommandError
from grammar.command import Call, action
from grammar.node import Node
from grammar.scope import Block, Scope, Values


def leading(text: str) -> int:
    """The number a word begins with, 0 without one, as FRR reads it."""
    found = re.match(r"\d+", text)
    return int(found[0]) if found else 0


def lifetime(text: str) -> str:
    """`infinite`, or seconds as they print."""
    return text if text == "infinite" or leading(text) == 0xFFFFFFFF else str(leading(text))


def _block(node: Node, words: str, objects: Callable[[VncConfig], Any], close: str) -> Block:
    return Block(
        (node,),
        objects=lambda bgp: [({}, group) for group in objects(bgp.vnc)],
        open_line=lambda values, group: f"{words} {group.name}".rstrip(),
        close_line=close,
    )


def _defaults(vnc: VncConfig) -> list[VncGroup]:
    one = vnc.defaults
    used = vnc.groups or vnc.policies or one.rd or one.lifetime or one.targets
    return [one] if used else []


POLICIES = _block(VRF_POLICY, "vrf-policy", lambda vnc: vnc.policies.values(), "exit-vrf-policy")
L2_GROUPS = _block(VNC_L2_GROUP, "vnc l2-group", lambda vnc: vnc.l2_groups.values(), "exit-vnc")
DEFAULTS = _block(VNC_DEFAULTS, "vnc defaults", _defaults, "exit-vnc")
NVE_GROUPS = _block(VNC_NVE_GROUP, "vnc nve-group", lambda vnc: vnc.groups.values(), "exit-vnc")


# rd, rt, response-lifetime


def _rd(call: Call) -> None:
    text = call.values["rd"]
    own = re.fullmatch(r"auto:vn:(\d+)", text)
    if own is not None and call.session.node is not VRF_POLICY:
        if int(own[1]) > 65535:
            raise CommandError("% Malformed rd (must be less than 65535")
        call.target().rd = text
        return
    data = parse_distinguisher(text)
    if data is None:
        raise CommandError("% Malformed rd")
    call.target().rd = distinguisher_text(data)


def _distinguisher(scope: Scope) -> None:
    action(
        scope,
        "rd ASN:NN_OR_IP-ADDRESS:NN$rd",
        "Route distinguisher",
        "As AS number or address, and a number, or auto:vn: and one",
        printer=lambda group, names: [f"rd {group.rd}"] if group.rd else [],
    )(_rd)


_SIDES = {"both": ("import", "export"), "import": ("import",), "export": ("export",)}


def _targets(call: Call) -> None:
    words = call.values["targets"].split()
    if any(extended_value("rt", word) is None for word in words):
        raise CommandError("Malformed community-list value")
    for side in _SIDES[call.values["side"]]:
        call.target().targets[side] = " ".join(words)


def _target_lines(group: VncGroup | L2Group, names: Values) -> Iterator[str]:
    taken, sent = group.targets.get("import"), group.targets.get("export")
    if taken is not None and taken == sent:
        # FRR indents this line of a layer 2 group further.
        yield f"{' ' if isinstance(group, L2Group) else ''}rt both {taken}"
        return
    if taken is not None:
        yield f"rt import {taken}"
    if sent is not None:
        yield f"rt export {sent}"


def _route_targets(scope: Scope, several: bool = True) -> None:
    variable = "RTLIST...$targets" if several else "ASN:NN_OR_IP-ADDRESS:NN$targets"
    action(
        scope,
        f"rt <both|import|export>$side {variable}",
        "Route targets",
        "Of both",
        "Of what is taken",
        "Of what is announced",
        "As AS numbers or addresses, and numbers",
        printer=_target_lines,
    )(_targets)


def _lifetime(call: Call) -> None:
    call.target().lifetime = lifetime(call.values["seconds"])


def _response(scope: Scope) -> None:
    action(
        scope,
        "response-lifetime <LIFETIME|infinite>$seconds",
        "How long an answer counts",
        "Seconds",
        "For ever",
        printer=lambda group, names: (
            [f"response-lifetime {_shown(group.lifetime)}"] if group.lifetime else []
        ),
    )(_lifetime)


def _shown(seconds: str) -> str:
    return "infinite" if leading(seconds) == 0xFFFFFFFF else seconds


def _l2rd(scope: Scope, automatic: bool) -> None:
    def run(call: Call) -> None:
        if not automatic and call.values["value"] == "auto-vn":
            raise CommandError('% Malformed l2 nve ID "auto-vn"')

    help = ("Layer 2 number of route distinguishers", "The number", "Made of the network's")
    action(scope, "l2rd <(1-255)|auto-vn>$value", *help)(run)
    action(scope, "no l2rd", "Take a line back", help[0])(lambda call: None)


# Filters


def _filter_words(values: Values) -> tuple[str, bool]:
    afi, to = values.get("afi"), values.get("to")
    words = ["export", to] if values["verb"] == "export" and to else [values["verb"]]
    words += ["bgp-direct"] if values["verb"] == "redistribute" else []
    words += ["route-map"] if afi is None else [afi, "prefix-list"]
    return " ".join(words), afi is None


def _set_filter(call: Call) -> None:
    call.target().filters[_filter_words(call.values)[0]] = call.values["name"]


def _no_filter(call: Call) -> None:
    filters, (key, _) = call.target().filters, _filter_words(call.values)
    if call.values.get("name") in (None, filters.get(key)):
        filters.pop(key, None)


def filter_order(key: str) -> tuple[int, int]:
    """Prefix-lists by family, then route-maps; in each what goes to bgp, to zebra, what comes."""
    kind = 2 if "route-map" in key else int("ipv6" in key)
    ways = ("export bgp", "export zebra", "redistribute")
    return kind, next((at for at, way in enumerate(ways) if key.startswith(way)), 0)


def filter_lines(target: Any, names: Values) -> Iterator[str]:
    """The lines of `filters`."""
    for key in sorted(target.filters, key=filter_order):
        yield f"{key} {target.filters[key]}"


_LIST_HELP = ("Of IPv4", "Of IPv6", "Filter by a prefix-list", "Its name")
_MAP_HELP = ("Change by a route-map", "Its name")


def _filters(scope: Scope, verb: str, where: str, *help: str, named_no: bool) -> None:
    words = f"{verb}$verb {where}".rstrip()
    list_, map_ = f"{words} <ipv4|ipv6>$afi prefix-list", f"{words} route-map"
    tail = " [NAME$name]" if named_no else ""
    names = 4 if named_no else 3
    printer = filter_lines if verb == "export" else None
    action(scope, f"{list_} NAME$name", *help, *_LIST_HELP, printer=printer)(_set_filter)
    action(scope, f"{map_} NAME$name", *help, *_MAP_HELP)(_set_filter)
    back = ("Take a line back", *help)
    action(scope, f"no {list_}{tail}", *back, *_LIST_HELP[:names])(_no_filter)
    action(scope, f"no {map_}{tail}", *back, *_MAP_HELP[: names - 2])(_no_filter)


# vrf-policy


def _label(call: Call) -> None:
    call.target().label = call.values["label"]


def _no_label(call: Call) -> None:
    call.target().label = None


def _nexthop(call: Call) -> None:
    call.target().nexthop = call.values["nexthop"]


action(
    POLICIES,
    "label (0-1048575)$label",
    "Label of its routes",
    "The label",
    printer=lambda group, names: [] if group.label is None else [f"label {group.label}"],
)(_label)
action(POLICIES, "no label", "Take a line back", "Label of its routes")(_no_label)
action(
    POLICIES,
    "nexthop <A.B.C.D|X:X::X:X|self>$nexthop",
    "Next hop of its routes",
    "IPv4 address",
    "IPv6 address",
    "This router",
    printer=lambda group, names: [f"nexthop {group.nexthop}"] if group.nexthop else [],
)(_nexthop)
_distinguisher(POLICIES)
_route_targets(POLICIES)
_filters(POLICIES, "export", "", "Give routes away", named_no=True)


# vnc defaults, vnc nve-group

_PREFIXES = ("vn", "un")


def _prefix(call: Call) -> None:
    group, kind = call.target(), call.values["kind"]
    prefix = call.values["prefix"]
    for bgp in call.daemon.config.instances.values():
        for other in bgp.vnc.groups.values():
            if other is not group and other.prefixes.get(kind) == prefix:
                raise CommandError(f'nve group "{other.name}" already has "{kind}" prefix {prefix}')
    group.prefixes[kind] = prefix


action(
    NVE_GROUPS,
    "prefix <vn|un>$kind <A.B.C.D/M|X:X::X:X/M>$prefix",
    "Who belongs to the group",
    "By addresses in the virtual network",
    "By addresses in the network below",
    "IPv4 prefix",
    "IPv6 prefix",
    printer=lambda group, names: [
        f"prefix {kind} {group.prefixes[kind]}" for kind in _PREFIXES if kind in group.prefixes
    ],
)(_prefix)
for _scope, _automatic in ((NVE_GROUPS, False), (DEFAULTS, True)):
    _distinguisher(_scope)
    _l2rd(_scope, _automatic)
    _response(_scope)
    _route_targets(_scope)
_TO = ("Give routes away", "To BGP", "To zebra")
_filters(NVE_GROUPS, "export", "<bgp|zebra>$to", *_TO, named_no=True)
_filters(
    NVE_GROUPS,
    "redistribute",
    "bgp-direct",
    "Take routes in",
    "Of BGP as they are",
    named_no=False,
)


# vnc l2-group


def _network_id(call: Call) -> None:
    call.target().network = call.values["number"] or None


def _labels(call: Call) -> None:
    group: L2Group = call.target()
    typed = call.values["labels"]
    if call.negated:
        if group.labels is None:
            raise CommandError("Label no longer associated with group")
        for label in typed:
            group.labels.pop(label, None)
        return
    group.labels = {**(group.labels or {}), **dict.fromkeys(typed)}


action(
    L2_GROUPS,
    "logical-network-id (0-4294967295)$number",
    "Number of the network",
    "The number",
    printer=lambda group, names: (
        [f" logical-network-id {group.network}"] if group.network else []
    ),
)(_network_id)
action(
    L2_GROUPS,
    "labels (0-1048575)...$labels",
    "Labels of the group",
    "The labels",
    negatable=True,
    # FRR keeps sixteen bits, and prints a blank behind each.
    printer=lambda group, names: (
        [f" labels {''.join(f'{label & 0xFFFF} ' for label in group.labels)}"]
        if group.labels
        else []
    ),
)(_labels)
_route_targets(L2_GROUPS, several=False)
