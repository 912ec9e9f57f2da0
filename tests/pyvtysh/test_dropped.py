"""Work for a client that has gone ends in the daemon too, in the middle of a long table."""

import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.perf import shows
from tests.perf.load import CONFIG, FEEDER, cpu
from tests.perf.shows import Loaded, loaded
from tests.support.terminal import Terminal
from tests.support.wait import until

SIZE = 100_000
CALM = 0.3
"""Seconds in which a daemon with nothing to do takes no tick of a processor worth speaking of."""
IDLE = 0.05
TEST = f"test route-map M in neighbor {FEEDER}"
"""It answers nothing before it is done with the whole table, after seconds of work."""
WORK = 1.0
"""Seconds of that, of which there are three times as many."""


@pytest.fixture(scope="module")
def table() -> Iterator[Loaded]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(shows, "CONFIG", f"{CONFIG}route-map M permit 10\n set metric 5\n!\n")
        with loaded("ours", SIZE) as daemon:
            yield daemon


def spent(pid: int) -> float:
    before = cpu(pid)
    time.sleep(CALM)
    return cpu(pid) - before


def works(pid: int, before: float) -> None:
    until(lambda: cpu(pid) - before > 0.03, 10, "the daemon is at work")


def test_a_client_that_hangs_up_is_worked_for_no_more(table: Loaded) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(table.folder / "bgpd.vty"))
        client.sendall(b"enable\0")
        client.recv(64)
        before = cpu(table.pid)
        client.sendall(TEST.encode() + b"\0")
        works(table.pid, before)
    until(lambda: spent(table.pid) <= IDLE, 0.4, "an idle daemon")
    assert cpu(table.pid) - before < WORK, "the work was done to its end"


def test_ctrl_c_ends_the_work_of_the_daemon(table: Loaded) -> None:
    vtysh = [Path(sys.executable).parent / "vtysh", "--vty_socket", table.folder]
    (table.folder / "vtysh.conf").write_text("")
    env = {"VTYSH_PAGER": "", "PYVTYSH_ALIASES": "/dev/null"}
    with Terminal([*vtysh, "--config_dir", table.folder, "-H", "/dev/null"], env=env) as terminal:
        until(lambda: terminal.text().endswith("#"), 20, "a prompt")
        prompt = terminal.lines()[-1]
        before = cpu(table.pid)
        terminal.enter("show ip bgp")
        until(lambda: terminal.sip(4096) and "*>" in terminal.seen(), 20, "routes")
        terminal.press("^C")
        until(lambda: terminal.text().endswith("\n" + prompt), 10, "the prompt")
        assert not any("Displayed" in line for line in terminal.lines())
        until(lambda: spent(table.pid) <= IDLE, 0.4, "an idle daemon")
        before = cpu(table.pid)
        terminal.enter(TEST)
        works(table.pid, before)
        terminal.press("^C")
        until(lambda: spent(table.pid) <= IDLE, 0.4, "an idle daemon")
        assert cpu(table.pid) - before < WORK, "the work was done to its end"
        until(lambda: terminal.text().endswith("\n" + prompt), 10, "the prompt")
