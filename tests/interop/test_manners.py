"""The daemons as processes, beside FRR's: what they refuse, what they log, how they end."""

import os
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pyvtysh.hosting import gone
from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Result, Router
from tests.support.wait import until

pytestmark = pytest.mark.real

REFUSED = (
    ("staticd", "-Q"),
    ("staticd", "--foo"),
    ("staticd", "-P"),
    ("staticd", "--log"),
    ("staticd", "--log", "foo"),
    ("staticd", "--log", "monitor:x"),
    ("staticd", "--log", "stdout", "--log-level", "foo"),
    ("staticd", "--lo", "stdout"),
    ("bgpd", "--l", "stdout"),
    ("bgpd", "--ecmp"),
    ("staticd", "--help=x"),
    ("staticd", "-P", "abc"),
    ("staticd", "-N", "a", "-N", "b"),
    ("staticd", "-N", "a/b"),
    ("staticd", "-F", "foo"),
    ("staticd", "-M", "nosuch"),
    ("bgpd", "-M", "nosuch:x", "--moduledir", "/x"),
    ("staticd", "-A", "1.1.1.1", "-A", "1.1.1.2"),
    ("staticd", "--vty_socket", "/x", "--vty_socket", "/y"),
    ("staticd", "-u", "nosuch"),
    ("staticd", "-g", "nosuch"),
    ("bgpd", "-e", "0"),
    ("bgpd", "-e", "x"),
    ("zebra", "-e", "257"),
    ("staticd", "-f", "BAD", "-C"),
    ("bgpd", "-f", "BAD", "-C"),
    ("zebra", "-f", "/nonexistent/file", "-C"),
)
STAMP = re.compile(r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d+)?", re.MULTILINE)


@pytest.fixture(scope="module")
def routers() -> Iterator[tuple[Router, Router]]:
    with Lab() as lab:
        yield FrrRouter(lab.namespace("frr")), OurRouter(lab.namespace("ours"))


def run(router: Router, daemon: str, *options: str) -> Result:
    """The daemon with these options only, which has to end at once."""
    program = router.daemon_argv(daemon)[0]
    bad = router.write("bad.conf", "hostname x\nfoo bar\n")
    words = [str(bad) if word == "BAD" else word for word in options]
    done = router.namespace.run([program, *words], check=False, timeout=20)
    return Result(done.stdout, done.stderr, done.returncode)


def masked(text: str, router: Router) -> str:
    """Without times, folders, the path of the program, and the text of the help."""
    text = STAMP.sub("<time>", text.replace(str(router.namespace.directory), "<folder>"))
    text = re.sub(r"^/\S*/(?=\w+: )", "", text, flags=re.MULTILINE)
    return re.sub(r"^Usage: .*", "<usage>", text, flags=re.DOTALL | re.MULTILINE)


LOCAL = ("Disabling MPLS support", "failed to mkdir", "log buffering unavailable")
"""What FRR says of a kernel without MPLS, and of folders that former processes left behind."""


def without_local(text: str) -> str:
    """Without what FRR says of this machine only."""
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not any(words in line for words in LOCAL))


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_refusals(routers: tuple[Router, Router], words: tuple[str, ...]) -> None:
    found = [run(router, *words) for router in routers]
    theirs, ours = (masked(one.stderr, router) for one, router in zip(found, routers, strict=True))
    assert without_local(theirs) == ours
    assert [one.exit for one in found] == [0 if "-C" in words else 1] * 2
    assert [one.stdout for one in found] == ["", ""]


@pytest.mark.parametrize("daemon", ["zebra", "bgpd", "staticd", "bfdd"])
def test_the_version_as_tools_read_it(routers: tuple[Router, Router], daemon: str) -> None:
    theirs, ours = (run(router, daemon, "-v") for router in routers)
    assert theirs == ours
    assert ours.stdout.split()[:3] == [daemon, "version", "8.4.4"]


class Life:
    """A daemon in the background from its start to its end, and what is seen of it."""

    def __init__(self, router: Router, daemon: str) -> None:
        self.router, self.daemon = router, daemon
        self.log = router.run / f"{daemon}.log"
        self.config = router.write(f"{daemon}.conf", "hostname before\n")
        self.config.chmod(0o644)
        self.options = ["--log", f"file:{self.log}", "--command-log-always", "--limit-fds", "200"]
        if daemon == "bgpd":
            self.options += ["-p", "0"]

    def start(self) -> Result:
        argv = [*self.router.daemon_argv(self.daemon), *self.options, "-d"]
        done = self.router.namespace.run(argv, check=False, timeout=20)
        return Result(done.stdout, without_local(done.stderr), done.returncode)

    @property
    def pid(self) -> int:
        return int((self.router.run / f"{self.daemon}.pid").read_text())

    def ask(self, *lines: str) -> str:
        """The answers of the daemon's vty, without vtysh between."""
        said = b""
        with socket.socket(socket.AF_UNIX) as vty:
            vty.settimeout(10)
            vty.connect(str(self.router.run / f"{self.daemon}.vty"))
            for line in lines:
                vty.sendall(line.encode() + b"\0")
                answer = b""
                while answer[-4:-1] != b"\0\0\0":
                    answer += vty.recv(65536)
                said += answer[:-4]
        return said.decode()

    def lines(self, log: Path) -> list[str]:
        text = masked(log.read_text(), self.router)
        text = re.sub(r"vty\[\d+\]", "vty[<fd>]", text)
        return without_local(text).splitlines()

    def run(self) -> dict[str, object]:
        """All of it, step by step."""
        seen: dict[str, object] = {"start": self.start()}
        pid = self.pid
        folder = Path(f"/proc/{pid}/fd")
        seen["files"] = [os.readlink(folder / str(number)) for number in range(3)]
        again = self.start()
        told = without_local(masked(again.stderr, self.router)).splitlines()
        seen["again"] = told[0]
        if self.router.is_ours:  # FRR's parent now and then misses its child's status
            assert again.exit == 1
            assert told[1:] == [f"{self.daemon} failed to start, exited 1"]
        seen["hostname"] = "hostname before" in self.ask("enable", "show running-config")
        self.config.write_text("hostname after\nfoo bar\n")
        os.kill(pid, signal.SIGHUP)
        until(lambda: "SIGHUP received" in self.log.read_text(), 5, "SIGHUP is logged")
        shown = self.ask("enable", "configure terminal", "no log commands", "show running-config")
        seen["reread"] = "hostname after" in shown
        seen["always"] = "permanent logging" in shown and "log commands" in shown
        moved = self.log.with_suffix(".old")
        self.log.rename(moved)
        os.kill(pid, signal.SIGUSR1)
        until(self.log.exists, 5, "the log is opened again")
        seen["log"] = self.lines(moved)
        os.kill(pid, signal.SIGTERM)
        until(lambda: gone(pid), 10, "it ends at SIGTERM")
        last = {line.split("] ", 1)[-1] for line in self.lines(self.log)}
        seen["end"] = last & {"Terminating on signal", "Zebra final shutdown"}
        return seen


@pytest.mark.parametrize("daemon", ["zebra", "bgpd", "staticd", "bfdd"])
def test_a_life(routers: tuple[Router, Router], daemon: str) -> None:
    theirs, ours = (Life(router, daemon).run() for router in routers)
    for step, seen in theirs.items():
        if step == "start" and daemon == "zebra":
            assert isinstance(ours[step], Result)
            assert ours[step] == Result("", "", 0)
        elif step == "log":
            assert known(seen) == known(ours[step])
        else:
            assert seen == ours[step], step


@pytest.mark.parametrize("mode", ["-t", "-dt"])
def test_a_terminal_session(routers: tuple[Router, Router], mode: str) -> None:
    keys = "show debugging\nconf t\nhostname x\nfoo\nend\nsh ip\n\n"
    shown = []
    for router in routers:
        router.write("staticd.conf", "hostname same\n").chmod(0o644)
        argv = [*router.daemon_argv("staticd"), mode]
        done = router.namespace.run(argv, check=False, timeout=20, stdin=keys)
        # FRR prints the first prompt before it has read the name from the file.
        shown.append((done.stdout.partition("# ")[2], done.stderr))
        # On a busy machine FRR's ends with 1 about as often as with 0, having said the same.
        assert done.returncode in ((0,) if router.is_ours else (0, 1))
        pid = int((router.run / "staticd.pid").read_text()) if mode == "-dt" else 0
        if pid:
            os.kill(pid, signal.SIGTERM)
            until(lambda pid=pid: gone(pid), 10, "it ends")  # type: ignore[misc]
    assert shown[0] == shown[1]
    assert "same(config)# hostname x\n" in shown[1][0]


def known(lines: object) -> list[str]:
    """The lines of a log without what a second start, which shares the file, says there."""
    assert isinstance(lines, list)
    return [line for line in lines if "Could not lock pid_file" not in line]
