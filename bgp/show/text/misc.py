"""The smaller show commands as text."""

from collections.abc import Generator, Iterator

from bgp.show.text.dispatch import text
from bgp.show.text.summary import PEER_BYTES, RIB_NODE_BYTES
from bgp.show.views.misc import (
    AsPaths,
    Attributes,
    Communities,
    Debugging,
    Empty,
    Fixed,
    Later,
    Listeners,
    Memory,
    NexthopLine,
    NexthopTable,
    NexthopTables,
    PeerHash,
    Remark,
    Statistics,
    StatisticsView,
    Vrfs,
)
from grammar.output.table import memory_text
from grammar.output.time import ctime


@text.register
def debugging_text(view: Debugging) -> Iterator[str]:
    """The topics under their heading."""
    yield "BGP debugging status:\n"
    for line in view.lines:
        yield f"  {line}\n"


@text.register
def remark_text(view: Remark) -> Iterator[str]:
    """The sentence."""
    yield f"{view.sentence}\n"


@text.register
def later_text(view: Later) -> Iterator[str]:
    """Empty chunks until the view is made, then its text."""
    made = yield from pauses(view)
    yield from text(made)


def pauses(view: Later) -> Generator[str, None, object]:
    """An empty chunk for every step; returns the view."""
    while True:
        try:
            next(view.steps)
        except StopIteration as end:
            return end.value
        yield ""


@text.register
def empty_text(view: Empty) -> Iterator[str]:
    """Nothing."""
    return iter(())


@text.register
def nexthops_text(view: NexthopTable) -> Iterator[str]:
    """The cache, or one next hop with the prefixes that use it."""
    if view.users is None:
        yield f"{view.heading}\n"
    for line in view.lines:
        yield "".join(_nexthop(line))
    if view.users is not None:
        yield "  Paths:\n"
        for user in view.users:
            yield (
                f"    {user.afi}/{user.safi} {user.prefix} VRF {user.vrf} flags 0x{user.flags:x}\n"
            )


def _nexthop(line: NexthopLine) -> Iterator[str]:
    state = f"valid [IGP metric {line.metric}]" if line.valid else "invalid"
    peer = "" if line.peer is None else f", peer {line.peer}"
    yield f" {line.address} {state}, #paths {line.paths}{peer}\n"
    for hop in line.hops:
        yield f"  {hop}\n"
    if not line.valid and line.connected:
        yield "  Must be Connected\n"
    if not line.valid and not line.registered:
        yield "  Is not Registered\n"
    yield f"  Last update: {ctime(line.updated)}\n\n"


@text.register
def vrfs_text(view: Vrfs) -> Iterator[str]:
    """Two lines by instance; nothing at all without any."""
    if not view.lines:
        return
    yield f"{'Type':<4}  {'Id':<5}  {'routerId':<16}  #PeersCfg  #PeersEstb  {'Name':<37}\n"
    yield f"{'':<4}  {'':<5}  {'L3-VNI':<16}  {'RouterMAC':<21}  {'Interface'}\n"
    for line in view.lines:
        yield (
            f"{line.kind:>4}  {line.vrf_id:<5}  {line.router_id:<16}  {line.configured:<9}"
            f"  {line.established:<10}  {line.name:<37}\n"
        )
        yield f"{'':<4}  {'':<5}  {0:<16}  {'00:00:00:00:00:00':<21}  {'unknown':<20}\n"
    yield f"\nTotal number of VRFs (including default): {len(view.lines)}\n"


@text.register
def listeners_text(view: Listeners) -> Iterator[str]:
    """A line by socket."""
    yield f"{'Name':<12} {'fd':>6} Address\n{'-' * 27}\n"
    for name, fd, address in view.lines:
        yield f"{name:<12} {fd:>6} {address}\n"


def memory_rows(view: Memory) -> Iterator[tuple[int, str, int]]:
    """Count, FRR's words and bytes each; without those that are not in use."""
    always = ((view.rib_nodes, "RIB nodes", RIB_NODE_BYTES), (view.routes, "BGP routes", 112))
    for row in always:
        yield row
    for row in (
        (view.networks, "Static routes", 144),
        (view.packets, "Packets", 56),
        (view.adj_in, "Adj-In entries", 48),
        (view.adj_out, "Adj-Out entries", 96),
        (view.nexthops, "Nexthop cache entries", 184),
    ):
        if row[0]:
            yield row
    yield view.attributes, "BGP attributes", 312
    yield view.as_paths, "BGP AS-PATH entries", 40
    yield view.as_segments, "BGP AS-PATH segments", 24
    for row in (
        (view.communities, "BGP community entries", 40),
        (view.ext_communities, "BGP ext-community entries", 40),
        (view.large_communities, "BGP large-community entries", 40),
        (view.clusters, "Cluster lists", 16),
    ):
        if row[0]:
            yield row
    yield view.peers, "peers", PEER_BYTES
    for row in ((view.groups, "peer groups", 64), (view.expressions, "compiled regexes", 64)):
        if row[0]:
            yield row


@text.register
def memory_view_text(view: Memory) -> Iterator[str]:
    """A line by kind of object; the bytes are what FRR would need."""
    for count, words, size in memory_rows(view):
        yield f"{count} {words}, using {memory_text(count * size)} of memory\n"


@text.register
def peer_hash_text(view: PeerHash) -> Iterator[str]:
    """Each neighbor twice, as FRR prints it."""
    for name, peers in view.instances:
        yield f"BGP: {name or '(null)'}\n"
        for peer in peers:
            yield f"\tPeer: {peer} {peer}\n"


@text.register
def fixed_text(view: Fixed) -> Iterator[str]:
    """As it is."""
    yield view.text


@text.register
def communities_text(view: Communities) -> Iterator[str]:
    """A line by set of communities in use."""
    yield f"{view.heading}\n"
    for address, users, words in view.lines:
        yield f"[0x{address:x}] ({users}) {words}\n"


@text.register
def nexthop_tables_text(view: NexthopTables) -> Iterator[str]:
    """Each cache under the name of its instance."""
    for name, table in view.tables:
        yield f"\nInstance {name}:\n"
        yield from nexthops_text(table)


@text.register
def as_paths_text(view: AsPaths) -> Iterator[str]:
    """A line by AS path in use."""
    yield "Address Refcnt Path\n"
    for address, hashed, users, words in view.lines:
        yield f"[0x{address:x}:{hashed}] ({users}) {words}\n"


@text.register
def attributes_text(view: Attributes) -> Iterator[str]:
    """Two lines by set."""
    for line in view.lines:
        yield f"attr[{line.users}] nexthop {line.nexthop}\n"
        yield (
            f"\tflags: {line.flags} distance: 0 med: {line.med} local_pref: {line.local_pref}"
            f" origin: {line.origin} weight: {line.weight} label: 4294836223 sid: \n"
        )


@text.register
def statistics_text(view: StatisticsView) -> Iterator[str]:
    """A block by family."""
    for family in view.families:
        yield "".join(_statistics(family))


def _row(words: str, value: object) -> str:
    return f"{words:<30}: {value:>12}\n"


def mean(total: int, count: int) -> float:
    """Their quotient, 0 for nothing."""
    return total / count if count else 0.0


def _statistics(view: Statistics) -> Iterator[str]:
    yield f"BGP {view.family} RIB statistics ({view.title})\n"
    yield _row("Total Advertisements", view.advertisements)
    yield _row("Total Prefixes", view.prefixes)
    yield _row("Average prefix length", f"{mean(view.length_sum, view.prefixes):.2f}")
    yield _row("Unaggregateable prefixes", view.prefixes - view.aggregable)
    yield _row("Maximum aggregateable prefixes", view.aggregable)
    yield _row("BGP Aggregate advertisements", view.aggregates)
    yield _row("Address space advertised", f"{view.space:g}")
    if view.ipv6:
        # FRR prints the format of its heading here.
        yield f"{'/32 equivalent %s':>29}\n: {view.space / 2**96:>12g}\n"
        yield f"{'/48 equivalent %s':>29}\n: {view.space / 2**80:>12g}\n"
    else:
        for words, share in (
            ("% announced", view.space * 100 / 2**32),
            ("/8 equivalent", view.space / 2**24),
            ("/24 equivalent", view.space / 2**8),
        ):
            yield f"{words:>29} : {share:>12.2f}\n"
    yield "\n"
    yield _row("Advertisements with paths", view.advertisements)
    yield _row("Longest AS-Path (hops)", view.longest_path)
    yield _row("Average AS-Path length (hops)", f"{mean(view.hops_sum, view.advertisements):.2f}")
    yield _row("Largest AS-Path (bytes)", view.largest_path)
    yield _row("Average AS-Path size (bytes)", f"{mean(view.bytes_sum, view.advertisements):.2f}")
    yield _row("Highest public ASN", view.highest_asn)
