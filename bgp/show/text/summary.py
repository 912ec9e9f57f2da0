"""`show bgp summary` as text."""

from collections.abc import Iterator

from bgp.show.text.dispatch import text
from bgp.show.views.summary import (
    NO_NEG,
    NOT_NEGOTIATED,
    Delay,
    FamilySummary,
    PeerLine,
    Summaries,
    SummaryView,
)
from grammar.output.table import memory_text
from grammar.output.time import peer_uptime

RIB_NODE_BYTES = 192
PEER_BYTES = 741464
GROUP_BYTES = 64
_DESCRIPTION, _DESCRIPTION_WIDE = 20, 64


@text.register
def summary_text(view: SummaryView) -> Iterator[str]:
    """All families of the view, each with its heading, sizes and neighbors."""
    if not view.families:
        yield f"% No BGP neighbors found in {view.title}\n"
    for family in view.families:
        yield from _family(view, family)


@text.register
def summaries_text(view: Summaries) -> Iterator[str]:
    """The summaries one after the other."""
    for each in view.views:
        yield from summary_text(each)


def _family(view: SummaryView, family: FamilySummary) -> Iterator[str]:
    if not view.single:
        yield f"\n{family.name} Summary ({family.title}):\n"
    shown = [peer for peer in family.peers if _wanted(view, peer)]
    if view.only == "failed" and not shown:
        yield "% No failed BGP neighbors found\n"
        return
    yield from _head(view, family)
    if not shown:
        yield "% No matching neighbor\n"
        return
    width = max(15, *(len(_name(peer)) for peer in shown))
    if view.only == "failed":
        yield f"{'Neighbor':<{width}} EstdCnt DropCnt ResetTime Reason\n"
        for peer in shown:
            yield _failed_line(peer, width)
    else:
        local = "    LocalAS" if view.wide else ""
        yield (
            f"{'Neighbor':<{width}} V         AS{local}   MsgRcvd   MsgSent   TblVer  InQ OutQ"
            "  Up/Down State/PfxRcd   PfxSnt Desc\n"
        )
        for peer in shown:
            yield _line(view, peer, width)
    yield "\n"
    if view.only is not None or view.filtered:
        yield f"Displayed neighbors {len(shown)}\n"
    yield f"Total number of neighbors {family.total}\n"
    if family.dynamic_count:
        yield "* - dynamic neighbor\n"
        yield f"{family.dynamic_count} dynamic neighbor(s), limit {family.dynamic_limit}\n"


def _wanted(view: SummaryView, peer: PeerLine) -> bool:
    match view.only:
        case "established":
            return peer.established
        case "failed":
            return not peer.established
    return True


def _head(view: SummaryView, family: FamilySummary) -> Iterator[str]:
    yield (
        f"BGP router identifier {family.router_id}, local AS number {family.asn}"
        f" vrf-id {family.vrf_id}\n"
    )
    if family.delay is not None:
        yield from _delay(family.delay)
    if not view.terse:
        yield f"BGP table version {family.version}\n"
        rib = memory_text(family.rib_count * RIB_NODE_BYTES)
        yield f"RIB entries {family.rib_count}, using {rib} of memory\n"
        peers = memory_text(family.peer_count * PEER_BYTES)
        yield f"Peers {family.peer_count}, using {peers} of memory\n"
        if family.group_count:
            groups = memory_text(family.group_count * GROUP_BYTES)
            yield f"Peer groups {family.group_count}, using {groups} of memory\n"
        if family.dampening:
            yield "Dampening enabled.\n"
    yield "\n"


def _delay(delay: Delay) -> Iterator[str]:
    yield f"Read-only mode update-delay limit: {delay.limit} seconds\n"
    if delay.wait is not None:
        yield f"{'Establish wait:':>34} {delay.wait} seconds\n"
    if delay.first is None:
        return
    yield f"  First neighbor established: {delay.first}\n"
    if delay.active:
        yield "  Delay in progress\n"
    if delay.resumed is not None:
        yield f"{'Best-paths resumed:':>29} {delay.resumed}\n"
    if delay.told is not None:
        yield f"{'zebra update resumed:':>29} {delay.told}\n"
        yield f"{'peers update resumed:':>29} {delay.told}\n"


def _failed_line(peer: PeerLine, width: int) -> str:
    age = peer_uptime(peer.uptime)
    counts = f"{peer.connections:>7} {peer.dropped:>7}"
    # FRR leaves two blanks ahead of its own words here.
    reason = f" {NOT_NEGOTIATED}" if peer.mark == NO_NEG else peer.reset_text
    return f"{_name(peer):<{width}} {counts} {age:>9} {reason}\n"


def _line(view: SummaryView, peer: PeerLine, width: int) -> str:
    local = f" {peer.local_as:>10}" if view.wide else ""
    if peer.established and peer.mark is None:
        state = "(Policy)" if peer.policy_in else str(peer.accepted)
        sent = "(Policy)" if peer.policy_out else str(peer.announced)
    else:
        state = peer.mark or peer.state
        sent = peer.mark if peer.mark == NO_NEG else "0"
    return (
        f"{_name(peer):<{width}} 4 {peer.remote_as:>10}{local} {peer.received:>9} {peer.sent:>9}"
        f" {0:>8} {peer.inq:>4} {peer.outq:>4} {peer_uptime(peer.uptime):>8} {state:>12} {sent:>8}"
        f" {_description(peer.description, wide=view.wide)}\n"
    )


def _description(description: str | None, *, wide: bool) -> str:
    """What fits: cut at the last blank of the part that would fit, nothing if it has none."""
    if description is None:
        return "N/A"
    size = _DESCRIPTION_WIDE if wide else _DESCRIPTION
    if len(description) < size:
        return description
    return description[:size].rpartition(" ")[0]


def _name(peer: PeerLine) -> str:
    named = f"{peer.hostname}({peer.name})" if peer.titled and peer.hostname else peer.name
    return f"*{named}" if peer.dynamic else named
