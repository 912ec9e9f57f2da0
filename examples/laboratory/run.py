"""Three routers, a wire between each two, and a wire that is pulled: without any rights.

Each folder below this one is a router: `interfaces` describes its interfaces and wires, `frr.conf`
is its configuration. They speak BGP over the wires (r1 and r2 without IPv4 addresses there: they
find each other by router advertisements), and r3 has a static route that it announces. Then the
wire between r1 and r2 is pulled: the ways over r3 remain. When it is plugged in again, all is as
before. On a terminal the shell of r1 follows, else this ends with status 0.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from routers import PATIENCE, Routers  # noqa: E402  beside this folder

NAMES = ("r1", "r2", "r3")
ALL_UP = (
    ("r1", "show ip route 10.255.0.2/32", "fe80::"),
    ("r1", "show ip route 203.0.113.0/24", "10.0.13.3, via eth1"),
    ("r2", "show ip route 203.0.113.0/24", "10.0.23.3, via eth1"),
    ("r3", "show ip route 10.255.0.1/32", "10.0.13.1, via eth0"),
    ("r3", "show ip route 10.255.0.2/32", "10.0.23.2, via eth1"),
)
WITHOUT_WIRE = (
    ("r1", "show ip route 10.255.0.2/32", "10.0.13.3, via eth1"),
    ("r2", "show ip route 10.255.0.1/32", "10.0.23.3, via eth1"),
)
"""Routers, and what they answer: via whom they reach each other."""


def main() -> int:
    """Run the story; the exit status is 0 when the routers found all ways."""
    with Routers() as routers:
        for name in NAMES:
            routers.start(name, HERE / name / "frr.conf", HERE / name / "interfaces")
        for act, commands, expected in (
            ("All wires are plugged in.", (), ALL_UP),
            ("r2 shuts its end of the wire to r1 down.", ("shutdown",), WITHOUT_WIRE),
            ("It is up again.", ("no shutdown",), ALL_UP),
        ):
            print(f"*** {act}\n", flush=True)
            if commands:
                routers.ask("r2", "configure terminal", "interface eth0", *commands)
            if not routers.answers(expected):
                print(f"laboratory: not found in {PATIENCE:.0f} seconds", file=sys.stderr)
                return 1
            routers.show("r1", "show bgp summary")
            routers.show("r1", "show ip route")
        routers.shell("r1")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
