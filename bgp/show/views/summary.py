"""Views of `show bgp summary`."""

from dataclasses import dataclass
from typing import Final

NO_NEG: Final = "NoNeg"
"""The mark of a session that is up without the family."""
NOT_NEGOTIATED: Final = "AFI/SAFI Not Negotiated"
"""Why such a neighbor counts as failed."""


@dataclass(frozen=True, slots=True)
class PeerLine:
    """A neighbor in a summary. Ages in whole seconds; None for never.

    `state` is FRR's word for the FSM state; `mark` is what the text shows in place of counts:
    `Idle (Admin)`, `NoNeg`, ... `policy_in` and `policy_out` tell that ebgp-requires-policy keeps
    the routes back. `peer_state` is JSON's: OK, Admin, Passive, PfxCt or Policy.
    """

    name: str
    remote_as: int
    local_as: int
    received: int
    sent: int
    uptime: int | None
    state: str
    accepted: int = 0
    announced: int = 0
    established_epoch: int | None = None
    hostname: str | None = None
    titled: bool = False
    """`bgp default show-hostname`: text names the host too."""
    description: str | None = None
    mark: str | None = None
    policy_in: bool = False
    policy_out: bool = False
    peer_state: str = "OK"
    connections: int = 0
    dropped: int = 0
    inq: int = 0
    outq: int = 0
    id_type: str = "ipv4"
    dynamic: bool = False
    """It connected from a listen range."""
    reset_text: str = ""
    """Why the session is down, in words with the NOTIFICATION's, if one ended it."""
    reset_due: str = ""
    reset_code: int = 0
    error: tuple[int, int, str, bool] | None = None
    """Code, subcode, text and Hard Reset of the NOTIFICATION that ended the session."""

    @property
    def established(self) -> bool:
        """True while the session is up with this family."""
        return self.state == "Established" and self.mark != NO_NEG


@dataclass(frozen=True, slots=True)
class Delay:
    """`update-delay`: its seconds, and FRR's text of moments, None for what was not yet."""

    limit: int
    wait: int | None = None
    first: str | None = None
    resumed: str | None = None
    told: str | None = None
    active: bool = False


@dataclass(frozen=True, slots=True)
class FamilySummary:
    """One family of one instance. `rib_count` counts nodes of FRR's prefix tree."""

    name: str
    """`IPv4 Unicast`."""
    key: str
    """`ipv4Unicast`."""
    title: str
    """`VRF default`."""
    vrf_name: str
    vrf_id: int
    router_id: str
    asn: int
    version: int
    rib_count: int
    peer_count: int
    peers: tuple[PeerLine, ...]
    """Those asked for."""
    total: int
    """All of the family."""
    bestpath: tuple[tuple[str, str | bool], ...] = (("multiPathRelax", "false"),)
    """The lines on the decision process as FRR's JSON tells them."""
    group_count: int = 0
    """Peer-groups of the instance."""
    dynamic_count: int = 0
    """Dynamic neighbors of the family, and how many there may be."""
    dynamic_limit: int = 0
    dampening: bool = False
    counted: int = 0
    """FRR's count where none failed: those of the family, and all that were not asked for."""
    delay: Delay | None = None


@dataclass(frozen=True, slots=True)
class SummaryView:
    """`show bgp summary`. `title` and `vrf_name` name the instance as `VRF red` and `red`.

    `only` is None, `established` or `failed`; `filtered` tells that a neighbor or AS was asked
    for. `single` is true when the line named both parts of one family: no heading is written.
    """

    families: tuple[FamilySummary, ...]
    title: str = "VRF default"
    vrf_name: str = "default"
    only: str | None = None
    filtered: bool = False
    single: bool = False
    terse: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Summaries:
    """`show bgp vrf all summary`: one summary by instance."""

    views: tuple[SummaryView, ...]
