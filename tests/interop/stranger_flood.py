"""A thousand connections a second from addresses that are no neighbours: what they cost a bgpd."""

import os
import sys
import time
from pathlib import Path

from tests.report import Figure, record
from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab
from tests.support.ours import OurRouter
from tests.support.router import Router

RATE, SECONDS = 1000, 5
CONFIGURATION = """router bgp 65001
 bgp router-id 10.0.0.1
 neighbor 10.66.0.1 remote-as 65066
exit
"""
_CALLER = """
import socket, sys, time
rate, seconds = int(sys.argv[1]), int(sys.argv[2])
begun, made = time.monotonic(), 0
while made < rate * seconds:
    while made > (time.monotonic() - begun) * rate:
        time.sleep(0.002)
    try:
        with socket.create_connection(("10.0.0.1", 179), 5, ("10.77.0.1", 0)) as wire:
            wire.recv(1)
    except ConnectionError:
        pass
    made += 1
print(time.monotonic() - begun)
"""


def _cpu(pid: int) -> float:
    ticks = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def cost(kind: type[Router]) -> tuple[float, int]:
    """Milliseconds of processor for a connection, and bytes of log for all of them."""
    with Lab() as lab:
        namespace = lab.namespace("r")
        namespace.ip("address", "add", "10.0.0.1/32", "dev", "lo")
        namespace.ip("address", "add", "10.77.0.1/32", "dev", "lo")
        router = kind(
            namespace, {"bgpd.conf": f"log file {namespace.directory}/log\n{CONFIGURATION}"}
        )
        router.start("zebra", "bgpd")
        time.sleep(1)  # what follows a start is no part of it
        daemon = router.processes["bgpd"]
        log = namespace.directory / "log"
        before, size = _cpu(daemon.pid), log.stat().st_size if log.exists() else 0
        namespace.run([sys.executable, "-c", _CALLER, str(RATE), str(SECONDS)], timeout=120)
        spent = _cpu(daemon.pid) - before
        assert daemon.running
        written = (log.stat().st_size if log.exists() else 0) - size
        return 1000 * spent / (RATE * SECONDS), written


def measure() -> None:
    """For `make report`."""
    (ours, our_log), (frr, frr_log) = cost(OurRouter), cost(FrrRouter)
    how = f"{RATE * SECONDS} connections from an address that is no neighbour's"
    record(
        "strangers",
        [
            Figure(
                "processor for a stranger's connection", round(ours, 3), round(frr, 3), "ms", how
            ),
            Figure("log written", our_log, frr_log, "bytes", how),
        ],
    )


if __name__ == "__main__":
    measure()
