"""A route reflector and two clients on your desk, without any rights.

Three routers of AS 65001 run as three processes; their interfaces, routes and the network between
them exist in memory only. The clients know the reflector alone, which takes them as dynamic
neighbors; what each announces the other learns, and of the prefix that both announce the reflector
tells all paths. When that has happened, a few tables are printed through vtysh; on a terminal the
shell of the reflector follows, else this ends with status 0.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from routers import PATIENCE, Routers  # noqa: E402  beside this folder

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


def main() -> int:
    """Run the laboratory; the exit status is 0 when the tables could be shown."""
    with Routers() as routers:
        for name, address in ROUTERS.items():
            routers.start(name, HERE / f"{name}.conf", f"eth0={address}/24")
        if not routers.answers(LEARNT):
            print(f"route-reflector: nothing was learnt in {PATIENCE:.0f} seconds", file=sys.stderr)
            return 1
        for name, command in TABLES:
            routers.show(name, command)
        routers.shell("reflector")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
