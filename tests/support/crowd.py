"""Many BGP speakers in one process of a namespace: each announces routes and tells what it hears.

Run as a program it reads one JSON document, by address: `{"asn": 65001, "say": [hex, ...], "about":
["10.", ...]}`. It opens a session from each address, sends the given messages when it is up, and
answers each further line of standard input with one line of JSON: by address, what the router last
announced there of the prefixes that begin as `about` says.
"""

import asyncio
import json
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

from bgp.attrs import AttrPool, Decoded
from bgp.negotiated import Negotiated
from bgp.wire.capability import FourOctetAs, Multiprotocol, RouteRefresh
from bgp.wire.message import KEEPALIVE, Framer, MessageType, pack
from bgp.wire.nlri import decode_prefixes
from bgp.wire.open import Open
from bgp.wire.update import split
from grammar.base.values import Address, Afi, key_text
from tests.support.namespaces import Namespace

HOLD = 3600
RETRY = 0.3
"""Seconds to the next attempt: a router refuses neighbours that it has not started yet."""
FIELDS = (
    "origin",
    "med",
    "local_pref",
    "atomic",
    "aggregator",
    "communities",
    "originator_id",
    "cluster_list",
    "ext_communities",
    "large_communities",
)

Heard = dict[str, dict[str, Any]]
"""By prefix, the attributes by name."""


class Voice:
    """One speaker: its session, and the routes it was told."""

    def __init__(
        self, address: str, asn: int, router_as: int, say: Iterable[str], about: Iterable[str]
    ) -> None:
        self.address = address
        self.about = tuple(about)
        """How the prefixes begin that are kept."""
        self.asn = asn
        self.say = [bytes.fromhex(text) for text in say]
        self.heard: Heard = {}
        self._terms = Negotiated(external=asn != router_as, families=frozenset({(1, 1), (2, 1)}))
        self._pool = AttrPool()

    async def speak(self, target: str) -> None:
        """Open the session, again until the router takes it, and listen."""
        while True:
            with suppress(OSError):
                await self._session(target)
            await asyncio.sleep(RETRY)

    async def _session(self, target: str) -> None:
        local = (self.address, 0)
        reader, writer = await asyncio.open_connection(target, 179, local_addr=local)
        families = (Multiprotocol(1, 1), Multiprotocol(2, 1))
        offered = (*families, RouteRefresh(), FourOctetAs(self.asn))
        message = Open(self.asn, HOLD, Address.parse(self.address).value, offered)
        writer.write(pack(MessageType.OPEN, message.encode()) + KEEPALIVE)
        self.heard.clear()
        framer, said = Framer(), False
        while data := await reader.read(65536):
            framer.feed(data)
            for kind, body in framer:
                if kind == MessageType.KEEPALIVE and not said:
                    said = True
                    writer.writelines(self.say)
                elif kind == MessageType.UPDATE:
                    self._take(body)

    def _take(self, body: bytes) -> None:
        withdrawn, raw, nlri = split(body)
        self._forget(Afi.IPV4, withdrawn)
        if nlri and not self._wanted(Afi.IPV4, nlri):
            return  # most of what a router tells so many speakers: nobody asks for it
        decoded = self._pool.decode(raw, self._terms, nlri=bool(nlri))
        if decoded.mp_unreach is not None:
            self._forget(Afi(decoded.mp_unreach.afi), decoded.mp_unreach.nlri)
        if decoded.attrs is None:
            return
        self._keep(Afi.IPV4, nlri, decoded, [decoded.attrs.nexthop])
        if decoded.mp_reach is not None:
            reach = decoded.mp_reach
            self._keep(Afi(reach.afi), reach.nlri, decoded, [reach.nexthop, reach.link_local])

    def _forget(self, afi: Afi, nlri: bytes) -> None:
        for key in decode_prefixes(nlri, afi):
            self.heard.pop(key_text(afi, key), None)

    def _keep(self, afi: Afi, nlri: bytes, decoded: Decoded, hops: list[Address | None]) -> None:
        said: dict[str, Any] = {name: getattr(decoded.attrs, name) for name in FIELDS}
        assert decoded.attrs is not None
        said["as_path"] = decoded.attrs.as_path.text
        # Link-local addresses are made by chance.
        said["next_hops"] = [str(hop) for hop in hops if hop and not hop.is_link_local]
        for prefix in self._wanted(afi, nlri):
            self.heard[prefix] = said

    def _wanted(self, afi: Afi, nlri: bytes) -> list[str]:
        prefixes = (key_text(afi, key) for key in decode_prefixes(nlri, afi))
        return [prefix for prefix in prefixes if prefix.startswith(self.about)]


class Crowd:
    """The program, as a test sees it."""

    def __init__(self, namespace: Namespace, target: str, asn: int, voices: dict[str, Any]) -> None:
        self._process = Popen(
            namespace.argv([sys.executable, "-m", __name__, target, str(asn)]),
            stdin=PIPE,
            stdout=PIPE,
            text=True,
            cwd=Path(__file__).parent.parent.parent,
        )
        self._write(json.dumps(voices))

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def heard(self) -> dict[str, Heard]:
        """What each speaker was told and not told to forget."""
        self._write("heard")
        assert self._process.stdout is not None
        found: dict[str, Heard] = json.loads(self._process.stdout.readline())
        return found

    def close(self) -> None:
        """End the program and its sessions."""
        self._process.kill()
        self._process.communicate()


async def main(target: str, asn: str) -> None:
    """The program: ends with its standard input."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    document = json.loads(await reader.readline())
    voices = [
        Voice(name, one["asn"], int(asn), one["say"], one["about"])
        for name, one in document.items()
    ]
    async with asyncio.TaskGroup() as group:
        sessions = [group.create_task(voice.speak(target)) for voice in voices]
        while await reader.readline():
            print(json.dumps({voice.address: voice.heard for voice in voices}), flush=True)
        for session in sessions:
            session.cancel()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
