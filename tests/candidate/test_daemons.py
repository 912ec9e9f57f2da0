"""Candidates over daemons that run: ours and FRR's."""

import json
import os
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from operator import attrgetter
from pathlib import Path

import pytest

import pyvtysh
from pyvtysh.candidate.confirm import uptime
from pyvtysh.candidate.tree import tree_of
from tests.interop.reload_text import OWN, PEER, PEER_AS, configuration
from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import BIN, OurRouter
from tests.support.router import Router
from tests.support.terminal import Terminal
from tests.support.wait import until

pytestmark = pytest.mark.real

KIND = attrgetter("kind")
FAR = f"router bgp {PEER_AS}\n no bgp ebgp-requires-policy\n neighbor {OWN} remote-as 65001\n"


@pytest.fixture(scope="module")
def router(request: pytest.FixtureRequest) -> Iterator[Router]:
    """A router with a neighbor."""
    with Lab() as lab:
        own, far = lab.namespace("cand-a"), lab.namespace("cand-b")
        lab.link(own, "eth0", far, "eth0")
        far.ip("address", "add", f"{PEER}/24", "dev", "eth0")
        FrrRouter(far, {"bgpd.conf": FAR}).start("zebra", "bgpd")
        made: Router = request.param(own, {"frr.conf": configuration()})
        made.start()
        with pyvtysh.connect(str(made.run)) as shell:
            until(lambda: established(shell) == 1, 30, "the session")
        yield made


@pytest.fixture
def shell(router: Router) -> Iterator[pyvtysh.Router]:
    """A shell of ours over its daemons."""
    with pyvtysh.connect(str(router.run), config_dir=str(router.config)) as made:
        yield made


def type_in(shell: pyvtysh.Router, *lines: str) -> str:
    """What the last line answers; all those before have to be taken."""
    for line in lines[:-1]:
        answer = shell.run(line)
        assert answer.ok, (line, answer.text)
    return shell.run(lines[-1]).text


def running(shell: pyvtysh.Router) -> dict[tuple[str, ...], None]:
    return tree_of(shell.running_config())


def established(shell: pyvtysh.Router) -> int:
    shown = shell.show(f"bgp neighbors {PEER}", json=True)[PEER]
    return int(shown["connectionsEstablished"]) if shown["bgpState"] == "Established" else 0


@pytest.mark.parametrize("router", [OurRouter, FrrRouter], indirect=True, ids=KIND)
def test_from_one_large_configuration_to_another(router: Router, shell: pyvtysh.Router) -> None:
    """And the session that has nothing to do with it lives through it."""
    file = router.write("new.conf", configuration(new=True))
    said = type_in(shell, "configure private", f"load override {file}", "commit")
    assert re.fullmatch(r"Commit \d+ is in force\n", said)
    assert type_in(shell, f"load override {file}", "show configuration diff") == ""
    assert type_in(shell, "commit") == "Nothing to commit\n"
    type_in(shell, "end")
    assert established(shell) == 1  # the same session all the time
    now = running(shell)
    missing = [path[-1] for path in tree_of(configuration(new=True)) if path not in now]
    assert missing == ["line vty"]  # which is never shown


class Refusing:
    """The sockets of a router's daemons, one of which does not take a line."""

    def __init__(self, router: Router, folder: Path, refused: str, *, how: str) -> None:
        """`how`: it `refuses` the line, `dies` or `hangs` for good."""
        self._refused, self._how = refused.encode(), how
        self.reached = threading.Event()
        self._real = str(router.run / "bgpd.vty")
        for name in ("zebra", "staticd"):
            (folder / f"{name}.vty").symlink_to(router.run / f"{name}.vty")
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(folder / "bgpd.vty"))
        self._server.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._server.accept()
                threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as daemon:
            daemon.connect(self._real)
            while asked := client.recv(65536):
                if asked.strip(b"\0 ") == self._refused:
                    self.reached.set()
                    if self._how == "dies":
                        return
                    if self._how == "hangs":
                        continue
                    client.sendall(b"% I will not\n\0\0\0\x0d")
                    continue
                daemon.sendall(asked)
                answer = b""
                while answer[-4:-1] != b"\0\0\0":
                    answer += daemon.recv(65536)
                client.sendall(answer)

    def close(self) -> None:
        self._server.close()


@pytest.mark.parametrize("router", [OurRouter, FrrRouter], indirect=True, ids=KIND)
@pytest.mark.parametrize("how", ["refuses", "dies"])
def test_what_one_daemon_refuses_is_undone_in_all(
    router: Router, shell: pyvtysh.Router, tmp_path: Path, how: str
) -> None:
    before, sessions = running(shell), established(shell)
    proxy = Refusing(router, tmp_path, "neighbor 10.9.0.9 timers 7 21", how=how)
    with pyvtysh.connect(str(tmp_path), config_dir=str(router.config)) as other:
        type_in(
            other,
            *("configure private", "ip route 10.77.0.0/24 blackhole"),
            *("route-map FURTHER permit 10", "set metric 3", "exit"),
            *(
                "router bgp 65001",
                "neighbor 10.9.0.8 description other",
                "bgp log-neighbor-changes",
            ),
            "neighbor 10.9.0.9 timers 7 21",
        )
        if how == "dies":
            with pytest.raises(pyvtysh.LostError):
                other.run("commit")
        else:
            assert type_in(other, "commit") == (
                "% Not committed\n"
                "% bgpd refuses `neighbor 10.9.0.9 timers 7 21` of `router bgp 65001`: I will not\n"
                "% All daemons are as they were\n"
            )
    proxy.close()
    assert running(shell) == before
    assert established(shell) == sessions


@pytest.mark.parametrize("router", [OurRouter], indirect=True, ids=KIND)
def test_a_narrow_terminal(router: Router) -> None:
    argv = router.namespace.argv([*router.vtysh_argv()])
    env = {"VTYSH_HISTFILE": "/dev/null"}
    with Terminal(argv, rows=15, columns=40, env=env) as terminal:
        terminal.wait_prompt("cand-a# ", 30)
        for line, prompt in (
            ("configure exclusive", "cand-a(config*)# "),
            ("router bgp 65001", "cand-a(config-router*)# "),
        ):
            terminal.enter(line)
            terminal.wait_prompt(prompt, 30)
        terminal.enter("no bgp ebgp-requires-policyy")
        terminal.wait_for("% Unknown command: no bgp ebgp-requires-")
        until(lambda: any(row.strip()[:1] == "^" for row in terminal.lines()), 10, "the mark")
        terminal.enter("neighbor 10.9.0.9 description far away")
        terminal.enter("show configuration diff")
        terminal.wait_for("+ neighbor 10.9.0.9 description far away")
        terminal.press("^z")
        terminal.wait_for("% The candidate is kept until `commit` o")
        terminal.wait_prompt("cand-a# ")
        terminal.enter("discard")
        terminal.enter("exit")
        assert terminal.wait_end() == 0


def pending(router: Router) -> Path:
    return router.config / "commits" / "pending"


def guards(router: Router) -> list[int]:
    """The processes that keep the time."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                words = (entry / "cmdline").read_bytes().split(b"\0")
                if b"pyvtysh.candidate.guard" in words and bytes(pending(router)) in words:
                    found.append(int(entry.name))
    return found


def _two_without(router: Router, one: int) -> bool:
    found = guards(router)
    return len(found) == 2 and one not in found


def shorten(router: Router, seconds: float) -> None:
    """Let the time be over earlier."""
    path = pending(router)
    said = json.loads(path.read_text())
    spare = path.with_name("spare")
    spare.write_text(json.dumps({**said, "deadline": uptime() + seconds}))
    spare.replace(path)


@pytest.mark.parametrize("router", [FrrRouter], indirect=True, ids=KIND)
def test_a_commit_is_taken_back_whoever_is_killed(router: Router, shell: pyvtysh.Router) -> None:
    """The shell that committed is gone, either process is killed, and then both."""
    before = running(shell)
    argv = ["configure private", "ip route 10.99.0.0/24 blackhole", "commit confirmed 1"]
    with pyvtysh.connect(str(router.run), config_dir=str(router.config)) as other:
        assert "is taken back at" in type_in(other, *argv)
        other.shell.candidate = None  # as if it was killed
    assert running(shell) != before
    for pick in (min, max):
        until(lambda: len(guards(router)) == 2, 20, "both processes")
        one = pick(guards(router))
        os.kill(one, signal.SIGKILL)
        until(partial(_two_without, router, one), 20, "a new one in its place")
    for sent in (signal.SIGSTOP, signal.SIGKILL):
        for each in guards(router):
            os.kill(each, sent)
    until(lambda: not guards(router), 20, "they are gone")
    assert "is taken back at" in type_in(shell, "configure private")
    until(lambda: len(guards(router)) == 2, 20, "the shell has started both again")
    shorten(router, 0)
    until(lambda: not pending(router).exists(), 30, "it is taken back")
    assert running(shell) == before
    until(lambda: not guards(router), 20, "the processes end")


@pytest.mark.parametrize("router", [FrrRouter], indirect=True, ids=KIND)
def test_a_shell_that_is_killed_over_a_commit(
    router: Router, shell: pyvtysh.Router, tmp_path: Path
) -> None:
    """The line at which bgpd hangs is never taken; what was typed before it goes again."""
    before = running(shell)
    proxy = Refusing(router, tmp_path, "neighbor 10.9.0.9 timers 7 21", how="hangs")
    lines = (
        *("configure private", "ip route 10.77.0.0/24 blackhole", "route-map FURTHER permit 10"),
        *("router bgp 65001", "neighbor 10.9.0.9 timers 7 21", "commit"),
    )
    words = [word for line in lines for word in ("-c", line)]
    places = ("--vty_socket", tmp_path, "--config_dir", router.config)
    vtysh = subprocess.Popen([BIN / "vtysh", *places, *words])
    assert proxy.reached.wait(30)
    assert running(shell) != before
    at_work = router.config / "commits" / "at-work"
    assert at_work.exists()
    vtysh.kill()
    vtysh.wait()
    until(lambda: not at_work.exists(), 30, "it is undone")
    proxy.close()
    assert running(shell) == before
