"""Laboratories of network namespaces: nodes, switches, links, and the processes that run in them.

Names are `pv-<pid>-<lab>-<node>`, so that two runs never meet and what a killed run left behind is
known by its dead pid and swept by the next. A laboratory ends only processes that it started, each
by its pid. Needs root.
"""

import atexit
import contextlib
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.support.wait import until

NETNS = Path("/run/netns")
PREFIX = "pv"
_numbers = itertools.count(1)


class Process:
    """A process in a namespace; its output is in `log`."""

    def __init__(self, popen: subprocess.Popen[bytes], log: Path) -> None:
        self.popen = popen
        self.log = log

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def running(self) -> bool:
        return self.popen.poll() is None

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def await_ready(self, ready: Callable[[], bool], what: str, timeout: float = 20.0) -> None:
        """Wait until `ready`; an early end of the process is told at once with its output."""

        def look() -> bool:
            if not self.running:
                raise RuntimeError(f"ended with {self.popen.returncode}:\n{self.output()}")
            return ready()

        until(look, timeout, what)

    def stop(self, with_signal: int = signal.SIGTERM, timeout: float = 10.0) -> int:
        """Send the signal, wait, and return the exit status; SIGKILL when it does not listen."""
        if self.running:
            self.popen.send_signal(with_signal)
            try:
                self.popen.wait(timeout)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait(timeout)
        return self.popen.returncode


class Namespace:
    """A host of its own: network namespace, hostname, and what runs there."""

    def __init__(self, lab: "Lab", name: str) -> None:
        self.lab = lab
        self.name = name
        self.netns = f"{lab.prefix}-{name}"
        _ip("netns", "add", self.netns)
        # The holder keeps the UTS namespace (and so the hostname) alive between commands.
        script = 'hostname "$0" && echo ready && exec sleep infinity'
        self._holder = subprocess.Popen(
            [
                "nsenter",
                f"--net={NETNS / self.netns}",
                "unshare",
                "--uts",
                "sh",
                "-c",
                script,
                name,
            ],
            stdout=subprocess.PIPE,
        )
        assert self._holder.stdout is not None
        assert self._holder.stdout.readline() == b"ready\n", f"no namespace {self.netns}"
        self._holder.stdout.close()
        # Link-local addresses are there at once: no test waits for duplicate address detection.
        self.sysctl("net.ipv6.conf.default.accept_dad=0", "net.ipv6.conf.all.accept_dad=0")
        self.ip("link", "set", "lo", "up")

    @property
    def directory(self) -> Path:
        """A folder of this node's own, readable by daemons that drop root."""
        path = self.lab.directory / self.name
        path.mkdir(exist_ok=True)
        return path

    @property
    def handle(self) -> Path:
        """The file of the network namespace, to be bound elsewhere."""
        return Path(f"/proc/{self._holder.pid}/ns/net")

    def argv(self, argv: Sequence[str | Path]) -> list[str]:
        """The command line that runs `argv` in here."""
        enter = ["nsenter", f"--net={NETNS / self.netns}", f"--uts=/proc/{self._holder.pid}/ns/uts"]
        return [*enter, *map(str, argv)]

    def run(
        self,
        argv: Sequence[str | Path],
        *,
        stdin: str | None = None,
        check: bool = True,
        timeout: float = 20.0,
        env: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run to the end. AssertionError with both outputs when it fails and `check` is set."""
        done = subprocess.run(
            self.argv(argv),
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            timeout=timeout,
            env=None if env is None else {**os.environ, **env},
        )
        if check and done.returncode:
            shown = " ".join(map(str, argv))
            raise AssertionError(
                f"{self.name}: {shown}: exit {done.returncode}\n{done.stdout}{done.stderr}"
            )
        return done

    def spawn(
        self, argv: Sequence[str | Path], *, log: str, env: Mapping[str, str] | None = None
    ) -> Process:
        """Start in the background; standard output and error go to the file `log`."""
        path = self.directory / log
        with path.open("ab") as out:
            popen = subprocess.Popen(
                self.argv(argv),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=None if env is None else {**os.environ, **env},
            )
        process = Process(popen, path)
        self.lab.processes.append(process)
        return process

    def ip(self, *words: str) -> str:
        """`ip WORDS` in here; its standard output."""
        return self.run(["ip", *words]).stdout

    def sysctl(self, *settings: str) -> None:
        """Set kernel parameters of this namespace, each as `NAME=VALUE`."""
        self.run(["sysctl", "-q", "-w", *settings])

    def close(self) -> None:
        """Let the namespace go; what runs in it has been ended before."""
        self._holder.kill()
        self._holder.wait()
        _delete(self.netns)


class Switch:
    """A bridge in a namespace of its own; every port that is plugged in sees all others."""

    def __init__(self, lab: "Lab", name: str) -> None:
        self.lab = lab
        self.namespace = lab.namespace(name)
        self.namespace.ip("link", "add", "br0", "type", "bridge")
        self.namespace.ip("link", "set", "br0", "up")
        self._ports = itertools.count()

    def plug(self, node: Namespace, device: str, *addresses: str) -> None:
        """Give `node` an interface on this switch."""
        port = f"p{next(self._ports)}"
        self.lab.link(node, device, self.namespace, port)
        self.namespace.ip("link", "set", port, "master", "br0")
        for address in addresses:
            node.ip("address", "add", address, "dev", device)


class Lab:
    """A context manager: all namespaces, links and processes of one topology."""

    def __init__(self) -> None:
        sweep()
        self.prefix = f"{PREFIX}-{os.getpid()}-{next(_numbers)}"
        self.directory = Path(tempfile.mkdtemp(prefix=f"{self.prefix}-"))
        self.directory.chmod(0o755)
        self.namespaces: dict[str, Namespace] = {}
        self.processes: list[Process] = []
        atexit.register(self.close)

    def namespace(self, name: str) -> Namespace:
        """A new node; `name` is also its hostname."""
        made = self.namespaces[name] = Namespace(self, name)
        return made

    def switch(self, name: str) -> Switch:
        return Switch(self, name)

    def link(self, one: Namespace, device: str, other: Namespace, other_device: str) -> None:
        """A cable (veth pair) between two nodes, both ends up."""
        one.ip(
            *("link", "add", device, "type", "veth"),
            *("peer", "name", other_device, "netns", other.netns),
        )
        one.ip("link", "set", device, "up")
        other.ip("link", "set", other_device, "up")

    def close(self) -> None:
        """End what was started, newest first, and remove the namespaces; may be called twice."""
        atexit.unregister(self.close)
        for process in reversed(self.processes):
            if process.running:
                process.popen.terminate()
        for process in reversed(self.processes):
            process.stop(timeout=5.0)
        for namespace in self.namespaces.values():
            namespace.close()
        self.namespaces.clear()
        self.processes.clear()
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def sweep() -> None:
    """Remove namespaces and folders of earlier runs whose process is gone."""
    for folder in (NETNS, Path(tempfile.gettempdir())):
        for path in folder.glob(f"{PREFIX}-*-*"):
            pid = path.name.split("-")[1]
            if not pid.isdigit() or Path(f"/proc/{pid}").exists():
                continue
            if folder == NETNS:
                _end_leftovers(path.name)
                _delete(path.name)
            else:
                shutil.rmtree(path, ignore_errors=True)


def _end_leftovers(netns: str) -> None:
    """What still runs in a dead run's namespace was started by that run and by nobody else."""
    listed = subprocess.run(["ip", "netns", "pids", netns], capture_output=True, text=True)
    for pid in listed.stdout.split():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def _delete(netns: str) -> None:
    subprocess.run(["ip", "netns", "delete", netns], capture_output=True)
