"""A router with VRFs that are network namespaces (`zebra -n`), with a `/run/netns` of its own."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support.mixed import MixedRouter
from tests.support.namespaces import Namespace


class VrfHome:
    """A node's own `/run/netns`: `ip netns` makes namespaces here that nobody else sees.

    It goes with the laboratory.
    """

    def __init__(self, node: Namespace) -> None:
        self.node = node
        script = "mount --make-rprivate / && mount -t tmpfs none /run/netns && echo ready"
        argv = ["unshare", "--mount", "sh", "-c", f"{script} && exec sleep infinity"]
        self._holder = node.spawn(argv, log="netns.out")
        self._holder.await_ready(lambda: "ready" in self._holder.output(), "a folder of namespaces")

    def argv(self, argv: Sequence[str | Path]) -> list[str | Path]:
        """The command line that runs `argv` where these namespaces have their names."""
        return ["nsenter", f"--mount=/proc/{self._holder.pid}/ns/mnt", *argv]

    def ip(self, *words: str) -> str:
        """`ip WORDS` of the node; `-n NAME` reaches into a VRF."""
        return self.node.run(self.argv(["ip", *words])).stdout

    def bind(self, name: str, namespace: Namespace) -> None:
        """Another node's namespace is a VRF here."""
        script = 'touch "$0" && mount --bind "$1" "$0"'
        words = ["sh", "-c", script, f"/run/netns/{name}", str(namespace.handle)]
        self.node.run(self.argv(words))


def loop(node: Namespace, device: str, *addresses: str) -> None:
    """An interface of a node whose other end `far-DEVICE` is there too, and up."""
    node.ip("link", "add", device, "type", "veth", "peer", "name", f"far-{device}")
    for address in addresses:
        node.ip("address", "add", address, "dev", device)
    for end in (device, f"far-{device}"):
        node.ip("link", "set", end, "up")


class VrfRouter(MixedRouter):
    """Its zebra runs with `-n`; the daemons see the namespaces of `home` by their names."""

    def __init__(
        self,
        home: VrfHome,
        files: Mapping[str, str] | None = None,
        *,
        ours: Sequence[str] = (),
    ) -> None:
        super().__init__(home.node, files, ours=ours)
        self.home = home
        self.own_options["zebra"] = ["-n"]

    def daemon_argv(self, daemon: str) -> Sequence[str | Path]:
        return self.home.argv(super().daemon_argv(daemon))
