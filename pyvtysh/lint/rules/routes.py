"""`network` lines whose prefixes nothing in the file makes a route for."""

from collections.abc import Iterator

from bgp.config import BgpConfig
from bgp.familyconfig import UNICAST, family_title
from grammar.base.values import Prefix
from pyvtysh.lint.reading import Reading
from pyvtysh.lint.report import Finding, Rule, Severity

NO_ROUTE = Rule(
    "network-without-route",
    Severity.NOTE,
    "A `network` for which the file has no address or static route, in a file that has some.",
)
RULES = (NO_ROUTE,)


def check(reading: Reading) -> Iterator[Finding]:
    """Compare `network` lines with the routes that there will be by this file."""
    connected = {
        address.prefix.network
        for interface in reading.zebra.interfaces.values()
        for address in interface.addresses
    }
    static = {(key.vrf, key.prefix) for key in reading.staticd.routes}
    if not connected and not static:
        return  # the addresses of this router are told elsewhere, and its routes may be too
    for bgp in reading.bgpd.instances.values():
        if bgp.network_import_check is not False and not bgp.view:
            yield from _networks(reading, bgp, connected, static)


def _networks(
    reading: Reading, bgp: BgpConfig, connected: set[Prefix], static: set[tuple[str, Prefix]]
) -> Iterator[Finding]:
    vrf = bgp.vrf or "default"
    for family in UNICAST:
        for prefix, network in bgp.families[family].networks.items():
            if network.backdoor or prefix in connected or (vrf, prefix) in static:
                continue
            made = reading.find(prefix, like="^network ", place=bgp)
            message = f"no line makes a route for network {prefix} ({family_title(family)})"
            hint = f"it is announced only while the kernel has one: `ip route {prefix} Null0`?"
            if prefix.afi.name == "IPV6":
                hint = hint.replace("`ip ", "`ipv6 ")
            yield NO_ROUTE.at(made.number, made.column(prefix), message, hint)
