"""VRF devices (`ip link add red type vrf table 10`): each is a VRF, and so are its ports."""

from typing import Final

from zebra.config import ZebraConfig
from zebra.interface import Interface
from zebra.kernel.api import Link
from zebra.namespace import Namespace
from zebra.vrf import Vrf
from zebra.vrfs import Vrfs

KIND: Final = "vrf"
"""rtnetlink's name of such a device."""


class Devices:
    """The VRFs of a namespace's VRF devices; the number of one is that of its device."""

    def __init__(self, namespace: Namespace, config: ZebraConfig, vrfs: Vrfs) -> None:
        self._namespace = namespace
        self._known = namespace.interfaces.devices
        self._config = config
        self._vrfs = vrfs

    def came(self, link: Link) -> None:
        """A link is there or changed: one that is a new VRF device makes a VRF."""
        if link.kind != KIND or not link.table or link.ifindex in self._known:
            return
        vrf = Vrf(link.ifindex, link.name, link.table, self._config.vrf(link.name))
        vrf.namespace = self._namespace
        self._known[link.ifindex] = vrf
        self._vrfs.appear(vrf)

    def strayed(self) -> list[Interface]:
        """Interfaces that are not in the VRF of their master any more, or not yet."""
        interfaces = self._namespace.interfaces
        return [each for each in interfaces if interfaces.vrf_of(each.link) is not each.vrf]

    def went(self, ifindex: int) -> Vrf | None:
        """A link is gone; the VRF that it was, which is still to `vanish`."""
        return self._known.pop(ifindex, None)

    def vanish(self, vrf: Vrf) -> None:
        """The VRF of a device that went, when nothing is in it any more."""
        self._vrfs.vanish(vrf)
        if not vrf.config.opened:
            self._config.vrfs.pop(vrf.config.name, None)
