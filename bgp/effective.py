"""What is in force for a neighbour: its own lines, else the instance's, else FRR's defaults."""

from bgp.config import IPV4_UNICAST, IPV6_UNICAST, BgpConfig, Family, PeerConfig
from bgp.negotiation import SessionConfig
from bgp.wire.capability import GracefulMode

KEEPALIVE = 60
HOLD = 180
CONNECT_RETRY = 120
RESTART_TIME = 120
STALEPATH_TIME = 360


def keepalive(bgp: BgpConfig, peer: PeerConfig) -> int:
    """Configured keepalive in seconds, lowered to a third of the hold time as FRR does it."""
    interval = _first(peer.keepalive, bgp.keepalive, KEEPALIVE)
    return min(interval, hold(bgp, peer) // 3)


def hold(bgp: BgpConfig, peer: PeerConfig) -> int:
    """Configured hold time in seconds."""
    return _first(peer.hold, bgp.hold, HOLD)


def is_external(bgp: BgpConfig, peer: PeerConfig) -> bool:
    """True for an eBGP neighbour."""
    remote = peer.remote_as
    if isinstance(remote, str):
        return remote == "external"
    return remote is not None and remote != (peer.local_as or bgp.asn)


def activated(bgp: BgpConfig, peer: PeerConfig, family: Family) -> bool:
    """True if the family is to be offered to the neighbour."""
    lines = peer.families.get(family)
    if lines is not None and lines.activate is not None:
        return lines.activate
    if family == IPV4_UNICAST:
        return bgp.default_ipv4_unicast is not False
    if family == IPV6_UNICAST:
        return bool(bgp.default_ipv6_unicast)
    return False


def graceful_mode(bgp: BgpConfig) -> GracefulMode:
    """The graceful-restart mode of the instance; FRR's default is helper."""
    if bgp.graceful_restart_disable:
        return GracefulMode.DISABLED
    return GracefulMode.RESTARTER if bgp.graceful_restart else GracefulMode.HELPER


def session_config(
    bgp: BgpConfig,
    peer: PeerConfig,
    router_id: int,
    families: tuple[Family, ...],
    *,
    hostname: str,
    domainname: str = "",
    restarted: bool = False,
) -> SessionConfig:
    """What the session of a neighbour needs to know."""
    remote = peer.remote_as
    return SessionConfig(
        local_as=peer.local_as or bgp.asn,
        router_id=router_id,
        peer_as=remote,
        hold_time=hold(bgp, peer),
        keepalive=keepalive(bgp, peer),
        minimum_hold_time=bgp.minimum_holdtime or 0,
        connect_retry=_first(peer.connect_retry, None, CONNECT_RETRY),
        passive=bool(peer.passive),
        families=families,
        hostname=hostname,
        domainname=domainname,
        dont_capability_negotiate=bool(peer.dont_capability_negotiate),
        strict_capability_match=bool(peer.strict_capability_match),
        override_capability=bool(peer.override_capability),
        graceful=graceful_mode(bgp),
        restart_time=_first(bgp.graceful_restart_restart_time, None, RESTART_TIME),
        restarted=restarted,
        hard_administrative_reset=bgp.hard_administrative_reset is not False,
    )


def _first(one: int | None, other: int | None, default: int) -> int:
    if one is not None:
        return one
    return default if other is None else other
