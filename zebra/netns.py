"""VRFs that are network namespaces (`zebra -n`): each has a kernel of its own."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Final

from zebra.config import VrfConfig, ZebraConfig
from zebra.kernel.api import Kernel
from zebra.kernelroutes import routes_out
from zebra.namespace import Namespace
from zebra.rib import Rib
from zebra.vrf import Vrf
from zebra.vrfs import Vrfs

FOLDER: Final = Path("/run/netns")
"""Where namespaces have names; one without a path of its own is looked for here."""


class NamespaceVrfs:
    """The namespaces that are VRFs, those found by name and those that lines `netns` name.

    `open(path)` makes the kernel of a namespace, with OSError when there is none; `follow` starts
    to watch what is in a namespace, `leave` takes the interfaces of one that is gone away.
    """

    def __init__(
        self,
        open: Callable[[str], Kernel],
        config: ZebraConfig,
        rib: Rib,
        vrfs: Vrfs,
        follow: Callable[[Namespace], None],
        leave: Callable[[Namespace], None],
    ) -> None:
        self._open = open
        self._config = config
        self._rib = rib
        self._vrfs = vrfs
        self._follow = follow
        self._leave = leave
        self._by_path: dict[str, Namespace] = {}

    def of(self, path: str) -> Vrf | None:
        """The VRF that a namespace is."""
        found = self._by_path.get(path)
        return None if found is None else found.home

    def found(self, name: str) -> None:
        """A namespace has a name: it is a VRF of that name. OSError while it is no namespace."""
        path = str(FOLDER / name)
        if path not in self._by_path and self._rib.named(name) is None:
            self.bind(self._config.vrf(name), path)

    def bind(self, config: VrfConfig, path: str) -> None:
        """Make a namespace the VRF of some lines; OSError when it is none."""
        kernel = self._open(path)
        number = next(each for each in count(1) if each not in self._rib.vrfs)
        home = Vrf(number, config.name, config=config)
        namespace = self._by_path[path] = Namespace(kernel, self._config, home, path)
        config.netns = path
        self._vrfs.appear(home)
        self._follow(namespace)

    def gone(self, name: str) -> None:
        """A namespace has lost its name."""
        namespace = self._by_path.get(str(FOLDER / name))
        if namespace is not None:
            self._drop(namespace)

    def unbind(self, config: VrfConfig) -> None:
        """`no netns`: the namespace is a VRF no more."""
        if config.netns is not None:
            self._drop(self._by_path[config.netns])

    def _drop(self, namespace: Namespace) -> None:
        config = namespace.home.config
        del self._by_path[namespace.path]
        # The namespace may live on, as after `no netns`: our routes leave it first, as FRR's do.
        changes = [one for table in namespace.home.all_tables() for one in routes_out(table)]
        self._leave(namespace)
        self._vrfs.vanish(namespace.home)
        namespace.kernel.subscribe(lambda event: None, lambda: None)
        namespace.kernel.program(changes, lambda errors: namespace.close())
        config.netns = None
        if not config.opened:
            self._config.vrfs.pop(config.name, None)

    def close(self) -> None:
        """The end of zebra: no kernel is watched any more."""
        for namespace in self._by_path.values():
            namespace.close()
