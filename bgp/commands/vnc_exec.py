"""`show vnc`, `clear vnc`, `add vnc`, and `add vrf` and `clear vrf` of its policies.

VNC carries nothing here: what is shown is what FRR 8.4.4 shows while no endpoint is registered, and
a line that would register one is refused in words of our own. Lines that FRR refuses are refused
in FRR's.
"""

import re
from collections.abc import Callable
from typing import Any

from bgp.commands.clear import CLEAR
from bgp.commands.debug import VNC_TOPICS
from bgp.commands.nodes import SHOW
from bgp.commands.vnc import redistributed
from bgp.vncconfig import VncConfig, VncGroup
from bgp.wire.distinguisher import parse_distinguisher
from grammar.base.errors import CommandError, Status
from grammar.base.values import Address
from grammar.command import Answer, Call, Reply, action
from grammar.scope import Scope

NOT_CARRIED = "% VNC carries no routes here; nothing was registered"
_HELP = {
    "show": "Show",
    "clear": "Begin anew",
    "add": "Add",
    "vnc": "Virtual networks",
    "nve": "Endpoints",
    "nves": "Endpoints",
    "vn": "By the inner address",
    "un": "By the outer address",
    "prefix": "By the prefix",
    "mac": "By the MAC address",
    "virtual-network-identifier": "By the number of the virtual network",
    "cost": "How little it is wanted",
    "lifetime": "How long it counts",
    "counters": "Numbers that are shown",
    "summary": "In short",
    "registrations": "What was registered",
    "holddown": "What is gone and still counts",
    "imported": "What was taken in",
    "local": "What was registered here",
    "remote": "What was registered elsewhere",
    "responses": "What was answered",
    "active": "What counts",
    "removed": "What counts no more",
    "queries": "What was asked",
    "vrf": "A VRF",
    "rd": "Route distinguisher",
    "label": "MPLS label",
    "preference": "How much it is wanted",
    "all": "All",
    "debugging": "Which debugging is on",
    "bgp": "BGP",
    "*": "Any",
    "NAME": "Its name",
    "A.B.C.D": "IPv4 address",
    "X:X::X:X": "IPv6 address",
    "A.B.C.D/M": "IPv4 prefix",
    "X:X::X:X/M": "IPv6 prefix",
    "X:X:X:X:X:X": "MAC address",
    "ASN:NN_OR_IP-ADDRESS": "AS number or address, and a number",
    "LNH_OPTIONS...": "Next hops of its own",
}
"""By the words of the notations; a range is `A number`."""


def _declare(scope: Scope, run: Callable[[Call], Answer], *notations: str) -> None:
    for notation in notations:
        words = re.sub(r"\$\w+|[][<>{}|]", lambda found: " " * ("$" not in found[0]), notation)
        help_ = (_HELP.get(word, "A number") for word in words.split())
        action(scope, notation, *help_)(run)


def _vnc(call: Call) -> VncConfig | None:
    """The lines of the default instance; None without one."""
    bgp = call.daemon.config.instances.get(None)
    return None if bgp is None else bgp.vnc


# Shows

_NOT_CONFIGURED = "VNC is not configured.\n"
_QUERIES = "Queries:                 Active:  0        Failed:  0        Total:   0       \n"
_RESPONSES = f"""\
{_QUERIES}\
Responses: (Prefixes)    Active:  0        Maximum: 0       \n\
           (Updated)     Update:  0        Remove:  0       Total:   0       \n\
           (NVEs)        Active:  0        Total:   0       \n"""
_REGISTRATIONS = """\
Registrations:           Active:  0        Failed:  0        Total:   0       \n\
Prefixes registered:     \n\
    Locally:             Active:  0        \n\
    Remotely:            Active:  0       \n\
    In Holddown:         Active:  0       \n\
    Imported:            Active:  0       \n"""
_NO_INSTANCE = "Unable to find default BGP instance\n"


def _endpoints(vnc: VncConfig) -> str:
    return (
        f"NVEs:                    Active:  0        Maximum: 0        Unknown: {vnc.unknown:<8}\n"
    )


def _nves(call: Call) -> Reply:
    vnc = _vnc(call)
    if vnc is None:
        return Reply([_NOT_CONFIGURED])
    asked = "address" in call.values
    return Reply([_endpoints(vnc), "Displayed 0 out of 0 active NVEs\n" if asked else ""])


def _registrations(call: Call) -> Reply:
    return Reply([_NOT_CONFIGURED if _vnc(call) is None else _REGISTRATIONS, "\n"])


def _responses(call: Call) -> Reply:
    if _vnc(call) is not None:
        return Reply([_RESPONSES])
    return Reply([_NOT_CONFIGURED, "" if "which" in call.values else _NO_INSTANCE * 3])


def _queries(call: Call) -> Reply:
    if _vnc(call) is not None:
        return Reply([_QUERIES])
    return Reply([_NOT_CONFIGURED, "No BGP instance\n"], Status.WARNING)


def _export(vnc: VncConfig) -> str:
    match vnc.export_mode:
        case None:
            return ""
        case "group-nve":
            groups = [name for to, name in vnc.export_groups if to == "bgp" and name in vnc.groups]
            return f"ToBGP Groups={{{','.join(groups)}}}"
        case "ce":
            admin = 5226 if vnc.resolve_admin is None else vnc.resolve_admin
            return f"ToBGP {{NVE connected router:{admin}}}"
        case _:
            return "ToBGP {Registering NVE}"


def _summary(call: Call) -> Reply:
    vnc = _vnc(call)
    if vnc is None:
        return Reply([_NOT_CONFIGURED])
    taken = "".join(f"{{{afi},{kind}}} " for afi, kind in redistributed(vnc))
    lines = (
        ("VNC Advertise method:", "", "Tunnel Encap attribute (default)"),
        ("Export from VNC:", _export(vnc), "Off"),
        ("Redistribution into VNC:", taken, "Off"),
        ("RFP Registration Hold-Down Factor:", f"{vnc.holddown or 0:3}%", ""),
        ("RFP Updated responses:", "", "On"),
        ("RFP Removal responses:", "", "On"),
        ("RFP Full table download:", "On" if vnc.full_download else "", "Off"),
        ("    Advertisement Interval:", "", "1 seconds"),
    )
    return Reply(
        [
            *(_summary_line(*line) for line in lines),
            f"{'Default RFP response lifetime:':<40}{_lifetime(vnc.defaults)} seconds\n\n\n",
            _endpoints(vnc),
            f"{_RESPONSES}\n{_REGISTRATIONS}",
        ]
    )


def _lifetime(group: VncGroup) -> int:
    seconds = group.lifetime or "3600"
    return -1 if seconds in ("infinite", "4294967295") else int(seconds)


def _summary_line(title: str, value: str, default: str) -> str:
    match title.split()[1]:
        case "Advertise":
            text = default
        case "Updated" | "Removal":
            text = f"{default:<20}"
        case "Registration":
            text = f"{value}{' ' * 16}"
        case "Full":
            text = f"{value:<20}" if value else f"{default:<19} (default)"
        case _:
            text = f"{value}{' ' * 20}" if value else f"{default:<19} (default)"
    return f"{title:<40}{text}\n"


def _debugging(call: Call) -> Reply:
    switches = call.daemon.config.debugging
    on = (topic.words for topic in VNC_TOPICS if topic.words in switches)
    lines = (f"  BGP VNC {words.removeprefix('vnc ')} debugging is on\n" for words in on)
    return Reply(["BGP VNC debugging status:\n", *lines, "\n"])


_ANY = "[<A.B.C.D|A.B.C.D/M|X:X::X:X|X:X::X:X/M|X:X:X:X:X:X>]"
_declare(SHOW, _debugging, "show debugging bgp vnc")
_declare(SHOW, _summary, "show vnc summary")
_declare(SHOW, _nves, "show vnc nves", "show vnc nves <vn|un> <A.B.C.D|X:X::X:X>$address")
_declare(
    SHOW,
    _registrations,
    f"show vnc registrations {_ANY}",
    f"show vnc registrations <all|holddown|imported|local|remote> {_ANY}",
)
_declare(
    SHOW,
    _responses,
    f"show vnc responses {_ANY}",
    f"show vnc responses <active|removed>$which {_ANY}",
)
_declare(SHOW, _queries, f"show vnc queries {_ANY}")


# clear


def _cleared(call: Call) -> str:
    return (
        "[Local] Cleared 0 registrations, 0 prefixes, 0 responses from 0 NVEs\n"
        "[Holddown] Cleared 0 prefixes from 0 NVEs"
    )


def _counters(call: Call) -> None:
    vnc = _vnc(call)
    if vnc is None:
        raise CommandError(_NOT_CONFIGURED.rstrip(), Status.WARNING)
    vnc.unknown = 0


def _check_distinguisher(call: Call, status: Status) -> None:
    rd = call.values.get("rd")
    if rd is not None and parse_distinguisher(str(rd)) is None:
        raise CommandError(f'Malformed RD "{rd}"', status)


def _clear_vrf(call: Call) -> str:
    vnc = _vnc(call)
    name = call.values["name"]
    if vnc is None:
        raise CommandError("No BGP process is configured", Status.WARNING)
    if name not in vnc.policies:
        raise CommandError(f'VRF "{name}" appears not to be configured.', Status.WARNING)
    _check_distinguisher(call, Status.WARNING)
    return "Cleared 0 out of 0 prefixes."


_VN, _UN = (f"{word} <*|A.B.C.D|X:X::X:X>" for word in ("vn", "un"))
_PREFIX = "prefix <*|A.B.C.D/M|X:X::X:X/M>"
_MAC = "clear vnc mac <*|X:X:X:X:X:X> virtual-network-identifier <*|(1-4294967295)>"
_declare(
    CLEAR,
    _cleared,
    *(f"clear vnc nve {ends}" for ends in ("*", f"{_VN} {_UN}", f"{_UN} {_VN}", _VN, _UN)),
    *(f"clear vnc {_PREFIX} {ends}" for ends in (f"{_VN} {_UN}", f"{_UN} {_VN}", _UN, _VN, "*")),
    *(f"{_MAC} {ends}" for ends in (f"{_VN} {_UN}", f"{_UN} {_VN}", _UN, _VN, "*")),
    f"{_MAC} {_VN} {_UN} {_PREFIX}",
    f"{_MAC} {_UN} {_VN} {_PREFIX} {_PREFIX}",
    *(f"{_MAC} {ends}{_PREFIX}" for ends in (f"{_UN} ", f"{_VN} ", "")),
)
_declare(CLEAR, _counters, "clear vnc counters")
_declare(
    CLEAR,
    _clear_vrf,
    "clear vrf NAME$name all",
    "clear vrf NAME$name [prefix <A.B.C.D/M|X:X::X:X/M>] [rd ASN:NN_OR_IP-ADDRESS$rd]",
)


# add


def _holds(group: VncGroup, end: str, address: Any) -> bool:
    prefix = group.prefixes.get(end)
    return (
        prefix is not None and isinstance(address, Address) and prefix.covers(address.host_prefix())
    )


def _is_complete(vnc: VncConfig, group: VncGroup) -> bool:
    both = (group, vnc.defaults)
    return any(each.rd for each in both) and all(
        any(side in each.targets for each in both) for side in ("import", "export")
    )


def _add(call: Call) -> None:
    vnc = _vnc(call)
    if vnc is None:
        raise CommandError("BGP not configured")
    values = call.values
    found = [
        group
        for group in vnc.groups.values()
        if _holds(group, "vn", values["vn"]) or _holds(group, "un", values["un"])
    ]
    if found and _is_complete(vnc, found[0]):
        raise CommandError(NOT_CARRIED)
    vnc.unknown += 1
    why = "Incomplete configuration" if found else "No match"
    raise CommandError(f"Can't open session for this NVE: {why}")


def _add_vrf(call: Call) -> None:
    vnc = _vnc(call)
    name = call.values["name"]
    if vnc is None:
        raise CommandError("No BGP process is configured")
    policy = vnc.policies.get(name)
    if policy is None:
        raise CommandError(f'VRF "{name}" appears not to be configured.')
    if not policy.targets.keys() >= {"import", "export"}:
        raise CommandError(f'VRF "{name}" is missing RT import/export RT configuration.')
    _check_distinguisher(call, Status.CONFIG_FAILED)
    if policy.rd is None and "rd" not in call.values:
        raise CommandError(f'VRF "{name}" isn\'t configured with an RD, so RD must be provided.')
    if policy.label is None and "label" not in call.values:
        raise CommandError(
            f'VRF "{name}" isn\'t configured with a default labels, so a label must be provided.'
        )
    raise CommandError(NOT_CARRIED)


_ENDS = "vn <A.B.C.D|X:X::X:X>$vn un <A.B.C.D|X:X::X:X>$un"
_WHAT = "prefix <A.B.C.D/M|X:X::X:X/M>"
_COST, _LIFETIME = "cost (0-255)", "lifetime (1-4294967295)"
_ATTRIBUTES = (f"{_COST} {_LIFETIME}", _LIFETIME, _COST, "")
_declare(
    CLEAR,
    _add,
    *(
        f"add vnc {_WHAT} {_ENDS} {attributes} {options}".strip()
        for attributes in (*_ATTRIBUTES, f"{_LIFETIME} {_COST}")
        for options in ("LNH_OPTIONS...", "")
    ),
    *(
        f"add vnc mac X:X:X:X:X:X virtual-network-identifier (1-4294967295) {_ENDS} {rest}".strip()
        for what in (f"{_WHAT} ", "")
        for attributes in _ATTRIBUTES
        for rest in [f"{what}{attributes}"]
    ),
)
_declare(
    CLEAR,
    _add_vrf,
    f"add vrf NAME$name {_WHAT}"
    " [{rd ASN:NN_OR_IP-ADDRESS$rd|label (0-1048575)$label|preference (0-4294967295)}]",
)
