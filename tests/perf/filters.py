"""A table through bgpd's filters: a long prefix-list that looks at each prefix, and a route-map."""

import random
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path

from grammar.base.values import Address
from tests.perf.load import (
    CONFIG,
    FEEDER,
    MONITOR,
    MONITOR_AS,
    NEXTHOP,
    TARGET_AS,
    connect,
    cpu,
    daemon,
    memory,
    settle,
)
from tests.perf.stream import FEEDER_AS, mixed, mixed_keys

MAP = """\
bgp route-map delay-timer 0
bgp as-path access-list FAR seq 5 permit _(4200[0-9]+|6451[2-9])_
bgp as-path access-list FAR seq 10 permit ^[0-9]+_[0-9]+_1[0-9]+_
bgp as-path access-list SHORT seq 5 permit ^[0-9]+_[0-9]+_?[0-9]*$
bgp community-list expanded ODD seq 5 permit _[0-9]+:1[0-9]*_
bgp community-list standard SOME seq 5 permit 65000:1
bgp community-list standard SOME seq 10 permit 65000:2
route-map MARK permit 10
 match as-path FAR
 match community ODD
 set local-preference 200
 set community 64600:1 additive
exit
route-map MARK permit 20
 match as-path SHORT
 set local-preference 150
 set community 64600:2 additive
exit
route-map MARK permit 30
 match community SOME
 set local-preference 140
exit
route-map MARK permit 40
 match community ODD
 set local-preference 120
 set community 64600:3 additive
exit
route-map MARK permit 50
 set local-preference 90
exit
"""
"""Changes each route, by AS path and by communities. Without its delay, in which routes would be
decided about and announced once more some seconds after the start."""


def policy(way: str, lines: int) -> str:
    """Lines that filter what comes `in` from the feeder, or goes `out` to the monitor.

    So many lines has the prefix-list; the last one permits the prefixes that no other speaks of.
    """
    chooser = random.Random(7)
    networks: dict[tuple[int, int], None] = {}
    while len(networks) < lines - 1:
        length = chooser.choice((12, 14, 16, 18, 20, 22, 24))
        networks[chooser.randrange(16 << 24, 96 << 24) >> 32 - length, length] = None
    listed = [
        f"{Address(1, bits << 32 - length)}/{length}{chooser.choice(('', ' le 24', ' le 32'))}"
        for bits, length in networks
    ]
    numbered = enumerate(
        (*(text.replace("/24 le 24", "/24") for text in listed), "0.0.0.0/0 le 32")
    )
    rules = (f"ip prefix-list LONG seq {number + 1} permit {text}" for number, text in numbered)
    peer = FEEDER if way == "in" else MONITOR
    return "\n".join(rules) + (
        f"\n{MAP}router bgp {TARGET_AS}\n address-family ipv4 unicast\n"
        f"  neighbor {peer} prefix-list LONG {way}\n  neighbor {peer} route-map MARK {way}\n"
        + (f"  neighbor {peer} soft-reconfiguration inbound\n" if way == "in" else "")
        + " exit-address-family\nexit\n"
    )


@dataclass(frozen=True)
class Figures:
    """CPU seconds of the load, and with filters inward of `clear ... soft in`; memory in MiB."""

    load: float
    again: float
    memory: float


def measure(kind: str, size: int, way: str, lines: int) -> Figures:
    """Feed `size` prefixes through filters to a monitor."""
    announced = mixed(mixed_keys(size, 1), FEEDER_AS, 2, Address.parse(NEXTHOP))
    with (
        tempfile.TemporaryDirectory(prefix="pv-perf-") as name,
        daemon(kind, Path(name), CONFIG + policy(way, lines)) as (pid, port),
    ):
        feeder = connect(FEEDER, port, FEEDER_AS)
        monitor = connect(MONITOR, port, MONITOR_AS)
        before = cpu(pid)
        feeder.say(announced)
        monitor.hear(size)
        settle(pid)
        loaded, used = cpu(pid), memory(pid)
        if way == "in":
            _tell(Path(name, "bgpd.vty"), "enable", f"clear ip bgp {FEEDER} soft in")
            settle(pid)
        figures = Figures(loaded - before, cpu(pid) - loaded, used)
        feeder.close()
        monitor.close()
    return figures


def _tell(vty: Path, *lines: str) -> None:
    with socket.socket(socket.AF_UNIX) as stream:
        stream.connect(str(vty))
        for line in lines:
            stream.sendall(line.encode() + b"\0")
            answer = b""
            while not answer[:-1].endswith(b"\0\0\0"):
                answer += stream.recv(4096)
            assert answer == b"\0\0\0\0", answer
