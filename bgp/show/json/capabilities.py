"""The capabilities of a neighbor as JSON."""

from bgp.show.views.neighbor import Both, Capabilities
from grammar.output import jsonc

Values = dict[str, jsonc.Json]


def family_key(name: str) -> str:
    """`ipv4Unicast` for `IPv4 Unicast`."""
    if name == "L2VPN EVPN":
        return "l2VpnEvpn"
    first, _, rest = name.partition(" ")
    return first.lower() + rest.replace("VPN", "Vpn").replace(" ", "")


def _both(both: Both) -> str:
    words = [
        word for word, on in (("advertised", both.advertised), ("received", both.received)) if on
    ]
    return "And".join([words[0], *(word.capitalize() for word in words[1:])])


def _prefixed(prefix: str, both: Both) -> Values:
    word = _both(both)
    return {prefix + word[0].upper() + word[1:] if prefix else word: True}


def _extended_nexthop(said: Capabilities) -> Values:
    if not said.extended_nexthop:
        return {}
    values: Values = {"extendedNexthop": _both(said.extended_nexthop)}
    if said.extended_nexthop.received:
        # FRR's spelling of both words.
        values["extendedNexthopFamililesByPeer"] = {
            family_key(name): "recieved" for name in said.nexthop_families
        }
    return values


def capabilities(said: Capabilities) -> Values:
    """What both sides offered, by FRR's names."""
    values: Values = {}
    if said.as4:
        values["4byteAs"] = _both(said.as4)
    if said.extended_message:
        values["extendedMessage"] = _both(said.extended_message)
    if said.addpath is not None:
        values["addPath"] = {
            family_key(name): {
                **(_prefixed("tx", sends) if sends else {}),
                **(_prefixed("rx", receives) if receives else {}),
            }
            for name, sends, receives in said.addpath
        }
    if said.dynamic:
        values["dynamic"] = _both(said.dynamic)
    if said.role:
        values["role"] = _both(said.role)
    values |= _extended_nexthop(said)
    if said.long_lived:
        values["longLivedGracefulRestart"] = _both(said.long_lived)
        if said.long_lived.received:
            # FRR tells which families' routes the peer takes with IPv6 next hops instead.
            values["longLivedGracefulRestartByPeer"] = {
                family_key(name): "received" for name in said.nexthop_families
            }
    if said.refresh:
        kinds = {"old & new": "OldNew", "old": "Old", "new": "New"}[said.refresh_kinds]
        values["routeRefresh"] = _both(said.refresh) + (kinds if said.refresh.received else "")
    if said.enhanced_refresh:
        values["enhancedRouteRefresh"] = _both(said.enhanced_refresh)
    values["multiprotocolExtensions"] = {
        family_key(name): _prefixed("", both) for name, both in said.families
    }
    values["hostName"] = _hostname(said)
    values.update(_graceful_capability(said))
    return values


def _hostname(said: Capabilities) -> Values:
    values: Values = {
        "advHostName": said.own_hostname,
        "advDomainName": said.own_domainname or "n/a",
    }
    if said.hostname is not None:
        values["rcvHostName"] = said.hostname
        values["rcvDomainName"] = said.domainname or "n/a"
    return values


def _graceful_capability(said: Capabilities) -> Values:
    if not said.graceful:
        return {}
    agreed = said.graceful.advertised and said.graceful.received
    key = "gracefulRestart" if agreed else "gracefulRestartCapability"
    values: Values = {key: _both(said.graceful)}
    if said.graceful.received:
        values["gracefulRestartRemoteTimerMsecs"] = said.restart_time * 1000
        if said.graceful_families:
            values["addressFamiliesByPeer"] = {
                family_key(name): {"preserved": True} if kept else {}
                for name, kept in said.graceful_families
            }
        else:
            values["addressFamiliesByPeer"] = "none"
    return values
