"""The nodes of a topology by the kind that a file's name tells, behind one small interface."""

import shlex
import shutil
from pathlib import Path
from typing import Protocol

from tests.conformance.speaker import Script, Speaker
from tests.support.bird import Bird
from tests.support.frr import LIBEXEC, FrrRouter
from tests.support.namespaces import Namespace, Process
from tests.support.ours import EmbeddedRouter
from tests.support.router import DAEMONS, Router
from tests.support.vty import Vty

UNKNOWN = 2
"""The status byte of a daemon that does not know a command."""
STATIC = ("ip route ", "ipv6 route ")
GOBGP = "127.0.0.1:50051"


def frr_installed() -> bool:
    """Whether the real daemons are there."""
    return (LIBEXEC / "bgpd").exists() and shutil.which("vtysh") is not None


class Node(Protocol):
    """What a story can do with a node."""

    namespace: Namespace

    def start(self) -> None:
        """Start it and wait until it can be asked."""

    def stop(self) -> None:
        """End it."""

    def answer(self, command: str) -> str:
        """What it prints for a command of its own language."""


class RouterNode:
    """A router of FRR's or ours: commands go to the first daemon that knows them."""

    def __init__(self, namespace: Namespace, config: str, kind: type[Router]) -> None:
        self.namespace = namespace
        files = {"frr.conf": config, "vtysh.conf": "service integrated-vtysh-config\n"}
        self.router = kind(namespace, files)
        static = any(line.lstrip().startswith(STATIC) for line in config.splitlines())
        self.daemons = DAEMONS if static else ("zebra", "bgpd")
        self._vtys: dict[str, Vty] = {}

    def start(self) -> None:
        """Start the daemons with the file."""
        self.router.start(*self.daemons)

    def stop(self) -> None:
        """End the daemons."""
        self.close()
        self.router.stop()

    def close(self) -> None:
        """Close the sockets of this process."""
        for vty in self._vtys.values():
            vty.socket.close()
        self._vtys.clear()

    def answer(self, command: str) -> str:
        """Of bgpd, or if it does not know the command of zebra, or of staticd."""
        text = ""
        for daemon in reversed(self.daemons):
            text, status = self._vty(daemon).ask(command)
            if status != UNKNOWN:
                return text if not status else f"{text}[status {status}]\n"
        return f"{text}[status {UNKNOWN}]\n"

    def _vty(self, daemon: str) -> Vty:
        if daemon not in self._vtys:
            self._vtys[daemon] = Vty(self.router.run, daemon)
        return self._vtys[daemon]

    def type(self, lines: tuple[str, ...]) -> str:
        """What vtysh answers to lines of configuration."""
        return self.router.vtysh("configure terminal", *lines).text

    def running(self) -> str:
        """The whole configuration as vtysh prints it."""
        return self.router.show("show running-config")


class GobgpNode:
    """gobgpd with a file of its own; it is asked by `gobgp ...`."""

    def __init__(self, namespace: Namespace, config: str) -> None:
        self.namespace = namespace
        self._config = namespace.directory / "gobgpd.conf"
        self._config.write_text(config)
        self._process: Process | None = None

    def start(self) -> None:
        """Start gobgpd and wait until it answers."""
        argv = ["gobgpd", "-f", self._config, "--api-hosts", GOBGP, "--pprof-disable"]
        self._process = self.namespace.spawn(argv, log="gobgpd.out")

        def ready() -> bool:
            return self.namespace.run(["gobgp", "global"], check=False).returncode == 0

        self._process.await_ready(ready, "gobgpd answers")

    def stop(self) -> None:
        """End gobgpd."""
        if self._process is not None:
            self._process.stop()

    def answer(self, command: str) -> str:
        """The output of `gobgp ...`."""
        return self.namespace.run(shlex.split(command)).stdout


class BirdNode(Bird):
    """bird; it is asked by `birdc` commands, with or without that word."""

    def answer(self, command: str) -> str:
        """The answer without the line that greets."""
        return self.run(command.removeprefix("birdc ")).partition("\n")[2]


class SpeakerNode:
    """A scripted speaker; it is there from the start and tells what it heard."""

    def __init__(self, namespace: Namespace, script: Script) -> None:
        self.namespace = namespace
        self._script = script
        self.speaker: Speaker | None = None

    def start(self) -> None:
        """Begin to connect."""
        self.speaker = Speaker(self.namespace, self._script)

    def stop(self) -> None:
        """End the session."""
        if self.speaker is not None:
            self.speaker.close()
            self.speaker = None

    close = stop

    def answer(self, command: str) -> str:
        """`heard`: the routes; `state`: whether the session is up."""
        assert self.speaker is not None, "the speaker is stopped"
        if command == "state":
            return "established\n" if self.speaker.established else "down\n"
        return self.speaker.text()


KINDS = (".frr.conf", ".ours.conf", ".gobgp.toml", ".bird.conf", ".speaker")
NEEDS = {".gobgp.toml": ("gobgpd", "gobgp"), ".bird.conf": ("bird", "birdc")}


def kind_of(path: Path) -> tuple[str, str]:
    """A peer's name and its kind; ValueError for a name that is of no kind."""
    for kind in KINDS:
        if path.name.endswith(kind):
            return path.name.removesuffix(kind), kind
    raise ValueError(f"{path}: what kind of a peer is this? One of {', '.join(KINDS)}")


def number_of(name: str) -> int:
    """The number that a peer's name ends with, and its addresses too."""
    digits = name[len(name.rstrip("0123456789")) :]
    if not digits or not 2 <= int(digits) <= 254:
        raise ValueError(f"the name of a peer ends with its number, 2 to 254: {name}")
    return int(digits)


def make_peer(path: Path, namespace: Namespace) -> Node:
    """The peer of a file; FRR's place is taken by ours where FRR is not installed."""
    name, kind = kind_of(path)
    text = path.read_text()
    match kind:
        case ".frr.conf":
            return RouterNode(namespace, text, FrrRouter if frr_installed() else EmbeddedRouter)
        case ".ours.conf":
            return RouterNode(namespace, text, EmbeddedRouter)
        case ".gobgp.toml":
            return GobgpNode(namespace, text)
        case ".bird.conf":
            return BirdNode(namespace, text)
        case _:
            return SpeakerNode(namespace, Script.read(path, number_of(name)))
