"""Router ids, forwarding and next-hop tracking."""

from collections.abc import Iterator
from typing import Any

from grammar.base.errors import CommandError, Status
from grammar.base.values import Address, Afi
from grammar.command import Call, Reply, action, show
from grammar.node import CONFIG, ENABLE, VIEW
from grammar.scope import Scope, Values
from zebra.config import ZebraConfig
from zebra.effects import Effect


def _scope() -> Scope:
    return Scope((CONFIG,), lambda zebra, values: zebra.config, lambda zebra: [({}, zebra.config)])


ROUTING = _scope()
FORWARDING = _scope()
SHOW_ROUTING = Scope((VIEW, ENABLE))


# --- next-hop tracking ----------------------------------------------------------------------------


def _resolve(word: str, field: str) -> None:
    notation = f"{word} nht resolve-via-default"
    texts = (word.upper(), "Next-hop tracking", "The default route may resolve next hops")

    def lines(config: ZebraConfig, names: Values) -> Iterator[str]:
        if getattr(config, field):
            yield notation

    def put(call: Call, value: bool | None) -> None:
        if getattr(call.target(), field) != value:
            setattr(call.target(), field, value)
            call.changed(Effect.NHT, call.target())

    action(ROUTING, notation, *texts, printer=lines)(lambda call: put(call, True))
    action(ROUTING, f"no {notation}", "Not", *texts)(lambda call: put(call, None))


_resolve("ip", "nht_resolve_via_default")
_resolve("ipv6", "nht_resolve_via_default6")


# --- router id ------------------------------------------------------------------------------------


def _router_id_lines(config: ZebraConfig, names: Values) -> Iterator[str]:
    if config.router_id is not None:
        yield f"ip router-id {config.router_id}"
    if config.router_id6 is not None:
        yield f"ipv6 router-id {config.router_id6}"


def _check_vrf(values: Values) -> None:
    vrf = values.get("vrf", "default")
    if vrf != "default":
        raise CommandError(f"% VRF {vrf} not found", Status.WARNING)


def _set_id(call: Call) -> None:
    _check_vrf(call.values)
    config: ZebraConfig = call.target()
    address: Address = call.values["id"]
    wanted = None if address.is_unspecified else address
    _put_id(call, config, address.afi, wanted)


def _clear_id(afi: Afi) -> Any:
    def clear(call: Call) -> None:
        _check_vrf(call.values)
        _put_id(call, call.target(), afi, None)

    return clear


def _put_id(call: Call, config: ZebraConfig, afi: Afi, wanted: Address | None) -> None:
    if afi is Afi.IPV4:
        changed, config.router_id = config.router_id != wanted, wanted
    else:
        changed, config.router_id6 = config.router_id6 != wanted, wanted
    if changed:
        call.changed(Effect.ROUTER_ID, config)


_ID_HELP = ("The router id", "As an address")
_VRF_HELP = ("Of a VRF", "Its name")
action(
    ROUTING,
    "ip router-id A.B.C.D$id vrf NAME$vrf",
    "IPv4",
    *_ID_HELP,
    *_VRF_HELP,
    printer=_router_id_lines,
)(_set_id)
action(ROUTING, "router-id A.B.C.D$id vrf NAME$vrf", *_ID_HELP, *_VRF_HELP)(_set_id)
action(ROUTING, "ipv6 router-id X:X::X:X$id vrf NAME$vrf", "IPv6", *_ID_HELP, *_VRF_HELP)(_set_id)
action(ROUTING, "no ip router-id [A.B.C.D$id vrf NAME$vrf]", "Not", "IPv4", *_ID_HELP, *_VRF_HELP)(
    _clear_id(Afi.IPV4)
)
action(ROUTING, "no router-id [A.B.C.D$id vrf NAME$vrf]", "Not", *_ID_HELP, *_VRF_HELP)(
    _clear_id(Afi.IPV4)
)
action(ROUTING, "ip router-id A.B.C.D$id", "IPv4", *_ID_HELP)(_set_id)
action(ROUTING, "router-id A.B.C.D$id", *_ID_HELP)(_set_id)
action(ROUTING, "ipv6 router-id X:X::X:X$id", "IPv6", *_ID_HELP)(_set_id)
action(
    ROUTING, "no ipv6 router-id [X:X::X:X$id vrf NAME$vrf]", "Not", "IPv6", *_ID_HELP, *_VRF_HELP
)(_clear_id(Afi.IPV6))
action(ROUTING, "no ip router-id [A.B.C.D$id]", "Not", "IPv4", *_ID_HELP)(_clear_id(Afi.IPV4))
action(ROUTING, "no router-id [A.B.C.D$id]", "Not", *_ID_HELP)(_clear_id(Afi.IPV4))
action(ROUTING, "no ipv6 router-id [X:X::X:X$id]", "Not", "IPv6", *_ID_HELP)(_clear_id(Afi.IPV6))


# --- forwarding -----------------------------------------------------------------------------------


def _forwarding(word: str, afi: Afi) -> None:
    notation = f"{word} forwarding"
    texts = (word.upper(), "Forward packets")

    def lines(config: ZebraConfig, names: Values) -> Iterator[str]:
        if not config.forwarding.get(afi, True):
            yield f"no {notation}"

    def switch(call: Call, on: bool) -> Reply | None:
        zebra = call.daemon
        try:
            if zebra.kernel.forwarding(afi) is not on:
                zebra.kernel.set_forwarding(afi, on)
        except OSError:
            family = "IP" if afi is Afi.IPV4 else "IPv6"
            verb = "turn on" if on else "turn off"
            return Reply([f"Can't {verb} {family} forwarding\n"], Status.CONFIG_FAILED)
        zebra.config.forwarding[afi] = on
        return None

    action(FORWARDING, notation, *texts, printer=lines)(lambda call: switch(call, True))
    action(FORWARDING, f"no {notation}", "Do not", *texts)(lambda call: switch(call, False))


_forwarding("ip", Afi.IPV4)
_forwarding("ipv6", Afi.IPV6)


# --- shows ----------------------------------------------------------------------------------------


@show(SHOW_ROUTING, "show ip forwarding", "Show", "IPv4", "Whether packets are forwarded")
def show_ip_forwarding(zebra: Any) -> str:
    """One line."""
    return f"IP forwarding is {_on(zebra, Afi.IPV4)}"


@show(SHOW_ROUTING, "show ipv6 forwarding", "Show", "IPv6", "Whether packets are forwarded")
def show_ipv6_forwarding(zebra: Any) -> str:
    """One line."""
    return f"ipv6 forwarding is {_on(zebra, Afi.IPV6)}"


def _on(zebra: Any, afi: Afi) -> str:
    on = zebra.config.forwarding[afi] = zebra.kernel.forwarding(afi)
    return "on" if on else "off"


@show(
    SHOW_ROUTING,
    "show [ip|ipv6$ipv6] router-id [vrf NAME$vrf]",
    "Show",
    "IPv4",
    "IPv6",
    "The router id",
    "Of a VRF",
    "Its name",
)
def show_router_id(zebra: Any, ipv6: str | None = None, vrf: str = "default") -> str:
    """The router id that clients were told; nothing when none is configured (as FRR)."""
    if vrf != "default":
        return ""
    address = zebra.config.router_id6 if ipv6 else zebra.config.router_id
    if address is None:
        return ""
    return f"zebra:\n     router-id {address} vrf default"
