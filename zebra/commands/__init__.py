"""zebra's language; the scopes stand in the order in which the configuration prints."""

from collections.abc import Iterator
from typing import Any

from grammar.common import common_scopes
from grammar.declared import Language
from grammar.node import CONFIG, INTERFACE, ROUTE_MAP, VRF
from grammar.scope import Scope
from zebra.commands.absent import ABSENT
from zebra.commands.debug import DEBUG, SHOW_DEBUG
from zebra.commands.evpn import SHOW_EVPN
from zebra.commands.explain import EXPLAIN, MONITOR
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
from zebra.commands.vrf import BLOCK, ROUTER_IDS, ROUTING, VRFS


class _Instances(Scope):
    """The VRFs and the default one, in the order of their names."""

    def lines(self, parent: Any) -> Iterator[str]:
        later: list[str] = []
        for values, target in BLOCK.objects(parent):
            body = BLOCK.printed(values, target)
            if values["vrf"] < "default":
                yield from body
            else:
                later += body
        for scope in (ROUTING, DELAY, ROUTER_IDS):
            yield from scope.lines(parent)
        yield from later


LANGUAGE = Language(
    "zebra",
    "ZEBRA",
    [
        *common_scopes((INTERFACE, VRF, ROUTE_MAP, *NODES), (DEBUG,), None, (DEBUG_ROUTE_MAP,)),
        IMPORTS,
        _Instances((CONFIG,), items=[VRFS, ROUTING, DELAY, ROUTER_IDS]),
        INTERFACES,
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
        SHOW_EVPN,
        ABSENT,
        EXPLAIN,
        MONITOR,
    ],
)
