"""What a configuration line does to running state; `Zebra.react` is the only reader."""

from enum import Enum, auto


class Effect(Enum):
    """The consequence of a change; the target of the `Change` says for whom."""

    ROUTER_ID = auto()
    """The router id is chosen anew and clients are told; target: VrfConfig."""
    NHT = auto()
    """All tracked next hops are looked up again; target: VrfConfig."""
    PROTOCOL_MAP = auto()
    """Route-maps of protocols changed: all routes are judged again; target: VrfConfig."""
    IMPORT_TABLE = auto()
    """Which tables are imported, or how, changed; target: ZebraConfig."""
    NEXTHOP_OBJECTS = auto()
    """Which next-hop groups the kernel gets objects of changed; target: ZebraConfig."""
    OTHERS_ROUTES = auto()
    """Whether others may take our routes out of the kernel changed; target: ZebraConfig."""
    QUEUE_LIMIT = auto()
    """How many changes may wait on their way to the kernel changed; target: ZebraConfig."""
    SWITCHED = auto()
    """Switched paths changed; target: ZebraConfig."""
    BOUND = auto()
    """Labels of prefixes, or the block of labels, changed; target: ZebraConfig."""
    ADVERTISE = auto()
    """What an interface advertises to hosts changed; target: InterfaceConfig."""
    ADVERTISE_INTERVAL = auto()
    """How often it advertises changed; target: InterfaceConfig."""
    LOCATOR = auto()
    """A prefix was given to an SRv6 locator, or it went; target: LocatorConfig."""
    LINK_PARAMS = auto()
    """What traffic engineering tells of an interface changed; target: InterfaceConfig."""
    BANDWIDTH = auto()
    """What protocols should think of an interface's speed changed; target: InterfaceConfig."""
    LINK = auto()
    """An interface is set up or down in the kernel; target: InterfaceConfig."""
    MULTICAST = auto()
    """An interface is for multicast in the kernel, or is not; target: InterfaceConfig."""
    LABELS = auto()
    """An interface takes packets with MPLS labels, or does not; target: InterfaceConfig."""
    LINK_STATE = auto()
    """Link detection changed: the state is judged again; target: InterfaceConfig."""
    ADDRESS = auto()
    """Addresses are brought in line with the lines; target: InterfaceConfig."""
