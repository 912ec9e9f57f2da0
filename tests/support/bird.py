"""The real BIRD 2: bird in a namespace, asked through birdc."""

import re
import subprocess
from pathlib import Path

from tests.support.namespaces import Namespace, Process


class Bird:
    """bird with the given configuration text, its control socket in the node's own folder."""

    def __init__(self, namespace: Namespace, config: str) -> None:
        self.namespace = namespace
        self._config = namespace.directory / "bird.conf"
        self._socket = namespace.directory / "bird.ctl"
        self._config.write_text(config)
        self.process: Process | None = None

    def start(self) -> None:
        """Start bird and wait until it answers."""
        argv: list[str | Path] = ["bird", "-f", "-c", self._config, "-s", self._socket]
        self.process = self.namespace.spawn(argv, log="bird.out")
        self.process.await_ready(lambda: self._ask("show status").returncode == 0, "bird answers")

    def stop(self) -> None:
        assert self.process is not None
        self.process.stop()

    def run(self, command: str) -> str:
        """`birdc COMMAND`, which has to succeed."""
        done = self._ask(command)
        assert done.returncode == 0, f"birdc {command}: {done.stdout}{done.stderr}"
        return done.stdout

    def configure(self, config: str) -> None:
        """Replace the configuration and load it."""
        self._config.write_text(config)
        self.run("configure")

    def state(self, protocol: str) -> str:
        """The session's state as bird words it: `Established`, `Active`, ..."""
        shown = re.search(
            r"^ +BGP state: +(\w+)$", self.run(f"show protocols all {protocol}"), re.M
        )
        return shown.group(1) if shown else "none"

    def routes(self, protocol: str) -> dict[str, str]:
        """What came in by `protocol`: the details of each prefix as `show route all` has them."""
        found: dict[str, str] = {}
        prefix = ""
        for line in self.run(f"show route all protocol {protocol}").splitlines():
            if head := re.match(r"([0-9a-f.:]+/\d+) ", line):
                prefix = head.group(1)
                found[prefix] = line + "\n"
            elif prefix:
                found[prefix] += line + "\n"
        return found

    def _ask(self, command: str) -> subprocess.CompletedProcess[str]:
        return self.namespace.run(["birdc", "-s", self._socket, *command.split()], check=False)
