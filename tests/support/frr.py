"""The real FRR of the Debian package, with folders of its own for each node."""

from collections.abc import Sequence
from pathlib import Path

from tests.support.router import Router

LIBEXEC = Path("/usr/lib/frr")
NETLINK_BUFFER = "90000000"


class FrrRouter(Router):
    """zebra, staticd and bgpd of FRR; they drop to the user frr, who owns the folders."""

    kind = "frr"
    is_ours = False
    owner = "frr"

    def daemon_argv(self, daemon: str) -> Sequence[str | Path]:
        own = ["-s", NETLINK_BUFFER] if daemon == "zebra" else []
        config: list[str | Path] = ["-f", self.config / f"{daemon}.conf"]
        return [LIBEXEC / daemon, *self.paths_argv(daemon), *config, *own]

    def vtysh_argv(self) -> Sequence[str | Path]:
        return ["vtysh", "--vty_socket", self.run, "--config_dir", self.config]
