"""FRR's own watchfrr starts, pings and restarts our daemons, and both shells speak with it."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.dropin import SHELLS, run, with_eth0
from tests.support.frr import LIBEXEC
from tests.support.namespaces import Lab, Process
from tests.support.ours import BIN, OurRouter
from tests.support.wait import until

pytestmark = pytest.mark.real

DAEMONS = ("zebra", "staticd", "bgpd")
STARTED = Path("/var/run/frr/watchfrr.started")
"""What watchfrr writes when all is up, wherever its other files are."""
CONFIG = "router bgp 65001\n bgp router-id 1.1.1.1\n"
SCRIPT = """\
#!/bin/sh
# start|stop|restart DAEMON, as watchfrr's -s, -k and -r ask for it; `all` is every daemon.
if [ "$2" = all ]; then
  for daemon in zebra staticd bgpd; do "$0" "$1" $daemon; done
  exit
fi
if [ "$1" != start ] && pid=$(cat {run}/$2.pid 2>/dev/null); then
  kill $pid 2>/dev/null
  while kill -0 $pid 2>/dev/null; do sleep 0.05; done
fi
if [ "$1" != stop ]; then
  exec {bin}/$2 -d --vty_socket {run} -z {run}/zserv.api -i {run}/$2.pid -A 127.0.0.1 \
    -f {config}/$2.conf >/dev/null
fi
"""


class Watched:
    """Our router, started by a watchfrr; the daemons are no children of the test."""

    def __init__(self, lab: Lab) -> None:
        self.leaves_mark = not STARTED.exists()
        files = {f"{name}.conf": "" for name in DAEMONS}
        self.router = OurRouter(with_eth0(lab, "watched"), {**files, "bgpd.conf": CONFIG})
        folder = self.router.run
        script = folder / "daemons.sh"
        script.write_text(SCRIPT.format(run=folder, bin=BIN, config=self.router.config))
        script.chmod(0o755)
        self.watchfrr: Process = self.router.namespace.spawn(
            [
                *(LIBEXEC / "watchfrr", "-S", folder, "--vty_socket", folder),
                *("-p", folder / "watchfrr.pid", "-l", "7", "-i", "1", "-t", "5"),
                *("--min-restart-interval", "1", "--max-restart-interval", "1", "-T", "10"),
                *("-s", f"{script} start %s", "-r", f"{script} restart %s"),
                *("-k", f"{script} stop %s", "zebra", "bgpd", "staticd"),
            ],
            log="watchfrr.out",
        )

    def pid(self, daemon: str) -> int:
        """What the daemon's pid file holds; OSError or AssertionError while it holds nothing."""
        text = (self.router.run / f"{daemon}.pid").read_text()
        assert text.endswith("\n"), text
        return int(text)

    def await_up(self, *, but_not: dict[str, int] | None = None) -> None:
        """Wait until watchfrr calls all daemons up, in other processes than those named."""

        def up() -> bool:
            shown = run("ours", self.router, "-c", "show watchfrr")
            rows = [line.split() for line in shown.splitlines()]
            assert all([name, "Up"] in rows for name in DAEMONS), shown + self.watchfrr.output()
            return all(self.pid(name) != pid for name, pid in (but_not or {}).items())

        until(up, 30, "all daemons up")

    def end(self) -> None:
        """watchfrr first, which would start the daemons again."""
        self.watchfrr.stop()
        if self.leaves_mark:
            STARTED.unlink(missing_ok=True)
        pids = [self.pid(name) for name in DAEMONS]
        for pid in pids:
            os.kill(pid, signal.SIGTERM)
        for pid in pids:
            until(lambda pid=pid: not os.path.exists(f"/proc/{pid}"), 10, "a daemon's end")  # type: ignore[misc]


@pytest.fixture(scope="module")
def watched() -> Iterator[Watched]:
    with Lab() as lab:
        made = Watched(lab)
        try:
            made.await_up()
            yield made
        finally:
            made.end()


def test_it_starts_the_daemons_and_their_pings_are_answered(watched: Watched) -> None:
    said = watched.watchfrr.output()
    assert "all daemons up, doing startup-complete notify" in said
    assert "bad echo response" not in said


@pytest.mark.parametrize(
    "lines",
    [
        ("show watchfrr",),
        ("show daemons", "show debugging", "show logging"),
        ("configure terminal", "do show watchfrr"),
        ("watchfrr ignore bgpd", "show watchfrr", "no watchfrr ignore bgpd"),
        ("write integrated",),
        ("write",),
        ("show running-config",),
    ],
)
def test_both_shells_speak_with_it(watched: Watched, lines: tuple[str, ...]) -> None:
    words = [word for line in lines for word in ("-c", line)]
    theirs, ours = (run(shell, watched.router, *words) for shell in SHELLS)
    assert ours == theirs


def test_a_killed_daemon_is_started_again(watched: Watched) -> None:
    pid = watched.pid("bgpd")
    os.kill(pid, signal.SIGKILL)
    watched.await_up(but_not={"bgpd": pid})
    assert "router bgp 65001" in run("frr", watched.router, "-c", "show running-config")
    assert "bad echo response" not in watched.watchfrr.output()


def test_write_goes_through_it_when_one_file_is_wanted(watched: Watched) -> None:
    watched.router.write("vtysh.conf", "service integrated-vtysh-config\n")
    theirs, ours = (run(shell, watched.router, "-c", "write") for shell in SHELLS)
    assert ours == theirs
    assert "configuration write completed" in watched.watchfrr.output()
