"""Forwarding, and the shows of it and of router ids."""

from collections.abc import Iterator
from typing import Any

from grammar.base.errors import CommandError, Status
from grammar.base.values import Afi
from grammar.command import Call, Reply, action, show
from grammar.node import CONFIG, ENABLE, VIEW
from grammar.scope import Scope, Values
from zebra.commands.show import no_vrf
from zebra.config import ZebraConfig


def _scope() -> Scope:
    return Scope((CONFIG,), lambda zebra, values: zebra.config, lambda zebra: [({}, zebra.config)])


FORWARDING = _scope()
SHOW_ROUTING = Scope((VIEW, ENABLE))


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
    found = zebra.rib.named(vrf)
    if found is None:
        raise CommandError(no_vrf(zebra, vrf), Status.WARNING)
    address = found.config.router_ids.get(Afi.IPV6 if ipv6 else Afi.IPV4)
    if address is None:
        return ""
    return f"zebra:\n     router-id {address} vrf {vrf}"
