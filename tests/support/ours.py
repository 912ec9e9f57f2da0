"""Our daemons in a namespace, as separate processes or all in one."""

import sys
from collections.abc import Sequence
from pathlib import Path

from tests.support.frr import FrrRouter
from tests.support.router import DAEMONS, Router

BIN = Path(sys.executable).parent


class OurRouter(Router):
    """Our zebra, staticd and bgpd, each a process of its own."""

    kind = "ours"

    def daemon_argv(self, daemon: str) -> Sequence[str | Path]:
        config: list[str | Path] = ["-f", self.config / f"{daemon}.conf"]
        return [BIN / daemon, *self.paths_argv(daemon), *config]

    def vtysh_argv(self) -> Sequence[str | Path]:
        return [BIN / "vtysh", "--vty_socket", self.run, "--config_dir", self.config]


class OurVtyshRouter(FrrRouter):
    """FRR's daemons, spoken to by our vtysh."""

    kind = "our-vtysh"

    def vtysh_argv(self) -> Sequence[str | Path]:
        return [BIN / "vtysh", "--vty_socket", self.run, "--config_dir", self.config]


class EmbeddedRouter(OurRouter):
    """The same three in the one process of `pyvtysh`."""

    kind = "embedded"
    program = "pyvtysh"

    def start(self, *daemons: str) -> None:
        argv = [
            *(BIN / self.program, "--config_dir", self.config),
            *self.paths_argv(self.program),
        ]
        process = self.namespace.spawn(argv, log=f"{self.program}.out")
        for daemon in daemons or DAEMONS:
            self.processes[daemon] = process
            self._await(daemon)

    def stop(self, *daemons: str) -> None:
        for process in set(self.processes.values()):
            process.stop()
        self.processes.clear()
