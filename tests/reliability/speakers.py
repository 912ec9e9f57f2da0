"""BGP speakers in one process of a namespace that flap their routes, and know what they hold.

Run as a program it reads lines of standard input and answers each with one line of JSON:

- `flap N`: from now on about N changes a second, over all speakers; `rest` is `flap 0`
- `state`: by address what a speaker holds and what it was told
- `timing`: seconds by which the latest KEEPALIVE was late since the last question, by which this
  process itself was, and the sessions that came and went
- `refresh ADDRESS`: a ROUTE-REFRESH from that speaker; `drop ADDRESS`: a CEASE, and it is back soon
"""

import asyncio
import json
import random
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

from bgp.attrs import AttrPool, encode
from bgp.wire.attributes.aspath import AsPath
from bgp.wire.capability import FourOctetAs, Multiprotocol, RouteRefresh
from bgp.wire.message import KEEPALIVE, Framer, MessageType, pack
from bgp.wire.open import Open
from bgp.wire.update import encode_update, encode_withdraw, end_of_rib
from grammar.base.values import Address, Afi, key_text
from tests.support.heard import Heard
from tests.support.namespaces import Namespace

INTERVAL = 3.0
"""Seconds between KEEPALIVEs, both ways; the hold time is three times that."""

RETRY = 0.3
TICK = 0.05
LEAVING = 0.3
"""Seconds that a speaker stays away after it ended its session."""

_REFRESH = pack(MessageType.ROUTE_REFRESH, bytes((0, 1, 0, 1)))
_CEASE = pack(MessageType.NOTIFICATION, bytes((6, 4)))


class Speaker:
    """One speaker: `own` are the keys of all it may announce, `held` those it announces now."""

    def __init__(self, address: str, asn: int, router_as: int, own: Sequence[int]) -> None:
        self.address, self.asn, self.router_as = address, asn, router_as
        self.own = own
        self.held = set(own[: len(own) // 2])
        self.heard = Heard()
        self.late = 0.0
        self.sessions = 0
        self.lost: list[str] = []
        """Why sessions ended that we did not end: `holdtimer`, `closed`, `notified 6/2`."""
        self._writer: asyncio.StreamWriter | None = None
        self._leaving = False
        attrs = AttrPool().make(origin=0, as_path=AsPath.sequence(asn))
        self._attributes = encode(attrs, nexthop=Address.parse(address))

    def announce(self, keys: Sequence[int]) -> None:
        self.held.update(keys)
        self._say(encode_update(self._attributes, keys, 1))

    def withdraw(self, keys: Sequence[int]) -> None:
        self.held.difference_update(keys)
        self._say(encode_withdraw(keys, 1))

    def refresh(self) -> None:
        self._say([_REFRESH])

    def drop(self) -> None:
        """End the session, which `speak` opens again."""
        if self._writer is not None:
            self._leaving = True
            self._say([_CEASE])
            self._writer.close()

    def _say(self, messages: Any) -> None:
        if self._writer is not None:
            self._writer.writelines(messages)

    async def speak(self, target: str) -> None:
        """Open the session, again until the router takes it, and listen."""
        while True:
            try:
                await self._session(target)
            except OSError:
                if self._writer is not None and not self._leaving:
                    self.lost.append("reset")
            if self._writer is not None:
                self._writer.close()
            self._writer = None
            self.heard = Heard()
            await asyncio.sleep(LEAVING if self._leaving else RETRY)
            self._leaving = False

    async def _session(self, target: str) -> None:
        reader, writer = await asyncio.open_connection(target, 179, local_addr=(self.address, 0))
        hold, number = int(3 * INTERVAL), Address.parse(self.address).value
        offered = (Multiprotocol(1, 1), RouteRefresh(), FourOctetAs(self.asn))
        message = Open(self.asn, hold, number, offered)
        writer.write(pack(MessageType.OPEN, message.encode()) + KEEPALIVE)
        loop = asyncio.get_running_loop()
        beat: asyncio.Task[None] | None = None
        framer, last = Framer(), 0.0
        try:
            while data := await reader.read(65536):
                framer.feed(data)
                for kind, body in framer:
                    if kind == MessageType.KEEPALIVE:
                        now = loop.time()
                        if last:
                            self.late = max(self.late, now - last - INTERVAL)
                        last = now
                        if beat is None:
                            beat = loop.create_task(self._begin(writer))
                    elif kind == MessageType.UPDATE:
                        self.heard.take(body)
                    elif kind == MessageType.NOTIFICATION and self._writer is not None:
                        self.lost.append(f"notified {body[0]}/{body[1]}")
            if self._writer is not None and not self._leaving:
                self.lost.append("closed")
        finally:
            writer.close()
            if beat is not None:
                beat.cancel()

    async def _begin(self, writer: asyncio.StreamWriter) -> None:
        """The session is up: say all that is held, then keep it alive."""
        self._writer = writer
        self.sessions += 1
        self._say([*encode_update(self._attributes, sorted(self.held), 1), end_of_rib(1)])
        while True:
            await asyncio.sleep(INTERVAL)
            self._say([KEEPALIVE])

    def change(self, chooser: random.Random, count: int) -> None:
        """Announce or withdraw some, whether the session is up or not."""
        some = chooser.sample(self.own, count)
        gone = [key for key in some if key in self.held]
        if gone and chooser.random() < 0.5:
            self.withdraw(gone)
        else:
            self.announce(some)


class Cast:
    """All the speakers of the program."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.chooser = random.Random(document["seed"])
        self.rate = 0.0
        self.lag = 0.0
        self.target = document["target"]
        each = document["prefixes"]
        self.speakers = {
            address: Speaker(address, asn, document["router_as"], pool(number, each))
            for number, (address, asn) in enumerate(document["speakers"].items())
        }

    async def flap(self) -> None:
        """Change what is announced at the given rate; notes how late this process itself runs."""
        loop, owed = asyncio.get_running_loop(), 0.0
        while True:
            due = loop.time() + TICK
            await asyncio.sleep(TICK)
            self.lag = max(self.lag, loop.time() - due)
            owed += self.rate * TICK
            while owed >= 1 and self.rate:
                speaker = self.chooser.choice(list(self.speakers.values()))
                count = min(len(speaker.own), self.chooser.randint(1, 8))
                speaker.change(self.chooser, count)
                owed -= count

    def answer(self, line: str) -> Any:
        match line.split():
            case ["flap", rate]:
                self.rate = float(rate)
            case ["rest"]:
                self.rate = 0.0
            case ["refresh", address]:
                self.speakers[address].refresh()
            case ["drop", address]:
                self.speakers[address].drop()
            case ["state"]:
                return {name: self.state(one) for name, one in self.speakers.items()}
            case ["timing"]:
                return self.timing()
        return {}

    def state(self, speaker: Speaker) -> dict[str, list[str]]:
        held = sorted(key_text(Afi.IPV4, key) for key in speaker.held)
        return {"held": held, "heard": sorted(speaker.heard.by_prefix())}

    def timing(self) -> dict[str, Any]:
        speakers = self.speakers.values()
        found = {
            "late": max(one.late for one in speakers),
            "lag": self.lag,
            "sessions": sum(one.sessions for one in speakers),
            "lost": [f"{one.address} {why}" for one in speakers for why in one.lost],
        }
        self.lag = 0.0
        for one in speakers:
            one.late, one.lost = 0.0, []
        return found


def pool(number: int, count: int) -> list[int]:
    """Keys of /24s that belong to one speaker alone: 16.0.0.0 and up."""
    base = (16 << 24) + number * (count << 8)
    return [(base + (index << 8)) << 6 | 24 for index in range(count)]


class Speakers:
    """The program, as a test sees it; `speakers` are AS numbers by address."""

    def __init__(
        self,
        namespace: Namespace,
        target: str,
        router_as: int,
        speakers: dict[str, int],
        *,
        prefixes: int,
        seed: int,
    ) -> None:
        self.addresses = list(speakers)
        self._process = Popen(
            namespace.argv([sys.executable, "-m", __name__]),
            stdin=PIPE,
            stdout=PIPE,
            text=True,
            cwd=Path(__file__).parent.parent.parent,
        )
        document = {"target": target, "router_as": router_as, "speakers": speakers}
        self._write(json.dumps({**document, "prefixes": prefixes, "seed": seed}))

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def ask(self, line: str) -> Any:
        """One line of the program, and its answer."""
        self._write(line)
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End the program and its sessions."""
        self._process.kill()
        self._process.communicate()


async def main() -> None:
    """The program: ends with its standard input."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    cast = Cast(json.loads(await reader.readline()))
    with suppress(asyncio.CancelledError):
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(cast.flap())]
            tasks += [group.create_task(one.speak(cast.target)) for one in cast.speakers.values()]
            while line := await reader.readline():
                print(json.dumps(cast.answer(line.decode())), flush=True)
            for task in tasks:
                task.cancel()


if __name__ == "__main__":
    asyncio.run(main())
