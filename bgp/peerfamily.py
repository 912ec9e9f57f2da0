"""One family of one neighbour: counters, Adj-RIB-In and the end-of-RIB marks."""

from typing import TYPE_CHECKING

from bgp.config import Family, PeerFamilyConfig

if TYPE_CHECKING:
    from bgp.rib.adjout import UpdateGroup
    from bgp.rib.path import Path


class PeerFamily:
    """State of a family that is configured (`activate`) for a neighbour.

    `active` is true while it is negotiated and the session is up. `accepted` counts the prefixes
    in the table (`PfxRcd`), `sent` those announced (`PfxSnt`). `adj_in` is kept with
    soft-reconfiguration inbound only: prefix key to the path as it was received.
    """

    def __init__(self, family: Family, config: PeerFamilyConfig) -> None:
        self.family = family
        self.config = config
        self.active = False
        self.accepted = 0
        self.adj_in: dict[int, Path] | None = None
        self.group: UpdateGroup | None = None
        self.policy_missing_in = False
        """Inbound updates discarded due to missing policy (ebgp-requires-policy)."""
        self.policy_missing_out = False
        self.eor_sent = False
        self.eor_sent_after_update = False
        self.eor_received = False
        self.over_limit = False
        """`maximum-prefix` was passed: FRR's PREFIX_OVERFLOW, `Idle (PfxCt)`."""
        self.refreshing = False
        """Between BoRR and EoRR of the peer."""

    @property
    def sent(self) -> int:
        """Prefixes announced to this neighbour."""
        return len(self.group) if self.group is not None else 0
