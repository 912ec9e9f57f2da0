"""bfdd as a part of this process."""

from grammar.base.clock import SystemClock
from pyvtysh.host.hosted import Hosted
from pyvtysh.host.options import Options
from zebra.bfdd.bfdd import Bfdd


def host_bfdd(options: Options) -> Hosted[Bfdd]:
    """bfdd in the running loop."""
    return Hosted("bfdd", options, lambda log: Bfdd(SystemClock(), log))
