"""Hosts here, as the kernel tells of them."""

from collections.abc import Collection, Iterable
from typing import Protocol

from grammar.base.clock import Clock
from grammar.base.values import Address
from zebra.evpn import remote
from zebra.evpn.moves import moved
from zebra.evpn.state import COPIED, Host, Mac, Origin, Vni
from zebra.interface import Interface, Interfaces
from zebra.kernel.api import SetFdb
from zebra.kernel.neighbors import (
    FdbAdded,
    FdbEntry,
    FdbGone,
    HostEvent,
    Neighbor,
    NeighborAdded,
    NeighborGone,
)
from zebra.zapi.evpn import LocalMacAdd, LocalMacDelete, MacFlag

_NOBODY = bytes(6)


class Ways(remote.Ways, Protocol):
    """As for hosts of others."""

    def tell(self, message: LocalMacAdd | LocalMacDelete) -> None:
        """Tell of a host here."""
        ...


class LocalHosts:
    """Follows the tables of bridges, and the neighbours on them."""

    def __init__(self, interfaces: Interfaces, clock: Clock, ways: Ways) -> None:
        self._interfaces = interfaces
        self._clock = clock
        self._ways = ways

    def read(self, vni: Vni, events: Iterable[HostEvent]) -> None:
        """Enter what is there when a VNI comes up."""
        for event in events:
            self.event([vni], event)

    def event(self, vnis: Collection[Vni], event: HostEvent) -> None:
        """Something happened that may concern one of the VNIs."""
        match event:
            case FdbAdded(entry) | FdbGone(entry):
                port = self._interfaces.by_index.get(entry.ifindex)
                bridge = port.link.master if port is not None else 0
                for vni in vnis:
                    if port is not None and vni.told and vni.bridge == bridge:
                        self._entry(vni, port, entry, added=isinstance(event, FdbAdded))
            case NeighborAdded(neighbor):
                for vni in vnis:
                    if vni.told and vni.svi == neighbor.ifindex and not neighbor.learned:
                        self._neighbor(vni, neighbor)
            case NeighborGone(ifindex, address):
                for vni in vnis:
                    host = vni.hosts.get(address) if vni.svi == ifindex else None
                    if host is not None:
                        self._neighbor_gone(vni, host)

    def missing(self, vni: Vni, events: Iterable[HostEvent]) -> list[HostEvent]:
        """What is known here, or was entered for others, and is not among what there is."""
        entries: set[tuple[bytes, Address | None]] = set()
        neighbors: set[Address] = set()
        for event in events:
            match event:
                case FdbAdded(entry):
                    entries.add((entry.mac, entry.vtep))
                case NeighborAdded(neighbor) if neighbor.ifindex == vni.svi:
                    neighbors.add(neighbor.address)
        gone: list[HostEvent] = [
            FdbGone(FdbEntry(mac.ifindex or vni.ifindex, mac.address))
            for mac in vni.known_macs()
            if (mac.address, mac.vtep) not in entries
        ]
        gone += [
            FdbGone(FdbEntry(vni.ifindex, _NOBODY, vtep))
            for vtep in vni.vteps
            if (_NOBODY, vtep) not in entries
        ]
        gone += [NeighborGone(vni.svi, one) for one in vni.hosts if one not in neighbors]
        return gone

    # --- MAC addresses ---------------------------------------------------------------------

    def _entry(self, vni: Vni, port: Interface, entry: FdbEntry, *, added: bool) -> None:
        if port.link.vxlan is not None:
            if port.ifindex == vni.ifindex:
                self._tunnel(vni, entry, added=added)
        elif added and not entry.permanent:
            self._seen(vni, entry)
        elif not added:
            self._unseen(vni, entry)

    def _tunnel(self, vni: Vni, entry: FdbEntry, *, added: bool) -> None:
        """An entry at the VXLAN interface: ours, one that was learnt, or one of ours taken."""
        mac = vni.macs.get(entry.mac)
        if entry.vtep is not None:
            if not added and entry.mac == _NOBODY and vni.vteps.get(entry.vtep) == COPIED:
                self._ways.program([SetFdb(vni.ifindex, None, entry.vtep)])
        elif mac is None:
            return
        elif added and not entry.learned and mac.origin is Origin.LOCAL:
            self._mac_gone(vni, mac)
        elif not added and mac.origin is Origin.REMOTE and mac.vtep is not None:
            self._ways.program([remote.entry(vni, mac, mac.vtep)])

    def _seen(self, vni: Vni, entry: FdbEntry) -> None:
        flags = MacFlag.STICKY if entry.sticky else MacFlag.NONE
        mac = vni.mac(entry.mac, self._clock.now())
        known = mac.origin is Origin.LOCAL and mac.flags == flags
        mac.ifindex, mac.vlan, mac.flags = entry.ifindex, entry.vlan, flags
        if known:
            return
        if mac.origin is Origin.REMOTE:
            # RFC 7432 section 7.7: one more than what the other router told.
            mac.local_sequence = max(mac.remote_sequence + 1, mac.local_sequence)
            moved(mac, self._ways.detection, self._clock, local=True)
        mac.origin, mac.vtep = Origin.LOCAL, None
        self._tell_mac(vni, mac)
        for host in mac.hosts.values():
            if host.origin is Origin.LOCAL:
                self._activate(vni, host, mac)

    def _unseen(self, vni: Vni, entry: FdbEntry) -> None:
        mac = vni.macs.get(entry.mac)
        if mac is not None and mac.origin is Origin.LOCAL and mac.ifindex == entry.ifindex:
            self._mac_gone(vni, mac)

    def _mac_gone(self, vni: Vni, mac: Mac) -> None:
        self._ways.tell(LocalMacDelete(vni.number, mac.address, None))
        mac.origin = Origin.AUTO
        mac.ifindex = mac.vlan = 0
        vni.drop_if_unused(mac)

    def _tell_mac(self, vni: Vni, mac: Mac) -> None:
        message = LocalMacAdd(vni.number, mac.address, None, mac.flags, mac.local_sequence)
        self._ways.tell(message)

    # --- hosts -----------------------------------------------------------------------------

    def _neighbor(self, vni: Vni, neighbor: Neighbor) -> None:
        mac = vni.mac(neighbor.link_address, self._clock.now())
        host = vni.hosts.get(neighbor.address)
        if host is None:
            host = Host(neighbor.address, mac.address, self._clock.now())
        elif host.origin is Origin.LOCAL and host.mac == mac.address:
            if host.router is neighbor.router:
                return
        elif host.origin is Origin.LOCAL:
            self._tell_gone(vni, host)
            self._count(vni, mac, host.local_sequence + 1)
        else:
            self._count(vni, mac, host.remote_sequence + 1)
        host.origin, host.vtep, host.router = Origin.LOCAL, None, neighbor.router
        host.active = False
        vni.attach(host, mac)
        if mac.origin is Origin.LOCAL:
            self._activate(vni, host, mac)

    def _count(self, vni: Vni, mac: Mac, sequence: int) -> None:
        """An address moved to this MAC address, which has to say so."""
        if mac.local_sequence < sequence and mac.origin is Origin.LOCAL:
            mac.local_sequence = sequence
            self._tell_mac(vni, mac)

    def _activate(self, vni: Vni, host: Host, mac: Mac) -> None:
        host.active, host.local_sequence = True, mac.local_sequence
        flags = mac.flags | (MacFlag.ROUTER if host.router else MacFlag.NONE)
        number, sequence = vni.number, host.local_sequence
        self._ways.tell(LocalMacAdd(number, mac.address, host.address, flags, sequence))

    def _neighbor_gone(self, vni: Vni, host: Host) -> None:
        if host.origin is Origin.REMOTE:
            self._ways.program([remote.neighbor(vni, host)])
            return
        self._tell_gone(vni, host)
        vni.detach(host)

    def _tell_gone(self, vni: Vni, host: Host) -> None:
        self._ways.tell(LocalMacDelete(vni.number, host.mac, host.address, host.active))
