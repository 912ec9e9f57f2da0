"""Shows of EVPN: VNIs, MAC addresses and hosts.

While no client wants VNIs told they say nothing, as FRR's do. Without VRF devices there is no VNI
of a VRF behind them, nor a router's MAC address.
"""

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from grammar.base.errors import Status
from grammar.base.values import Address, is_address
from grammar.call import Call, Reply
from grammar.command import action
from grammar.node import ENABLE, VIEW
from grammar.scope import Scope

if TYPE_CHECKING:
    from zebra.evpn.state import Vni

SHOW_EVPN = Scope((VIEW, ENABLE))
FORGOTTEN = Scope((ENABLE,))
SHOW_EVPN.add(FORGOTTEN)

Show = Callable[[Call, bool], Iterable[str]]
"""What a line answers, as JSON or not."""
ShowVni = Callable[[Call, bool, "Vni"], Iterable[str]]

_NUMBER = "(1-16777215)$vni"
_MAC = re.compile(r"(?:[0-9a-fA-F]{1,2}:){5}[0-9a-fA-F]{1,2}")
_SEGMENTS = """\
Type: L local, R remote
VNI      ESI                            Type
"""
_MALFORMED_MAC = "% Malformed MAC address\n"
_MALFORMED_ADDRESS = "% Malformed Neighbor address\n"


def _refused(call: Call, as_json: bool) -> Reply | None:
    values = call.values
    if "mac" in values and _MAC.fullmatch(values["mac"]) is None:
        return Reply([_MALFORMED_MAC], Status.WARNING)
    if "address" in values and not is_address(values["address"]):
        return Reply([] if as_json else [_MALFORMED_ADDRESS], Status.WARNING)
    return None


def _line(notation: str, answer: Show, off: str = "") -> None:
    """Declare `show evpn ...`; `off` is its JSON while EVPN is not asked for."""

    @action(SHOW_EVPN, f"show evpn {notation} [json$json]")
    def show(call: Call) -> Reply:
        as_json = "json" in call.values
        refused = _refused(call, as_json)
        if refused is not None:
            return refused
        if call.daemon.evpn.client is None:
            return Reply([off] if as_json and off else [])
        return Reply(list(answer(call, as_json)))


def _of_vni(
    answer: ShowVni, absent: str = "{}\n", complaint: str = "% VNI {} does not exist\n"
) -> Show:
    def found(call: Call, as_json: bool) -> Iterable[str]:
        number = call.values["vni"]
        vni = call.daemon.evpn.vnis.get(number)
        if vni is not None:
            return answer(call, as_json, vni)
        return [absent if as_json else complaint.format(number)]

    return found


def _shown(name: str) -> Show:
    """An answer of `zebra.show.evpnlines`, which is loaded when it is asked for."""

    def answer(call: Call, as_json: bool) -> Iterable[str]:
        from zebra.show import evpnlines

        lines: Iterable[str] = getattr(evpnlines, name)(call.daemon, _typed(call), as_json)
        return lines

    return answer


def _shown_vni(name: str, absent: str = "{}\n") -> Show:
    def answer(call: Call, as_json: bool, vni: "Vni") -> Iterable[str]:
        from zebra.show import evpnlines

        show = getattr(evpnlines, name)
        lines: Iterable[str] = show(call.daemon, _typed(call), as_json, vni)
        return lines

    return _of_vni(answer, absent)


def _typed(call: Call) -> dict[str, Any]:
    """The values of the line, addresses as such."""
    values = dict(call.values)
    if "mac" in values:
        values["mac"] = bytes(int(octet, 16) for octet in values["mac"].split(":"))
    if "address" in values:
        values["address"] = Address.parse(values["address"])
    return values


def _l3(complaint: str) -> Show:
    def answer(call: Call, as_json: bool) -> Iterable[str]:
        return ["{}\n" if as_json else f"% L3-VNI {call.values['vni']} {complaint}\n"]

    return answer


def _no_l3(call: Call, as_json: bool) -> Iterable[str]:
    return ["{\n}\n"] if as_json else []


_line("", _shown("settings"))
_line("vni", _shown("vnis"))
_line("vni detail", _shown("vni_details"))
_line(f"vni {_NUMBER}", _shown_vni("vni", "{\n}\n"))
_line(f"mac vni {_NUMBER}", _shown_vni("macs"))
_line(f"mac vni {_NUMBER} duplicate", _shown_vni("duplicate_macs"))
_line(f"mac vni {_NUMBER} mac WORD$mac", _shown_vni("mac"))
_line(f"mac vni {_NUMBER} vtep A.B.C.D$vtep", _shown_vni("macs_of_vtep"))
_line("mac vni all", _shown("all_macs"), "{}\n")
_line("mac vni all detail", _shown("all_mac_details"), "{}\n")
_line("mac vni all duplicate", _shown("all_duplicate_macs"), "{}\n")
_line("mac vni all vtep A.B.C.D$vtep", _shown("all_macs_of_vtep"))
_line(f"arp-cache vni {_NUMBER}", _shown_vni("hosts"))
_line(f"arp-cache vni {_NUMBER} ip WORD$address", _shown_vni("host"))
_line(f"arp-cache vni {_NUMBER} vtep A.B.C.D$vtep", _shown_vni("hosts_of_vtep"))
_line(f"arp-cache vni {_NUMBER} duplicate", _shown_vni("duplicate_hosts"))
_line("arp-cache vni all", _shown("all_hosts"))
_line("arp-cache vni all detail", _shown("all_host_details"))
_line("arp-cache vni all duplicate", _shown("all_duplicate_hosts"))
_line(f"rmac vni {_NUMBER}", _l3("does not exist"))
_line(f"rmac vni {_NUMBER} mac WORD$mac", _l3("doesn't exist"), "{}\n")
_line("rmac vni all", _no_l3, "{}\n")
_line(f"next-hops vni {_NUMBER}", _l3("does not exist"))
_line(f"next-hops vni {_NUMBER} ip WORD$address", _l3("does not exist"), "{}\n")
_line("next-hops vni all", _no_l3, "{}\n")


@action(SHOW_EVPN, f"show evpn es-evi vni {_NUMBER} [detail$detail] [json$json]")
def segments_of_vni(call: Call) -> Reply:
    """There are no Ethernet segments, so no VNI is in one."""
    if "json" in call.values:
        return Reply(["[\n]\n"])
    number = call.values["vni"]
    if number not in call.daemon.evpn.vnis:
        return Reply([f"VNI {number} doesn't exist\n"])
    return Reply([] if "detail" in call.values else [_SEGMENTS])


@action(
    FORGOTTEN,
    "clear evpn dup-addr vni <all$all|(1-16777215)$vni"
    " [mac X:X:X:X:X:X$mac|ip <A.B.C.D$ip|X:X::X:X$ip>]>",
)
def clear_duplicates(call: Call) -> None:
    """Count the moves of all MAC addresses, or of one, anew."""
    mac = call.values.get("mac")
    address = None if mac is None else bytes.fromhex(str(mac).replace(":", ""))
    call.daemon.evpn.forget_moves(call.values.get("vni"), address, call.values.get("ip"))
