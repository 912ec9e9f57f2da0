"""A router in a namespace, whoever made it: the interface that FRR's and our daemons share."""

import os
import shutil
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.namespaces import Namespace, Process

DAEMONS = ("zebra", "staticd", "bgpd")


@dataclass(frozen=True, slots=True)
class Result:
    """What one run of a command gave."""

    stdout: str
    stderr: str
    exit: int

    @property
    def text(self) -> str:
        """Everything, in the form of a transcript file after its `$` line."""
        text = ended(self.stdout)
        if self.stderr:
            text += f"[stderr]\n{ended(self.stderr)}"
        return f"{text}[exit {self.exit}]\n"


def ended(text: str) -> str:
    """`text` with a last line that ends; a missing newline is told by a line of its own."""
    return text if not text or text.endswith("\n") else f"{text}\n[no newline at end]\n"


class Router:
    """zebra, staticd and bgpd of one node; subclasses say how they are started.

    `kind` names it in tests, and `is_ours` tells whose its daemons are.

    `files` are the files of the configuration folder, by name. Sockets and pid files are in
    `run`, configuration in `config`, both below the namespace's own folder. `options` are further
    options of every daemon that is started from then on.
    """

    kind: str
    is_ours = True
    owner: str | None = None

    def __init__(self, namespace: Namespace, files: Mapping[str, str] | None = None) -> None:
        self.namespace = namespace
        self.config = self._folder("etc")
        self.run = self._folder("run")
        self.processes: dict[str, Process] = {}
        self.options: list[str] = []
        for name, text in {"vtysh.conf": "", **(files or {})}.items():
            self.write(name, text)

    def _folder(self, name: str) -> Path:
        path = self.namespace.directory / name
        path.mkdir()
        if self.owner:
            shutil.chown(path, self.owner, self.owner)
        return path

    def write(self, name: str, text: str) -> Path:
        """Make a file of the configuration folder."""
        path = self.config / name
        path.write_text(text)
        path.chmod(0o640)
        if self.owner:
            shutil.chown(path, self.owner, self.owner)
        return path

    def daemon_argv(self, daemon: str) -> Sequence[str | Path]:
        """The command line of a daemon in the foreground."""
        raise NotImplementedError

    def vtysh_argv(self) -> Sequence[str | Path]:
        """The command line of vtysh, before `-c`."""
        raise NotImplementedError

    def paths_argv(self, daemon: str) -> list[str | Path]:
        """The options, the same for FRR and for us, that keep a node's files apart."""
        return [
            *("--vty_socket", self.run),
            *("-z", self.run / "zserv.api"),
            *("-i", self.run / f"{daemon}.pid"),
            *("-A", "127.0.0.1"),
            *self.options,
        ]

    def start(self, *daemons: str) -> None:
        """Start the daemons (all, if none is named) and wait until their vty sockets answer."""
        for daemon in daemons or DAEMONS:
            self.processes[daemon] = self.namespace.spawn(
                self.daemon_argv(daemon), log=f"{daemon}.out"
            )
            self._await(daemon)
        if (self.config / "frr.conf").exists():
            self.load()

    def load(self) -> None:
        """`vtysh -b`: load frr.conf, every line of which has to be taken."""
        loaded = self.vtysh_run("-b")
        assert loaded.exit == 0, f"{self.namespace.name}: vtysh -b: {loaded.text}"

    def _await(self, daemon: str) -> None:
        process, path = self.processes[daemon], self.run / f"{daemon}.vty"

        def answers() -> bool:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(os.fspath(path))
            return True

        process.await_ready(answers, f"{self.kind} {daemon} listens on {path}")

    def stop(self, *daemons: str) -> None:
        """SIGTERM to the daemons (all, if none is named), the last started first."""
        for daemon in daemons or tuple(reversed(self.processes)):
            self.processes.pop(daemon).stop()

    def cpu(self, daemon: str) -> float:
        """Seconds of processor that a daemon took until now, all its threads together."""
        stat = Path(f"/proc/{self.processes[daemon].pid}/stat").read_text()
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def vtysh_run(
        self, *words: str | Path, stdin: str | None = None, env: Mapping[str, str] | None = None
    ) -> Result:
        """One run of vtysh with these words after its options for folders."""
        done: subprocess.CompletedProcess[str] = self.namespace.run(
            [*self.vtysh_argv(), *words],
            check=False,
            stdin=stdin,
            timeout=30.0,
            env={"VTYSH_HISTFILE": str(self.run / "history"), **(env or {})},
        )
        return Result(done.stdout, done.stderr, done.returncode)

    def vtysh(self, *commands: str) -> Result:
        """`vtysh -c COMMAND -c COMMAND ...`."""
        return self.vtysh_run(*(word for command in commands for word in ("-c", command)))

    def show(self, command: str) -> str:
        """The standard output of one command that has to succeed."""
        result = self.vtysh(command)
        assert result.exit == 0, f"{self.namespace.name}: {command}: {result.text}"
        return result.stdout

    def configure(self, *lines: str) -> None:
        """Lines typed after `configure terminal`; all have to be taken."""
        result = self.vtysh("configure terminal", *lines)
        assert result.exit == 0, f"{self.namespace.name}: {lines}: {result.text}"
