"""zebra's language; the scopes stand in the order in which the configuration prints."""

from grammar.common import common_scopes
from grammar.declared import Language
from grammar.node import INTERFACE, ROUTE_MAP, VRF
from zebra.commands.absent import ABSENT
from zebra.commands.debug import DEBUG, SHOW_DEBUG
from zebra.commands.filters import DEBUG_ROUTE_MAP, DELAY, LISTS, SHOW_LISTS
from zebra.commands.interface import INTERFACES, SHOW_INTERFACE
from zebra.commands.routing import FORWARDING, ROUTING, SHOW_ROUTING
from zebra.commands.show import SHOW
from zebra.commands.vrf import VRFS

LANGUAGE = Language(
    "zebra",
    "ZEBRA",
    [
        *common_scopes((INTERFACE, VRF, ROUTE_MAP)),
        DEBUG,
        DEBUG_ROUTE_MAP,
        VRFS,
        INTERFACES,
        ROUTING,
        DELAY,
        *LISTS,
        FORWARDING,
        SHOW_LISTS,
        SHOW_INTERFACE,
        SHOW_DEBUG,
        SHOW_ROUTING,
        SHOW,
        ABSENT,
    ],
)
