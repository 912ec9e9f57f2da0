"""zebra's language; the scopes stand in the order in which the configuration prints."""

from grammar.common import common_scopes
from grammar.declared import Language
from grammar.node import INTERFACE, ROUTE_MAP, VRF
from zebra.commands.absent import ABSENT
from zebra.commands.debug import DEBUG, SHOW_DEBUG
from zebra.commands.filters import DEBUG_ROUTE_MAP, DELAY, LISTS, SHOW_LISTS
from zebra.commands.importing import IMPORTS
from zebra.commands.interface import INTERFACES
from zebra.commands.mpls import MPLS
from zebra.commands.netns import SHOW_VRF
from zebra.commands.nodes import NODES
from zebra.commands.process import PROCESS
from zebra.commands.protocols import PROTOCOLS
from zebra.commands.pseudowire import PSEUDOWIRES
from zebra.commands.routing import FORWARDING, SHOW_ROUTING
from zebra.commands.segment import SEGMENTS
from zebra.commands.show import SHOW
from zebra.commands.showallotted import SHOW_ALLOTTED
from zebra.commands.showlinks import SHOW_INTERFACE
from zebra.commands.vrf import ROUTER_IDS, ROUTING, VRFS

LANGUAGE = Language(
    "zebra",
    "ZEBRA",
    [
        *common_scopes((INTERFACE, VRF, ROUTE_MAP, *NODES), (DEBUG,), None, (DEBUG_ROUTE_MAP,)),
        IMPORTS,
        VRFS,
        INTERFACES,
        ROUTING,
        DELAY,
        ROUTER_IDS,
        *LISTS,
        FORWARDING,
        PROCESS,
        MPLS,
        PSEUDOWIRES,
        SEGMENTS,
        SHOW_LISTS,
        SHOW_INTERFACE,
        SHOW_DEBUG,
        SHOW_ROUTING,
        SHOW,
        SHOW_VRF,
        PROTOCOLS,
        SHOW_ALLOTTED,
        ABSENT,
    ],
)
