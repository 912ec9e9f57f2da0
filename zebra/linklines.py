"""What configuration wants of the interfaces of a namespace: addresses, and up or down."""

from collections.abc import Iterator
from contextlib import suppress

from grammar.base.values import Prefix
from zebra.complaints import Complaints
from zebra.config import AddressConfig, InterfaceConfig
from zebra.interface import Interface, link_address
from zebra.kernel.api import AddAddress, Change, RemoveAddress, SetLink, SetMulticast
from zebra.namespace import Namespace
from zebra.outcome import Counters


class LinkLines:
    """Carries the lines of interfaces out; what the kernel then has comes back as its events."""

    def __init__(self, namespace: Namespace, counters: Counters, complaints: Complaints) -> None:
        self._kernel = namespace.kernel
        self._interfaces = namespace.interfaces
        self._counters = counters
        self._complaints = complaints
        self._applied: dict[int, set[AddressConfig]] = {}
        self._leaving: set[tuple[int, Prefix]] = set()
        """Addresses that the kernel was told to drop; its event may not have come yet."""

    def configure(self, config: InterfaceConfig, *, new: bool = False) -> None:
        """Give an interface its configured addresses, and take those away that went."""
        interface = self._interfaces.by_name.get(config.name)
        if interface is None:
            return
        applied = self._applied.setdefault(interface.ifindex, set())
        changes: list[Change] = []
        for line in applied - config.addresses.keys():
            applied.discard(line)
            self._leaving.add((interface.ifindex, line.prefix))
            changes.append(RemoveAddress(link_address(interface.ifindex, line)))
        applied -= {line for line in config.again if not _has(interface, line)}
        config.again.clear()
        changes += self._missing(interface, config, applied, waiting=new and config.shutdown)
        if new and config.shutdown is not None:
            changes.append(SetLink(interface.ifindex, not config.shutdown))
        if new and config.multicast is not None:
            changes.append(SetMulticast(interface.ifindex, config.multicast))
        if new and config.mpls:
            with suppress(OSError):  # the line was complained of when it was typed
                self._kernel.take_labels(config.name, True)
        self._program(changes)

    def _missing(
        self,
        interface: Interface,
        config: InterfaceConfig,
        applied: set[AddressConfig],
        *,
        waiting: bool | None = False,
    ) -> Iterator[Change]:
        """Those that may be given; none of an interface that comes and is to be down (FRR).

        Who is given an address is set up before, as by FRR.
        """
        if waiting:
            return
        lines = [line for line, now in config.addresses.items() if now and line not in applied]
        if lines and not interface.link.up:
            yield SetLink(interface.ifindex, up=True)
        for line in lines:
            applied.add(line)
            if not _has(interface, line) or (interface.ifindex, line.prefix) in self._leaving:
                yield AddAddress(link_address(interface.ifindex, line))
            self._leaving.discard((interface.ifindex, line.prefix))

    def set_link(self, config: InterfaceConfig) -> None:
        """Carry `shutdown` or `no shutdown` out; what the kernel took meanwhile comes back."""
        interface = self._interfaces.by_name.get(config.name)
        if interface is None:
            return
        changes: list[Change] = [SetLink(interface.ifindex, not config.shutdown)]
        if not config.shutdown:
            applied = self._applied.setdefault(interface.ifindex, set())
            applied.clear()
            config.addresses = dict.fromkeys(config.addresses, True)
            changes += self._missing(interface, config, applied)
        self._program(changes)

    def set_multicast(self, config: InterfaceConfig) -> None:
        """Carry `multicast` or `no multicast` out."""
        interface = self._interfaces.by_name.get(config.name)
        if interface is not None and config.multicast is not None:
            self._program([SetMulticast(interface.ifindex, config.multicast)])

    def take_labels(self, config: InterfaceConfig) -> None:
        """Carry `mpls enable` or `no mpls enable` out, also for a link that is not there yet."""
        self._counters.link_updates += 1
        try:
            self._kernel.take_labels(config.name, config.mpls)
        except OSError as error:
            self._complaints.labels_refused(error)

    def forget(self, ifindex: int) -> None:
        """An interface is gone, and with it what it was given."""
        self._applied.pop(ifindex, None)
        self._leaving = {one for one in self._leaving if one[0] != ifindex}

    def _program(self, changes: list[Change]) -> None:
        if changes:
            counted = [one for one in changes if isinstance(one, AddAddress | RemoveAddress)]
            self._counters.address_updates += len(counted)
            self._kernel.program(changes, lambda errors: None)


def _has(interface: Interface, line: AddressConfig) -> bool:
    return any(known.prefix == line.prefix for known in interface.addresses)
