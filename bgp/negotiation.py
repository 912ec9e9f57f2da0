"""What a session offers in its OPEN, and what follows from the peer's (RFC 4271 sec. 6.2)."""

from dataclasses import dataclass, replace
from typing import Final

from bgp.negotiated import Negotiated
from bgp.wire import capability
from bgp.wire.capability import (
    IPV4_UNICAST,
    AddPath,
    AddPathMode,
    Dynamic,
    EnhancedRefresh,
    ExtendedMessage,
    ExtendedNexthop,
    Family,
    FourOctetAs,
    Fqdn,
    GracefulMode,
    GracefulRestart,
    Known,
    LongLivedGracefulRestart,
    Multiprotocol,
    OldDynamic,
    OldRouteRefresh,
    Role,
    RoleCapability,
    RouteRefresh,
)
from bgp.wire.errors import Cease, Code, Malformed, OpenError
from bgp.wire.notification import Notification
from bgp.wire.offer import frr_capabilities
from bgp.wire.open import AS_TRANS, Open
from bgp.wire.outboundfilter import OrfMode

_STRICT: Final = b"Strict mode. Please set the role on your side."
"""What FRR says to a neighbour without a role."""

INTERNAL: Final = "internal"
EXTERNAL: Final = "external"

# RFC 8538 sec. 3: reasons that end a session for good, even where restarts are graceful.
_HARD: Final = {
    Cease.MAXIMUM_PREFIXES,
    Cease.ADMINISTRATIVE_SHUTDOWN,
    Cease.PEER_UNCONFIGURED,
    Cease.ADMINISTRATIVE_RESET,
}


@dataclass(frozen=True, slots=True)
class SessionConfig:
    """The settings of one peer that its session needs; times in seconds.

    `peer_as` is a number, INTERNAL, EXTERNAL, or None for any. `keepalive` and `hold_time` are the
    configured ones. `delay_open` 0 sends the OPEN at once. `confederation` marks a peer in another
    member AS. `extended_nexthop` is only set for sessions over IPv6. `addpath` names the families
    whose mode is not RECEIVE, FRR's default. `restarted` is the R bit, which FRR sets for the first
    restart time of bgpd's life. The other names are those of the neighbor commands.
    """

    local_as: int
    router_id: int
    peer_as: int | str | None = EXTERNAL
    hold_time: int = 180
    keepalive: int = 60
    minimum_hold_time: int = 0
    connect_retry: int = 120
    delay_open: int = 0
    passive: bool = False
    families: tuple[Family, ...] = (IPV4_UNICAST,)
    hostname: str = ""
    domainname: str = ""
    dont_capability_negotiate: bool = False
    strict_capability_match: bool = False
    override_capability: bool = False
    extended_nexthop: bool = False
    addpath: tuple[tuple[Family, AddPathMode], ...] = ()
    confederation: bool = False
    graceful: GracefulMode = GracefulMode.HELPER
    restart_time: int = 120
    restarted: bool = False
    graceful_notification: bool = True
    forwarding_kept: bool = False
    long_lived_time: int = 0
    hard_administrative_reset: bool = True
    role: Role | None = None
    strict_role: bool = False
    extended_parameters: bool = False
    dynamic: bool = False
    orf: tuple[tuple[Family, OrfMode], ...] = ()

    def open(self) -> Open:
        """The OPEN to send."""
        if self.dont_capability_negotiate:
            # Without a capability there is no way to tell a number of four bytes.
            asn = self.local_as if self.local_as < 65536 else AS_TRANS
            return Open(asn, self.hold_time, self.router_id)
        capabilities = frr_capabilities(
            self.local_as,
            self.families,
            hostname=self.hostname,
            domainname=self.domainname,
            graceful=self.graceful,
            restart_time=self.restart_time,
            restarted=self.restarted,
            long_lived_time=self.long_lived_time,
            notification=self.graceful_notification,
            kept=self.forwarding_kept,
            extended_nexthop=self.extended_nexthop,
            role=self.role,
            addpath=dict(self.addpath),
            dynamic=self.dynamic,
            orf=self.orf,
        )
        long = self.extended_parameters
        return Open(self.local_as, self.hold_time, self.router_id, capabilities, extended=long)


class _Capabilities:
    """The capabilities of an OPEN by kind; of several of a kind the last counts."""

    def __init__(self, message: Open) -> None:
        self.all = message.capabilities
        self._last = {type(one): one for one in message.capabilities}

    def has(self, *kinds: type[Known]) -> bool:
        return any(kind in self._last for kind in kinds)

    @property
    def graceful(self) -> GracefulRestart | None:
        found = self._last.get(GracefulRestart)
        return found if isinstance(found, GracefulRestart) else None

    @property
    def long_lived(self) -> tuple[tuple[Family, int], ...]:
        found = self._last.get(LongLivedGracefulRestart)
        listed = found.families if isinstance(found, LongLivedGracefulRestart) else ()
        return tuple(((afi, safi), seconds) for afi, safi, _, seconds in listed)

    @property
    def fqdn(self) -> Fqdn:
        found = self._last.get(Fqdn)
        return found if isinstance(found, Fqdn) else Fqdn("")

    @property
    def families(self) -> frozenset[Family]:
        return frozenset((c.afi, c.safi) for c in self.all if isinstance(c, Multiprotocol))

    @property
    def roles(self) -> set[int]:
        return {c.role for c in self.all if isinstance(c, RoleCapability)}

    @property
    def nexthops(self) -> frozenset[Family]:
        entries = (e for c in self.all if isinstance(c, ExtendedNexthop) for e in c.entries)
        return frozenset((afi, safi) for afi, safi, nexthop in entries if nexthop == 2)

    def addpath(self, mode: AddPathMode) -> frozenset[Family]:
        entries = (e for c in self.all if isinstance(c, AddPath) for e in c.families)
        return frozenset((afi, safi) for afi, safi, modes in entries if modes in (mode, 3))


def negotiate(config: SessionConfig, peer: Open) -> Negotiated:
    """The terms of the session, or `Malformed` 2/x that refuses the peer's OPEN."""
    _check_identity(config, peer)
    ours, theirs = _Capabilities(config.open()), _Capabilities(peer)
    hold_time = _hold_time(config, peer)
    local, remote = ours.addpath, theirs.addpath
    graceful = theirs.graceful if ours.graceful is not None else None
    role = _remote_role(config, theirs)
    fqdn = theirs.fqdn
    return Negotiated(
        peer_as=peer.asn,
        router_id=peer.router_id,
        external=peer.asn != config.local_as,
        confederation=config.confederation,
        as4=ours.has(FourOctetAs) and theirs.has(FourOctetAs),
        families=_families(config, theirs),
        addpath_receive=local(AddPathMode.RECEIVE) & remote(AddPathMode.SEND),
        addpath_send=local(AddPathMode.SEND) & remote(AddPathMode.RECEIVE),
        extended_message=ours.has(ExtendedMessage) and theirs.has(ExtendedMessage),
        extended_nexthop=ours.nexthops & theirs.nexthops,
        route_refresh=ours.has(RouteRefresh) and theirs.has(RouteRefresh, OldRouteRefresh),
        enhanced_refresh=ours.has(EnhancedRefresh) and theirs.has(EnhancedRefresh),
        graceful=graceful,
        hears_end_of_rib=theirs.graceful is not None,
        long_lived=theirs.long_lived if graceful is not None else (),
        dynamic=ours.has(Dynamic) and theirs.has(Dynamic, OldDynamic),
        offered=frozenset(config.families),
        heard=theirs.families,
        hold_time=hold_time,
        keepalive=min(config.keepalive, hold_time // 3),
        hostname=fqdn.hostname,
        domainname=fqdn.domainname,
        role=config.role,
        remote_role=role,
    )


def _check_identity(config: SessionConfig, peer: Open) -> None:
    external = peer.asn != config.local_as
    wanted = config.peer_as
    if wanted == EXTERNAL:
        fits = external
    elif wanted == INTERNAL:
        fits = not external
    else:
        fits = wanted in (None, peer.asn)
    if not fits:
        # FRR sends the number back, in as few bytes as it needs.
        data = peer.asn.to_bytes(4 if peer.asn > 0xFFFF else 2, "big")
        raise Malformed(Code.OPEN, OpenError.PEER_AS, data, reason=f"peer AS is {peer.asn}")
    if peer.router_id == config.router_id and not external:
        # RFC 6286: identifiers need to differ within one AS only.
        data = config.router_id.to_bytes(4, "big")
        raise Malformed(Code.OPEN, OpenError.BGP_ID, data, reason="peer has our router id")


def _hold_time(config: SessionConfig, peer: Open) -> int:
    if peer.hold_time < config.minimum_hold_time and peer.hold_time != 0:
        data = peer.hold_time.to_bytes(2, "big")
        raise Malformed(Code.OPEN, OpenError.HOLD_TIME, data, reason="hold time is too short")
    return min(config.hold_time, peer.hold_time)


def _families(config: SessionConfig, theirs: _Capabilities) -> frozenset[Family]:
    ours = frozenset(config.families)
    if config.override_capability:
        return ours
    offered = theirs.families
    if config.strict_capability_match and offered != ours:
        raise Malformed(Code.OPEN, OpenError.CAPABILITY, reason="families differ")
    if config.dont_capability_negotiate or not offered:
        # RFC 4760 sec. 8: a speaker that names no family means IPv4 unicast.
        return ours & {IPV4_UNICAST}
    if not ours & offered:
        data = b"".join(capability.encode(c) for c in theirs.all if isinstance(c, Multiprotocol))
        raise Malformed(Code.OPEN, OpenError.CAPABILITY, data, reason="no family in common")
    return ours & offered


def _remote_role(config: SessionConfig, theirs: _Capabilities) -> Role | None:
    roles = theirs.roles
    known = Role(next(iter(roles))) if len(roles) == 1 and roles <= set(Role) else None
    if config.role is None:
        return known
    # RFC 9234 sec. 4.2: different roles at once, a pair that does not fit, or none in strict mode.
    mismatch = known is not config.role.partner if roles else config.strict_role
    if mismatch:
        data = b"" if roles else _STRICT
        raise Malformed(Code.OPEN, OpenError.ROLE_MISMATCH, data, reason="roles do not fit")
    return known


def hardened(
    notification: Notification, config: SessionConfig, terms: Negotiated | None
) -> Notification:
    """The notification as a hard reset, where both sides know these and its reason asks for one."""
    if terms is None or terms.graceful is None or not terms.graceful.notification:
        return notification
    if not config.graceful_notification or notification.code != Code.CEASE:
        return notification
    hard = notification.subcode in _HARD
    if notification.subcode == Cease.ADMINISTRATIVE_RESET:
        hard = config.hard_administrative_reset
    return replace(notification, hard=hard)
