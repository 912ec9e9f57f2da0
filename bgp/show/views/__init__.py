"""What show commands have to say, before it is text: frozen views, and the functions that build
them from the daemon's state.

Views hold plain values; long parts are iterators, so that no table is held as text. State classes
are imported for their types only: the shell loads the commands, and so these modules, without a
daemon.
"""

from bgp.show.views.misc import (
    Debugging,
    Listeners,
    Memory,
    NexthopTable,
    PeerHash,
    Vrfs,
)
from bgp.show.views.neighbor import NeighborsView, NeighborView
from bgp.show.views.route import RouteView
from bgp.show.views.summary import FamilySummary, PeerLine, SummaryView
from bgp.show.views.table import (
    AdjacencyView,
    Columns,
    NextHopText,
    Row,
    RowPath,
    TableHead,
    TableView,
)

__all__ = [
    "AdjacencyView",
    "Columns",
    "Debugging",
    "FamilySummary",
    "Listeners",
    "Memory",
    "NeighborView",
    "NeighborsView",
    "NextHopText",
    "NexthopTable",
    "PeerHash",
    "PeerLine",
    "RouteView",
    "Row",
    "RowPath",
    "SummaryView",
    "TableHead",
    "TableView",
    "Vrfs",
]
