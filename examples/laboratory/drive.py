"""zebra on a kernel in memory, driven from Python: a cable is pulled, and a route comes and goes.

The kernel is changed by descriptions, in the form of the files `interfaces` here: what differs from
the one before is carried out. `laboratory.kernel` takes single changes, as Linux takes them from
other programs.
"""

import asyncio

from grammar.base.clock import SystemClock
from grammar.base.log import MemoryLog
from grammar.node import ENABLE
from grammar.session import Session
from pyvtysh.host.laboratory import Laboratory
from pyvtysh.host.statefile import parse_state
from zebra.kernel.api import SetLink
from zebra.zebra import Zebra

PLUGGED = """
interface eth0
 address 10.0.0.1/24
interface eth1
 address 10.1.0.1/24
route 192.0.2.0/24 via 10.1.0.9
"""


async def main() -> None:
    """Print zebra's routes after each change."""
    loop = asyncio.get_running_loop()
    laboratory = Laboratory(loop, None, "example")
    zebra = Zebra(loop, SystemClock(), MemoryLog(), laboratory.kernel)
    zebra.start()
    shell = Session(zebra, ENABLE)

    async def show(what: str) -> None:
        await asyncio.sleep(0.1)  # what happens takes a few turns of the loop
        text = "".join(shell.execute("show ip route").output)
        print(f"*** {what}\n{text.partition('offload failure')[2].strip()}\n")

    laboratory.apply(parse_state(PLUGGED))
    await show("Two interfaces, and a route of somebody else.")
    laboratory.apply(parse_state(PLUGGED.replace("eth0\n", "eth0\n no carrier\n")))
    await show("The cable of eth0 is pulled.")
    laboratory.kernel.change(SetLink(laboratory.index("eth1"), up=False))
    await show("Somebody sets eth1 down.")


if __name__ == "__main__":
    asyncio.run(main())
