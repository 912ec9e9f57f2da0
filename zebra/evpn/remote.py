"""Hosts behind other routers, as bgpd tells of them."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from grammar.base.clock import Clock
from grammar.base.values import Address
from zebra.evpn.moves import moved
from zebra.evpn.state import COPIED, NOT_COPIED, Host, Mac, Origin, Vni
from zebra.kernel.api import SetFdb, SetNeighbor
from zebra.zapi.evpn import (
    LocalMacDelete,
    MacFlag,
    RemoteMacAdd,
    RemoteMacDelete,
    RemoteVtep,
)
from zebra.zapi.messages import DuplicateAddrDetection


class Ways(Protocol):
    """How hosts are told to bgpd, and entered into the kernel; `Evpn` is it."""

    detection: DuplicateAddrDetection

    def tell(self, message: LocalMacDelete) -> None:
        """Tell of a host here."""
        ...

    def program(self, changes: Iterable[SetFdb | SetNeighbor]) -> None:
        """Change entries of the kernel."""
        ...


def entry(vni: Vni, mac: Mac, vtep: Address, *, present: bool = True) -> SetFdb:
    """The entry of a MAC address behind a router."""
    sticky = MacFlag.STICKY in mac.flags
    return SetFdb(vni.ifindex, mac.address, vtep, present, sticky)


def neighbor(vni: Vni, host: Host, *, present: bool = True) -> SetNeighbor:
    """The neighbour on the bridge that a host behind a router is."""
    link_address = host.mac if present else None
    return SetNeighbor(vni.svi, host.address, link_address, learned=True, router=host.router)


class RemoteHosts:
    """Enters and forgets what bgpd tells of."""

    def __init__(self, clock: Clock, ways: Ways) -> None:
        self._clock = clock
        self._ways = ways

    def router(self, vni: Vni, message: RemoteVtep) -> None:
        """Another router of the VNI came, or went."""
        vtep = message.vtep
        before = vni.vteps.get(vtep, NOT_COPIED)
        if message.add:
            vni.vteps[vtep] = message.flood
        else:
            vni.vteps.pop(vtep, None)
        now = message.flood if message.add else NOT_COPIED
        if (before == COPIED) is not (now == COPIED):
            self._ways.program([SetFdb(vni.ifindex, None, vtep, now == COPIED)])

    def add(self, vni: Vni, message: RemoteMacAdd) -> None:
        """A host is behind another router, or has moved there."""
        if message.vtep == vni.vtep or not self._is_news(vni, message):
            return
        vni.vteps.setdefault(message.vtep, NOT_COPIED)
        mac = vni.mac(message.mac, self._clock.now())
        self._mac(vni, mac, message)
        if message.address is not None:
            self._host(vni, mac, message.address, message)

    def _is_news(self, vni: Vni, message: RemoteMacAdd) -> bool:
        """RFC 7432 section 7.7: the higher sequence number tells where it is now."""
        mac = vni.macs.get(message.mac)
        if mac is None or mac.origin is Origin.AUTO:
            return True
        local = mac.origin is Origin.LOCAL
        return message.sequence >= (mac.local_sequence if local else mac.remote_sequence)

    def _mac(self, vni: Vni, mac: Mac, message: RemoteMacAdd) -> None:
        flags = message.flags & MacFlag.STICKY
        told = (Origin.REMOTE, message.vtep, message.sequence, flags)
        if told == (mac.origin, mac.vtep, mac.remote_sequence, mac.flags):
            return
        if mac.origin is not Origin.REMOTE:
            moved(mac, self._ways.detection, self._clock, local=False)
        mac.origin, mac.vtep, mac.remote_sequence, mac.flags = told
        mac.ifindex = mac.vlan = 0
        for host in mac.hosts.values():
            if host.origin is Origin.LOCAL and host.active:
                host.active = False
                self._ways.tell(LocalMacDelete(vni.number, mac.address, host.address))
        self._ways.program([entry(vni, mac, message.vtep)])

    def _host(self, vni: Vni, mac: Mac, address: Address, message: RemoteMacAdd) -> None:
        host = vni.hosts.get(address) or Host(address, mac.address, self._clock.now())
        router = MacFlag.ROUTER in message.flags
        told = (Origin.REMOTE, True, message.vtep, message.sequence, router)
        known = (host.origin, host.active, host.vtep, host.remote_sequence, host.router)
        if told == known and host.mac == mac.address:
            return
        if host.origin is not Origin.REMOTE:
            if host.active:
                self._ways.tell(LocalMacDelete(vni.number, host.mac, address))
            host.since = self._clock.now()
        host.origin, host.active, host.vtep, host.remote_sequence, host.router = told
        vni.attach(host, mac)
        if vni.svi:
            self._ways.program([neighbor(vni, host)])

    def delete(self, vni: Vni, message: RemoteMacDelete) -> None:
        """A host is not behind a router any more."""
        mac = vni.macs.get(message.mac)
        if message.address is not None:
            host = vni.hosts.get(message.address)
            if host is not None and self._is_of(host, message):
                self._forget_host(vni, host)
        elif mac is not None and mac.origin is Origin.REMOTE and mac.vtep == message.vtep:
            self._ways.program([entry(vni, mac, message.vtep, present=False)])
            mac.origin, mac.vtep, mac.remote_sequence = Origin.AUTO, None, 0
            vni.drop_if_unused(mac)

    def _is_of(self, host: Host, message: RemoteMacDelete) -> bool:
        is_there = host.origin is Origin.REMOTE and host.vtep == message.vtep
        return is_there and host.mac == message.mac

    def _forget_host(self, vni: Vni, host: Host) -> None:
        if vni.svi:
            self._ways.program([neighbor(vni, host, present=False)])
        vni.detach(host)

    def install_hosts(self, vni: Vni) -> None:
        """The interface of the bridge is up: it knows no neighbour yet."""
        remote = [host for host in vni.hosts.values() if host.origin is Origin.REMOTE]
        self._ways.program([neighbor(vni, host) for host in remote])

    def uninstall(self, vni: Vni) -> None:
        """Take all of other routers out of the kernel."""
        self._ways.program(list(self._removals(vni)))

    def _removals(self, vni: Vni) -> Iterator[SetFdb | SetNeighbor]:
        for host in vni.hosts.values():
            if host.origin is Origin.REMOTE and vni.svi:
                yield neighbor(vni, host, present=False)
        for mac in vni.all_macs():
            if mac.origin is Origin.REMOTE and mac.vtep is not None:
                yield entry(vni, mac, mac.vtep, present=False)
        for vtep, flood in vni.vteps.items():
            if flood == COPIED:
                yield SetFdb(vni.ifindex, None, vtep, present=False)
