"""The kernel's routing in another network namespace."""

import os
from collections.abc import Iterator
from itertools import islice

from grammar.base.netns import entered
from grammar.base.values import Afi
from zebra.kernel.api import Event
from zebra.kernel.neighbors import Neighbor
from zebra.kernel.netlink import NetlinkKernel

_PORTION = 64
"""Events read before the namespace is left."""


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
        """Everything, in portions: between them, where others may work, the namespace is left."""
        events = super().dump()
        while not self._closed:
            with entered(self._namespace):
                portion = list(islice(events, _PORTION))
            if not portion:
                return
            yield from portion

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
