"""A network namespace: its kernel, its links, and the VRF that is at home there."""

from typing import TYPE_CHECKING

from zebra.config import ZebraConfig
from zebra.interface import Interfaces
from zebra.kernel.api import Kernel
from zebra.vrf import Vrf

if TYPE_CHECKING:
    from zebra.rtadv.advertiser import Advertiser, OpenWire
    from zebra.watcher import Watcher


class Namespace:
    """What one kernel has: `home` is the VRF of all links that no VRF device has taken.

    There is one for the process's own namespace; `zebra -n` makes one more for each VRF. `watcher`
    is who follows its kernel, `advertiser` who sends router advertisements there; `wire` is the
    socket that was opened for these.
    """

    watcher: "Watcher"
    advertiser: "Advertiser"
    wire: "OpenWire | None" = None

    def __init__(self, kernel: Kernel, config: ZebraConfig, home: Vrf, path: str = "") -> None:
        self.kernel = kernel
        self.home = home
        self.path = path
        """Where the namespace is found in the file system, empty for the process's own."""
        self.interfaces = Interfaces(config, home)
        home.namespace = self

    def close(self) -> None:
        """The namespace is gone, or zebra ends."""
        self.kernel.close()
        if self.wire is not None:
            self.wire.close()
