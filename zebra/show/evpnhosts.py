"""MAC addresses and hosts of VNIs as FRR's text and JSON."""

from collections.abc import Collection, Iterator

from grammar.base.values import Address
from grammar.output.jsonc import Json
from grammar.output.time import ctime, route_uptime
from zebra.evpn.state import Host, Mac, Origin, Vni
from zebra.show.evpn import Named
from zebra.zapi.evpn import MacFlag

_NARROWEST = 15
_MAC_TITLES = (f"{'MAC':<17} {'Type':<6} {'Flags':<5}", f"{'Intf/Remote ES/VTEP':<30} {'VLAN':<5}")
_FLAGS = "Flags: N=sync-neighs, I=local-inactive, P=peer-active, X=peer-proxy\n"
_HOST_FLAGS = "Flags: I=local-inactive, P=peer-active, X=peer-proxy\n"


def mac_text(mac: bytes) -> str:
    """`02:00:00:00:00:01`."""
    return mac.hex(":")


def _place(mac: Mac, named: Named) -> str:
    return named(mac.ifindex) if mac.origin is Origin.LOCAL else str(mac.vtep)


# --- lists of MAC addresses ----------------------------------------------------------------------


def macs_text(macs: Collection[Mac], named: Named, *, of_vtep: bool = False) -> Iterator[str]:
    """A line each, below their titles; FRR's title has one blank less in lists of a router."""
    gap = "" if of_vtep else " "
    if not of_vtep:
        yield _FLAGS
    yield f"{_MAC_TITLES[0]}{gap}{_MAC_TITLES[1]} Seq #'s\n"
    yield from _mac_lines(macs, named)


def duplicates_text(macs: Collection[Mac], named: Named) -> Iterator[str]:
    """Those of one VNI that move too often."""
    yield f"Number of MACs (local and remote) known for this VNI: {len(macs)}\n"
    yield f"{_MAC_TITLES[0]} {_MAC_TITLES[1]}\n"
    yield from _mac_lines(macs, named)


def _mac_lines(macs: Collection[Mac], named: Named) -> Iterator[str]:
    for mac in macs:
        kind, vlan = mac.origin.value, str(mac.vlan or "")
        sequences = f"{mac.local_sequence}/{mac.remote_sequence}"
        head = f"{mac_text(mac.address):<17} {kind:<6} {'':<5} {_place(mac, named):<30}"
        yield f"{head} {vlan:<5} {sequences}\n"


def _moves(of: Mac | Host, twice: bool) -> dict[str, Json]:
    return {
        "localSequence": of.local_sequence,
        "remoteSequence": of.remote_sequence,
        "detectionCount": of.moves if isinstance(of, Mac) else 0,
        "isDuplicate": twice,
    }


def mac_json(mac: Mac, named: Named) -> dict[str, Json]:
    """One of a list."""
    out: dict[str, Json] = {"type": mac.origin.value}
    if mac.origin is Origin.LOCAL:
        out["intf"] = named(mac.ifindex)
        if mac.vlan:
            out["vlan"] = mac.vlan
    elif mac.vtep is not None:
        out["remoteVtep"] = str(mac.vtep)
    return out | _moves(mac, mac.duplicate is not None)


def macs_json(macs: Collection[Mac], named: Named) -> Json:
    """A list by address."""
    return {mac_text(mac.address): mac_json(mac, named) for mac in macs}


# --- one MAC address -----------------------------------------------------------------------------


def mac_detail_text(mac: Mac, named: Named, now: float) -> Iterator[str]:
    """All that is known of one, with a blank line at its end."""
    yield f"MAC: {mac_text(mac.address)}\n"
    match mac.origin:
        case Origin.LOCAL:
            sticky = " Sticky Mac " if MacFlag.STICKY in mac.flags else ""
            yield f" Intf: {named(mac.ifindex)}({mac.ifindex}) VLAN: {mac.vlan}{sticky}\n"
        case Origin.REMOTE:
            sticky = " Sticky Mac " if MacFlag.STICKY in mac.flags else ""
            yield f" Remote VTEP: {mac.vtep}{sticky}\n"
        case Origin.AUTO:
            yield " Auto Mac \n"
    yield " Sync-info: neigh#: 0\n"
    yield f" Local Seq: {mac.local_sequence} Remote Seq: {mac.remote_sequence}\n"
    yield f" Uptime: {route_uptime(now - mac.since)}\n"
    if mac.duplicate is not None:
        yield f" Duplicate, detected at {ctime(mac.duplicate)}\n"
    elif mac.moves:
        started = f" Duplicate detection started at {ctime(mac.first_move)}\n"
        yield f"{started}, detection count {mac.moves}\n"
    yield " Neighbors:\n"
    for _, host in sorted(mac.hosts.items()):
        yield f"    {host.address} {'Active' if host.active else 'Inactive'}\n"
    if not mac.hosts:
        yield "    No Neighbors\n"
    yield "\n"


def mac_detail_json(mac: Mac, named: Named, now: float) -> dict[str, Json]:
    """All that is known of one, by its address."""
    out: dict[str, Json] = {"type": mac.origin.value}
    if mac.origin is Origin.LOCAL:
        out |= {"intf": named(mac.ifindex), "ifindex": mac.ifindex}
        if mac.vlan:
            out["vlan"] = mac.vlan
    elif mac.vtep is not None:
        out["remoteVtep"] = str(mac.vtep)
    if MacFlag.STICKY in mac.flags:
        out["stickyMac"] = True
    out["uptime"] = route_uptime(now - mac.since)
    out |= {**_moves(mac, mac.duplicate is not None), "syncNeighCount": 0}
    out["neighbors"] = _neighbors(mac) if mac.hosts else "none"
    return {mac_text(mac.address): out}


def _neighbors(mac: Mac) -> Json:
    hosts = [host for _, host in sorted(mac.hosts.items())]
    return {
        "active": [str(host.address) for host in hosts if host.active],
        "inactive": [str(host.address) for host in hosts if not host.active],
    }


# --- hosts ---------------------------------------------------------------------------------------


def ordered_hosts(vni: Vni, vtep: Address | None = None) -> list[Host]:
    """Those of a VNI, or of one router, by their addresses."""
    hosts = [host for _, host in sorted(vni.hosts.items())]
    return hosts if vtep is None else [host for host in hosts if host.vtep == vtep]


def _state(host: Host) -> str:
    return "active" if host.active else "inactive"


def hosts_text(hosts: Collection[Host]) -> Iterator[str]:
    """A line each, below their titles."""
    width = max([_NARROWEST, *(len(str(host.address)) for host in hosts)])
    yield _HOST_FLAGS
    titles = f"{'Neighbor':<{width}} {'Type':<6} {'Flags':<5} {'State':<8} {'MAC':<17}"
    yield f"{titles} {'Remote ES/VTEP':<30} Seq #'s\n"
    yield from _host_lines(hosts, width)


def duplicate_hosts_text(hosts: Collection[Host]) -> Iterator[str]:
    """Those of one VNI whose MAC addresses move too often; FRR's titles stand askew."""
    width = max([_NARROWEST, *(len(str(host.address)) for host in hosts)])
    yield f"Number of ARPs (local and remote) known for this VNI: {len(hosts)}\n"
    yield f"{'IP':<{width}} {'Type':<6} {'State':<8} {'MAC':<17} {'Remote ES/VTEP':<30}\n"
    yield from _host_lines(hosts, width)


def _host_lines(hosts: Collection[Host], width: int) -> Iterator[str]:
    for host in hosts:
        head = f"{host.address!s:<{width}} {host.origin.value:<6} {'':<5} {_state(host):<8}"
        vtep = "" if host.vtep is None else str(host.vtep)
        sequences = f"{host.local_sequence}/{host.remote_sequence}"
        yield f"{head} {mac_text(host.mac):<17} {vtep:<30} {sequences}\n"


def _host_json(vni: Vni, host: Host) -> dict[str, Json]:
    out: dict[str, Json] = {
        "type": host.origin.value,
        "state": _state(host),
        "mac": mac_text(host.mac),
    }
    if host.vtep is not None:
        out["remoteVtep"] = str(host.vtep)
    return out | _moves(host, vni.is_duplicate(host))


def hosts_json(vni: Vni, hosts: Collection[Host], now: float | None = None) -> dict[str, Json]:
    """By address, with all that is known of them if the time is given."""
    if now is not None:
        return {str(host.address): host_detail_json(vni, host, now) for host in hosts}
    return {str(host.address): _host_json(vni, host) for host in hosts}


def host_detail_text(host: Host, now: float) -> Iterator[str]:
    """All that is known of one."""
    yield f"IP: {host.address}\n Type: {host.origin.value}\n State: {_state(host)}\n"
    yield f" Uptime: {route_uptime(now - host.since)}\n MAC: {mac_text(host.mac)}\n"
    yield " Sync-info: -\n"
    if host.router:
        yield " Flags: Router\n"
    if host.vtep is not None:
        yield f" Remote VTEP: {host.vtep}\n"
    yield f" Local Seq: {host.local_sequence} Remote Seq: {host.remote_sequence}\n"


def host_detail_json(vni: Vni, host: Host, now: float) -> dict[str, Json]:
    """All that is known of one."""
    uptime = route_uptime(now - host.since)
    return {"uptime": uptime, "ip": str(host.address), **_host_json(vni, host)}
