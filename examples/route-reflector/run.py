"""A route reflector and two clients on your desk, without any rights.

Three routers of AS 65001 run as three processes; their interfaces, routes and the network between
them exist in memory only. The clients know the reflector alone, which takes them as dynamic
neighbors; what each announces the other learns, and of the prefix that both announce the reflector
tells all paths. When that has happened, a few tables are printed through vtysh; on a terminal the
shell of the reflector follows, else this ends with status 0.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
ROUTERS = {"reflector": "10.0.0.1", "client2": "10.0.0.2", "client3": "10.0.0.3"}
TABLES = (
    ("reflector", "show bgp summary"),
    ("client2", "show bgp ipv4 unicast"),
    ("client2", "show bgp ipv4 unicast 172.16.100.0/24"),
    ("client2", "show ip route bgp"),
)
LEARNT = (
    ("client2", "show ip route 172.16.3.0/24", 'Known via "bgp"'),
    ("client3", "show ip route 172.16.2.0/24", 'Known via "bgp"'),
    ("client2", "show bgp ipv4 unicast 172.16.100.0/24", "2 available"),
)
"""Routers, and what they answer when each has heard of the other."""
PATIENCE = 60.0
"""Seconds for the sessions to come up; a quiet machine needs three."""


def main() -> int:
    """Run the laboratory; the exit status is 0 when the tables could be shown."""
    folder = Path(tempfile.mkdtemp(prefix="pyvtysh-"))
    started: list[subprocess.Popen[bytes]] = []
    try:
        started.extend(start(folder, name, address) for name, address in ROUTERS.items())
        if not learnt(folder):
            print(f"route-reflector: nothing was learnt in {PATIENCE:.0f} seconds", file=sys.stderr)
            return 1
        for name, command in TABLES:
            print(f"{name}# {command}", flush=True)
            subprocess.run(vtysh(folder, name, "-c", command), check=True)
            print(flush=True)
        if sys.stdin.isatty() and sys.stdout.isatty():
            subprocess.run(vtysh(folder, "reflector"), check=False)
    except KeyboardInterrupt:
        return 130
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def start(folder: Path, name: str, address: str) -> "subprocess.Popen[bytes]":
    """A whole router in one process, with a configuration folder and sockets of its own."""
    own = folder / name
    own.mkdir()
    shutil.copy(HERE / f"{name}.conf", own / "frr.conf")
    (own / "vtysh.conf").write_text("service integrated-vtysh-config\n")
    (own / "daemons").write_text("bgpd=yes\n")
    with (folder / f"{name}.log").open("w") as log:
        return subprocess.Popen(
            [
                BIN / "pyvtysh",
                *("--config_dir", own, "--vty_socket", own),
                *("--memory", f"eth0={address}/24", "--wire", folder / "wire"),
                "--no-shell",
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def learnt(folder: Path) -> bool:
    """Whether, in time, both clients have what the other one announces."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if all(text in ask(folder, name, command) for name, command, text in LEARNT):
            return True
        time.sleep(0.2)
    return False


def ask(folder: Path, name: str, command: str) -> str:
    """The answer of a router; empty while it cannot be asked."""
    words = vtysh(folder, name, "-c", command)
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout


def vtysh(folder: Path, name: str, *options: str) -> Sequence[str | Path]:
    """The command line of vtysh for a router."""
    own = folder / name
    return [BIN / "vtysh", "--config_dir", own, "--vty_socket", own, *options]


if __name__ == "__main__":
    sys.exit(main())
