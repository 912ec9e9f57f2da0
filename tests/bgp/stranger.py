"""A neighbour made of written bytes, beside a well-behaved one: what does bad input cost whom?"""

from collections.abc import Callable
from dataclasses import replace

from bgp.bgpd import Bgpd
from bgp.config import IPV4_UNICAST, IPV6_UNICAST
from bgp.fsm import State
from bgp.negotiation import SessionConfig
from bgp.rib.path import paths_of
from bgp.sockets import Endpoint
from bgp.transport import Connection, Dial
from bgp.wire.capability import Family
from bgp.wire.message import EXTENDED_LENGTH, KEEPALIVE, Framer, MessageType, pack
from bgp.wire.notification import Notification
from bgp.wire.update import encode_update, join
from grammar.base.values import Address, Afi, Prefix, Safi
from tests.bgp.network import MemoryTransport, Network, neighbor
from tests.bgp.routers import instance, originate, peer, routes, session

OURS, FRIEND, STRANGER = "10.0.0.1", "10.0.0.2", "10.0.0.66"
OUR_AS, FRIEND_AS, STRANGER_AS = 65001, 65002, 65066
OF_FRIEND = "10.2.0.0/16"
ROUTE4, ROUTE6 = "10.66.0.0/16", "2001:db8:66::/48"

ORIGIN = bytes.fromhex("40010100")
AS_PATH = bytes.fromhex("400206 0201") + STRANGER_AS.to_bytes(4, "big")
NEXT_HOP = bytes.fromhex("400304") + Address.parse(STRANGER).pack()
GOOD = ORIGIN + AS_PATH + NEXT_HOP
NEXT_HOP6 = Address.parse("2001:db8::66").pack()
CONFIG = SessionConfig(
    STRANGER_AS,
    Address.parse(STRANGER).value,
    peer_as=OUR_AS,
    families=(IPV4_UNICAST, IPV6_UNICAST),
)


def update(attributes: bytes = b"", nlri: bytes = b"", withdrawn: bytes = b"") -> bytes:
    """A whole UPDATE of any bytes."""
    return pack(MessageType.UPDATE, join(withdrawn, attributes, nlri))


def open_body(families: tuple[Family, ...] = CONFIG.families) -> bytes:
    """The body of an OPEN that is taken."""
    return replace(CONFIG, families=families).open().encode()


class Stranger:
    """The router under test with two neighbours; the test is one of them."""

    def __init__(self, families: tuple[Family, ...] = CONFIG.families) -> None:
        """`families` are what is agreed on."""
        self.families = families
        self.network = Network()
        self.router: Bgpd = self.network.router(OURS, OUR_AS)
        self.friend: Bgpd = self.network.router(FRIEND, FRIEND_AS)
        session(self.router, self.friend)
        originate(self.friend, OF_FRIEND)
        lines = neighbor(self.router, STRANGER, STRANGER_AS)
        for afi, safi in families:
            lines.family((Afi(afi), Safi(safi))).activate = True
        transport = MemoryTransport(self.network, Address.parse(STRANGER))
        transport.on_accept = self._accept
        self.network.transports[transport.address] = transport
        self.wire: Connection | None = None
        self.heard: list[tuple[int, bytes]] = []
        self._framer = Framer(EXTENDED_LENGTH)
        for bgpd in (self.router, self.friend):
            bgpd.start()
        self.network.advance(3)

    def _accept(self, connection: Connection) -> None:
        if self.wire is None:
            self.wire = connection
            connection.on_data = self._hear

    def _hear(self, data: bytes) -> None:
        self._framer.feed(data)
        self.heard += self._framer

    def dial(self) -> Connection:
        """A connection that the test opens itself; what comes there is heard too."""
        made: list[Connection] = []

        def connected(connection: Connection) -> None:
            connection.on_data = self._framer_of_its_own()
            made.append(connection)

        remote = Endpoint(Address.parse(OURS), 179)
        transport = self.network.transports[Address.parse(STRANGER)]
        transport.connect(Dial(remote), connected, lambda error: None)
        self.network.advance(0.01)
        return made[0]

    def _framer_of_its_own(self) -> Callable[[bytes], None]:
        framer = Framer(EXTENDED_LENGTH)

        def hear(data: bytes) -> None:
            framer.feed(data)
            self.heard += framer

        return hear

    def again(self) -> "Stranger":
        """Hang up, if there is a connection with anything said, and wait for the next one."""
        if self.wire is not None and (self.heard or self.state is not State.OPEN_SENT):
            self.wire.close()
            self.wire = None
            for _ in range(60):
                self.network.advance(5)
                if self.wire is not None:
                    break
        self._framer, self.heard = Framer(EXTENDED_LENGTH), []
        return self

    def say(self, *messages: bytes) -> None:
        """Send bytes, and let the router work on them."""
        assert self.wire is not None
        for message in messages:
            self.wire.write(message)
        self.network.advance(0.1)

    def reach(self, state: State) -> "Stranger":
        """Go on until the router's session is in that state; established, routes are told."""
        if state in (State.OPEN_CONFIRM, State.ESTABLISHED):
            self.say(pack(MessageType.OPEN, open_body(self.families)))
        if state is State.ESTABLISHED:
            self.say(KEEPALIVE)
            keys4, keys6 = [Prefix.parse(ROUTE4).key], [Prefix.parse(ROUTE6).key]
            self.say(*encode_update(GOOD, keys4, 1))
            self.say(*encode_update(ORIGIN + AS_PATH, keys6, 2, NEXT_HOP6))
            assert self.known == {ROUTE4, ROUTE6}
        assert self.state is state
        return self

    @property
    def state(self) -> State:
        """Of the router's session with the test."""
        return peer(self.router, STRANGER).main.state

    @property
    def answer(self) -> Notification | None:
        """The NOTIFICATION that came back."""
        found = [Notification.decode(body) for kind, body in self.heard if kind == 3]
        assert len(found) <= 1
        return found[0] if found else None

    @property
    def known(self) -> set[str]:
        """The test's routes in the router's tables."""
        mine = peer(self.router, STRANGER)
        return {
            prefix
            for family in (IPV4_UNICAST, IPV6_UNICAST)
            for prefix, path in routes(self.router, family).items()
            if path.source is mine
        }

    @property
    def said(self) -> str:
        """The router's log."""
        text: str = self.router.log.text  # type: ignore[attr-defined]
        return text

    def check_friend(self) -> None:
        """The other session never went down, its routes are there, and nothing broke inside."""
        assert "internal error" not in self.said
        friend = peer(self.router, FRIEND)
        assert friend.status is State.ESTABLISHED
        assert (friend.state.established, friend.state.dropped) == (1, 0)
        assert OF_FRIEND in routes(self.router)
        assert routes(self.router)[OF_FRIEND].source is friend
        mine = peer(self.router, STRANGER)
        for family, state in mine.families.items():
            entries = [item[1] for item in instance(self.router).tables[family].walk() if item]
            found = sum(path.source is mine for entry in entries for path in paths_of(entry))
            assert state.accepted == found
