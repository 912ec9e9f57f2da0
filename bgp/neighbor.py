"""What can be asked of a neighbour: its configuration as it is in force, and its state."""

from typing import TYPE_CHECKING

from bgp import effective
from bgp.config import Family, PeerConfig, PeerName
from bgp.fsm import State
from bgp.graceful import Graceful
from bgp.negotiated import Negotiated
from bgp.peerfamily import PeerFamily
from bgp.peerstate import PeerState
from bgp.reach import Reach
from grammar.base.values import Address

if TYPE_CHECKING:
    from bgp.conversation import Conversation
    from bgp.inbox import Inbox
    from bgp.instance import Instance


class Neighbor:
    """The readable side of a `Peer`; it changes nothing."""

    is_local = False
    instance: "Instance"
    own: PeerConfig
    """What was typed for it."""
    config: PeerConfig
    """What is in force: its own lines, else those of its group."""
    name: PeerName
    state: PeerState
    families: dict[Family, PeerFamily]
    main: "Conversation"
    incoming: "Conversation | None"
    queue: "Inbox"
    reach: Reach
    graceful: Graceful
    negotiated: Negotiated | None
    epoch: int
    router_id: int
    is_ebgp: bool
    """True for an external neighbour."""
    is_confederation: bool
    """True for a neighbour in another AS of the own confederation."""

    def __str__(self) -> str:
        return str(self.name)

    @property
    def address(self) -> Address | None:
        """Its address; None for a neighbour on an interface that was not found there yet."""
        return self.name if isinstance(self.name, Address) else self.reach.address

    @property
    def sort_address(self) -> int:
        """The last step of the decision."""
        address = self.address
        return 0 if address is None else address.value

    @property
    def single_hop(self) -> bool:
        """True if it must be on a network of ours (FRR's connected check)."""
        config = self.config
        return (
            self.is_ebgp
            and config.ebgp_multihop is None
            and not config.disable_connected_check
            and not self.instance.config.disable_connected_check
            and (config.ttl_security_hops or 1) == 1
        )

    @property
    def needs_policy(self) -> bool:
        """True if `bgp ebgp-requires-policy` asks for filters."""
        return self.is_ebgp and self.instance.config.requires_policy

    @property
    def remote_as(self) -> int:
        """Configured AS number, else that of its last OPEN, else 0."""
        remote = self.config.remote_as
        if isinstance(remote, int):
            return remote
        if remote == "internal":
            return self.local_as
        return self.state.identity.asn

    @property
    def local_as(self) -> int:
        """The AS number we give on this session."""
        return effective.local_as(self.instance.config, self.config)

    @property
    def prepends_local_as(self) -> bool:
        """True if the number of `local-as` is put in front of what the neighbour announces."""
        return self.config.local_as is not None and not self.config.local_as_no_prepend

    @property
    def shut_down(self) -> bool:
        """`shutdown` of the neighbour or of the whole instance."""
        return bool(self.config.shutdown or self.instance.config.shutdown)

    @property
    def over_limit(self) -> bool:
        """True while `maximum-prefix` keeps it down."""
        return any(state.over_limit for state in self.families.values())

    @property
    def status(self) -> State:
        """The state that show commands give."""
        return self.main.state

    @property
    def hold_time(self) -> float:
        """The hold time in force, seconds."""
        return self.main.session.hold_time

    @property
    def keepalive(self) -> float:
        """The keepalive interval in force, seconds."""
        return self.main.session.keepalive

    @property
    def title(self) -> str:
        """The name in debug lines, with the host name: `10.0.0.2(r2)`."""
        hostname = self.state.identity.hostname
        return f"{self.name}({hostname or 'Unknown'})"

    @property
    def inbox(self) -> int:
        """Messages that wait to be looked at: `Inq depth`."""
        return len(self.queue)

    @property
    def enhanced_refresh(self) -> bool:
        """True if BoRR and EoRR are in use."""
        return self.negotiated is not None and self.negotiated.enhanced_refresh

    @property
    def accepted(self) -> int:
        """Connections that the neighbour opened and that are in use: 0 or more."""
        theirs = self.own.dynamic is None and not self.main.session.local_is_active
        return (self.incoming is not None) + theirs

    @property
    def sends_eor(self) -> bool:
        """FRR ends its announcements with End-of-RIB for peers that offered graceful restart."""
        return self.negotiated is not None and self.negotiated.hears_end_of_rib

    @property
    def ifindex(self) -> int:
        """The interface of the session, 0 if it is not known."""
        return self.reach.ifindex

    def is_client(self, family: Family) -> bool:
        """True for a route reflector client."""
        state = self.families.get(family)
        return state is not None and bool(state.config.route_reflector_client)

    def is_served(self, family: Family) -> bool:
        """True for a route server client."""
        state = self.families.get(family)
        return state is not None and bool(state.config.route_server_client)

    def offers(self, family: Family) -> bool:
        """True if a family is activated."""
        return effective.activated(self.instance.config, self.config, family)

    def debugs(self, topic: str) -> bool:
        """True if a debug topic is on for this neighbour."""
        return self.instance.bgpd.config.debugs(topic, self.name)
