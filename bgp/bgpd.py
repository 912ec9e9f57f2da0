"""The component bgpd: instances, the connection to zebra, and what sessions of users need."""

from bgp.config import BgpdConfig
from bgp.instance import Instance
from bgp.transport import Transport
from grammar.base.clock import Clock
from grammar.base.log import Level, Log
from grammar.base.scheduler import Scheduler
from grammar.base.work import Work


class Bgpd:
    """A BGP daemon without process, options or sockets of its own."""

    name = "bgpd"

    def __init__(
        self,
        scheduler: Scheduler,
        clock: Clock,
        log: Log,
        transport: Transport,
        hostname: str,
        domainname: str = "",
    ) -> None:
        self.scheduler = scheduler
        self.clock = clock
        self.log = log
        self.transport = transport
        self.hostname = hostname
        self.domainname = domainname
        self.config = BgpdConfig()
        self.instances: dict[str | None, Instance] = {}
        self.work = Work(scheduler.call_soon, clock, self.bug)
        self.no_zebra = False
        """bgpd -Z: every next hop counts as resolved."""

    def bug(self, where: str, error: Exception) -> None:
        """Log an exception that nobody expected."""
        self.log.write(Level.ERRORS, f"internal error in {where}: {error!r}")
