"""A router under load: our daemons as `pyvtysh --processes` watches them, and flapping neighbours.

```
r   eth0 10.0.0.1/16   AS 65000: zebra, staticd, bgpd, each a process; frr.conf
p   eth0 10.0.1.N/16   AS 65000 + N: the speakers
```
"""

import json
import re
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.reliability.speakers import INTERVAL, Speakers
from tests.support.namespaces import Lab, Process
from tests.support.ours import BIN, OurRouter
from tests.support.vty import Vty
from tests.support.wait import until

ROUTER, ROUTER_AS = "10.0.0.1", 65000
STATICS = [f"198.18.{number}.0/24" for number in range(20)]
"""Static routes of the file; what is typed while the test goes on is below 198.19.0.0."""

_DAEMONS = """\
bgpd=yes
watchfrr_options="--min-restart-interval 1 --max-restart-interval 1"
"""
_BGP = """\
router bgp 65000
 bgp router-id 10.0.0.1
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor LOAD peer-group
 neighbor LOAD passive
 neighbor LOAD timers {keepalive} {hold}
 neighbor LOAD timers connect 1
{neighbors} !
 address-family ipv4 unicast
  redistribute static
 exit-address-family
exit
"""
_PIDS = ("zebra", "staticd", "bgpd")
PATIENCE = 60.0
"""Seconds within which all have to agree again, on a machine that has other things to do."""


def addresses(count: int) -> dict[str, int]:
    """The speakers and their AS numbers."""
    return {f"10.0.1.{number}": ROUTER_AS + number for number in range(1, count + 1)}


def configuration(count: int) -> str:
    """frr.conf."""
    neighbors = "".join(
        f" neighbor {address} remote-as {asn}\n neighbor {address} peer-group LOAD\n"
        for address, asn in addresses(count).items()
    )
    statics = "".join(f"ip route {prefix} 10.0.1.1\n" for prefix in STATICS)
    keepalive = int(INTERVAL)
    bgp = _BGP.format(neighbors=neighbors, keepalive=keepalive, hold=3 * keepalive)
    return f"frr version 8.4.4\nfrr defaults traditional\nhostname r\n{statics}{bgp}"


class Scene:
    """The router and its speakers, all running; `close` ends them (the lab ends what is left)."""

    def __init__(self, lab: Lab, count: int, *, prefixes: int, seed: int, more: str = "") -> None:
        self.node, self.far = lab.namespace("r"), lab.namespace("p")
        self.node.sysctl("net.ipv4.ip_forward=1")
        lab.link(self.node, "eth0", self.far, "eth0")
        self.node.ip("address", "add", f"{ROUTER}/16", "dev", "eth0")
        for address in addresses(count):
            self.far.ip("address", "add", f"{address}/16", "dev", "eth0")
        files = {
            "daemons": _DAEMONS,
            "vtysh.conf": "service integrated-vtysh-config\n",
            "frr.conf": configuration(count) + more,
        }
        self.router = OurRouter(self.node, files)
        self.watcher: Process = self.watch()
        self.speakers = Speakers(
            self.far, ROUTER, ROUTER_AS, addresses(count), prefixes=prefixes, seed=seed
        )

    def watch(self) -> Process:
        """Start the watcher, which starts the daemons and loads frr.conf."""
        run = self.router.run
        argv: list[str | Path] = [
            *(BIN / "pyvtysh", "--processes", "--config_dir", self.router.config),
            *("--vty_socket", run, "-z", run / "zserv.api", "-i", run / "pyvtysh.pid"),
            *("-A", "127.0.0.1"),
        ]
        self.watcher = self.node.spawn(argv, log="watcher.out")
        return self.watcher

    def pid(self, daemon: str) -> int:
        """The process of a daemon; OSError or ValueError while nobody knows."""
        return int((self.router.run / f"{daemon}.pid").read_text())

    def vty(self, daemon: str, line: str) -> str:
        """One answer; OSError when the daemon is not there."""
        with Vty(self.router.run, daemon) as vty:
            return vty.ask(line)[0]

    def table(self, daemon: str, line: str) -> Any:
        return json.loads(self.vty(daemon, line) or "{}")

    # --- agreement ---------------------------------------------------------------------------

    def await_agreement(self, what: str, seconds: float = PATIENCE) -> None:
        """Rest, then kernel, zebra, staticd, bgpd and all neighbours know the same routes."""
        self.speakers.ask("rest")
        until(lambda: not self.differences(), seconds, f"agreement {what}", interval=0.2)

    def differences(self) -> str:
        """What does not agree; AssertionError tells the same to `until`."""
        state = self.speakers.ask("state")
        learnt = {prefix for one in state.values() for prefix in one["held"]}
        static = self.statics()
        assert set(STATICS) <= static, f"static routes lost: {set(STATICS) - static}"
        kernel = self.kernel()
        self._same("kernel, BGP", learnt, kernel["bgp"])
        self._same("kernel, static", static, kernel["static"])
        routes = self.table("zebra", "show ip route json")
        chosen = {
            kind: {p for p, rs in routes.items() for r in rs if r["protocol"] == kind}
            for kind in ("bgp", "static")
        }
        self._same("zebra, BGP", learnt, chosen["bgp"])
        self._same("zebra, static", static, chosen["static"])
        unsettled = [p for p, rs in routes.items() for r in rs if r.get("queued")]
        assert not unsettled, f"queued in zebra: {unsettled[:5]}"
        table = self.table("bgpd", "show bgp ipv4 unicast json").get("routes", {})
        self._same("bgpd", learnt | static, set(table))
        for address, one in state.items():
            # As FRR, it tells a neighbour its own routes, too.
            self._same(f"heard by {address}", learnt | static, one["heard"])
        spare = self.spare_nexthops()
        assert not spare, f"next-hop objects of nobody: {spare}"
        return ""

    @staticmethod
    def _same(what: str, wanted: set[str], found: Any) -> None:
        missing, more = sorted(wanted - set(found)), sorted(set(found) - wanted)
        assert not missing, f"{what}: {len(missing)} missing: {missing[:5]}"
        assert not more, f"{what}: {len(more)} too many: {more[:5]}"

    def statics(self) -> set[str]:
        """The static routes that are configured."""
        text = self.vty("staticd", "show running-config")
        return set(re.findall(r"^ip route (\S+)", text, re.MULTILINE))

    def kernel(self) -> dict[str, set[str]]:
        """Prefixes of the kernel's main table, by protocol; each once, or it is told."""
        found: dict[str, set[str]] = {"bgp": set(), "static": set()}
        for line in self.node.ip("-o", "route", "show").splitlines():
            words = line.split()
            kind = words[words.index("proto") + 1] if "proto" in words else ""
            if kind in found:
                assert words[0] not in found[kind], f"twice in the kernel: {line}"
                found[kind].add(words[0])
        return found

    def spare_nexthops(self) -> set[str]:
        """Next-hop objects of the kernel that zebra does not know."""
        known = re.findall(r"^ID: (\d+)", self.vty("zebra", "show nexthop-group rib"), re.MULTILINE)
        listed = self.node.ip("nexthop", "show")
        return set(re.findall(r"^id (\d+)", listed, re.MULTILINE)) - set(known)

    # --- the end -----------------------------------------------------------------------------

    def close(self) -> None:
        """End speakers and daemons, the watcher first, and what a killed one left running."""
        self.speakers.close()
        self.watcher.stop()
        for daemon in _PIDS:
            with suppress(OSError, ValueError):
                pid = self.pid(daemon)
                if self.is_ours(pid):
                    self.node.run(["kill", f"-{signal.SIGKILL}", str(pid)], check=False)

    def is_ours(self, pid: int) -> bool:
        """A process of this scene: its command line names our folder."""
        with suppress(OSError), open(f"/proc/{pid}/cmdline", "rb") as file:
            return bytes(self.router.run) in file.read()
        return False
