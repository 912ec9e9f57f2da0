"""The real GoBGP: gobgpd in a namespace, asked through gobgp."""

import json
from dataclasses import dataclass
from pathlib import Path

from tests.support.namespaces import Namespace, Process

PORT = 50051


@dataclass(frozen=True, slots=True)
class Neighbor:
    """One configured neighbour of gobgpd."""

    address: str
    asn: int
    passive: bool = False


class Gobgp:
    """gobgpd with one AS, IPv4 unicast (and IPv6 when `families` says so) to its neighbours."""

    def __init__(
        self,
        namespace: Namespace,
        asn: int,
        router_id: str,
        neighbors: list[Neighbor],
        families: tuple[str, ...] = ("ipv4-unicast",),
    ) -> None:
        self.namespace = namespace
        self._config = namespace.directory / "gobgpd.conf"
        self._config.write_text(_config(asn, router_id, neighbors, families))
        self.process: Process | None = None

    def start(self) -> None:
        """Start gobgpd and wait until it answers."""
        argv: list[str | Path] = [
            "gobgpd",
            "-f",
            self._config,
            "--api-hosts",
            f"127.0.0.1:{PORT}",
            "--pprof-disable",
        ]
        self.process = self.namespace.spawn(argv, log="gobgpd.out")
        ask = ["gobgp", "global"]
        self.process.await_ready(
            lambda: self.namespace.run(ask, check=False).returncode == 0, "gobgpd answers"
        )

    def stop(self) -> None:
        assert self.process is not None
        self.process.stop()

    def run(self, *words: str) -> str:
        """`gobgp WORDS`, which has to succeed."""
        return self.namespace.run(["gobgp", *words]).stdout

    def announce(self, prefix: str, *attributes: str) -> None:
        """Put a route into the global table; attributes as gobgp words them (`med 10`)."""
        family = "ipv6" if ":" in prefix else "ipv4"
        self.run("global", "rib", "-a", family, "add", prefix, *attributes)

    def withdraw(self, prefix: str) -> None:
        family = "ipv6" if ":" in prefix else "ipv4"
        self.run("global", "rib", "-a", family, "del", prefix)

    def state(self, neighbor: str) -> str:
        """The session's state as a word: `established`, `active`, ..."""
        shown = json.loads(self.run("neighbor", neighbor, "-j"))
        number = shown.get("state", {}).get("session_state", 0)
        return STATES[number] if isinstance(number, int) else str(number).lower()

    def table(self, family: str = "ipv4") -> dict[str, list[dict[str, object]]]:
        """The global table: the paths of each prefix as gobgp's JSON has them."""
        text = self.run("global", "rib", "-a", family, "-j")
        loaded: dict[str, list[dict[str, object]]] = json.loads(text or "{}")
        return loaded

    def adj_in(self, neighbor: str, family: str = "ipv4") -> dict[str, list[dict[str, object]]]:
        """What the neighbour has sent, before any policy."""
        text = self.run("neighbor", neighbor, "adj-in", "-a", family, "-j")
        loaded: dict[str, list[dict[str, object]]] = json.loads(text or "{}")
        return loaded


STATES = ("unknown", "idle", "connect", "active", "opensent", "openconfirm", "established")


def _config(asn: int, router_id: str, neighbors: list[Neighbor], families: tuple[str, ...]) -> str:
    text = f'[global.config]\n  as = {asn}\n  router-id = "{router_id}"\n'
    for neighbor in neighbors:
        text += "[[neighbors]]\n  [neighbors.config]\n"
        text += f'    neighbor-address = "{neighbor.address}"\n    peer-as = {neighbor.asn}\n'
        text += "  [neighbors.timers.config]\n    connect-retry = 1\n"
        text += "    idle-hold-time-after-reset = 1\n"
        text += "  [neighbors.transport.config]\n"
        text += f"    passive-mode = {str(neighbor.passive).lower()}\n"
        for family in families:
            text += "  [[neighbors.afi-safis]]\n    [neighbors.afi-safis.config]\n"
            text += f'      afi-safi-name = "{family}"\n'
    return text
