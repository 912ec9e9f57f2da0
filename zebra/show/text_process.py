"""Clients, counters and debugging as FRR's text."""

from collections.abc import Callable, Iterator
from typing import Any

from grammar.base.values import Afi
from grammar.output.time import route_uptime
from zebra.show import views
from zebra.show.text_advert import ra_interfaces

_DEBUG_TEXTS = {
    "events": "Zebra event debugging is on",
    "packet": "Zebra packet debugging is on",
    "packet detail": "Zebra packet detail debugging is on",
    "packet recv": "Zebra packet receive debugging is on",
    "packet recv detail": "Zebra packet receive detail debugging is on",
    "packet send": "Zebra packet send debugging is on",
    "packet send detail": "Zebra packet send detail debugging is on",
    "kernel": "Zebra kernel debugging is on",
    "rib": "Zebra RIB debugging is on",
    "rib detailed": "Zebra RIB detailed debugging is on",
    "fpm": "Zebra FPM debugging is on",
    "nht": "Zebra next-hop tracking debugging is on",
    "nht detailed": "Zebra detailed next-hop tracking debugging is on",
    "mpls": "Zebra MPLS debugging is on",
    "mpls detailed": "Zebra detailed MPLS debugging is on",
    "vxlan": "Zebra VXLAN debugging is on",
    "mlag": "Zebra mlag debugging is on",
    "pseudowires": "Zebra pseudowire debugging is on",
    "dplane": "Zebra dataplane debugging is on",
    "dplane detailed": "Zebra detailed dataplane debugging is on",
    "dplane dpdk": "Zebra dataplane dpdk debugging is on",
    "dplane dpdk detailed": "Zebra detailed dataplane dpdk debugging is on",
    "nexthop": "Zebra nexthop debugging is on",
    "nexthop detail": "Zebra nexthop detail debugging is on",
    "pbr": "Zebra PBR debugging is on",
    "neigh": "Zebra neigh debugging is on",
    "evpn mh es": "Zebra EVPN-MH ES debugging is on",
    "evpn mh mac": "Zebra EVPN-MH MAC debugging is on",
    "evpn mh neigh": "Zebra EVPN-MH Neigh debugging is on",
    "evpn mh nh": "Zebra EVPN-MH nexthop debugging is on",
}
_DUMP = "Zebra kernel netlink message dumps ({}) are on"


def debugging(view: views.Debugging) -> Iterator[str]:
    """`show debugging`."""
    yield "Zebra debugging status:\n"
    for line in view.lines:
        if line.startswith("kernel msgdump"):
            for way in ("recv", "send"):
                if line in ("kernel msgdump", f"kernel msgdump {way}"):
                    yield f"  {_DUMP.format(way)}\n"
        elif line in _DEBUG_TEXTS:
            yield f"  {_DEBUG_TEXTS[line]}\n"


# --- clients, tables, counters --------------------------------------------------------------------

_ROWS = (
    ("IPv4", "route1"),
    ("IPv6", "route2"),
    ("Redist:v4", "redist1"),
    ("Redist:v6", "redist2"),
    ("VRF", "vrf"),
    ("Connected", "connected"),
    ("Interface", "interface"),
    ("Intf Addr", "address"),
    ("BFD peer", "bfd"),
    ("NHT v4", "nht1"),
    ("NHT v6", "nht2"),
    ("VxLAN SG", "sg"),
    ("VNI", "vni"),
    ("L3-VNI", "l3vni"),
    ("MAC-IP", "macip"),
    ("ES", "es"),
    ("ES-EVI", "es-evi"),
)


def _age(seconds: float | None) -> str:
    return "never   " if seconds is None else route_uptime(seconds)


def client_list(view: views.ClientList) -> Iterator[str]:
    """`show zebra client` and its summary."""
    if not view.brief:
        for row in view.rows:
            yield from _client(row)
        return
    yield (
        "Name      Connect Time    Last Read  Last Write      IPv4 Routes           IPv6 Routes\n"
    )
    yield f"{'-' * 90}\n"
    for row in view.rows:
        times = f"{route_uptime(row.connected):>12} {_age(row.last_read):>12}"
        counts = []
        for afi in (1, 2):
            added = sum(row.counts.get((f"route{afi}", how), 0) for how in ("add", "update"))
            counts.append((added, row.counts.get((f"route{afi}", "delete"), 0)))
        (a4, d4), (a6, d6) = counts
        yield (
            f"{_short_name(row):<10}{times}{_age(row.last_write):>12}{a4:>11}/{d4:<10}{a6:>11}/{d6:<10}\n"
        )
    yield "Routes column shows (added+updated)/deleted\n"


def _short_name(row: views.ClientRow) -> str:
    if not row.instance and not row.session:
        return row.name
    return f"{row.name}[{row.instance}:{row.session}]"


def _client(row: views.ClientRow) -> Iterator[str]:
    instance = f" Instance: {row.instance}" if row.instance else ""
    session = f" [{row.session}]" if row.session else ""
    yield f"Client: {row.name}{instance}{session}\n"
    yield f"{'-' * 24} \n"
    yield f"FD: {row.number} \n"
    yield f"Connect Time: {route_uptime(row.connected)} \n"
    if row.nht_registered is None:
        yield "Not registered for Nexthop Updates\n"
    else:
        yield f"Nexthop Registry Time: {route_uptime(row.nht_registered)} \n"
        if row.nht_updated is None:
            yield "No Nexthop Update sent\n"
        else:
            yield f"Nexthop Last Update Time: {route_uptime(row.nht_updated)} \n"
    yield f"Client will {'' if row.notify else 'Not '}be notified about it's routes status\n"
    yield f"Last Msg Rx Time: {_age(row.last_read)} \n"
    yield f"Last Msg Tx Time: {_age(row.last_write)} \n"
    if row.last_received is not None:
        yield f"Last Rcvd Cmd: {row.last_received} \n"
    if row.last_sent is not None:
        yield f"Last Sent Cmd: {row.last_sent} \n"
    yield "\n"
    yield "Type        Add         Update      Del \n"
    yield f"{'=' * 50} \n"
    for title, name in _ROWS:
        numbers = "".join(
            f"{row.counts.get((name, how), 0):<12}" for how in ("add", "update", "delete")
        )
        yield f"{title:<12}{numbers}\n"
    yield f"Errors: {row.errors}\n\n"
    if row.restart is not None:
        yield from _restart(row.restart, session)
    yield "\n"


def _restart(row: views.RestartRow, session: str) -> Iterator[str]:
    yield f"Stale Client Information\n{'-' * 24}\n"
    yield f"{session}VRF : default\nCapabilities : Graceful Restart({row.stale_time} seconds)\n"
    if row.since is not None:
        yield f"Last restart time : {route_uptime(row.since)} ago\n"
        yield f"Stalepath removal time: {row.stale_time} sec\n"
    if row.left is not None:
        yield f"Stale delete timer: {int(row.left)} sec\n"
    yield f"Current AFI : {0 if row.left is None else 1}\n"


def table_list(view: views.TableList) -> Iterator[str]:
    """`show zebra router table summary`."""
    yield "VRF             NS ID    VRF ID     AFI            SAFI    Table      Count\n"
    yield f"{'-' * 75}\n"
    order = sorted(view.rows, key=lambda row: (row.table, row.vrf_id, row.afi, row.multicast))
    for row in order:
        afi = "IPv4" if row.afi is Afi.IPV4 else "IPv6"
        safi = "multicast" if row.multicast else "unicast"
        tail = f"{afi:>8}{safi:>16}{row.table:>9}{row.count:>11}"
        yield f"{row.vrf:<16}{row.namespace:>5}{row.vrf_id:>10}{tail}\n"


def overview(view: views.Overview) -> Iterator[str]:
    """`show zebra`."""

    def on(value: bool) -> str:
        return "On" if value else "Off"

    rows = [
        ("OS", f"Linux({view.release})"),
        ("ECMP Maximum", str(view.multipath)),
        ("v4 Forwarding", on(view.forwarding[0])),
        ("v6 Forwarding", on(view.forwarding[1])),
        ("MPLS", on(view.mpls)),
        ("EVPN", on(view.evpn)),
        ("Kernel socket buffer size", "90000000"),
        ("VRF", "Namespaces" if view.namespaces else "l3mdev Available"),
        ("ASIC offload", "Used" if view.hardware else "Unavailable"),
        ("RA", "Compiled in"),
        ("RFC 5549", "BGP is not using"),
        ("Kernel NHG", "Available"),
        ("Allow Non FRR route deletion", "Yes" if view.others_may else "No"),
    ]
    for family in ("v4", "v6"):
        rows += [
            (f"{family} All LinkDown Routes", "Off"),
            (f"{family} Default LinkDown Routes", "Off"),
        ]
    for family in ("v4", "v6"):
        rows += [(f"{family} All MC Forwarding", "Off"), (f"{family} Default MC Forwarding", "Off")]
    for name, value in rows:
        yield f" {name:<30} {value:<25}\n"
    yield "\n"
    yield "                            Route      Route      Neighbor   LSP        LSP\n"
    yield "VRF                         Installs   Removals    Updates   Installs   Removals\n"
    for vrf, installs, removals in view.vrfs:
        yield f"{vrf:<25} {installs:>10} {removals:>10} {0:>10} {0:>10} {0:>10}\n"


def dataplane(view: views.Dataplane) -> Iterator[str]:
    """`show zebra dplane`."""
    yield "Zebra dataplane:\n"
    yield f"Route updates:            {view.updates}\n"
    yield f"Route update errors:      {view.errors}\n"
    yield "Other errors       :      0\n"
    yield f"Route update queue limit: {view.limit}\n"
    yield "Route update queue depth: 0\n"
    yield f"Route update queue max:   {view.deepest}\n"
    yield "Dplane update yields:     0\n"
    yield f"LSP updates:              {view.switches[0]}\n"
    yield f"LSP update errors:        {view.switches[1]}\n"
    yield "PW updates:               0\nPW update errors:         0\n"
    yield f"Intf addr updates:        {view.address_updates}\n"
    yield "Intf addr errors:         0\n"
    yield f"Intf change updates:        {view.link_updates}\nIntf change errors:         0\n"
    for name, (updates, errors) in (("MAC", view.macs), ("neigh", view.hosts)):
        yield f"{f'EVPN {name} updates:':<26}{updates}\n{f'EVPN {name} errors:':<26}{errors}\n"
    yield "Rule updates:             0\nRule errors:              0\n"
    yield "Bridge port updates:      0\nBridge port errors:       0\n"
    yield "IPtable updates:             0\nIPtable errors:              0\n"
    yield "IPset updates:             0\nIPset errors:              0\n"
    yield "IPset entry updates:             0\nIPset entry errors:              0\n"
    yield "Neighbor Table updates:       0\nNeighbor Table errors:        0\n"
    yield "GRE set updates:       0\nGRE set errors:        0\n"


def register(render: Any) -> None:
    """Add these renderers to the dispatcher."""
    pairs: list[tuple[type, Callable[..., Iterator[str]]]] = [
        (views.Debugging, debugging),
        (views.AdvertisingList, ra_interfaces),
        (views.ClientList, client_list),
        (views.TableList, table_list),
        (views.Overview, overview),
        (views.Dataplane, dataplane),
    ]
    for kind, function in pairs:
        render.register(kind, function)
