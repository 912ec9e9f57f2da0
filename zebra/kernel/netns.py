"""The kernel's routing in another network namespace."""

import os
from collections.abc import Iterator

from grammar.base.netns import entered
from grammar.base.values import Afi
from zebra.kernel.api import Event
from zebra.kernel.neighbors import Neighbor
from zebra.kernel.netlink import NetlinkKernel


class NamespaceKernel(NetlinkKernel):
    """As `NetlinkKernel`, in the namespace of a path; OSError when there is none."""

    def __init__(self, path: str, buffer: int = 0) -> None:
        self._namespace = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            with entered(self._namespace):
                super().__init__(buffer)
        except OSError:
            os.close(self._namespace)
            raise

    def dump(self) -> Iterator[Event]:
        """Everything, at once: the namespace is left before anything else happens."""
        with entered(self._namespace):
            return iter(list(super().dump()))

    def neighbors(self) -> list[Neighbor]:
        """From the lists of this namespace."""
        with entered(self._namespace):
            return super().neighbors()

    def forwarding(self, afi: Afi) -> bool:
        """The sysctl, which each namespace has for itself."""
        with entered(self._namespace):
            return super().forwarding(afi)

    def set_forwarding(self, afi: Afi, on: bool) -> None:
        """Write the sysctl of this namespace."""
        with entered(self._namespace):
            super().set_forwarding(afi, on)

    def take_labels(self, interface: str, on: bool) -> None:
        """Write the sysctl of this namespace."""
        with entered(self._namespace):
            super().take_labels(interface, on)

    def close(self) -> None:
        """Leave the namespace for good."""
        if not self._closed:
            super().close()
            os.close(self._namespace)

    def _read(self) -> None:
        with entered(self._namespace):
            super()._read()
