"""The rows of malformed messages, told to a real bgpd: what comes of each there."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from bgp.negotiation import SessionConfig
from bgp.wire.message import KEEPALIVE, MessageType, pack
from bgp.wire.notification import Notification
from bgp.wire.update import encode_update
from grammar.base.values import Address, Prefix
from tests.bgp.malformed import OPENING, UP, Fatal, Mild, left, told
from tests.bgp.stranger import (
    AS_PATH,
    GOOD,
    NEXT_HOP6,
    ORIGIN,
    OUR_AS,
    ROUTE4,
    ROUTE6,
    STRANGER_AS,
)
from tests.support.frr import FrrRouter
from tests.support.namespaces import Lab, Namespace
from tests.support.vty import Vty
from tests.support.wait import until

ROOT = Path(__file__).parents[2]
TARGET = "10.0.0.1"
Row = Fatal | Mild


def source(number: int) -> str:
    """The address of a neighbour."""
    return f"10.66.{number // 200}.{1 + number % 200}"


def configuration(rows: list[Row]) -> str:
    """bgpd.conf for as many neighbours."""
    lines = [f"router bgp {OUR_AS}", f" bgp router-id {TARGET}", " no bgp ebgp-requires-policy"]
    lines += [" no bgp default ipv4-unicast", " no bgp network import-check"]
    names = [source(number) for number in range(len(rows))]
    for name in names:
        lines.append(f" neighbor {name} remote-as {STRANGER_AS}")
        lines += [f" neighbor {name} {word}" for word in ("passive", "disable-connected-check")]
    for afi, safi, words in (
        (1, 1, "ipv4 unicast"),
        (2, 1, "ipv6 unicast"),
        (1, 4, "ipv4 labeled-unicast"),
        (1, 133, "ipv4 flowspec"),
    ):
        lines.append(f" address-family {words}")
        for name, row in zip(names, rows, strict=True):
            if (afi, safi) in row.families:
                lines.append(f"  neighbor {name} activate")
        lines.append(" exit-address-family")
    return "\n".join([*lines, "exit", ""])


def marker(number: int) -> str:
    """A prefix that a neighbour tells behind all else."""
    return f"10.77.{number >> 8}.{number & 255}/32"


def conversation(number: int, row: Row) -> dict[str, str]:
    """What `tests.support.strangers` is told of a row."""
    identifier = Address.parse(source(number)).value
    config = SessionConfig(STRANGER_AS, identifier, OUR_AS, families=row.families)
    before = pack(1, config.open().encode())
    if row.state is UP:
        before += KEEPALIVE
        said = b"".join(encode_update(GOOD, [Prefix.parse(ROUTE4).key], 1))
        keys6 = [Prefix.parse(ROUTE6).key]
        said += b"".join(encode_update(ORIGIN + AS_PATH, keys6, 2, NEXT_HOP6))
        said += row.message
        said += b"".join(encode_update(GOOD, [Prefix.parse(marker(number)).key], 1))
    elif row.state is OPENING:
        before, said = row.message, b""
    else:
        said = row.message
    ends = {"source": source(number), "target": TARGET}
    return {**ends, "before": before.hex(), "said": said.hex()}


class Heard:
    """What the neighbours heard so far."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.ends: dict[int, str] = {}
        self.taken: set[int] = set()
        """Neighbours whose OPEN was answered with a KEEPALIVE."""
        assert process.stdout is not None
        self._lines = process.stdout
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        for line in self._lines:
            number, kind, body = json.loads(line)
            if kind == MessageType.NOTIFICATION:
                self.ends[number] = told(Notification.decode(bytes.fromhex(body)))
            elif kind == MessageType.KEEPALIVE:
                self.taken.add(number)
            else:
                self.ends.setdefault(number, "closed without a word")

    def join(self) -> None:
        """To the end of what is said."""
        self._thread.join()


def outcomes(rows: list[Row], seconds: float = 60) -> list[str]:
    """What a bgpd of FRR's makes of each row; TimeoutError names what is still open."""
    with Lab() as lab:
        namespace = lab.namespace("r")
        namespace.ip("address", "add", f"{TARGET}/32", "dev", "lo")
        namespace.ip("address", "add", "10.66.0.0/16", "dev", "lo")
        router = FrrRouter(namespace, {"bgpd.conf": configuration(rows)})
        router.start("zebra", "bgpd")
        with strangers(namespace) as (into, heard), Vty(router.run, "bgpd") as vty:
            for number, row in enumerate(rows):
                into.write(json.dumps(conversation(number, row)) + "\n")
            into.write("\n")
            into.flush()
            found: dict[int, str] = {}

            def is_over() -> bool:
                assert router.processes["bgpd"].running
                found.update(_found(rows, heard, _routes(vty)))
                return len(found) == len(rows)

            until(is_over, seconds, "an outcome of each row")
    return [found[number] for number in range(len(rows))]


def _found(rows: list[Row], heard: Heard, routes: dict[str, set[str]]) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(rows):
        mine = routes.get(source(number), set())
        if number in heard.ends:
            yield number, heard.ends[number]
        elif marker(number) in mine:
            yield number, left(mine - {marker(number)})
        elif row.state is OPENING and number in heard.taken:
            yield number, left(set())


@contextmanager
def strangers(namespace: Namespace) -> Iterator[tuple[TextIO, Heard]]:
    argv = namespace.argv([sys.executable, "-m", "tests.support.strangers"])
    pipes = subprocess.PIPE
    process = subprocess.Popen(argv, stdin=pipes, stdout=pipes, text=True, cwd=ROOT)
    assert process.stdin is not None
    heard = Heard(process)
    try:
        yield process.stdin, heard
    finally:
        process.stdin.close()
        heard.join()
        process.wait(30)
        assert process.stdout is not None
        process.stdout.close()


def _routes(vty: Vty) -> dict[str, set[str]]:
    """The prefixes of each neighbour."""
    found: dict[str, set[str]] = {}
    for family in ("ipv4", "ipv6"):
        text, _ = vty.ask(f"show bgp {family} unicast json")
        for prefix, paths in json.loads(text or "{}").get("routes", {}).items():
            for path in paths:
                found.setdefault(path["peerId"], set()).add(prefix)
    return found
