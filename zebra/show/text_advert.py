"""Router advertisements of interfaces as FRR's text."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zebra.show import views

if TYPE_CHECKING:
    from zebra.rtadv.advertiser import Advertising


def interface_lines(row: "views.InterfaceRow") -> Iterator[str]:
    """The end of an interface in `show interface`."""
    if row.advertising is not None:
        yield from _advertising(row.advertising)
    if row.neighbor is not None:
        yield f"  Neighbor address(s):\n  inet6 {row.neighbor.host_prefix()}\n"


def _advertising(state: "Advertising") -> Iterator[str]:
    config, interval = state.config, state.interval
    yield f"  ND advertised reachable time is {config.reachable} milliseconds\n"
    yield f"  ND advertised retransmit interval is {config.retransmit} milliseconds\n"
    yield f"  ND advertised hop-count limit is {config.hop_limit} hops\n"
    yield f"  ND router advertisements sent: {state.sent} rcvd: {state.received}\n"
    every = f"{interval} milliseconds" if interval % 1000 else f"{interval // 1000} seconds"
    yield f"  ND router advertisements are sent every {every}\n"
    if not config.fast:
        yield "  ND router advertisements do not use fast retransmit\n"
    if config.lifetime is None:
        yield "  ND router advertisements lifetime tracks ra-interval\n"
    else:
        yield f"  ND router advertisements live for {config.lifetime} seconds\n"
    yield f"  ND router advertisement default router preference is {config.preference}\n"
    if config.managed:
        yield "  Hosts use DHCP to obtain routable addresses.\n"
    else:
        yield "  Hosts use stateless autoconfig for addresses.\n"
    if config.home_agent:
        yield "  ND router advertisements with Home Agent flag bit set.\n"
        if config.agent_lifetime is None:
            yield "  Home Agent lifetime tracks ra-lifetime\n"
        else:
            yield f"  Home Agent lifetime is {config.agent_lifetime} seconds\n"
        yield f"  Home Agent preference is {config.agent_preference}\n"
    if config.interval_option:
        yield "  ND router advertisements with Adv. Interval option.\n"


def ra_interfaces(view: views.AdvertisingList) -> Iterator[str]:
    """`show ipv6 nd ra-interfaces`."""
    yield f"VRF: {view.vrf}\n  Interfaces:\n"
    yield from (f"    {name}\n" for name in view.names)
    yield "\n  Interfaces(msec):\n"
    yield from (f"    {name}\n" for name in view.milliseconds)
    yield "\n"
