"""The soft router of the MetalLB guide on your desk: `make run` starts this.

The router (AS 65001, 192.168.122.1) and an announcer in the role of a MetalLB speaker (AS 64512,
192.168.122.102) run as two processes without any rights: the router's interface, its routes and
the network between the two exist in memory only. When the routes have arrived, the guide's three
tables are printed through vtysh; on a terminal the shell follows, else this ends with status 0.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
PREFIXES = ("172.19.0.0/32", "172.19.0.100/32")
TABLES = ("show ip bgp", "show ip bgp summary", "show ip route")
PATIENCE = 60.0
"""Seconds for the session to come up and the routes to arrive; a quiet machine needs three."""


def main() -> int:
    """Run the demonstration; the exit status is 0 when the tables could be shown."""
    for end_of_all in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(end_of_all, lambda number, frame: sys.exit(128 + number))
    folder = Path(tempfile.mkdtemp(prefix="pyvtysh-"))
    started: list[subprocess.Popen[str]] = []
    try:
        shutil.copytree(HERE / "frr", folder / "etc")
        started.append(start_router(folder))
        started.append(start_announcer(folder))
        wait_for_routes(folder, started)
        for command in TABLES:
            print(f"$ vtysh -c '{command}'", flush=True)
            subprocess.run(vtysh(folder, "-c", command), check=True)
            print(flush=True)
        if sys.stdin.isatty() and sys.stdout.isatty():
            shell(folder)
    except KeyboardInterrupt:
        return 130
    except DemonstrationError as error:
        print(f"soft-router: {error}", file=sys.stderr)
        return 1
    finally:
        for process in reversed(started):
            end(process)
        shutil.rmtree(folder, ignore_errors=True)
    return 0


class DemonstrationError(Exception):
    """Something did not come up; the text says what and shows what it said."""


def start_router(folder: Path) -> "subprocess.Popen[str]":
    """The whole router in one process, on a copy of the guide's configuration folder."""
    with (folder / "router.log").open("w") as log:
        return subprocess.Popen(
            [
                BIN / "pyvtysh",
                *("--config_dir", folder / "etc", "--vty_socket", folder),
                *("--memory", "virbr0=192.168.122.1/24", "--wire", folder / "wire"),
                "--no-shell",
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            text=True,
        )


def start_announcer(folder: Path) -> "subprocess.Popen[str]":
    """The node 192.168.122.102 with its two LoadBalancer addresses."""
    with (folder / "announcer.log").open("w") as log:
        return subprocess.Popen(
            [
                *(sys.executable, HERE / "announcer.py", "--wire", folder / "wire"),
                *("--router", "192.168.122.1", "--router-as", "65001"),
                *("--address", "192.168.122.102", "--as", "64512"),
                *PREFIXES,
            ],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            text=True,
        )


def wait_for_routes(folder: Path, started: "list[subprocess.Popen[str]]") -> None:
    """Return when zebra has installed both prefixes."""
    end_of_patience = time.monotonic() + PATIENCE
    while time.monotonic() < end_of_patience:
        for process, name in zip(started, ("router", "announcer"), strict=True):
            if process.poll() is not None:
                said = (folder / f"{name}.log").read_text()
                raise DemonstrationError(f"the {name} ended ({process.returncode}):\n{said}")
        asked = subprocess.run(
            vtysh(folder, "-c", "show ip route bgp json"),
            capture_output=True,
            text=True,
            check=False,
        )
        if asked.returncode == 0 and all(prefix in routes(asked.stdout) for prefix in PREFIXES):
            return
        time.sleep(0.1)
    said = "".join((folder / f"{name}.log").read_text() for name in ("router", "announcer"))
    raise DemonstrationError(f"no routes within {PATIENCE:.0f} seconds\n{said}")


def routes(text: str) -> dict[str, object]:
    """The routes of a JSON answer; none while the router is not ready."""
    try:
        found: dict[str, object] = json.loads(text)
    except ValueError:
        return {}
    return found


def shell(folder: Path) -> None:
    """Hand the terminal over to vtysh."""
    print("The router is yours: try `?`, `show ip route`, `configure terminal`; `exit` ends it.")
    print(f"From another terminal: {os.path.relpath(BIN / 'vtysh')} --vty_socket {folder}")
    subprocess.run(vtysh(folder), check=False)


def vtysh(folder: Path, *options: str) -> list[str]:
    """The command line of vtysh for this router."""
    places = ("--config_dir", str(folder / "etc"), "--vty_socket", str(folder))
    return [str(BIN / "vtysh"), *places, *options]


def end(process: "subprocess.Popen[str]") -> None:
    """End a process that we started."""
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin is not None:
        process.stdin.close()


if __name__ == "__main__":
    sys.exit(main())
