"""What follows from changed configuration: running state is brought in line, each thing once.

A file of configuration gives tens of thousands of changes: what concerns a neighbour is found by
an index, and what concerns an instance as a whole is looked at once, at the end.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from bgp import pathids, shared
from bgp.capabilities import activation_changed
from bgp.config import Family
from bgp.effects import Effect
from bgp.fsm import State
from bgp.instance import Instance
from bgp.peer import Peer
from bgp.reasons import DownReason
from bgp.wire.notification import Notification
from grammar.command import Change
from grammar.filters import FilterEffect

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd

_OF_PEERS: Final = {
    Effect.DEBUG,
    Effect.SOFT_IN,
    Effect.SOFT_OUT,
    Effect.RESET,
    Effect.RECONNECT,
    Effect.ACTIVATE,
    Effect.SHUTDOWN,
    Effect.TIMERS,
}

_OF_INSTANCES: Final[dict[Effect, Callable[[Instance], None]]] = {
    Effect.PEERS: Instance.sync_peers,
    Effect.ORIGINATE: Instance.configure_origins,
    Effect.BESTPATH: Instance.configure_rules,
    Effect.DAMPENING: Instance.configure_penalties,
    Effect.DISTANCE: Instance.configure_fib,
    Effect.SUPPRESS: Instance.configure_fib,
    Effect.CONFEDERATION: Instance.configure_confederation,
    Effect.CLUSTER_ID: Instance.cluster_changed,
}

_OF_DAEMON: "Final[dict[Effect, Callable[[Bgpd], None]]]" = {
    Effect.INSTANCES: lambda bgpd: bgpd.sync_instances(),
    Effect.POLICY: lambda bgpd: bgpd.renewal.everything(),
    Effect.DUMP: lambda bgpd: bgpd.dump.configure(),
    Effect.PROCESS: shared.configure,
    Effect.DEBUG: shared.overhear,
}


class Reaction:
    """The consequences of some changes, which came together."""

    def __init__(self, bgpd: "Bgpd", changes: Iterable[Change]) -> None:
        self._bgpd = bgpd
        # As keys objects stand for themselves: two lines may have left equal ones.
        self._changes = {(change.effect, _identity(change.target)): change for change in changes}
        self._resolved: set[int] = set()
        """Neighbours for whom the changes changed what is in force."""
        self._members: dict[int, list[Peer]] | None = None
        """Neighbours by the configuration of themselves and of their group."""
        self._begun_anew = False
        self._decided_anew = False

    def run(self) -> None:
        """Bring running state in line."""
        self._resolve()
        filters = {
            (change.effect, change.target)
            for change in self._changes.values()
            if isinstance(change.effect, FilterEffect)
        }
        if filters:
            self._bgpd.renewal.changed(filters)
        for change in self._changes.values():
            target, family = change.target, None
            if isinstance(target, tuple):
                target, family = target
            if isinstance(change.effect, Effect):
                self._react(change.effect, target, family)
        self._finish()

    def _resolve(self) -> None:
        told = {target for _, (target, _) in self._changes}
        self._resolved = {
            id(peer)
            for instance in self._bgpd.instances.values()
            for peer in instance.peers.values()
            if (id(peer.own) in told or id(instance.group_of(peer)) in told) and peer.resolve()
        }

    def _finish(self) -> None:
        """What is of instances, whatever changed of how many neighbours."""
        for instance in self._bgpd.instances.values():
            if self._begun_anew:
                # The password of a group is that of its listen ranges too.
                instance.ranges.protect()
                pathids.configure(instance)
            if self._decided_anew:
                instance.conditions.configure()
            instance.forwarding.configure()

    def _react(self, effect: Effect, target: object, family: Family | None) -> None:
        if effect in _OF_DAEMON:
            _OF_DAEMON[effect](self._bgpd)
        if effect in _OF_PEERS:
            for peer in self._peers(target):
                self._react_peer(effect, peer, family)
            self._begun_anew |= effect is Effect.RESET
        elif effect not in _OF_DAEMON:
            for instance in self._instances(target):
                self._react_instance(effect, instance)
        if effect in (Effect.INSTANCES, Effect.PEERS):
            self._members = None

    def _react_instance(self, effect: Effect, instance: Instance) -> None:
        match effect:
            case Effect.ROUTER_ID:
                instance.router_id_may_have_changed()
                instance.regroup(instance.peers.values())
            case Effect.GRACEFUL_SHUTDOWN:
                instance.configure_origins()
                for peer in instance.peers.values():
                    self._soft(Effect.SOFT_IN, peer, None)
            case Effect.AS_SETS:
                instance.reset_all(DownReason.AS_SETS_CHANGE)
            case _ if effect in _OF_INSTANCES:
                _OF_INSTANCES[effect](instance)
            case _:
                pass

    def _react_peer(self, effect: Effect, peer: Peer, family: Family | None) -> None:
        match effect:
            case Effect.RESET:
                peer.settings_changed()
            case Effect.RECONNECT if peer.main.state is not State.ESTABLISHED:
                peer.settings_changed()
            case Effect.ACTIVATE:
                activation_changed(peer)
            case Effect.SHUTDOWN:
                _shutdown_changed(peer)
            case Effect.TIMERS | Effect.DEBUG | Effect.RECONNECT:
                peer.configure()
            case _:
                self._soft(effect, peer, family)

    def _soft(self, effect: Effect, peer: Peer, family: Family | None) -> None:
        self._decided_anew = True
        for state in peer.families.values():
            if not state.active or family not in (None, state.family):
                continue
            if effect is Effect.SOFT_IN:
                peer.instance.soft_in(peer, state)
            # ebgp-requires-policy speaks of both directions.
            state.regroup()

    def _instances(self, target: object) -> Iterator[Instance]:
        for instance in list(self._bgpd.instances.values()):
            config = instance.config
            if (
                target is self._bgpd
                or target is config
                or any(target is family for family in config.families.values())
            ):
                yield instance

    def _peers(self, target: object) -> list[Peer]:
        """The neighbours that a change concerns: of a group those for whom something changed."""
        instances = self._bgpd.instances.values()
        if target is self._bgpd:
            return [peer for instance in instances for peer in instance.peers.values()]
        for instance in instances:
            if target is instance.config:
                return list(instance.peers.values())
        if self._members is None:
            self._members = self._indexed()
        return list(self._members.get(id(target), ()))

    def _indexed(self) -> dict[int, list[Peer]]:
        found: dict[int, list[Peer]] = {}
        for instance in self._bgpd.instances.values():
            for peer in instance.peers.values():
                found.setdefault(id(peer.own), []).append(peer)
                if id(peer) in self._resolved:
                    found.setdefault(id(instance.group_of(peer)), []).append(peer)
        return found


def _identity(target: object) -> tuple[int | str, Family | None]:
    """What tells one target from another: its place in memory, or its name."""
    if isinstance(target, str):
        return target, None
    if isinstance(target, tuple):
        return id(target[0]), target[1]
    return id(target), None


def _shutdown_changed(peer: Peer) -> None:
    if not peer.shut_down:
        peer.start()
    elif peer.running:
        notification = Notification.shutdown(peer.config.shutdown_message or "")
        peer.stop(notification, DownReason.ADMIN_SHUTDOWN)
