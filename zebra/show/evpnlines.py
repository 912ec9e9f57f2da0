"""What each `show evpn` line answers; a function per line, with the values of the line."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from grammar.output.jsonc import Json, pretty
from zebra.evpn.state import Host, Mac, Vni
from zebra.show import evpn as vnis_shown
from zebra.show import evpnhosts as shown

if TYPE_CHECKING:
    from zebra.zebra import Zebra

Values = Mapping[str, Any]
Named = Callable[[int], str]


def _named(zebra: "Zebra") -> Named:
    return zebra.interfaces.name


def _vnis(zebra: "Zebra") -> list[Vni]:
    return [vni for _, vni in sorted(zebra.evpn.vnis.items())]


def _json(value: Json) -> list[str]:
    return [pretty(value) + "\n"]


# --- VNIs ----------------------------------------------------------------------------------------


def _settings(zebra: "Zebra") -> vnis_shown.Settings:
    evpn, process = zebra.evpn, zebra.config.process
    found, delay = evpn.detection, int(process.get("evpn mh startup-delay", 180))
    return vnis_shown.Settings(
        l2=len(evpn.vnis),
        detects=found.enable,
        moves=found.max_moves,
        window=found.time,
        freeze=found.freeze_time,
        mac_holdtime=int(process.get("evpn mh mac-holdtime", 1080)),
        neigh_holdtime=int(process.get("evpn mh neigh-holdtime", 1080)),
        startup_delay=delay,
        left=evpn.delay_left(delay),
    )


def settings(zebra: "Zebra", values: Values, as_json: bool) -> Iterable[str]:
    """`show evpn`."""
    of = _settings(zebra)
    return _json(vnis_shown.settings_json(of)) if as_json else vnis_shown.settings_text(of)


def vnis(zebra: "Zebra", values: Values, as_json: bool) -> Iterable[str]:
    """`show evpn vni`."""
    rows, named = _vnis(zebra), _named(zebra)
    if as_json:
        return _json(vnis_shown.list_json(rows, named))
    return vnis_shown.list_text(rows, named)


def vni_details(zebra: "Zebra", values: Values, as_json: bool) -> Iterable[str]:
    """`show evpn vni detail`."""
    rows, named = _vnis(zebra), _named(zebra)
    if as_json:
        return _json([vnis_shown.detail_json(each, named) for each in rows])
    return [f"{''.join(vnis_shown.detail_text(each, named))}\n" for each in rows]


def vni(zebra: "Zebra", values: Values, as_json: bool, of: Vni) -> Iterable[str]:
    """`show evpn vni N`."""
    named = _named(zebra)
    if as_json:
        return _json(vnis_shown.detail_json(of, named))
    return vnis_shown.detail_text(of, named)


# --- MAC addresses of a VNI ----------------------------------------------------------------------


def _mac_table(macs: Collection[Mac], named: Named) -> dict[str, Json]:
    out: dict[str, Json] = {"numMacs": len(macs)}
    return {**out, "macs": shown.macs_json(macs, named)} if macs else out


def macs(zebra: "Zebra", values: Values, as_json: bool, of: Vni) -> Iterator[str]:
    """`show evpn mac vni N`."""
    found, named = list(of.known_macs()), _named(zebra)
    if not found:
        return
    if as_json:
        yield from _json(_mac_table(found, named))
        return
    yield f"Number of MACs (local and remote) known for this VNI: {len(found)}\n"
    yield from shown.macs_text(found, named)


def _twice(of: Vni) -> list[Mac]:
    return [mac for mac in of.known_macs() if mac.duplicate is not None]


def duplicate_macs(zebra: "Zebra", values: Values, as_json: bool, of: Vni) -> Iterable[str]:
    """`show evpn mac vni N duplicate`."""
    found, named = _twice(of), _named(zebra)
    if not found:
        return []
    if as_json:
        return _json(_mac_table(found, named))
    return shown.duplicates_text(found, named)


def mac(zebra: "Zebra", values: Values, as_json: bool, of: Vni) -> Iterable[str]:
    """`show evpn mac vni N mac MAC`."""
    found, now = of.macs.get(values["mac"]), zebra.clock.now()
    if found is None:
        text = f"% Requested MAC does not exist in VNI {of.number}\n"
        return ["{}\n" if as_json else text]
    if as_json:
        return _json(shown.mac_detail_json(found, _named(zebra), now))
    return shown.mac_detail_text(found, _named(zebra), now)


def _behind(of: Vni, values: Values) -> list[Mac]:
    return [mac for mac in of.known_macs() if mac.vtep == values["vtep"]]


def _of_vtep_text(of: Vni, found: Collection[Mac], named: Named) -> Iterator[str]:
    if found:
        yield f"\nVNI {of.number}\n\n"
        yield from shown.macs_text(found, named, of_vtep=True)


def macs_of_vtep(zebra: "Zebra", values: Values, as_json: bool, of: Vni) -> Iterable[str]:
    """`show evpn mac vni N vtep ROUTER`."""
    found, named = _behind(of, values), _named(zebra)
    if as_json:
        return _json(_mac_table(found, named)) if any(of.known_macs()) else []
    return _of_vtep_text(of, found, named)


# --- MAC addresses of all VNIs -------------------------------------------------------------------


def _with_macs(zebra: "Zebra") -> list[Vni]:
    return [each for each in _vnis(zebra) if any(each.known_macs())]


def _counted(of: Vni, count: int) -> str:
    return f"\nVNI {of.number} #MACs (local and remote) {count}\n\n"


def _all_macs(zebra: "Zebra", as_json: bool, choose: Callable[[Vni], list[Mac]]) -> Iterator[str]:
    named, rows = _named(zebra), _with_macs(zebra)
    if as_json:
        yield from _json({str(each.number): _mac_table(choose(each), named) for each in rows})
        return
    for each in rows:
        found = choose(each)
        yield _counted(each, len(found))
        yield from shown.macs_text(found, named)


def all_macs(zebra: "Zebra", values: Values, as_json: bool) -> Iterable[str]:
    """`show evpn mac vni all`."""
    return _all_macs(zebra, as_json, lambda each: list(each.known_macs()))


def all_duplicate_macs(zebra: "Zebra", values: Values, as_json: bool) -> Iterable[str]:
    """`show evpn mac vni all duplicate`."""
    return _all_macs(zebra, as_json, _twice)


def all_mac_details(zebra: "Zebra", values: Values, as_json: bool) -> Iterator[str]:
    """`show evpn mac vni all detail`: these also have the addresses that hosts only name."""
    named, now, rows = _named(zebra), zebra.clock.now(), _with_macs(zebra)
    if as_json:
        out: dict[str, Json] = {}
        for each in rows:
            details: dict[str, Json] = {}
            for mac in each.all_macs():
                details |= shown.mac_detail_json(mac, named, now)
            out[str(each.number)] = {"numMacs": len(list(each.known_macs())), "macs": details}
        yield from _json(out)
        return
    for each in rows:
        yield _counted(each, len(list(each.known_macs())))
        for mac in each.all_macs():
            yield from shown.mac_detail_text(mac, named, now)


def all_macs_of_vtep(zebra: "Zebra", values: Values, as_json: bool) -> Iterator[str]:
    """`show evpn mac vni all vtep ROUTER`."""
    named, out = _named(zebra), dict[str, Json]()
    for each in _with_macs(zebra):
        found = _behind(each, values)
        if not as_json:
            yield from _of_vtep_text(each, found, named)
        out[str(each.number)] = {"macs": shown.macs_json(found, named)} if found else {}
    if as_json:
        yield from _json(out)


# --- hosts ---------------------------------------------------------------------------------------


def _host_table(of: Vni, hosts: Collection[Host], now: float | None = None) -> dict[str, Json]:
    return {"numArpNd": len(hosts), **shown.hosts_json(of, hosts, now)}


def hosts(zebra: "Zebra", values: Values, as_json: bool, of: Vni) -> Iterator[str]:
    """`show evpn arp-cache vni N`."""
    found = shown.ordered_hosts(of)
    if not found:
        return
    if as_json:
        yield from _json(_host_table(of, found))
        return
    yield f"Number of ARPs (local and remote) known for this VNI: {len(found)}\n"
    yield from shown.hosts_text(found)


def host(zebra: "Zebra", values: Values, as_json: bool, of: Vni) -> Iterable[str]:
    """`show evpn arp-cache vni N ip ADDRESS`."""
    found, now = of.hosts.get(values["address"]), zebra.clock.now()
    if found is None:
        text = f"% Requested neighbor does not exist in VNI {of.number}\n"
        return [] if as_json else [text]
    if as_json:
        return _json(shown.host_detail_json(of, found, now))
    return shown.host_detail_text(found, now)


def hosts_of_vtep(zebra: "Zebra", values: Values, as_json: bool, of: Vni) -> Iterable[str]:
    """`show evpn arp-cache vni N vtep ROUTER`."""
    found = shown.ordered_hosts(of, values["vtep"])
    if as_json:
        return _json(shown.hosts_json(of, found)) if of.hosts else []
    return shown.hosts_text(found) if found else []


def _twice_hosts(of: Vni) -> list[Host]:
    return [host for host in shown.ordered_hosts(of) if of.is_duplicate(host)]


def duplicate_hosts(zebra: "Zebra", values: Values, as_json: bool, of: Vni) -> Iterable[str]:
    """`show evpn arp-cache vni N duplicate`."""
    found = _twice_hosts(of)
    if not found:
        return []
    return _json(_host_table(of, found)) if as_json else shown.duplicate_hosts_text(found)


def _all_hosts(
    zebra: "Zebra", as_json: bool, choose: Callable[[Vni], list[Host]], now: float | None = None
) -> Iterator[str]:
    rows = _vnis(zebra)
    if as_json:
        yield from _json({str(each.number): _host_table(each, choose(each), now) for each in rows})
        return
    for each in rows:
        found = choose(each)
        yield f"\nVNI {each.number} #ARP (IPv4 and IPv6, local and remote) {len(found)}\n\n"
        if now is not None:
            for host in found:
                yield from shown.host_detail_text(host, now)
        elif found:
            yield from shown.hosts_text(found)


def all_hosts(zebra: "Zebra", values: Values, as_json: bool) -> Iterable[str]:
    """`show evpn arp-cache vni all`."""
    return _all_hosts(zebra, as_json, shown.ordered_hosts)


def all_host_details(zebra: "Zebra", values: Values, as_json: bool) -> Iterable[str]:
    """`show evpn arp-cache vni all detail`."""
    return _all_hosts(zebra, as_json, shown.ordered_hosts, zebra.clock.now())


def all_duplicate_hosts(zebra: "Zebra", values: Values, as_json: bool) -> Iterable[str]:
    """`show evpn arp-cache vni all duplicate`."""
    return _all_hosts(zebra, as_json, _twice_hosts)
