"""The laboratory itself: nodes reach each other, and nothing is left behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import namespaces
from tests.support.namespaces import Lab
from tests.support.wait import until

pytestmark = pytest.mark.real


def netns_with(prefix: str) -> list[str]:
    return [path.name for path in namespaces.NETNS.glob(f"{prefix}*")]


def test_nodes_on_a_switch_reach_each_other_and_have_names() -> None:
    with Lab() as lab:
        switch = lab.switch("sw0")
        one, other = lab.namespace("one"), lab.namespace("other")
        switch.plug(one, "eth0", "192.0.2.1/24")
        switch.plug(other, "eth0", "192.0.2.2/24")
        assert one.run(["hostname"]).stdout == "one\n"
        assert other.run(["hostname"]).stdout == "other\n"
        serve = "import socket; s = socket.create_server(('', 80)); s.accept()[0].send(b'hello')"
        server = other.spawn([sys.executable, "-c", serve], log="server")
        fetch = "import socket; print(socket.create_connection(('192.0.2.2', 80)).recv(9).decode())"
        heard = until(
            lambda: one.run([sys.executable, "-c", fetch], check=False).stdout, 10, "an answer"
        )
        assert heard == "hello\n"
        until(lambda: not server.running, 10, "the end of the server, which serves one")
        assert server.stop() == 0
        prefix, directory = lab.prefix, lab.directory
        assert len(netns_with(prefix)) == 3
    assert netns_with(prefix) == []
    assert not directory.exists()


def test_a_failing_command_shows_what_it_said() -> None:
    with Lab() as lab:
        node = lab.namespace("n")
        with pytest.raises(AssertionError, match=r"(?s)n: ip link show nosuch: exit 1.*nosuch"):
            node.ip("link", "show", "nosuch")


def test_what_a_killed_run_left_is_swept_by_the_next() -> None:
    script = (
        "from tests.support.namespaces import Lab\n"
        "lab = Lab(); node = lab.namespace('n')\n"
        "process = node.spawn(['sleep', '1000'], log='sleep')\n"
        "print(lab.prefix, process.pid, lab.directory, flush=True)\n"
        "import time; time.sleep(1000)\n"
    )
    root = Path(__file__).parents[2]
    killed = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=root)
    assert killed.stdout is not None
    prefix, pid, directory = killed.stdout.readline().decode().split()
    killed.stdout.close()
    assert netns_with(prefix)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    namespaces.sweep()
    assert netns_with(prefix) == []
    assert not Path(directory).exists()
    until(lambda: not running(pid), 5, f"the end of {pid}")


def running(pid: str) -> bool:
    """False once the process is gone or a zombie that its parent has not yet fetched."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
