"""What a configuration line does to running state; `Instance.react` is the only reader."""

from enum import Enum, auto


class Effect(Enum):
    """The consequence of a change; the target of the `Change` says for whom.

    A peer-group as the target means those of its members for whom something changed.
    """

    INSTANCES = auto()
    """`router bgp` came or went; target: the daemon."""
    PEERS = auto()
    """Neighbors came or went; target: BgpConfig."""
    ROUTER_ID = auto()
    """Router id changed: all sessions reset; target: BgpConfig."""
    RESET = auto()
    """The session starts anew (Cease/Other Configuration Change); target: PeerConfig."""
    RECONNECT = auto()
    """A session that is not established yet begins anew; target: PeerConfig."""
    SHOWN = auto()
    """Only what is shown changes; target: PeerConfig."""
    SHUTDOWN = auto()
    """Administrative shutdown set or lifted; target: PeerConfig."""
    TIMERS = auto()
    """Taken by the next session; target: PeerConfig or BgpConfig."""
    ACTIVATE = auto()
    """Families of a peer changed: the session starts anew; target: PeerConfig."""
    SOFT_IN = auto()
    """Inbound decisions are taken again; target: PeerConfig, (PeerConfig, family) or BgpConfig."""
    SOFT_OUT = auto()
    """What is announced is computed again; target as SOFT_IN."""
    ORIGINATE = auto()
    """Own routes (network, redistribute) changed; target: FamilyConfig."""
    GRACEFUL_SHUTDOWN = auto()
    """Routes are marked for neighbors to look for others, or no longer; target: BgpConfig."""
    DISTANCE = auto()
    """What zebra is told of routes changed; target: FamilyConfig."""
    DAMPENING = auto()
    """Routes that come and go are held back otherwise; target: FamilyConfig."""
    SUPPRESS = auto()
    """Whether routes wait for the kernel changed; target: BgpConfig."""
    AS_SETS = auto()
    """Whether AS sets are refused changed: all sessions begin anew; target: BgpConfig."""
    CONFEDERATION = auto()
    """The confederation changed: sessions that it makes others of begin anew; target: BgpConfig."""
    CLUSTER_ID = auto()
    """The id of the cluster changed: sessions within the AS begin anew; target: BgpConfig."""
    BESTPATH = auto()
    """All best paths are chosen again; target: BgpConfig."""
    POLICY = auto()
    """A route-map came, went or changed; target: the daemon."""
    PROCESS = auto()
    """What all instances have in common changed (DSCP, routes for zebra); target: the daemon."""
    UPDATE_DELAY = auto()
    """How long announcements wait after a start changed; target: the daemon or BgpConfig."""
    DUMP = auto()
    """Files that messages or routes are written to changed; target: the daemon."""
    DEBUG = auto()
    """Debug switches changed; target: the daemon."""
