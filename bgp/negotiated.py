"""What two speakers agreed on in their OPENs; frozen, and given to every codec of the session."""

from dataclasses import dataclass, field

from bgp.wire.capability import IPV4_UNICAST, Family, GracefulRestart, Role
from bgp.wire.message import EXTENDED_LENGTH, STANDARD_LENGTH


@dataclass(frozen=True, slots=True)
class Negotiated:
    """The terms of an established session; defaults are those of a peer without capabilities.

    `addpath_receive` and `addpath_send` name the families in which prefixes carry path ids in that
    direction. `external` is True for eBGP, `confederation` for a peer in another member AS.
    Times are in seconds; hold time 0 means no keepalives at all.
    """

    peer_as: int = 0
    router_id: int = 0
    external: bool = True
    confederation: bool = False
    as4: bool = True
    families: frozenset[Family] = frozenset({IPV4_UNICAST})
    addpath_receive: frozenset[Family] = frozenset()
    addpath_send: frozenset[Family] = frozenset()
    extended_message: bool = False
    extended_nexthop: frozenset[Family] = frozenset()
    route_refresh: bool = False
    enhanced_refresh: bool = False
    graceful: GracefulRestart | None = None
    hears_end_of_rib: bool = False
    """The peer has the capability of graceful restart, whether or not we have it."""
    long_lived: tuple[tuple[Family, int], ...] = ()
    """Seconds that the peer's routes may stay long-lived stale, by family (RFC 9494)."""
    dynamic: bool = False
    """Both sides can change what follows within the session."""
    offered: frozenset[Family] = frozenset()
    heard: frozenset[Family] = frozenset()
    """Families of our OPEN, and of the peer's."""
    hold_time: float = 180.0
    keepalive: float = 60.0
    hostname: str = ""
    domainname: str = ""
    role: Role | None = None
    remote_role: Role | None = None
    flavour: tuple[bool, bool, bool] = field(init=False, repr=False, compare=False)
    """Key of what changes the reading of attributes: (as4, external, confederation)."""

    def __post_init__(self) -> None:
        flavour = (self.as4, self.external, self.confederation)
        object.__setattr__(self, "flavour", flavour)

    @property
    def restarts_gracefully(self) -> bool:
        """True if the peer keeps forwarding in some family while it restarts (RFC 4724)."""
        return self.graceful is not None and bool(self.graceful.families)

    @property
    def max_length(self) -> int:
        """Bytes that a message to or from this peer may have."""
        return EXTENDED_LENGTH if self.extended_message else STANDARD_LENGTH
