"""Routers in memory for the examples: each a process of its own, started and asked from here."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Self

BIN = Path(sys.executable).parent
PATIENCE = 60.0
"""Seconds for sessions to come up; a quiet machine needs three."""


class Routers:
    """A context manager: routers, and the folder with their sockets and wires."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pyvtysh-"))
        self._started: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, configuration: Path, *memory: str | Path) -> None:
        """A whole router in one process; `memory` are values of its `--memory`."""
        own = self.folder / name
        own.mkdir()
        shutil.copy(configuration, own / "frr.conf")
        (own / "vtysh.conf").write_text("service integrated-vtysh-config\n")
        (own / "daemons").write_text("bgpd=yes\n")
        words: list[str | Path] = [BIN / "pyvtysh", *self._own(name), "--no-shell"]
        for value in memory:
            words += ["--memory", value]
        words += ["--wire", self.folder / "net"]
        with (self.folder / f"{name}.log").open("w") as log:
            self._started[name] = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def ask(self, name: str, *commands: str) -> str:
        """The answer of a router to commands; empty while it cannot be asked."""
        words = self.vtysh(name, *(word for command in commands for word in ("-c", command)))
        return subprocess.run(words, capture_output=True, text=True, check=False).stdout

    def show(self, name: str, command: str) -> None:
        """Print a command and its answer."""
        print(f"{name}# {command}\n{self.ask(name, command)}", flush=True)

    def shell(self, name: str) -> None:
        """The shell of a router, when this runs on a terminal."""
        if sys.stdin.isatty() and sys.stdout.isatty():
            subprocess.run(self.vtysh(name), check=False)

    def vtysh(self, name: str, *options: str) -> Sequence[str | Path]:
        """The command line of vtysh for a router."""
        return [BIN / "vtysh", *self._own(name), *options]

    def _own(self, name: str) -> Sequence[str | Path]:
        own = self.folder / name
        return ["--config_dir", own, "--vty_socket", own]

    def answers(self, expected: Iterable[tuple[str, str, str]]) -> bool:
        """Whether, in time, routers answer as they should: name, command, a text in the answer."""
        wanted = list(expected)
        return self.comes(lambda: all(text in self.ask(name, line) for name, line, text in wanted))

    def comes(self, condition: Callable[[], bool]) -> bool:
        """Whether it becomes true in time."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if condition():
                return True
            time.sleep(0.2)
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._started.values():
            process.terminate()
        for process in self._started.values():
            process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)
