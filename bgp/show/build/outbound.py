"""What neighbors are told depending on others: outbound route filters, conditions."""

from typing import TYPE_CHECKING, TypedDict

from bgp import orf
from bgp.config import Family, PeerFamilyConfig
from bgp.show.build import find
from bgp.show.views.misc import Fixed
from bgp.show.views.neighbor import ConditionLine, FilterMode
from bgp.show.views.prefixes import ReceivedFilter
from bgp.wire.outboundfilter import OLD_PREFIXES, PREFIXES, OrfMode

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd
    from bgp.peer import Peer
    from bgp.peerfamily import PeerFamily


class FilterState(TypedDict):
    """Fields of `NeighborFamily`."""

    filter_sent: bool
    filter_waits: bool
    filter_entries: int | None


def filter_modes(peer: "Peer", family: Family, lines: PeerFamilyConfig) -> tuple[FilterMode, ...]:
    """What both sides offered in their OPENs, by type; only those that were named."""
    ours = orf.wanted(lines)
    theirs = orf.offered(peer.main.session.peer_open, family)
    found = []
    for kind in (PREFIXES, OLD_PREFIXES):
        said = theirs.get(kind, OrfMode(0))
        if ours or said:
            send, receive = (
                (mode in ours, mode in said) for mode in (OrfMode.SEND, OrfMode.RECEIVE)
            )
            found.append(FilterMode(kind, send, receive))
    return tuple(found)


def filter_state(state: "PeerFamily | None") -> FilterState:
    """What of filters was sent and received."""
    filters = None if state is None else state.orf
    received = None if filters is None else filters.received
    return {
        "filter_sent": filters is not None and filters.sent,
        "filter_waits": filters is not None and filters.waiting,
        "filter_entries": None if received is None else len(received.rules),
    }


def condition_line(peer: "Peer", family: Family, lines: PeerFamilyConfig) -> ConditionLine | None:
    """`advertise-map`, and what the last search for its condition made of it."""
    found = lines.advertise_map
    if found is None:
        return None
    instance = peer.instance
    maps = instance.bgpd.config.filters.route_maps
    return ConditionLine(
        found.name,
        found.condition,
        found.absent,
        found.name in maps,
        found.condition in maps,
        instance.conditions.of(family, found).withholds,
    )


def default_map(bgpd: "Bgpd", lines: PeerFamilyConfig) -> tuple[str, bool] | None:
    """The map of `default-originate`, and whether there is one of that name."""
    name = lines.default_originate_map
    return None if name is None else (name, name in bgpd.config.filters.route_maps)


def received(peer: "Peer", family: Family) -> ReceivedFilter | Fixed:
    """`show bgp neighbors X received prefix-filter`."""
    state = peer.families.get(family)
    found = None if state is None else state.orf.received
    if found is None:
        return Fixed("No functional output\n", "{}\n")
    return ReceivedFilter(find.family_name(family), found.name, tuple(found.rules.items()))
