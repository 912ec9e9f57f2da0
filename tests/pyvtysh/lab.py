"""A router in memory with a shell on this terminal: `python -m tests.pyvtysh.lab`.

Three routers in a row of ASes; before each line, and at each turn of a watch, a second passes.
"""

import sys

from pyvtysh.commands import LANGUAGE
from pyvtysh.dispatch import Vtysh
from pyvtysh.history import History
from pyvtysh.link import Running
from pyvtysh.merged import load_languages
from pyvtysh.shell import known
from pyvtysh.shell.prompt import run_terminal
from pyvtysh.testing.router import VirtualRouter
from pyvtysh.testing.topology import Topology

CONFIGS = {
    "r1": """router bgp 65001
 no bgp ebgp-requires-policy
 neighbor 10.0.12.2 remote-as 65002
 neighbor 10.0.13.3 remote-as 65003
 neighbor 10.0.19.9 remote-as 65009
 neighbor 10.0.19.9 shutdown
 address-family ipv4 unicast
  network 10.255.0.1/32
""",
    "r2": """ip route 10.20.0.0/16 Null0
ip route 10.21.0.0/16 Null0
ip route 10.30.0.0/16 Null0
router bgp 65002
 no bgp ebgp-requires-policy
 neighbor 10.0.12.1 remote-as 65001
 address-family ipv4 unicast
  network 10.20.0.0/16
  network 10.21.0.0/16
  network 10.30.0.0/16 route-map BEHIND
 exit-address-family
exit
route-map BEHIND permit 10
 set as-path prepend 65004 65004 65005
""",
    "r3": """ip route 10.20.0.0/16 Null0
ip route 10.30.0.0/16 Null0
router bgp 65003
 no bgp ebgp-requires-policy
 neighbor 10.0.13.1 remote-as 65001
 address-family ipv4 unicast
  network 10.20.0.0/16 route-map BEHIND
  network 10.30.0.0/16
 exit-address-family
exit
route-map BEHIND permit 10
 set as-path prepend 65002
""",
}
INTERFACES = {
    "r1": """interface lo
 address 10.255.0.1/32
interface eth0
 wire a
 address 10.0.12.1/24
interface eth1
 wire b
 address 10.0.13.1/24
""",
    "r2": "interface eth0\n wire a\n address 10.0.12.2/24\n",
    "r3": "interface eth0\n wire b\n address 10.0.13.3/24\n",
}


def lab(topology: Topology) -> dict[str, VirtualRouter]:
    """The routers, thirty seconds after their start."""
    made = {
        name: topology.router(name, interfaces=INTERFACES[name], config=config)
        for name, config in CONFIGS.items()
    }
    topology.advance(30)
    return made


class Shell(Vtysh):
    """The shell of one router, in whose network time passes only when it is used."""

    def __init__(self, router: VirtualRouter) -> None:
        super().__init__(LANGUAGE, load_languages(), router._link, sys.stderr.write)
        self.router = router
        self.hostname = router.name
        self.config_dir = ""  # commits are in memory
        self.memory = router.commits
        self.has_input = True
        self.connect()

    def execute(self, line: str) -> Running:
        status = yield from super().execute(line)
        self.router.topology.advance(1)
        return status


if __name__ == "__main__":
    known.PATIENCE = 20.0  # what Tab lists is the same on slow machines
    topology = Topology()
    raise SystemExit(run_terminal(Shell(lab(topology)["r1"]), History(None)))
