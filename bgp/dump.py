"""`dump bgp ...`: messages and changes of state as they happen, or whole tables now and then, in
files of MRT records.

A file is begun anew (and emptied, if the time in its name did not change) at each end of its
interval, which is a multiple of it since midnight.
"""

import itertools
import os
import time
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, BinaryIO, Final
from weakref import ref

from bgp.config import IPV4_UNICAST, IPV6_UNICAST, DumpConfig
from bgp.fsm import State
from bgp.part import Part
from bgp.rib.path import Origination, Path, paths_of
from bgp.rib.table import Table
from bgp.wire import mrt
from bgp.wire.message import MessageType, pack
from bgp.wire.mrt import Ends, RibPath, RibPeer, Subtype, Type
from grammar.base.clock import Clock, dated
from grammar.base.log import Level
from grammar.base.scheduler import Handle
from grammar.base.values import Address, Afi, Prefix

if TYPE_CHECKING:
    from bgp.bgpd import Bgpd
    from bgp.conversation import Conversation
    from bgp.instance import Instance
    from bgp.peer import Peer

ROUTES: Final = "routes-mrt"
_MESSAGES: Final = ("all", "updates")
_MODE: Final = 0o640
_CLEARING, _DELETED = 7, 8
NUMBERS: Final = {state: number for number, state in enumerate(State, 1)}
"""The states as MRT has them."""
_BETWEEN: Final = {
    (State.IDLE, State.ACTIVE): (State.CONNECT,),
    (State.IDLE, State.OPEN_SENT): (State.ACTIVE,),
}
"""States that FRR passes through where ours does not: of passive sessions, and of connections that
the neighbor opened."""


class Dump:
    """The files of one daemon. Nothing costs anything while no line asks for one."""

    def __init__(self, bgpd: "Bgpd") -> None:
        self._bgpd = bgpd
        self._files: dict[str, DumpFile] = {}
        self._started = False

    def start(self) -> None:
        """The daemon runs: files may be written."""
        self._started = True
        self.configure()

    def stop(self) -> None:
        """The end: all files are closed."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def configure(self) -> None:
        """Open and close what the configuration says."""
        if not self._started:
            return
        wanted = self._bgpd.config.dumps
        for name, file in list(self._files.items()):
            if wanted.get(name) is not file.config:
                file.close()
                del self._files[name]
        for name, config in wanted.items():
            if name not in self._files:
                file = self._files[name] = DumpFile(self._bgpd, config)
                file.begin()
        for instance in self._bgpd.instances.values():
            for peer in instance.peers.values():
                for conversation in (peer.main, peer.incoming):
                    if conversation is not None:
                        conversation.session.tap = self.tap(peer, conversation)

    def tap(self, peer: "Peer", conversation: "Conversation") -> "Tap | None":
        """What a session tells of itself; None while nobody wants to know."""
        files = [self._files[name] for name in _MESSAGES if name in self._files]
        return Tap(peer, conversation, files) if files else None


class DumpFile:
    """One `dump bgp` line at work."""

    def __init__(self, bgpd: "Bgpd", config: DumpConfig) -> None:
        self._bgpd = bgpd
        self.config = config
        self._kind = Type.BGP4MP_ET if config.extended else Type.BGP4MP
        self._out: BinaryIO | None = None
        self._timer: Handle | None = None

    @property
    def only_updates(self) -> bool:
        """True for `updates`."""
        return self.config.kind.startswith("updates")

    def begin(self) -> None:
        """Open the file; tables without an interval are written at once."""
        if self.config.kind == ROUTES and not self.config.seconds:
            self._tables()
            return
        self._open()
        self._arm()

    def close(self) -> None:
        """No more of it."""
        if self._timer is not None:
            self._timer.cancel()
        self._shut()

    def write(self, subtype: Subtype, body: bytes) -> None:
        """Add a record of BGP4MP."""
        self._put(mrt.record(self._kind, subtype, self._bgpd.clock.wall(), body))

    def _put(self, data: bytes) -> None:
        if self._out is None:
            return
        try:
            self._out.write(data)
        except OSError as error:
            self._complain(error)
            self._shut()

    def _open(self) -> None:
        self._shut()
        path = time.strftime(self.config.path, time.localtime(self._bgpd.clock.wall()))
        try:
            self._out = open(path, "wb", buffering=0, opener=_opener)  # noqa: SIM115
        except OSError as error:
            self._complain(error)

    def _shut(self) -> None:
        if self._out is not None:
            self._out.close()
            self._out = None

    def _complain(self, error: OSError) -> None:
        text = f"bgp_dump_open_file: {self.config.path}: {error.strerror}"
        self._bgpd.log.write(Level.WARNINGS, text)

    def _arm(self) -> None:
        seconds = self.config.seconds
        if seconds:
            wall = self._bgpd.clock.wall()
            midnight = time.mktime((*time.localtime(wall)[:3], 0, 0, 0, 0, 0, -1))
            wait = seconds - (wall - midnight) % seconds
            self._timer = self._bgpd.call_later(wait, self._interval)

    def _interval(self) -> None:
        if self.config.kind == ROUTES:
            self._tables()
        else:
            self._open()
        self._arm()

    # --- tables ---

    def _tables(self) -> None:
        instance = self._bgpd.instances.get(None)
        self._open()
        if instance is None or self._out is None:
            self._shut()
            return
        self._bgpd.work.add("dump of tables", self._dump(instance, self._out))

    def _dump(self, instance: "Instance", out: BinaryIO) -> Generator[None, None, None]:
        peers = sorted(instance.peers.values(), key=_sorting)
        peers = [peer for peer in peers if peer.address is not None]
        index: dict[int, int] = {id(peer): number for number, peer in enumerate(peers, 1)}
        own = RibPeer(0, Address(Afi.IPV4, 0), 0)
        told = [own, *(_rib_peer(peer) for peer in peers)]
        body = mrt.peer_index(instance.router_id.value, f"VRF {instance.vrf or 'default'}", told)
        self._record(out, Subtype.PEER_INDEX_TABLE, body)
        sequence = 0
        for family in (IPV4_UNICAST, IPV6_UNICAST):
            table = instance.tables[family]
            for item in table.walk():
                if item is None:
                    if out is not self._out:
                        return
                    yield
                    continue
                self._entry(out, table, item[0], sequence, index)
                sequence += 1
        if out is self._out:
            self._shut()

    def _entry(
        self, out: BinaryIO, table: Table, key: int, sequence: int, index: dict[int, int]
    ) -> None:
        prefix = Prefix.from_key(table.afi, key)
        subtype = Subtype.RIB_IPV4_UNICAST
        if table.afi is Afi.IPV6:
            subtype = Subtype.RIB_IPV6_UNICAST
        paths = [
            _rib_path(path, prefix, index, self._bgpd.clock) for path in paths_of(table.get(key))
        ]
        self._record(out, subtype, mrt.rib(sequence, prefix, paths))

    def _record(self, out: BinaryIO, subtype: Subtype, body: bytes) -> None:
        if out is self._out:
            self._put(mrt.record(Type.TABLE_DUMP_V2, subtype, self._bgpd.clock.wall(), body))


class Tap(Part):
    """What one session is overheard by."""

    def __init__(self, peer: "Peer", conversation: "Conversation", files: list[DumpFile]) -> None:
        super().__init__(peer)
        self._talk = ref(conversation)  # whose session has this one
        self._files = files
        self._seen = conversation.state

    @property
    def _conversation(self) -> "Conversation":
        conversation = self._talk()
        assert conversation is not None
        return conversation

    def messages(self, messages: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
        """The same messages, each written down before it is looked at."""
        for kind, body in messages:
            as4 = self._peer_speaks_as4
            subtype = Subtype.MESSAGE_AS4 if as4 else Subtype.MESSAGE
            text = self._ends().encode(as4=as4) + pack(MessageType(kind), body)
            for file in self._files:
                if kind == MessageType.UPDATE or not file.only_updates:
                    file.write(subtype, text)
            yield kind, body

    def moved(self, state: State) -> None:
        """The session is in this state now."""
        if state is self._seen:
            return
        before, self._seen = self._seen, state
        path = [before, *_BETWEEN.get((before, state), ()), state]
        numbers = [NUMBERS[each] for each in path]
        if before is State.ESTABLISHED and state is State.IDLE:
            # FRR takes the routes out in a state of its own.
            numbers.insert(1, _CLEARING)
        for step in itertools.pairwise(numbers):
            self._note(*step)
        if state is State.ESTABLISHED and self._conversation is self._peer.incoming:
            # The neighbor that waited for this connection gives way to it.
            self._note(NUMBERS[self._peer.main.state], _DELETED)
            self._peer.main.session.tap = None

    def _note(self, before: int, after: int) -> None:
        connected = max(before, after) > NUMBERS[State.ACTIVE]
        body = mrt.state_change(self._ends(connected=connected), before, after)
        for file in self._files:
            if not file.only_updates:
                file.write(Subtype.STATE_CHANGE_AS4, body)

    @property
    def _peer_speaks_as4(self) -> bool:
        terms = self._conversation.session.negotiated
        return terms is not None and terms.as4

    def _ends(self, *, connected: bool = True) -> Ends:
        peer, connection = self._peer, self._conversation.connection
        local = connection.local.address if connection is not None and connected else None
        address = peer.address or Address(Afi.IPV4, 0)
        return Ends(peer.remote_as or 0, peer.local_as, address, local)


def _opener(path: str, flags: int) -> int:
    return os.open(path, flags, _MODE)


def _sorting(peer: "Peer") -> tuple[int, int]:
    address = peer.address
    return (0, 0) if address is None else (address.afi, address.value)


def _rib_peer(peer: "Peer") -> RibPeer:
    assert peer.address is not None  # the others are left out
    return RibPeer(peer.router_id, peer.address, peer.remote_as or 0)


def _rib_path(path: Path, prefix: Prefix, index: dict[int, int], clock: Clock) -> RibPath:
    learnt = path.origination is Origination.LEARNT
    med = path.attrs.med if learnt else path.metric
    text = mrt.attributes(path.attrs, prefix, path.gateway, path.link_local, med)
    return RibPath(index.get(id(path.source), 0), dated(clock, path.since), text)
