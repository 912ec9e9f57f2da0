"""EVPN: who wants to know of VNIs, and which there are."""

from collections.abc import Iterable, Sequence
from functools import partial

from grammar.base.clock import Clock
from grammar.base.values import Address
from zebra.clients import Client
from zebra.evpn.local import LocalHosts
from zebra.evpn.moves import forget_moves
from zebra.evpn.remote import RemoteHosts
from zebra.evpn.state import NOWHERE, Vni
from zebra.interface import Interface, Interfaces
from zebra.kernel.api import Kernel, SetFdb, SetNeighbor
from zebra.kernel.neighbors import HostEvent
from zebra.zapi.evpn import (
    AdvertiseAllVni,
    EvpnRequest,
    LocalMacAdd,
    LocalMacDelete,
    RemoteMacAdd,
    RemoteMacDelete,
    RemoteVtep,
    VniAdd,
    VniDelete,
)
from zebra.zapi.messages import DuplicateAddrDetection

HostChange = SetFdb | SetNeighbor
_DETECTION = DuplicateAddrDetection(True, 180, 5, False, 0)


class Evpn:
    """All VNIs while a client wants them told; `detection` is when moves make a duplicate."""

    def __init__(self, kernel: Kernel, interfaces: Interfaces, clock: Clock) -> None:
        self._kernel = kernel
        self._interfaces = interfaces
        self._clock = clock
        self._since = clock.now()
        self.client: Client | None = None
        self._starting = False
        self.detection = _DETECTION
        self.vnis: dict[int, Vni] = {}
        self._macs = [0, 0]
        self._hosts = [0, 0]
        self._local = LocalHosts(interfaces, clock, self)
        self._remote = RemoteHosts(clock, self)

    # --- what the client says --------------------------------------------------------------

    def request(self, client: Client, message: EvpnRequest | DuplicateAddrDetection) -> None:
        """A message of a client; those about VNIs count while it wants to be told of them."""
        match message:
            case DuplicateAddrDetection():
                self.detection = message
            case AdvertiseAllVni(on):
                if not on:
                    self._stop()
                elif self.client is None:
                    self._start(client)
            case RemoteVtep() if (vni := self._known(message.vni)) is not None:
                self._remote.router(vni, message)
            case RemoteMacAdd() if (vni := self._known(message.vni)) is not None:
                self._remote.add(vni, message)
            case RemoteMacDelete() if (vni := self._known(message.vni)) is not None:
                self._remote.delete(vni, message)

    def left(self, client: Client) -> None:
        """A client is gone, and with it all that it told."""
        if client is self.client:
            self._stop()

    def _known(self, number: int) -> Vni | None:
        vni = self.vnis.get(number)
        return vni if vni is not None and vni.told else None

    def _start(self, client: Client) -> None:
        self.client, self._starting = client, True
        for interface in list(self._interfaces.by_index.values()):
            self._follow(interface)
        self._starting = False
        for event in self._kernel.follow_hosts(True):
            self.host(event)

    def _stop(self) -> None:
        if self.client is None:
            return
        for vni in self.vnis.values():
            self._remote.uninstall(vni)
        self.vnis.clear()
        self.client = None
        for _ in self._kernel.follow_hosts(False):
            pass

    # --- what happens here -----------------------------------------------------------------

    def interface(self, interface: Interface, *, gone: bool) -> None:
        """A link came, went or changed."""
        if self.client is None:
            return
        if gone:
            for vni in [vni for vni in self.vnis.values() if vni.ifindex == interface.ifindex]:
                self._down(vni)
                del self.vnis[vni.number]
        else:
            self._follow(interface)
        for vni in list(self.vnis.values()):
            if interface.ifindex == vni.bridge:
                self._update(vni)

    def host(self, event: HostEvent) -> None:
        """The kernel tells of a host."""
        if self.client is not None:
            self._local.event(self.vnis.values(), event)

    def events_lost(self) -> None:
        """Compare the hosts here with what the kernel has now."""
        if self.client is None:
            return
        events = list(self._kernel.follow_hosts(True))
        for vni in self.vnis.values():
            for gone in self._local.missing(vni, events):
                self.host(gone)
        for event in events:
            self.host(event)

    def _follow(self, interface: Interface) -> None:
        vxlan = interface.link.vxlan
        if vxlan is None:
            return
        for old in [one for one in self.vnis.values() if one.ifindex == interface.ifindex]:
            if old.number != vxlan.vni:
                self._down(old)
                del self.vnis[old.number]
        vni = self.vnis.get(vxlan.vni)
        if vni is None:
            vni = self.vnis[vxlan.vni] = Vni(vxlan.vni, interface.ifindex)
        if vni.ifindex == interface.ifindex:
            self._update(vni)

    def _update(self, vni: Vni) -> None:
        """Take notice of the state of its interface and of its bridge."""
        interface = self._interfaces.by_index.get(vni.ifindex)
        if interface is None or interface.link.vxlan is None:
            return
        before = (vni.vtep, vni.group, vni.svi)
        bridge = self._interfaces.by_index.get(interface.link.master)
        if bridge is not None and bridge.link.kind != "bridge":
            bridge = None
        if bridge is None or not interface.operative:
            self._down(vni)
        vni.bridge = 0 if bridge is None else bridge.ifindex
        vni.svi = self._svi(bridge)
        vni.vtep = interface.link.vxlan.local or NOWHERE
        vni.group = interface.link.vxlan.group or NOWHERE
        if bridge is None or not interface.operative:
            return
        new = not vni.told
        if new or before != (vni.vtep, vni.group, vni.svi):
            vni.told = True
            self._tell(vni, interface.vrf.id)
        if vni.svi and vni.svi != before[2]:
            self._remote.install_hosts(vni)
        if new and not self._starting:
            self._local.read(vni, self._kernel.follow_hosts(True))

    def _svi(self, bridge: Interface | None) -> int:
        # Of a bridge that knows VLANs the SVI is another interface, which is not looked for.
        if bridge is None or bridge.link.vlan_aware or not bridge.operative:
            return 0
        return bridge.ifindex

    def _tell(self, vni: Vni, vrf: int) -> None:
        self._send("vni", "add", VniAdd(vni.number, vni.vtep, vrf, vni.group, vni.svi))

    def _down(self, vni: Vni) -> None:
        """bgpd takes back what it told when it hears of it; so is all else forgotten."""
        if not vni.told:
            return
        vni.told = False
        self._send("vni", "delete", VniDelete(vni.number))
        self._remote.uninstall(vni)
        vni.clear()

    # --- what is typed -----------------------------------------------------------------------

    def forget_moves(self, number: int | None, mac: bytes | None, address: Address | None) -> None:
        """Count moves anew: in all VNIs or one, of all or one MAC address or host."""
        for vni in self.vnis.values():
            if number not in (None, vni.number):
                continue
            host = None if address is None else vni.hosts.get(address)
            wanted = mac if address is None else (host.mac if host is not None else b"")
            for one in vni.macs.values():
                if wanted in (None, one.address):
                    forget_moves(one)

    def counts(self, *, macs: bool) -> tuple[int, int]:
        """Changes of MAC addresses, or of hosts, in the kernel, and how many of them failed."""
        updates, errors = self._macs if macs else self._hosts
        return updates, errors

    def delay_left(self, delay: int) -> int | None:
        """Seconds for which Ethernet segments still stay down after a start, None for none."""
        left = delay - (self._clock.now() - self._since)
        return int(left) if left > 0 else None

    # --- towards the client and the kernel ---------------------------------------------------

    def tell(self, message: LocalMacAdd | LocalMacDelete) -> None:
        """Tell of a host here."""
        self._send("macip", "add" if isinstance(message, LocalMacAdd) else "delete", message)

    def _send(
        self, row: str, how: str, message: VniAdd | VniDelete | LocalMacAdd | LocalMacDelete
    ) -> None:
        if self.client is not None and not self.client.closed:
            self.client.count(row, how)
            self.client.send(message)

    def program(self, changes: Iterable[HostChange]) -> None:
        """Change entries of the kernel, and count what it says."""
        batch = list(changes)
        if batch:
            self._kernel.program(batch, partial(self._done, batch))

    def _done(self, batch: Sequence[HostChange], errors: Sequence[int]) -> None:
        for change, error in zip(batch, errors, strict=True):
            # FRR counts the routers that get copies among the neighbours.
            is_mac = isinstance(change, SetFdb) and change.mac is not None
            counter = self._macs if is_mac else self._hosts
            counter[0] += 1
            counter[1] += error != 0
