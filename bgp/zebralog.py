"""What `debug bgp zebra` writes of what zebra says, in FRR's words and with FRR's identifiers."""

from typing import TYPE_CHECKING

from grammar.base.log import Level
from grammar.base.values import Address, Afi
from zebra.zapi.messages import (
    InterfaceAddress,
    InterfaceEvent,
    InterfaceState,
    Message,
    RedistributeRoute,
    RouterIdUpdate,
)

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd

_STATES = {
    InterfaceEvent.ADD: ("HKBB3-YX6A9", "add"),
    InterfaceEvent.DELETE: ("RFGGV-F1WXW", "del"),
    InterfaceEvent.UP: ("ZXFVW-H54SV", "up"),
    InterfaceEvent.DOWN: ("N25MR-FXT2C", "down"),
}


class ZebraLog:
    """Log lines about the messages of zebra."""

    def __init__(self, bgpd: "Bgpd") -> None:
        self._config = bgpd.config
        self._log = bgpd.log
        self._zebra = bgpd.zebra

    def _write(self, ident: str, text: str) -> None:
        self._log.write(Level.DEBUGGING, f"Rx {text}", ident)

    def heard(self, message: Message, vrf: int) -> None:
        """A message came; it has not been looked at."""
        if isinstance(message, RedistributeRoute):
            self._route(message, vrf)
            return
        # Limits on prefixes are for routes only.
        match message:
            case InterfaceState(event=event, name=name):
                ident, word = _STATES[event]
                self._write(ident, f"Intf {word} VRF {vrf} IF {name}")
            case InterfaceAddress(add=add, ifindex=ifindex, prefix=prefix):
                ident, word = ("GYPW0-GVZQ8", "add") if add else ("ZN4WJ-AVQKV", "del")
                text = f"Intf address {word} VRF {vrf} IF {self._name(vrf, ifindex)} addr {prefix}"
                self._write(ident, text)
            case RouterIdUpdate(prefix=prefix):
                self._write("KGTKH-FVHEW", f"Router Id update VRF {vrf} Id {prefix}")
            case _:
                pass

    def _name(self, vrf: int, ifindex: int) -> str:
        interface = self._zebra.interfaces.get((vrf, ifindex))
        return "Unknown" if interface is None else interface.name

    def _route(self, message: RedistributeRoute, vrf: int) -> None:
        route = message.route
        if not self._config.debugs("zebra", route.prefix):
            return
        where = f"VRF {vrf} {route.type.word}[{route.instance}] {route.prefix}"
        if not message.add:
            self._write("MPNYH-6V007", f"route DEL {where}")
            return
        nothing = Address(route.prefix.afi, 0) if route.prefix.afi is Afi.IPV6 else "0.0.0.0"
        hop = route.nexthops[0] if route.nexthops else None
        gate = nothing if hop is None or hop.gate is None else hop.gate
        way = f"type {int(hop.type)} if {hop.ifindex}" if hop is not None else "type 0 if 0"
        text = (
            f"route ADD {where} nexthop {gate} ({way}) metric {route.metric or 0} "
            f"distance {route.distance or 0} tag {route.tag or 0}"
        )
        self._write("RHWNZ-VRQBG", text)
