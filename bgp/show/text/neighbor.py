"""`show bgp neighbors` as text: every line FRR has for what is configured and running."""

from collections.abc import Iterator

from bgp.show.text.conditions import condition, default_map, later_times
from bgp.show.text.dispatch import text
from bgp.show.text.prefixes import outbound_filters
from bgp.show.text.restart import graceful_lines, graceful_state
from bgp.show.views.neighbor import (
    Both,
    Capabilities,
    GracefulView,
    LastReset,
    NeighborFamily,
    NeighborsOfAll,
    NeighborsView,
    NeighborView,
    PrefixCounts,
)
from grammar.output.time import peer_uptime


@text.register
def neighbors_text(view: NeighborsView) -> Iterator[str]:
    """One neighbor after the other; FRR ends with an empty line of its own."""
    if view.missing:
        yield "% No such neighbor in this view/vrf\n"
    elif not view.neighbors:
        yield "% No BGP neighbors found\n"
    for neighbor in view.neighbors:
        yield "".join(_neighbor(neighbor))
    yield "\n"


@text.register
def neighbors_of_all_text(view: NeighborsOfAll) -> Iterator[str]:
    """The neighbors of each instance under its name."""
    for name, _, found in view.instances:
        yield f"\nInstance {name}:\n"
        yield from neighbors_text(found)


_GRACEFUL_HEAD = """
Codes: GR - Graceful Restart, * -  Inheriting Global GR Config,
       Restart - GR Mode-Restarting, Helper - GR Mode-Helper,
       Disable - GR Mode-Disable.

"""


@text.register
def graceful_text(view: GracefulView) -> Iterator[str]:
    """Graceful restart of each neighbor."""
    yield f"{_GRACEFUL_HEAD}Global BGP GR Mode :  {view.mode}\n\n"
    if view.neighbors.missing:
        yield "% No such neighbor\n"
    for neighbor in view.neighbors.neighbors:
        yield f"BGP neighbor is {neighbor.name}\n"
        yield from graceful_state(neighbor.graceful)
    yield "\n"


def _neighbor(view: NeighborView) -> Iterator[str]:
    yield from _identity(view)
    yield from _times(view)
    if view.capabilities is not None:
        yield from _capabilities(view.capabilities)
    yield from graceful_lines(view.graceful)
    yield from _messages(view)
    seconds = view.timers.advertisement
    yield f"  Minimum time between advertisement runs is {seconds} seconds\n"
    if view.update_source is not None:
        yield f"  Update source is {view.update_source}\n"
    yield "\n"
    for family in view.families:
        yield from _family(family)
        yield "\n"
    yield f"  Connections established {view.connections}; dropped {view.dropped}\n"
    yield from _last_reset(view.reset)
    yield from _over_limit(view)
    yield from _connection(view)


def _over_limit(view: NeighborView) -> Iterator[str]:
    if not view.over_limit:
        return
    yield "  Peer had exceeded the max. no. of prefixes configured.\n"
    if view.limit_left is None:
        yield f"  Reduce the no. of prefix and clear ip bgp {view.name} to restore peering\n"
    else:
        yield f"  Reduce the no. of prefix from {view.name}, will restart in"
        yield f" {view.limit_left} seconds\n"


def _identity(view: NeighborView) -> Iterator[str]:
    link = "internal" if view.internal else "external" if view.specified else "unspecified"
    link = "confed-external" if view.common_admin else link
    remote = str(view.remote_as) if view.specified else "Unspecified"
    name = f"is {'*' if view.range else ''}{view.name}"
    if view.interface is not None:
        name = f"on {view.name}: {view.interface or '(unspec)'}"
    own = f"{view.local_as}{' no-prepend' * view.no_prepend}{' replace-as' * view.replace_as}"
    yield f"BGP neighbor {name}, remote AS {remote}, local AS {own}, {link} link\n"
    yield f"  Local Role: {view.local_role}\n  Remote Role: {view.remote_role}\n"
    if view.description is not None:
        yield f" Description: {view.description}\n"
    if view.hostname:
        yield f"Hostname: {view.hostname}\n"
    if view.peer_group is not None:
        yield f" Member of peer-group {view.peer_group} for session parameters\n"
    if view.range is not None:
        yield f" Belongs to the subnet range group: {view.range}\n"
    if view.shutdown:
        yield " Administratively shut down\n"
    yield (
        f"  BGP version 4, remote router ID {view.router_id},"
        f" local router ID {view.own_router_id}\n"
    )
    if view.common_admin:
        yield "  Neighbor under common administration\n"


def _times(view: NeighborView) -> Iterator[str]:
    timers = view.timers
    state = view.state
    if state == "Established":
        state += f", up for {peer_uptime(timers.uptime)}"
    elif state == "Active" and view.passive:
        state += " (passive)"
    yield f"  BGP state = {state}\n"
    yield f"  Last read {peer_uptime(timers.read)}, Last write {peer_uptime(timers.write)}\n"
    yield (
        f"  Hold time is {timers.hold} seconds, keepalive interval is {timers.keepalive} seconds\n"
    )
    yield (
        f"  Configured hold time is {timers.configured_hold} seconds,"
        f" keepalive interval is {timers.configured_keepalive} seconds\n"
    )
    yield from later_times(view.timers)


def both_words(both: Both) -> str:
    """`advertised and received`, or the one that holds."""
    words = [
        word for word, on in (("advertised", both.advertised), ("received", both.received)) if on
    ]
    return " and ".join(words)


def _capabilities(said: Capabilities) -> Iterator[str]:
    yield "  Neighbor capabilities:\n"
    if said.as4:
        yield f"    4 Byte AS: {both_words(said.as4)}\n"
    if said.extended_message:
        yield f"    Extended Message: {both_words(said.extended_message)}\n"
    yield from _paths(said)
    if said.dynamic:
        yield f"    Dynamic: {both_words(said.dynamic)}\n"
    if said.role:
        yield f"    Role: {both_words(said.role)}\n"
    if said.extended_nexthop:
        yield f"    Extended nexthop: {both_words(said.extended_nexthop)}\n"
        if said.extended_nexthop.received:
            # FRR begins the line of the first family with the blanks of the title.
            yield "      Address families by peer:\n        "
            yield from (f"           {name}\n" for name in said.nexthop_families)
    yield from _long_lived(said)
    if said.refresh:
        kinds = f"({said.refresh_kinds})" if said.refresh.received else ""
        yield f"    Route refresh: {both_words(said.refresh)}{kinds}\n"
    if said.enhanced_refresh:
        yield f"    Enhanced Route Refresh: {both_words(said.enhanced_refresh)}\n"
    for name, both in said.families:
        yield f"    Address Family {name}: {both_words(both)}\n"
    yield _hostname(said)
    yield from _graceful_capability(said)


def _long_lived(said: Capabilities) -> Iterator[str]:
    if said.long_lived:
        yield f"    Long-lived Graceful Restart: {both_words(said.long_lived)}\n"
        if said.long_lived.received:
            yield "      Address families by peer:\n"
            yield from (f"           {name}\n" for name in said.long_lived_families)


def _paths(said: Capabilities) -> Iterator[str]:
    if said.addpath is not None:
        yield "    AddPath:\n"
    for name, sends, receives in said.addpath or ():
        if sends:
            yield f"      {name}: TX {both_words(sends)}\n"
        if receives:
            yield f"      {name}: RX {both_words(receives)}\n"


def _hostname(said: Capabilities) -> str:
    own = f"(name: {said.own_hostname},domain name: {said.own_domainname or 'n/a'})"
    if said.hostname is None:
        received = "not received"
    else:
        received = f"received (name: {said.hostname},domain name: {said.domainname or 'n/a'})"
    return f"    Hostname Capability: advertised {own} {received}\n"


def _graceful_capability(said: Capabilities) -> Iterator[str]:
    if not said.graceful:
        return
    yield f"    Graceful Restart Capability: {both_words(said.graceful)}\n"
    if not said.graceful.received:
        return
    yield f"      Remote Restart timer is {said.restart_time} seconds\n"
    yield "      Address families by peer:\n"
    if not said.graceful_families:
        yield "        none\n"
    for name, kept in said.graceful_families:
        yield f"        {name}({'preserved' if kept else 'not preserved'})\n"


def _messages(view: NeighborView) -> Iterator[str]:
    sent, received = view.sent, view.received
    yield f"  Message statistics:\n    Inq depth is {view.inq}\n    Outq depth is {view.outq}\n"
    yield "                         Sent       Rcvd\n"
    for name, out, into in (
        ("Opens", sent.opens, received.opens),
        ("Notifications", sent.notifications, received.notifications),
        ("Updates", sent.updates, received.updates),
        ("Keepalives", sent.keepalives, received.keepalives),
        ("Route Refresh", sent.route_refreshes, received.route_refreshes),
        ("Capability", sent.capabilities, received.capabilities),
        ("Total", sent.total, received.total),
    ):
        yield f"    {name + ':':<15}{out:>10} {into:>10}\n"


_PATHS = {"all": "all paths", "best-per-as": "bestpath per AS"}


def _family(family: NeighborFamily) -> Iterator[str]:
    yield f" For address family: {family.name}\n"
    yield from _memberships(family)
    yield from outbound_filters(family)
    if family.route_reflector_client:
        yield "  Route-Reflector Client\n"
    if family.soft_reconfiguration:
        yield "  Inbound soft reconfiguration allowed\n"
    if family.addpath is not None:
        yield f"  Advertise {_PATHS[family.addpath]} via addpath\n"
    yield from _attributes(family)
    if family.default_originate:
        sent = "sent" if family.default_sent else "not sent"
        yield f"  Default information originate, {default_map(family)}default {sent}\n"
    yield from _policy(family)
    yield f"  {family.accepted} accepted prefixes\n"
    if family.most_sent is not None:
        yield f"  Maximum allowed prefixes sent {family.most_sent}\n"
    if family.maximum is not None:
        only = " (warning-only)" if family.warning_only else ""
        yield f"  Maximum prefixes allowed {family.maximum}{only}\n"
        yield f"  Threshold for warning message {family.threshold}%"
        if family.restart is not None:
            yield f", restart interval {family.restart} min"
        yield "\n"


def _attributes(family: NeighborFamily) -> Iterator[str]:
    if family.nexthop_self is not None:
        yield f"  NEXT_HOP is always this router{family.nexthop_self}\n"
    for attribute in family.unchanged:
        yield f"  {attribute} is propagated unchanged to this neighbor\n"
    if any(family.communities):
        yield f"  Community attribute sent to this neighbor({_communities(family)})\n"


def _memberships(family: NeighborFamily) -> Iterator[str]:
    if family.peer_group is not None:
        yield f"  {family.peer_group} peer-group member\n"
    if family.group is None:
        yield "  Not part of any update group\n"
    else:
        yield f"  Update group {family.group}, subgroup {family.group}\n"
        yield f"  Packet Queue length {family.queue}\n"


def _communities(family: NeighborFamily) -> str:
    """FRR's word for the kinds that are sent, which names one of several."""
    if all(family.communities):
        return "all"
    _, extended, large = family.communities
    return "large" if large else "extended" if extended else "standard"


FILTERS = {
    "prefix_list_in": "Incoming update prefix filter list",
    "prefix_list_out": "Outgoing update prefix filter list",
    "distribute_list_in": "Incoming update network filter list",
    "distribute_list_out": "Outgoing update network filter list",
    "filter_list_in": "Incoming update AS path filter list",
    "filter_list_out": "Outgoing update AS path filter list",
    "route_map_in": "Route map for incoming advertisements",
    "route_map_out": "Route map for outgoing advertisements",
    "unsuppress_map": "Route map for selective unsuppress",
}
"""What FRR calls the filters of a neighbor."""


def _policy(family: NeighborFamily) -> Iterator[str]:
    kinds = [one.kind for one in family.filters]
    if any(kind.endswith("_in") for kind in kinds):
        yield "  Inbound path policy configured\n"
    if any(kind.endswith("_out") for kind in kinds):
        yield "  Outbound path policy configured\n"
    for one in family.filters:
        yield f"  {FILTERS[one.kind]} is {'*' * one.known}{one.name}\n"
    if family.policy_missing_in:
        yield "  Inbound updates discarded due to missing policy\n"
    if family.policy_missing_out:
        yield "  Outbound updates discarded due to missing policy\n"
    yield from condition(family)


def reset_words(reset: LastReset) -> str:
    """What follows `Last reset`: the NOTIFICATION in words, or the reason."""
    if reset.error is None:
        return reset.due
    way = "sent" if reset.sent else "received"
    hard = "/Hard Reset" if reset.error[3] else ""
    return f"Notification {way} ({reset.error[2]}{hard})"


def _last_reset(reset: LastReset) -> Iterator[str]:
    if reset.age is None:
        yield "  Last reset never\n"
        return
    yield f"  Last reset {peer_uptime(reset.age)},  {reset_words(reset)}\n"
    if reset.shutdown_text is not None:
        yield f'    Message: "{reset.shutdown_text}"\n'
    if reset.message:
        yield "  Message received that caused BGP to send a NOTIFICATION:\n"
        words = [reset.message[i : i + 4].hex().upper() for i in range(0, len(reset.message), 4)]
        for start in range(0, len(words), 4):
            yield f"    {' '.join(words[start : start + 4])}\n"


def _connection(view: NeighborView) -> Iterator[str]:
    kind = "Internal" if view.internal else "External"
    yield f"  {kind} BGP neighbor may be up to {view.hops} hops away.\n"
    socket, timers = view.socket, view.timers
    if socket is not None:
        yield f"Local host: {socket.local}, Local port: {socket.local_port}\n"
        yield f"Foreign host: {socket.remote}, Foreign port: {socket.remote_port}\n"
        yield f"Nexthop: {socket.nexthop}\n"
        yield f"Nexthop global: {socket.nexthop_global}\n"
        yield f"Nexthop local: {socket.nexthop_local}\n"
        yield f"BGP connection: {'shared' if socket.shared else 'non shared'} network\n"
    yield f"BGP Connect Retry Timer in Seconds: {timers.connect_retry}\n"
    if view.state == "Established" and timers.rtt:
        yield f"Estimated round trip time: {timers.rtt} ms\n"
    if timers.next_start is not None:
        yield f"Next start timer due in {timers.next_start} seconds\n"
    if timers.next_connect is not None:
        yield f"Next connect timer due in {timers.next_connect} seconds\n"
    if view.authenticated:
        yield "Peer Authentication Enabled\n"
    on = "on" if view.fd >= 0 else "off"
    yield f"Read thread: {on}  Write thread: {on}  FD used: {view.fd}\n\n"
    if view.bfd is not None:
        multiplier, receive, send = view.bfd
        yield "  BFD: Type: single hop\n"
        yield f"  Detect Multiplier: {multiplier}, Min Rx interval: {receive},"
        yield f" Min Tx interval: {send}\n"
        yield "  Status: Unknown, Last update: never\n\n"


@text.register
def prefix_counts_text(view: PrefixCounts) -> Iterator[str]:
    """`show bgp neighbors X prefix-counts`."""
    yield f"Prefix counts for {view.peer}, {view.family}\nPfxCt: {view.counted}\n\n"
    yield "Counts from RIB table walk:\n\n"
    for name, count in count_rows(view):
        yield f"{name:>20}: {count:<10}\n"


def count_rows(view: PrefixCounts) -> Iterator[tuple[str, int]]:
    """The counters by FRR's names."""
    yield "Adj-in", view.adj_in
    yield "Damped", view.damped
    yield "Removed", view.removed
    yield "History", view.history
    yield "Stale", view.stale
    yield "Valid", view.valid
    yield "All RIB", view.total
    yield "PfxCt counted", view.counted
    yield "PfxCt Best Selected", view.best
    yield "Useable", view.usable
