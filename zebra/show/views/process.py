"""What zebra itself is doing: clients, tables, counters and debugging."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grammar.base.values import IP, Afi, Prefix

if TYPE_CHECKING:
    from zebra.clients import Client
    from zebra.graceful import Restart
    from zebra.zebra import Zebra


@dataclass(frozen=True, slots=True)
class Debugging:
    """`show debugging`: what follows `debug zebra` for each switch that is on."""

    lines: tuple[str, ...]


def debugging(zebra: "Zebra", order: tuple[str, ...]) -> Debugging:
    """The debug switches that are on."""
    switches = zebra.config.debug
    return Debugging(tuple(switches[name] for name in order if name in switches))


@dataclass(frozen=True, slots=True)
class Overview:
    """`show zebra`."""

    release: str
    multipath: int
    forwarding: tuple[bool, bool]
    vrfs: tuple[tuple[str, int, int], ...]
    """VRFs by name, with their routes installed and removed."""
    namespaces: bool = False
    """VRFs are namespaces, not devices."""
    evpn: bool = False
    """A client wants VNIs told."""
    mpls: bool = False
    """`mpls enable` was typed once."""
    others_may: bool = False
    """Others may take routes of ours out of the kernel."""
    hardware: bool = False
    """There is hardware beneath the kernel (`--asic-offload`)."""


def overview(zebra: "Zebra") -> Overview:
    """What zebra can do here and what it did."""
    vrfs = zebra.rib.vrfs.values()
    return Overview(
        zebra.common.kernel_release,
        zebra.multipath,
        (zebra.kernel.forwarding(Afi.IPV4), zebra.kernel.forwarding(Afi.IPV6)),
        tuple((vrf.name, vrf.installs, vrf.removals) for vrf in vrfs),
        zebra.namespaces is not None,
        zebra.evpn.client is not None,
        zebra.config.switched.enabled,
        zebra.config.others_may,
        zebra.losses.hardware,
    )


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One ZAPI client; times are ages in seconds, None for never."""

    name: str
    number: int
    connected: float
    nht_registered: float | None
    nht_updated: float | None
    notify: bool
    last_read: float | None
    last_write: float | None
    last_received: str | None
    last_sent: str | None
    counts: dict[tuple[str, str], int]
    errors: int
    instance: int = 0
    session: int = 0
    restart: "RestartRow | None" = None


@dataclass(frozen=True, slots=True)
class RestartRow:
    """Graceful restart of a client: seconds, None for what has not happened or is over."""

    stale_time: int
    since: float | None
    left: float | None


@dataclass(frozen=True, slots=True)
class ClientList:
    """`show zebra client`; `brief` for the summary."""

    rows: tuple[ClientRow, ...]
    brief: bool


def _client(zebra: "Zebra", client: "Client") -> ClientRow:
    now = zebra.clock.now()

    def age(moment: float | None) -> float | None:
        return None if moment is None else now - moment

    return ClientRow(
        client.name,
        client.number,
        now - client.since,
        age(client.nht_since),
        age(client.nht_last),
        client.notify,
        age(client.last_read),
        age(client.last_write),
        client.last_received,
        client.last_sent,
        dict(client.counts),
        client.errors,
        client.instance,
        client.session,
        _restart(zebra.graceful.of(client), now),
    )


def _restart(restart: "Restart | None", now: float) -> RestartRow | None:
    if restart is None:
        return None
    return RestartRow(
        restart.stale_time,
        None if restart.left is None else now - restart.left,
        None if restart.delete_at is None else max(0.0, restart.delete_at - now),
    )


def clients(zebra: "Zebra", brief: bool) -> ClientList:
    """The ZAPI clients."""
    return ClientList(tuple(_client(zebra, client) for client in zebra.clients.all), brief)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A routing table and the nodes of its prefix tree."""

    vrf: str
    vrf_id: int
    namespace: int
    afi: Afi
    multicast: bool
    table: int
    count: int


@dataclass(frozen=True, slots=True)
class TableList:
    """`show zebra router table summary`."""

    rows: tuple[TableRow, ...]


def tree_nodes(prefixes: "list[Prefix]", bits: int, *, main: bool = True) -> int:
    """Nodes of FRR's prefix tree: the prefixes, where branches part, and in main tables `/0`."""
    nodes = {(0, 0)} if main else set()
    before: tuple[int, int] | None = None
    for prefix in sorted(prefixes):
        value, length = prefix.value, prefix.length
        nodes.add((value, length))
        if before is not None:
            common = min(bits - (value ^ before[0]).bit_length(), length, before[1])
            nodes.add((value >> (bits - common) << (bits - common) if common else 0, common))
        before = (value, length)
    return len(nodes)


def tables(zebra: "Zebra") -> TableList:
    """All tables, the multicast ones included."""
    rows = []
    for vrf in zebra.rib.vrfs.values():
        number = vrf.id if vrf.namespace.path else 0
        for afi in IP:
            for table in vrf.of_afi(afi):
                prefixes = [table.prefix(dest) for dest in list(table.routes.values())]
                count = tree_nodes(prefixes, afi.bits, main=table.is_main)
                rows.append(TableRow(vrf.name, vrf.id, number, afi, False, table.id, count))
            table = vrf.multicast[afi]
            prefixes = [table.prefix(dest) for dest in list(table.routes.values())]
            count = tree_nodes(prefixes, afi.bits)
            rows.append(TableRow(vrf.name, vrf.id, number, afi, True, table.id, count))
    return TableList(tuple(rows))


@dataclass(frozen=True, slots=True)
class Dataplane:
    """`show zebra dplane`: what was handed to the kernel."""

    updates: int
    errors: int
    deepest: int
    address_updates: int
    macs: tuple[int, int] = (0, 0)
    """Hosts of other routers entered into bridges or removed, and how many of them failed."""
    hosts: tuple[int, int] = (0, 0)
    """The same of neighbours."""
    switches: tuple[int, int] = (0, 0)
    """The same of switched paths."""
    limit: int = 200
    """How many changes may wait, as configured."""
    link_updates: int = 0


def dataplane(zebra: "Zebra") -> Dataplane:
    """Counters of the way to the kernel."""
    counters, limit = zebra.fib.counters, zebra.config.queue_limit
    updates = sum(vrf.installs + vrf.removals for vrf in zebra.rib.vrfs.values())
    updates += counters.refused
    return Dataplane(
        updates,
        counters.errors,
        counters.deepest,
        counters.address_updates,
        zebra.evpn.counts(macs=True),
        zebra.evpn.counts(macs=False),
        (zebra.switcher.updates, zebra.switcher.errors),
        200 if limit is None else limit,
        counters.link_updates,
    )
