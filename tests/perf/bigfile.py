"""A large configuration of bgpd: what it costs to load and to print it, ours and FRR's."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.perf.idle import used
from tests.perf.load import TARGET_AS, daemon
from tests.perf.starts import VTYSH, run

FULL = (1000, 20, 5000, 200)
"""Neighbours, peer-groups, lines of prefix-lists, route-maps."""

_LISTS = 100


@dataclass(frozen=True)
class Figures:
    """CPU seconds of a start with the file, and of showing it; lines of what is shown."""

    read: float
    shown: float
    lines: int


def configuration(scale: float) -> str:
    """Such a file; about 13,000 lines for a scale of 1."""
    peers, groups, listed, maps = (max(1, round(size * scale)) for size in FULL)
    return "\n".join([*_router(peers, groups), *_filters(listed, maps), ""])


def _router(peers: int, groups: int) -> Iterator[str]:
    yield f"router bgp {TARGET_AS}"
    yield " bgp router-id 10.255.255.1"
    for group in range(groups):
        yield f" neighbor PG{group} peer-group"
        yield f" neighbor PG{group} remote-as {64700 + group}"
        yield f" neighbor PG{group} passive"
        yield f" neighbor PG{group} ebgp-multihop 5"
        yield f" neighbor PG{group} timers 10 30"
    for peer in range(peers):
        address = f"127.4.{peer // 250}.{peer % 250 + 1}"
        yield f" neighbor {address} peer-group PG{peer % groups}"
        yield f" neighbor {address} description customer {peer}"
    yield " address-family ipv4 unicast"
    for group in range(groups):
        yield f"  neighbor PG{group} prefix-list PL{group} in"
        yield f"  neighbor PG{group} route-map RM{group} in"
        yield f"  neighbor PG{group} route-map RM{group + groups} out"
        yield f"  neighbor PG{group} soft-reconfiguration inbound"
    yield from (" exit-address-family", "exit")


def _filters(listed: int, maps: int) -> Iterator[str]:
    for line in range(listed):
        prefix = f"{20 + line % 180}.{line // 180 % 256}.0.0/16"
        number, action = 5 + 5 * (line // _LISTS), "deny" if line % 17 == 0 else "permit"
        yield f"ip prefix-list PL{line % _LISTS} seq {number} {action} {prefix} le 24"
        if line % 5 == 0:
            community = f"{1 + line % 64000}:{line}"
            yield f"bgp community-list standard CL{line % _LISTS} seq {number} permit {community}"
    for number in range(maps):
        yield f"route-map RM{number} permit 10"
        yield f" match ip address prefix-list PL{number % _LISTS}"
        yield f" set local-preference {100 + number}"
        yield f" set community {TARGET_AS}:{number} additive"
        yield from ("exit", f"route-map RM{number} permit 20")
        yield f" match community CL{number % _LISTS // 5 * 5}"
        yield from (" set metric 10", "exit", f"route-map RM{number} deny 40", "exit")


def measure(kind: str, scale: float) -> Figures:
    """Start a daemon with the file, and show what it has of it."""
    with tempfile.TemporaryDirectory(prefix="pv-perf-") as name:
        with daemon(kind, Path(name), configuration(scale)) as (pid, _):
            Path(name, "vtysh.conf").touch()
            _vtysh(kind, name, "-c", "show version")
            read = used(pid)
            client = _vtysh(kind, name, "-c", "show running-config")
            shown = client + used(pid) - read
        return Figures(read, shown, Path(name, "out").read_text().count("\n"))


def boot(kind: str, scale: float) -> float:
    """CPU seconds of `vtysh -b` with the file and of the daemon that it is given to."""
    with (
        tempfile.TemporaryDirectory(prefix="pv-perf-") as name,
        daemon(kind, Path(name), f"router bgp {TARGET_AS}\n") as (pid, _),
    ):
        Path(name, "frr.conf").write_text(configuration(scale))
        Path(name, "vtysh.conf").touch()
        _vtysh(kind, name, "-c", "show version")
        before = used(pid)
        return _vtysh(kind, name, "-b") + used(pid) - before


def _vtysh(kind: str, folder: str, *words: str) -> float:
    """CPU seconds of one vtysh; while the daemon does not answer yet it is tried again."""
    argv = [str(VTYSH[kind]), "--vty_socket", folder, "--config_dir", folder, *words]
    deadline = time.monotonic() + 300
    while words == ("-c", "show version"):
        if subprocess.run(argv, capture_output=True).returncode == 0:
            return 0.0
        if time.monotonic() > deadline:
            raise TimeoutError(f"{kind}: no answer with the file")
        time.sleep(0.01)
    out = Path(folder, "out")
    out.unlink(missing_ok=True)
    return run(argv, out).cpu
