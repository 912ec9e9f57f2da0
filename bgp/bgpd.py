"""The component bgpd: instances, the connection to zebra, and what sessions of users need."""

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from traceback import format_exception
from typing import Any

from bgp import shared
from bgp.attrs import AttrPool, AttrSet
from bgp.config import BgpConfig, BgpdConfig
from bgp.dump import Dump
from bgp.instance import Instance
from bgp.peer import Peer
from bgp.policy.evaluate import CLAUSES, Policy
from bgp.reaction import Reaction
from bgp.reasons import DownReason
from bgp.renewal import Renewal
from bgp.rib.adjout import UpdateGroup
from bgp.rib.path import Path
from bgp.rib.table import Table
from bgp.sockets import Endpoint
from bgp.transport import Connection, Transport
from bgp.wire.errors import Cease, Code
from bgp.wire.notification import Notification
from bgp.zebra import ZebraView
from grammar.base.clock import Clock
from grammar.base.log import Level, Log
from grammar.base.scheduler import Handle, Scheduler
from grammar.base.values import Address
from grammar.base.work import Work
from grammar.command import Change
from grammar.common import CommonConfig
from grammar.declared import Language
from zebra.zapi.link import Link

RESTART_BIT_SECONDS = 120
"""How long after its start FRR tells neighbours that it has restarted (the R bit)."""


class Bgpd:
    """A BGP daemon without process, options or sockets of its own.

    `clock.now()` and `scheduler.time()` must be the same clock. `no_zebra` (bgpd -Z), set before
    `start`, makes every next hop count as resolved; with `no_kernel` (-n) zebra is given no routes.
    """

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
        self.config = BgpdConfig()
        self.common = CommonConfig(hostname=hostname, domainname=domainname or None)
        self.instances: dict[str | None, Instance] = {}
        self.pool = AttrPool()
        config = self.config
        self.policy = Policy(config.filters, config.lists, config.aliases, self.pool)
        self.renewal: Renewal = Renewal(self)
        config.filters.clauses, config.filters.in_use = CLAUSES, self.renewal.in_use
        self.zebra = ZebraView()
        self.policy.sources.ifindex = self.zebra.ifindex
        self.dump: Dump = Dump(self)
        self.work = Work(scheduler.call_soon, clock, self.bug, self.common.ledger)
        self.no_zebra = False
        self.no_kernel = False
        self.group_ids = count(1)
        """Numbers of update-groups, which instances share."""
        self.started = clock.now()
        self._listening = False

    # --- the daemon ------------------------------------------------------------------------------

    @property
    def language(self) -> Language:
        """The commands it understands."""
        from bgp.commands import LANGUAGE

        return LANGUAGE

    def render(self, view: Any, as_json: bool) -> Iterable[str]:
        """The text of a view."""
        from bgp.show.render import render

        return render(view, as_json)

    def objects(self) -> Iterator[tuple[str, type, int]]:
        """What there is in memory: FRR's word for each kind, its class, and how many."""
        instances = list(self.instances.values())
        tables = [table for each in instances for table in each.all_tables]
        groups = [group for each in instances for found in each.groups.values() for group in found]
        yield "BGP instance", Instance, len(instances)
        yield "BGP peer", Peer, sum(len(each.peers) for each in instances)
        yield "BGP table", Table, len(tables)
        yield "BGP node", Path, sum(map(len, tables))
        yield "BGP attribute", AttrSet, len(self.pool)
        yield "BGP update group", UpdateGroup, len(groups)

    def bug(self, where: str, error: Exception) -> None:
        """Log an exception that nobody expected, with its traceback."""
        self.log.write(Level.ERRORS, f"internal error in {where}: {error!r}")
        for line in "".join(format_exception(error)).splitlines():
            self.log.write(Level.ERRORS, f"  {line}")

    @property
    def hostname(self) -> str:
        """The name neighbours are told: configured, else the system's."""
        return self.common.hostname or ""

    @property
    def domainname(self) -> str:
        """Its domain, usually empty."""
        return self.common.domainname or ""

    def known(self, subject: str) -> list[str]:
        """What completion may offer of a kind of things: neighbours, groups, interfaces, lists."""
        instances = self.config.instances.values()
        match subject:
            case "peer":
                peers = [name for bgp in instances for name in (*bgp.peers, *bgp.groups)]
                return [str(name) for name in peers]
            case "peer-group":
                return [name for bgp in instances for name in bgp.groups]
            case "interface":
                return sorted(known.name for known in self.zebra.interfaces.values())
            case "vrf":
                return [*filter(None, self.config.instances), *self.zebra.vrfs]
        return sorted(self.config.lists.by_kind.get(subject, ()))

    def call_later(self, seconds: float, action: Callable[[], object]) -> Handle:
        """Run `action` in so many seconds."""
        return self.scheduler.call_at(self.clock.now() + seconds, action)

    @property
    def recently_started(self) -> bool:
        """True while OPENs carry the R bit."""
        return self.clock.now() - self.started < RESTART_BIT_SECONDS

    def start(self) -> None:
        """Run the instances that the configuration has by now."""
        shared.configure(self)
        self.sync_instances()
        self.dump.start()

    def stop(self) -> None:
        """Close all sessions, as FRR does when it ends: without a NOTIFICATION."""
        for instance in self.instances.values():
            instance.stop(None, DownReason.NEIGHBOR_DELETED)
        self.instances.clear()
        self.work.run_all()
        self.dump.stop()
        self.transport.unlisten()

    def attach_zebra(self, link: Link) -> None:
        """A connection to zebra is there."""
        self.zebra.attach(link)
        link.on_close = self.detach_zebra
        link.on_writable = self._zebra_writable

    def detach_zebra(self) -> None:
        """It is gone; what zebra said last stays in force."""
        self.zebra.detach()

    def _zebra_writable(self) -> None:
        for instance in self.instances.values():
            for fib in instance.fibs.values():
                fib.resume()

    # --- connections that neighbours open --------------------------------------------------------

    def _listen(self) -> None:
        if not self._listening:
            self._listening = True
            self.transport.listen(self._accept, self._turns_away)

    def _shared(self) -> list[Instance]:
        return [each for each in self.instances.values() if each.transport is self.transport]

    def _accept(self, connection: Connection) -> None:
        self.accept(connection, self._shared())

    def _turns_away(self, remote: Endpoint) -> bool:
        return self.turns_away(remote, self._shared())

    def turns_away(self, remote: Endpoint, instances: list[Instance]) -> bool:
        """Whether who connects is nobody to any of these instances, which is said and all."""
        if any(_knows(instance, remote) for instance in instances):
            return False
        if self.config.debugs("neighbor-events"):
            self._say_rejected(*_unknown(remote.address, instances))
        return True

    def accept(self, connection: Connection, instances: list[Instance]) -> None:
        """A connection for one of these instances: those that share a listening socket."""
        address = connection.remote.address
        for instance in instances:
            peer = _neighbor(instance, connection.remote)
            if peer is None:
                if instance.ranges.admit(connection):
                    return
                continue
            if peer.accept(connection):
                peer.log.accepted(connection.fd)
                return
            text = f"Incoming BGP connection rejected from {address}"
            self._reject(connection, f"{text} due to maximum-prefix or shutdown", "W2Q8T-MZ8HF")
            return
        self._reject(connection, *_unknown(address, instances))

    def _reject(self, connection: Connection, text: str, ident: str) -> None:
        if self.config.debugs("neighbor-events"):
            self._say_rejected(text, ident)
        connection.close()

    def _say_rejected(self, text: str, ident: str) -> None:
        self.log.write(Level.DEBUGGING, f"[Event] {text}", ident)

    # --- changes of the configuration ------------------------------------------------------------

    def react(self, changes: list[Change]) -> None:
        """Bring running state in line with the configuration; each consequence once."""
        Reaction(self, changes).run()

    def sync_instances(self) -> None:
        """Instances came or went in the configuration."""
        for name, instance in list(self.instances.items()):
            config = self.config.instances.get(name)
            if config is not instance.config or config.asn != instance.asn:
                del self.instances[name]
                notification = Notification(Code.CEASE, Cease.PEER_UNCONFIGURED)
                instance.stop(notification, DownReason.NEIGHBOR_DELETED)
        for name, config in self.config.instances.items():
            if name not in self.instances:
                self._add_instance(name, config)

    def _add_instance(self, name: str | None, config: BgpConfig) -> None:
        self._listen()
        instance = self.instances[name] = Instance(self, config)
        instance.start()


def _neighbor(instance: Instance, remote: Endpoint) -> Peer | None:
    return instance.peers.get(remote.address) or instance.links.find(remote)


def _knows(instance: Instance, remote: Endpoint) -> bool:
    if _neighbor(instance, remote) is not None:
        return True
    return instance.ranges.find(remote.address) is not None


def _unknown(address: Address, instances: list[Instance]) -> tuple[str, str]:
    first = instances[0] if instances else None
    name = "default" if first is None or first.is_view else first.vrf or "default"
    place = f"VRF {name}:{0 if first is None else first.asn}:{name}"
    text = f"{address} connection rejected({place}) - not configured and not valid for dynamic"
    return text, "TBYZV-W9M3D"
