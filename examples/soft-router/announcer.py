"""A small BGP announcer in the role of a MetalLB speaker: it offers addresses and takes nothing.

    announcer.py --router 192.168.122.1 --router-as 65001 \\
                 --address 192.168.122.102 --as 64512 172.19.0.0/32 172.19.0.100/32

It speaks through pyvtysh's own BGP session. Like MetalLB it opens the connection itself, announces
each prefix with itself as next hop and without MED, and ignores what the router tells it. Lines on
standard input change what is offered: `announce PREFIX`, `withdraw PREFIX`; `quit` ends it.
With `--wire DIR` it speaks over the in-memory network of a `pyvtysh` that runs without rights.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterable
from pathlib import Path

from bgp.attrs import AttrPool, encode
from bgp.events import Close, Connect, Down, Event, Up
from bgp.session import Session, SessionConfig
from bgp.sockets import Endpoint
from bgp.tcp import AsyncTransport
from bgp.transport import Connection, Dial, Transport
from bgp.wire.attributes.aspath import AsPath
from bgp.wire.update import encode_update, encode_withdraw, end_of_rib
from grammar.base.log import Level
from grammar.base.scheduler import Handle, Scheduler
from grammar.base.values import Address, Afi, Prefix
from pyvtysh.host.wire import Addresses, WireTransport

IGP = 0


class Announcer:
    """One session to a router, and the prefixes it is offered."""

    def __init__(
        self,
        loop: Scheduler,
        transport: Transport,
        dial: Dial,
        config: SessionConfig,
        prefixes: Iterable[Prefix],
    ) -> None:
        self.prefixes = set(prefixes)
        self.established = False
        self._loop = loop
        self._transport = transport
        self._dial = dial
        self._session = Session(config)
        self._connection: Connection | None = None
        self._timer: Handle | None = None
        path = AsPath.sequence(config.local_as)
        attrs = AttrPool().make(origin=IGP, as_path=path)
        self._attributes = encode(attrs, nexthop=dial.source)

    def start(self) -> None:
        """Connect, and go on trying."""
        self._handle(self._session.start(self._loop.time()))

    def stop(self) -> None:
        """End the session."""
        self._handle(self._session.stop(self._loop.time()))

    def announce(self, prefix: Prefix) -> None:
        """Offer a prefix from now on."""
        self.prefixes.add(prefix)
        if self.established:
            self._send(encode_update(self._attributes, [prefix.key], Afi.IPV4))

    def withdraw(self, prefix: Prefix) -> None:
        """Offer it no longer."""
        self.prefixes.discard(prefix)
        if self.established:
            self._send(encode_withdraw([prefix.key], Afi.IPV4))

    def _send(self, messages: Iterable[bytes]) -> None:
        for message in messages:
            self._session.send(message, now=self._loop.time())
        self._handle([])

    def _handle(self, events: list[Event]) -> None:
        for event in events:
            match event:
                case Connect():
                    self._transport.connect(self._dial, self._connected, self._failed)
                case Up():
                    self.established = True
                    keys = sorted(prefix.key for prefix in self.prefixes)
                    self._send([*encode_update(self._attributes, keys, Afi.IPV4), end_of_rib(1)])
                case Down():
                    self.established = False
                case Close():
                    self._write()
                    if self._connection is not None:
                        self._connection.close()
                        self._connection = None
        self._write()
        self._arm()

    def _write(self) -> None:
        data = self._session.outgoing()
        if data and self._connection is not None:
            self._connection.write(data)

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._session.deadline is not None:
            self._timer = self._loop.call_at(self._session.deadline, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._handle(self._session.tick(self._loop.time()))

    def _connected(self, connection: Connection) -> None:
        self._connection = connection
        connection.on_data = self._received
        connection.on_close = self._closed
        self._handle(self._session.connected(self._loop.time()))

    def _failed(self, error: OSError) -> None:
        self._handle(self._session.connect_failed(self._loop.time()))

    def _received(self, data: bytes) -> None:
        self._handle(self._session.receive(data, self._loop.time()))

    def _closed(self, error: OSError | None) -> None:
        self._connection = None
        self._handle(self._session.closed(self._loop.time()))


class Standard:
    """A log to standard error."""

    def write(self, level: Level, text: str, ident: str = "", category: int = 0) -> None:
        """Print what matters."""
        if level <= Level.WARNINGS:
            print(f"announcer: {text}", file=sys.stderr)


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Announce prefixes to a router by BGP.")
    parser.add_argument("prefixes", nargs="*", type=Prefix.parse, metavar="PREFIX")
    parser.add_argument("--router", type=Address.parse, required=True, metavar="A.B.C.D")
    parser.add_argument("--router-as", type=int, required=True, metavar="AS")
    parser.add_argument("--router-port", type=int, default=179, metavar="PORT")
    parser.add_argument("--address", type=Address.parse, required=True, metavar="A.B.C.D")
    parser.add_argument("--as", dest="local_as", type=int, required=True, metavar="AS")
    parser.add_argument("--wire", type=Path, metavar="DIR")
    return parser.parse_args(arguments)


def announcer(loop: asyncio.AbstractEventLoop, chosen: argparse.Namespace) -> Announcer:
    """The announcer that the options ask for."""
    transport: Transport
    if chosen.wire is not None:
        transport = WireTransport(loop, Standard(), chosen.wire, Addresses((chosen.address,)))
    else:
        transport = AsyncTransport(loop, Standard(), [], 0)
    config = SessionConfig(
        local_as=chosen.local_as,
        router_id=chosen.address.value,
        peer_as=chosen.router_as,
        hold_time=90,
        keepalive=30,
        connect_retry=2,
    )
    dial = Dial(Endpoint(chosen.router, chosen.router_port), source=chosen.address)
    return Announcer(loop, transport, dial, config, chosen.prefixes)


def obey(speaker: Announcer, line: str) -> bool:
    """Carry out a line of standard input; False when it was `quit`."""
    words = line.split()
    match words:
        case ["announce", text]:
            speaker.announce(Prefix.parse(text))
        case ["withdraw", text]:
            speaker.withdraw(Prefix.parse(text))
        case ["quit"]:
            return False
        case []:
            pass
        case _:
            raise ValueError(f"not announce PREFIX, withdraw PREFIX or quit: {line.strip()!r}")
    return True


async def run(chosen: argparse.Namespace) -> None:
    """Announce until `quit`; at the end of standard input go on until a signal comes."""
    loop = asyncio.get_running_loop()
    speaker = announcer(loop, chosen)
    speaker.start()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        try:
            if not obey(speaker, line.decode(errors="replace")):
                speaker.stop()
                return
        except ValueError as error:
            print(f"announcer: {error}", file=sys.stderr)
    await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        asyncio.run(run(options()))
    except KeyboardInterrupt:
        sys.exit(130)
