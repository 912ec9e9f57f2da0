"""What configuration wants of the interfaces of a namespace: addresses, and up or down."""

from zebra.config import AddressConfig, InterfaceConfig
from zebra.interface import link_address
from zebra.kernel.api import AddAddress, Change, RemoveAddress, SetLink
from zebra.namespace import Namespace
from zebra.outcome import Counters


class LinkLines:
    """Carries the lines of interfaces out; what the kernel then has comes back as its events."""

    def __init__(self, namespace: Namespace, counters: Counters) -> None:
        self._kernel = namespace.kernel
        self._interfaces = namespace.interfaces
        self._counters = counters
        self._applied: dict[int, set[AddressConfig]] = {}

    def configure(self, config: InterfaceConfig, *, new: bool = False) -> None:
        """Give an interface its configured addresses, and take those away that went."""
        interface = self._interfaces.by_name.get(config.name)
        if interface is None:
            return
        applied = self._applied.setdefault(interface.ifindex, set())
        changes: list[Change] = []
        for line in applied - config.addresses.keys():
            applied.discard(line)
            changes.append(RemoveAddress(link_address(interface.ifindex, line)))
        for line in config.addresses:
            if line not in applied:
                applied.add(line)
                if all(known.prefix != line.prefix for known in interface.addresses):
                    changes.append(AddAddress(link_address(interface.ifindex, line)))
        if new and config.shutdown is not None:
            changes.append(SetLink(interface.ifindex, not config.shutdown))
        self._program(changes)

    def set_link(self, config: InterfaceConfig) -> None:
        """Carry `shutdown` or `no shutdown` out."""
        interface = self._interfaces.by_name.get(config.name)
        if interface is not None:
            self._program([SetLink(interface.ifindex, not config.shutdown)])

    def forget(self, ifindex: int) -> None:
        """An interface is gone, and with it what it was given."""
        self._applied.pop(ifindex, None)

    def _program(self, changes: list[Change]) -> None:
        if changes:
            self._counters.address_updates += len(changes)
            self._kernel.program(changes, lambda errors: None)
