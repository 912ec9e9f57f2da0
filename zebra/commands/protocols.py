"""`show ip protocol` and `show ip nht route-map`: the route-map of each protocol."""

from typing import Any

from grammar.base.errors import CommandError, Status
from grammar.base.values import Afi
from grammar.command import Reply, show
from grammar.node import ENABLE, VIEW
from grammar.scope import Scope
from zebra.commands.show import no_vrf
from zebra.config import ANY, MapUse, VrfConfig

PROTOCOLS = Scope((VIEW, ENABLE))

_NAMES = {"bgp-direct-ext": "bgp-direct-to-nve-groups", "nhg": "zebra", "all": "wildcard"}
"""Those that FRR calls otherwise here than in its commands."""
_HELP = ("Of a VRF", "Its name", "All of them")


def _words() -> list[str]:
    from zebra.zapi.constants import RouteType  # costly, for a start that does not come here

    return [_NAMES.get(kind.word, kind.word) for kind in RouteType] + [ANY]


def _table(config: VrfConfig, use: MapUse, afi: Afi) -> list[str]:
    lines = [f"VRF: {config.name}\n", "Protocol                  : route-map\n", f"{'-' * 37}\n"]
    for word in _words():
        name = config.maps.get((use, afi, word))
        lines.append(f"{word:<24}  : {'none' if name is None else f'{name:<10}'}\n")
    return lines


def _chosen(zebra: Any, name: str | None, everything: str | None) -> list[VrfConfig]:
    default: VrfConfig = zebra.config.default
    if everything is not None:
        configured: dict[str, VrfConfig] = zebra.config.vrfs
        return [vrf for _, vrf in sorted({**configured, default.name: default}.items())]
    vrf = zebra.rib.named(name or default.name)
    if vrf is None:
        raise CommandError(no_vrf(zebra, name), Status.WARNING)
    return [vrf.config]


def _declare(word: str, afi: Afi, line: str, use: MapUse, *help: str) -> None:
    @show(
        PROTOCOLS,
        f"show {word} {line} [vrf <NAME$vrf|all$vrf_all>]",
        "Show",
        word.upper(),
        *help,
        *_HELP,
    )
    def maps(zebra: Any, vrf: str | None = None, vrf_all: str | None = None) -> Reply:
        return Reply([line for c in _chosen(zebra, vrf, vrf_all) for line in _table(c, use, afi)])


for _word, _afi in (("ip", Afi.IPV4), ("ipv6", Afi.IPV6)):
    _declare(_word, _afi, "protocol", MapUse.ROUTES, "Route-maps of protocols")
    _declare(_word, _afi, "nht route-map", MapUse.NEXTHOPS, "Watched next hops", "Their route-maps")
