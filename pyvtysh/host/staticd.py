"""staticd as a part of this process."""

import asyncio

from grammar.base.clock import SystemClock
from pyvtysh.host.hosted import Hosted
from pyvtysh.host.options import Options
from zebra.staticd.staticd import Staticd


def host_staticd(options: Options) -> Hosted[Staticd]:
    """staticd in the running loop."""
    loop = asyncio.get_running_loop()
    return Hosted("staticd", options, lambda log: Staticd(loop, SystemClock(), log))
