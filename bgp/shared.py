"""The lines of the config node that are about all instances, at work; `Bgpd` calls these."""

from typing import TYPE_CHECKING

from bgp.choicelog import watcher
from bgp.config import SESSION_DSCP
from bgp.fib import Fib
from bgp.zebralog import ZebraLog

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd
    from bgp.instance import Instance


def configure(bgpd: "Bgpd") -> None:
    """The code point of sessions or what zebra is given changed; sockets that are open keep
    theirs, as in FRR."""
    dscp = bgpd.config.session_dscp
    wanted = SESSION_DSCP if dscp is None else dscp
    bgpd.transport.dscp = wanted
    for instance in bgpd.instances.values():
        instance.transport.dscp = wanted
        for fib in instance.fibs.values():
            configure_fib(instance, fib)


def configure_fib(instance: "Instance", fib: Fib) -> None:
    """What zebra is given of an instance's routes."""
    bgpd = instance.bgpd
    fib.tells_paths = bool(bgpd.config.send_extra_data)
    fib.silence(bgpd.no_kernel or bool(bgpd.config.no_rib) or instance.is_view)


def overhear(bgpd: "Bgpd") -> None:
    """Debug switches changed: what zebra says and what is chosen is written down, or no longer."""
    wanted = "zebra" in bgpd.config.debugging
    bgpd.zebra.overhears = ZebraLog(bgpd).heard if wanted else None
    for instance in bgpd.instances.values():
        for table in instance.all_tables:
            table.watch = watcher(instance, table)
